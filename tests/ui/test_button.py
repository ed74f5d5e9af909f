"""The button on the toolbar, the dock and the dialogs it opens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

PARTS = ["&Landslide Detector", "&Review landslides…", "&Models…", "Set &up engine…", "&Tutorial"]
DETECTORS = ["Segment landslides…", "Detect landslide patches…", "Detect anomalies…"]
TRAINING = ["Train segmentation…", "Train patch classifier…", "Train anomaly detector…"]
ACCURACY = ["Assess accuracy…", "Compare detectors…"]
TOOLS = ["Create sample scene (synthetic)…", "Check environment…"]


@pytest.fixture(scope="module")
def button(play: Any, scene: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is seen of the button while the active layer changes."""
    return play(tmp_path_factory.mktemp("button"), "button", scene=scene)


def test_button_opens_and_closes_the_dock(button: dict[str, Any]) -> None:
    assert button["visible"]
    assert button["opened"] == [True, True]
    assert button["closed"] == [False, False]


def test_detectors_are_enabled_only_while_the_active_layer_is_a_raster(button: dict[str, Any]) -> None:
    assert button["enabled"] == {
        "no layer": False,
        "vector layer": False,
        "raster layer": True,
        "raster layer removed": False,
    }


def test_disabled_detector_says_what_it_is_waiting_for(button: dict[str, Any]) -> None:
    assert "raster layer" in button["tooltip"]["no layer"]
    assert "raster layer" not in button["tooltip"]["raster layer"]


def test_drop_down_holds_the_parts_of_the_plugin_and_all_its_algorithms(button: dict[str, Any]) -> None:
    assert button["entries"] == [*PARTS, *DETECTORS, *TRAINING, *ACCURACY, *TOOLS]
    assert button["entries_without_icon"] == []


def test_tools_need_no_layer(button: dict[str, Any]) -> None:
    assert set(DETECTORS) == set(button["entries"]) - set(button["entries_without_raster"])


def test_keyboard_reaches_button_and_menu(button: dict[str, Any]) -> None:
    assert button["takes_focus_by_tab"]
    assert button["in_raster_menu"]
    assert button["among_keyboard_shortcuts"] == button["entries"]


def test_nothing_heavy_is_imported_when_qgis_starts(button: dict[str, Any]) -> None:
    assert button["heavy_modules"] == []


def test_dialog_opens_with_the_active_layer_filled_in(play: Any, scene: Path, tmp_path: Path) -> None:
    seen = play(tmp_path, "choice", scene=scene, pick="segmentlandslides")

    assert seen["algorithm"] == "landslides:segmentlandslides"
    assert seen["input"] == seen["layer"]
    assert not seen["modal"]
    assert seen["message"] == ""


def test_dialog_says_what_to_do_where_no_engine_is_installed(play: Any, scene: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "landslides"

    seen = play(tmp_path, "choice", scene=scene, pick="segmentlandslides", engine=nowhere)

    assert str(nowhere) in seen["message"]
    assert "make setup" in seen["message"]


@pytest.mark.parametrize("tool", ["createsamplescene", "checkenvironment"])
def test_tools_open_their_dialog(play: Any, scene: Path, tmp_path: Path, tool: str) -> None:
    seen = play(tmp_path, "choice", scene=scene, pick=tool)

    assert seen["algorithm"] == f"landslides:{tool}"
