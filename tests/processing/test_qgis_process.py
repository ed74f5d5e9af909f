"""The provider outside of any window: `qgis_process`, as a script or a server calls it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from processing_support import REPOSITORY


@pytest.fixture(scope="module")
def qgis_process(real_engine_program, tmp_path_factory):
    """Runs `qgis_process` with the plugin enabled in a profile of its own; returns exit code, output and errors."""
    # Debian's wrapper of that name passes it options it refuses.
    program = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
    assert program, "QGIS comes with qgis_process; it is not on the PATH"
    folder = tmp_path_factory.mktemp("qgis")
    (folder / "plugins").mkdir()
    (folder / "plugins" / "landslide_detector").symlink_to(REPOSITORY)
    environment = {
        **os.environ,
        "QGIS_PLUGINPATH": str(folder / "plugins"),
        "QGIS_CUSTOM_CONFIG_PATH": str(folder / "profile"),
        "QT_QPA_PLATFORM": "offscreen",
        "LANDSLIDES_ENGINE": str(real_engine_program),
    }

    def run(*arguments, **variables):
        done = subprocess.run(
            [program, *arguments], env={**environment, **variables}, capture_output=True, text=True, timeout=200
        )
        return done.returncode, done.stdout, done.stderr

    code, _output, errors = run("plugins", "enable", "landslide_detector")
    assert code == 0, errors
    return run


def test_the_help_lists_the_parameters_and_the_models(qgis_process):
    code, output, errors = qgis_process("help", "landslides:segmentlandslides")
    assert code == 0, errors
    for name in ("INPUT", "BANDS", "EXTENT", "AOI", "MODEL", "THRESHOLD", "PROBABILITY", "MASK", "POLYGONS", "AREA"):
        assert f"\n{name}:" in output


def test_a_scene_is_made_and_searched(qgis_process, tmp_path):
    scene, truth = tmp_path / "une scène.tif", tmp_path / "truth.tif"
    code, output, errors = qgis_process(
        "run", "landslides:createsamplescene", "--SIZE=256", f"--SCENE={scene}", f"--TRUTH={truth}"
    )
    assert code == 0, output + errors
    outputs = {
        name: tmp_path / f"{name}.{kind}"
        for name, kind in [("PROBABILITY", "tif"), ("MASK", "tif"), ("POLYGONS", "gpkg")]
    }
    code, output, errors = qgis_process(
        "--json", "run", "landslides:segmentlandslides", f"--INPUT={scene}", "--PRECISION=fp32", "--THRESHOLD=0.5",
        *(f"--{name}={path}" for name, path in outputs.items()),
    )  # fmt: skip
    assert code == 0, output + errors
    results = json.loads(output)["results"]
    assert all(path.is_file() for path in outputs.values())
    assert results["MASK"] == str(outputs["MASK"])
    assert results["COUNT"] >= 0
    assert 0 <= results["SHARE"] <= 1
    assert results["AREA"] >= 0


def test_an_error_ends_with_a_code_and_one_clear_line(qgis_process, tmp_path):
    code, output, errors = qgis_process(
        "run", "landslides:segmentlandslides", "--INPUT=/nowhere/scene.tif", f"--PROBABILITY={tmp_path}/p.tif",
        f"--MASK={tmp_path}/m.tif",
    )  # fmt: skip
    assert code != 0
    assert "/nowhere/scene.tif" in output + errors
    assert "Traceback" not in output + errors


def test_without_an_engine_it_says_what_to_do(qgis_process, tmp_path):
    code, output, errors = qgis_process(
        "run", "landslides:checkenvironment", LANDSLIDES_ENGINE=str(tmp_path / "nothing")
    )
    assert code != 0
    assert "make setup" in output + errors
    assert "Traceback" not in output + errors
