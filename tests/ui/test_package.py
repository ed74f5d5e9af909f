"""The zip that `make package` builds for the QGIS plugin site."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[2]
LIMIT = 25_000_000  # bytes, of the plugin site
REQUIRED_BY_PLUGIN_SITE = (
    "name description version qgisMinimumVersion author email about tracker repository homepage icon"
)
ALGORITHMS = ("detectpatches", "segmentlandslides", "detectanomalies", "createsamplescene", "checkenvironment")


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip as `make package` builds it."""
    path = tmp_path_factory.mktemp("package") / "landslide_detector.zip"
    subprocess.run(["make", "package", f"PACKAGE={path}"], cwd=ROOT, check=True)
    return path


@pytest.fixture(scope="module")
def names(package: Path) -> list[PurePosixPath]:
    """The paths of all files in the zip."""
    with zipfile.ZipFile(package) as archive:
        return [PurePosixPath(name) for name in archive.namelist() if not name.endswith("/")]


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plugins with the zip unpacked in it, as QGIS does."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def test_package_is_below_the_limit_of_the_plugin_site(package: Path) -> None:
    assert package.stat().st_size < LIMIT


def test_package_is_one_folder_named_as_the_plugin(names: list[PurePosixPath]) -> None:
    assert {name.parts[0] for name in names} == {"landslide_detector"}


@pytest.mark.parametrize("name", ["__init__.py", "metadata.txt", "LICENSE", "plugin.py", "pyproject.toml", "README.md"])
def test_package_holds_what_qgis_and_the_engine_are_installed_from(names: list[PurePosixPath], name: str) -> None:
    assert PurePosixPath("landslide_detector", name) in names


def test_package_holds_no_binaries_caches_or_hidden_files(names: list[PurePosixPath]) -> None:
    unwanted = {".pyc", ".onnx", ".safetensors", ".bin", ".so", ".dll", ".exe", ".sh"}
    assert [name for name in names if name.suffix in unwanted or any(part.startswith(".") for part in name.parts)] == []


def test_package_holds_no_tests(names: list[PurePosixPath]) -> None:
    assert [name for name in names if "tests" in name.parts or name.name == "Makefile"] == []


def test_package_holds_the_cards_of_the_weights_it_leaves_out(names: list[PurePosixPath]) -> None:
    cards = [name.parent.name for name in names if name.match("models/weights/*/card.json")]
    shipped = [card.parent.name for card in ROOT.glob("models/weights/*/card.json")]
    assert sorted(cards) == sorted(shipped)
    assert len(shipped) >= 3


def test_metadata_says_all_that_the_plugin_site_asks(unpacked: Path) -> None:
    plugin = unpacked / "landslide_detector"
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(plugin / "metadata.txt", encoding="utf-8")
    general = metadata["general"]

    assert [key for key in REQUIRED_BY_PLUGIN_SITE.split() if not general.get(key)] == []
    assert general["qgisMaximumVersion"] == "4.99"
    assert general["hasProcessingProvider"] == "yes"
    assert "/" not in general["author"]
    assert (plugin / general["icon"]).is_file()


def test_versions_of_plugin_and_engine_agree(unpacked: Path) -> None:
    plugin = unpacked / "landslide_detector"
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read(plugin / "metadata.txt", encoding="utf-8")

    assert f'version = "{metadata["general"]["version"]}"' in (plugin / "pyproject.toml").read_text(encoding="utf-8")


def test_qgis_lists_the_algorithms_of_the_unpacked_package(unpacked: Path, tmp_path: Path) -> None:
    qgis_process = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    assert qgis_process, "QGIS is not installed: see `make test`"
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(unpacked),
        "QGIS_CUSTOM_CONFIG_PATH": str(tmp_path),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    subprocess.run([qgis_process, "plugins", "enable", "landslide_detector"], env=environment, check=True)
    listed = subprocess.run([qgis_process, "list"], env=environment, check=True, capture_output=True, text=True).stdout

    assert [name for name in ALGORITHMS if f"landslides:{name}" not in listed] == []
