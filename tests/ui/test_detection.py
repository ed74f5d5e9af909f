"""A detection started from the drop-down, from the click to the layers on the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def detection(play: Any, scene: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is seen of a pick from the drop-down and a click on Run in the dialog it opens, up to the layers."""
    return play(tmp_path_factory.mktemp("detection"), "detection", seconds=120, scene=scene)


def test_pick_and_run_bring_probability_mask_and_polygons_to_the_map(detection: dict[str, Any]) -> None:
    assert {layer["name"]: layer["kind"] for layer in detection["layers"]} == {
        "hillside: landslide probability": "QgsRasterLayer",
        "hillside: landslide mask": "QgsRasterLayer",
        "hillside: landslides": "QgsVectorLayer",
    }, detection["log"]
    assert all(layer["valid"] and layer["shown"] for layer in detection["layers"])


def test_layers_lie_on_the_scene(detection: dict[str, Any]) -> None:
    assert {layer["crs"] for layer in detection["layers"]} == {detection["scene"]["crs"]}
    rasters = [layer for layer in detection["layers"] if layer["kind"] == "QgsRasterLayer"]
    assert {layer["extent"] for layer in rasters} == {detection["scene"]["extent"]}


def test_layers_come_styled(detection: dict[str, Any]) -> None:
    assert {layer["name"]: layer["renderer"] for layer in detection["layers"]} == {
        "hillside: landslide probability": "singlebandpseudocolor",
        "hillside: landslide mask": "paletted",
        "hillside: landslides": "singleSymbol",
    }


def test_window_answers_while_the_engine_works(detection: dict[str, Any]) -> None:
    assert detection["seen_at_work"] == {"engines": 1, "button_enabled": True, "cancel_enabled": True}


def test_log_shows_the_command_line(detection: dict[str, Any]) -> None:
    assert "detect segmentation" in detection["log"]


def test_engine_stays_out_of_the_process_of_qgis(detection: dict[str, Any]) -> None:
    assert detection["heavy_modules"] == []


def test_cancel_leaves_no_layer_no_file_and_no_process_within_two_seconds(
    play: Any, large_scene: Path, tmp_path: Path
) -> None:
    seen = play(tmp_path, "cancel", scene=large_scene)

    assert seen["engines"] == 1
    assert seen["layers"] == []
    assert seen["files"] == []
    assert seen["seconds"] < 2
