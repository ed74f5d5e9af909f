"""Unloading the plugin takes all of it out of QGIS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

NOTHING = {
    "button": False,
    "raster_menu": [],
    "shortcuts": [],
    "provider": False,
    "dock": False,
    "dialogs": 0,
    "engines": 0,
}


def test_unloading_removes_button_menu_dock_and_provider(play: Any, scene: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "unload", scene=scene, running=False)

    assert seen == {"unloaded": True, "left": NOTHING}


def test_part_that_cannot_be_unloaded_keeps_no_other_in_qgis(play: Any, scene: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "unload", scene=scene, running=False, failing=True)

    assert seen == {"unloaded": True, "left": NOTHING}


def test_unloading_while_a_detection_runs_cancels_it(play: Any, large_scene: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "unload", scene=large_scene, running=True)

    assert seen == {"unloaded": True, "left": NOTHING}
