"""The tour through the whole plugin (`make tour`): the real engine is installed into a fresh profile and used.

The tutorial gets its pictures from it.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QImage

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "build" / "ui"
TUTORIAL = ROOT / "processing" / "help" / "tutorial"
WIDTH = 1200  # px, of the tutorial's pictures


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    """A folder of plugins with a copy of this one, which has no engine beside it."""
    plugin = tmp_path / "plugins" / "landslide_detector"
    shutil.copytree(ROOT, plugin, ignore=shutil.ignore_patterns(".*", "build", "tests", "__pycache__", "*.egg-info"))
    return plugin.parent


def test_from_no_engine_to_a_better_model(
    play: Any, packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No engine of the developer's is to be found, and the new model goes to a shelf of the tour's own.
    programs = os.environ["PATH"].split(os.pathsep)
    monkeypatch.setenv("PATH", os.pathsep.join(folder for folder in programs if ".venv" not in folder))
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "models"))
    scenes = tmp_path / "scenes"
    scenes.mkdir()

    seen = play(tmp_path, "tour:tour", seconds=2400, engine="", plugins=packed, folder=scenes)

    assert len(seen["groups"]) == 3
    assert all(len(layers) == 3 for layers in seen["groups"].values())
    assert seen["polygons_here"] > 0
    assert seen["reviewed"] == 10
    assert "segmentation-deeplabv3plus-2" in seen["models"]
    assert seen["groups_after_repeat"] == 4
    assert seen["heavy_modules"] == []
    for name in seen["seconds"]:
        picture = QImage(str(PICTURES / f"{name}.png"))
        assert picture.scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation).save(
            str(TUTORIAL / f"{name}.jpg"), "JPG", 85
        )
