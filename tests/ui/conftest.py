"""A real QGIS for the tests of what a person sees: started for each test, with a profile of its own."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal

gdal.UseExceptions()

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PICTURES = ROOT / "build" / "ui"

# Read by QGIS wherever the fresh profile says nothing.
SETTINGS = """
[PythonPlugins]
landslide_detector=true

[qgis]
checkVersion=false
showTips=false
askToSaveProjectChanges=false
newsFeed/disabled=true
"""

Play = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def engine() -> Path:
    """The `landslides` program the plugin runs."""
    return Path(os.environ.get("LANDSLIDES_ENGINE", ROOT / ".venv" / "bin" / "landslides"))


@pytest.fixture(scope="session")
def scene(engine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample scene with landslides in it."""
    folder = tmp_path_factory.mktemp("scene")
    path = folder / "hillside.tif"
    subprocess.run([engine, "sample", path, "--truth", folder / "truth.tif", "--size", "512"], check=True)
    return path


@pytest.fixture(scope="session")
def results(engine: Path, scene: Path) -> Path:
    """A folder with what the real engine finds in the scene."""
    folder = scene.with_name("results")
    folder.mkdir()
    outputs = [("--probability", "probability.tif"), ("--mask", "mask.tif"), ("--polygons", "polygons.gpkg")]
    words = [str(word) for option, name in outputs for word in (option, folder / name)]
    subprocess.run(
        [engine, "detect", "segmentation", scene, *words, "--threshold", "0.803", "--progress", "none"],
        check=True,
    )
    return folder


@pytest.fixture(scope="session")
def fake(results: Path) -> Callable[[float], Path]:
    """Return a function that gives an engine which takes so many seconds for the results made before."""

    def fake(seconds: float) -> Path:
        program = results.with_name(f"fake_{seconds:g}") / "landslides"
        program.parent.mkdir(exist_ok=True)
        command = shlex.join([sys.executable, str(HERE / "fake_landslides.py")])
        program.write_text(
            f'#!/bin/sh\nFAKE_SECONDS={seconds} FAKE_RESULTS={shlex.quote(str(results))} exec {command} "$@"\n'
        )
        program.chmod(0o755)
        return program

    return fake


@pytest.fixture(scope="session")
def large_scene(scene: Path) -> Path:
    """A scene that keeps the engine busy for a while: the small one stretched to 8192 x 8192 px."""
    path = scene.with_name("large.vrt")
    side = 8192 * 0.8  # metres
    gdal.Translate(str(path), str(scene), format="VRT", width=8192, height=8192, outputBounds=(0, side, side, 0))
    return path


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plugins, in which QGIS finds this repository under the plugin's name."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "landslide_detector").symlink_to(ROOT)
    return folder


@pytest.fixture(scope="session")
def play(plugins: Path, engine: Path) -> Play:
    """Return a function that plays a scenario of `inside/scenarios.py` in QGIS and returns what it saw.

    A scenario of another module in `inside` is named MODULE:FUNCTION.

    The scenario runs with the user profile in the folder `profile`: a fresh one if the folder is empty. It may take
    `seconds`, and what it is to be told goes in as `arguments`.
    """
    qgis = shutil.which("qgis")
    assert qgis, "QGIS is not installed: see `make test`"
    PICTURES.mkdir(parents=True, exist_ok=True)

    def play(
        profile: Path,
        scenario: str,
        seconds: float = 60,
        engine: Path | str = engine,
        plugins: Path = plugins,
        **arguments: Any,
    ) -> dict[str, Any]:
        settings, instructions, verdict = (profile / name for name in ("settings.ini", "test.json", "verdict.json"))
        settings.write_text(SETTINGS)
        verdict.unlink(missing_ok=True)
        test = {
            "scenario": scenario,
            "arguments": arguments,
            "verdict": str(verdict),
            "pictures": str(PICTURES),
            "seconds": seconds,
            "here": str(HERE / "inside"),
        }
        instructions.write_text(json.dumps(test, default=str))
        environment = {
            **os.environ,
            "QGIS_PLUGINPATH": str(plugins),
            "LANDSLIDES_ENGINE": str(engine),
            "LANDSLIDES_UI_TEST": str(instructions),
        }
        command = [qgis, "--nologo", "--noversioncheck", "--profiles-path", str(profile)]
        command += ["--globalsettingsfile", str(settings), "--code", str(HERE / "inside" / "start.py")]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 60)
        output = f"{ended.stdout}\n{ended.stderr}"
        assert verdict.exists(), f"QGIS ended with {ended.returncode} and no verdict:\n{output}"
        said = json.loads(verdict.read_text())
        assert "error" not in said, f"{said['error']}\n{said['uncaught']}\n{output}"
        assert said["uncaught"] == []
        assert ended.returncode == 0, f"QGIS crashed at its end ({ended.returncode}):\n{output}"
        return said["seen"]

    return play
