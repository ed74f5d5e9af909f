"""The loop from a review to a better model, with a stand-in for the engine that trains in no time."""

from __future__ import annotations

import json
import shlex
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from test_review import inventory, polygons, rows  # noqa: F401 (fixtures)

FAKE = Path(__file__).parents[1] / "processing" / "fake_engine.py"
IMPROVED = "segmentation-deeplabv3plus-2"


@pytest.fixture
def trainer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine whose new models are always better: F1 0.75 instead of 0.5."""
    program = tmp_path / "engine" / "landslides"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(FAKE))} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("FAKE_ENGINE_RECORD", str(tmp_path / "record.jsonl"))
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "models"))
    return program


def test_review_becomes_a_model_with_both_figures_side_by_side(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
) -> None:
    seen = play(
        tmp_path,
        "review_improve_scenarios:improve",
        engine=trainer,
        scene=scene,
        polygons=polygons,
        keys="ara",
        choose="use",
    )

    filled = seen["filled"]
    assert (filled["scene"], filled["detector"], filled["base"], filled["name"]) == (
        "hillside",
        "segmentation",
        "segmentation-deeplabv3plus",
        IMPROVED,
    )
    assert any("Accepted: 2, rejected: 1" in words for words in filled["words"])
    (run,) = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
    assert run[:2] == ["train", "segmentation"]
    assert run[run.index("--image") + 1] == str(scene)
    assert run[run.index("--base") + 1] == "segmentation-deeplabv3plus"
    words = " ".join(seen["comparison"])
    assert "The new model is better: F1 0.75, before 0.50." in words
    assert "+0.250" in words
    assert IMPROVED in words
    assert "report.html" in words
    assert "compare it with the old model" in seen["told"]
    assert IMPROVED in seen["models"]
    assert seen["chosen"] == IMPROVED
    assert seen["back_at_review"]
    assert seen["left_over"] == []


def test_model_discarded_leaves_nothing_behind(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
) -> None:
    seen = play(
        tmp_path,
        "review_improve_scenarios:improve",
        engine=trainer,
        scene=scene,
        polygons=polygons,
        keys="ar",
        choose="discard",
    )

    assert IMPROVED not in seen["models"]
    assert seen["chosen"] == ""
    assert seen["left_over"] == []


def test_decision_put_off_waits_for_the_next_start_of_qgis(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
) -> None:
    arguments = {"engine": trainer, "scene": scene, "polygons": polygons}
    assert play(tmp_path, "review_improve_scenarios:later", keys="ar", **arguments) == {"back_at_review": True}
    seen = play(tmp_path, "review_improve_scenarios:resume_later", **arguments)

    assert seen["offered"]
    assert "F1 0.75, before 0.50" in " ".join(seen["words"])
    assert IMPROVED in seen["models"]


def test_training_learns_from_a_copy_in_which_undecided_polygons_are_unsure(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
) -> None:
    play(
        tmp_path,
        "review_improve_scenarios:later",
        engine=trainer,
        scene=scene,
        polygons=polygons,
        keys="ar",
    )

    (run,) = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
    labels, _, layer = run[run.index("--labels") + 1].partition("|layername=")
    assert Path(labels) != polygons
    with sqlite3.connect(labels) as connection:
        found = [status for (status,) in connection.execute(f"SELECT status FROM {layer or 'landslides'}")]
    count = len(rows(polygons))
    assert sorted(found) == sorted(["accepted", "rejected", *["unsure"] * (count - 2)])
    west, south, east, north = map(float, run[run.index("--extent") + 1].split(","))
    assert west < east
    assert south < north


def test_failing_engine_is_one_message_on_the_form(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_ACT", "fail_clearly")
    seen = play(tmp_path, "review_improve_scenarios:failing", engine=trainer, scene=scene, polygons=polygons, keys="ar")

    assert seen["form"]
    assert "the model needs 3" in seen["message"]
    assert seen["left_over"] == []


@pytest.mark.parametrize("how", ["cancel", "unload"])
def test_training_runs_beside_the_review_and_ends_when_told(
    play: Any,
    scene: Path,
    polygons: Path,  # noqa: F811
    tmp_path: Path,
    trainer: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    monkeypatch.setenv("FAKE_ENGINE_ACT", "train_for_ever")
    seen = play(
        tmp_path, "review_improve_scenarios:cancelling", engine=trainer, scene=scene, polygons=polygons, how=how
    )

    assert seen["moved_on"]
    assert seen["engines"] == 0
    if how == "cancel":
        assert seen["left_over"] == []
        assert seen["at_progress"]
        assert "cancelled" in seen["message"]
        return
    # Nobody said that the model is not wanted: it waits.
    seen = play(tmp_path, "review_improve_scenarios:resume_later", engine=trainer, scene=scene, polygons=polygons)
    assert seen["offered"]
    assert "The training ended early." in " ".join(seen["words"])
    assert IMPROVED in seen["models"]
