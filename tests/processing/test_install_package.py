"""The wheel by which pip installs the plugin, and the reading of the description it is made from."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
import tomllib
from install_support import write_plugin
from landslide_detector.processing.engine.install.package import read_package, write_wheel
from processing_support import REPOSITORY


def test_the_description_is_read_as_toml_would_be():
    package = read_package(REPOSITORY)
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (package.name, package.version) == (project["name"], project["version"])
    assert list(package.dependencies) == project["dependencies"]
    assert list(package.torch) == project["optional-dependencies"]["torch"]
    assert package.entry_point == project["scripts"]["landslides"]


def test_only_torch_and_torchvision_come_in_wheels_for_each_gpu():
    wanted = read_package(REPOSITORY).torch_only()
    assert [requirement.split(">")[0] for requirement in wanted] == ["torch", "torchvision"]


def test_the_wheel_points_at_the_plugin_and_carries_none_of_it(tmp_path):
    package = read_package(write_plugin(tmp_path / "plug'in"))
    path = write_wheel(package, tmp_path)
    assert path.stat().st_size < 3000
    with ZipFile(path) as wheel:
        code = wheel.read("landslide_detector/__init__.py").decode()
        metadata = wheel.read("landslide_detector-0.1.0.dist-info/METADATA").decode()
        entries = wheel.read("landslide_detector-0.1.0.dist-info/entry_points.txt").decode()
    found: dict[str, list[str]] = {}
    exec(code, found)
    assert found["__path__"] == [str(tmp_path / "plug'in")]
    assert "Requires-Dist: numpy-stand-in>=1.0\n" in metadata
    assert 'Requires-Dist: torch>=2.4 ; extra == "torch"' in metadata
    assert "landslides = landslide_detector.models.cli.main:main" in entries


@pytest.mark.parametrize("change", ["version", "dependencies", "folder"])
def test_the_fingerprint_tells_an_update(tmp_path, change):
    before = read_package(write_plugin(tmp_path / "plugin")).fingerprint
    assert read_package(tmp_path / "plugin").fingerprint == before
    if change == "folder":
        after = read_package(write_plugin(tmp_path / "other"))
    elif change == "version":
        after = read_package(write_plugin(tmp_path / "plugin", "0.2.0"))
    else:
        after = read_package(write_plugin(tmp_path / "plugin", more='\n    "shapely",'))
    assert after.fingerprint != before


def test_missing_entry_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text('name = "x"\n')
    with pytest.raises(ValueError, match="has no version"):
        read_package(Path(tmp_path))
