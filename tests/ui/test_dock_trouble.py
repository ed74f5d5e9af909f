"""The dock when a run is cancelled or loses what it needs, and whether the window answers meanwhile."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal

LONG = 60  # s: longer than any of these tests waits


def test_cancel_ends_the_engine_at_once_and_the_next_run_begins(
    play: Any,
    scene: Path,
    fake: Any,
    tmp_path: Path,
) -> None:
    seen = play(tmp_path, "dock_trouble_scenarios:cancel", engine=fake(LONG), scene=scene)

    assert seen["seconds"] < 2
    assert seen["states"] == ["cancelled", "cancelled"]
    assert seen["groups"] == {}
    assert seen["messages"] == []


@pytest.fixture(scope="module")
def losses(play: Any, scene: Path, fake: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return play(tmp_path_factory.mktemp("losses"), "dock_trouble_scenarios:losses", engine=fake(LONG), scene=scene)


@pytest.mark.parametrize(("lost", "words"), [("engine", "killed"), ("layer", "removed"), ("project", "closed")])
def test_loss_in_mid_run_leaves_one_message_no_process_and_no_layer(losses: Any, lost: str, words: str) -> None:
    (message,) = losses[lost]["messages"]
    assert words in message
    assert "hillside" in message
    assert losses[lost]["engines"] == 0
    assert losses[lost]["groups"] == {}
    assert not losses[lost]["modal"]


def test_removal_of_the_layer_a_page_works_with_leaves_it_working_with_the_next(
    play: Any, scene: Path, results: Path, tmp_path: Path
) -> None:
    scenes = [tmp_path / f"scene_{side}.tif" for side in (100, 200, 300)]
    for path in scenes:
        side = int(path.stem.rpartition("_")[2])
        gdal.Translate(str(path), str(scene), width=side, height=side)
    probabilities = [Path(shutil.copy(results / "probability.tif", tmp_path / f"{name}.tif")) for name in "abcd"]

    seen = play(tmp_path, "dock_trouble_scenarios:removals", scenes=scenes, probabilities=probabilities)

    side = seen["scene"]["chosen"].rpartition("_")[2]
    assert seen["scene"]["facts"] == f"{side} x {side} px"
    assert seen["threshold"] == 0.7
    assert not seen["counting"]


def test_forgetting_a_run_leaves_its_area_to_a_repetition_that_waits(
    play: Any, scene: Path, fake: Any, tmp_path: Path
) -> None:
    seen = play(tmp_path, "dock_trouble_scenarios:forget", engine=fake(LONG), scene=scene)

    assert seen == {"while_it_waits": True, "in_the_end": False}


def test_closing_qgis_in_mid_run_leaves_no_process(play: Any, scene: Path, fake: Any, tmp_path: Path) -> None:
    seen = play(tmp_path, "dock_trouble_scenarios:leave", engine=fake(LONG), scene=scene)

    assert len(seen["engines"]) == 1
    assert len(seen["answered"]) == 1
    assert [engine for engine in seen["engines"] if Path(f"/proc/{engine}").exists()] == []


def test_map_pans_while_a_scene_runs(play: Any, scene: Path, tmp_path: Path) -> None:
    side = 1536
    path = tmp_path / "wide.tif"
    gdal.Translate(str(path), str(scene), width=side, height=side, outputBounds=(0, side, side, 0))

    seen = play(tmp_path, "dock_trouble_scenarios:responsive", seconds=300, scene=path)

    assert seen["state"] == "done", seen["message"]
    assert len(seen["groups"]["wide: Segment landslides"]) == 3
    # Of what QGIS itself does. By the clock it takes longer where other programs keep the processors busy.
    assert seen["busiest_ms"] < 100
    assert seen["at_work_ms"] < 1000
    assert seen["heavy_modules"] == []
