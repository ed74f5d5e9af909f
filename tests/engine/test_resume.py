"""A run that is killed goes on from where it was, and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess

import numpy as np
import pytest
from conftest import COMMAND
from landslide_detector.models.errors import ModelError, OutputError
from landslide_detector.models.inference.journal import Journal
from landslide_detector.models.inference.streaming import SceneStream
from landslide_detector.models.raster.output import HOST
from landslide_detector.models.raster.writer import RasterPair, Totals
from scenes import landscape, read_raster, write_raster


@pytest.fixture
def scene(tmp_path):
    return write_raster(tmp_path / "scene.tif", landscape(600, 210), nodata=0)


def interrupted_after(monkeypatch, count):
    """Let the work fail when so many parts of the result are written."""
    write = RasterPair.write
    calls = []

    def failing(self, probability, valid):
        calls.append(len(probability))
        if len(calls) > count:
            raise ModelError("power cut")
        write(self, probability, valid)

    monkeypatch.setattr(RasterPair, "write", failing)


def rows_read(monkeypatch):
    """Where each run starts."""
    starts = []
    rows = SceneStream.rows

    def watched(self, progress, done=0):
        starts.append(done)
        return rows(self, progress, done)

    monkeypatch.setattr(SceneStream, "rows", watched)
    return starts


@pytest.mark.parametrize("detector", ["patches", "segmentation", "anomaly"])
@pytest.mark.parametrize("resolution", [[0.5, 15], [3.0, 15]], ids=["native", "resampled"])
def test_resumed_run_equals_an_uninterrupted_one_bit_for_bit(
    detector, resolution, tmp_path, run_detection, scene, rasters_only
):
    from toy_models import write_toy

    card = write_toy(tmp_path / "toy", detector, **{"landslides:resolution": resolution})
    whole = run_detection(card, scene, name="whole")
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        with pytest.raises(ModelError, match="power cut"):
            run_detection(card, scene, resume=True, name="resumed")
    with pytest.MonkeyPatch.context() as patch:
        starts = rows_read(patch)
        resumed = run_detection(card, scene, resume=True, name="resumed")
    assert starts[0] > 0
    assert any(f"going on from row {starts[0]}" in line for line in resumed.told.logs)
    for name in ("probability", "mask"):
        before, after = (read_raster(getattr(run, name)).pixels for run in (whole, resumed))
        assert np.array_equal(before, after, equal_nan=True)
    assert (resumed.detection.share, resumed.detection.area_m2) == (whole.detection.share, whole.detection.area_m2)
    assert sorted(path.name for path in (tmp_path / "resumed").iterdir()) == sorted(
        path.name for path in (tmp_path / "whole").iterdir()
    )


def test_other_settings_start_anew_and_that_is_said(toys, tmp_path, run_detection, scene, monkeypatch, rasters_only):
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        with pytest.raises(ModelError):
            run_detection(toys["segmentation"], scene, resume=True)
    starts = rows_read(monkeypatch)
    run = run_detection(toys["segmentation"], scene, resume=True, threshold=0.3)
    assert starts == [0]
    assert any("with other threshold: starting anew" in warning for warning in run.told.warnings)
    assert run.detection.threshold == 0.3


def test_without_resume_nothing_is_kept(toys, tmp_path, run_detection, scene, monkeypatch):
    interrupted_after(monkeypatch, 3)
    with pytest.raises(ModelError):
        run_detection(toys["segmentation"], scene)
    assert list((tmp_path / "result").iterdir()) == []


def test_program_killed_outright_goes_on(toys, tmp_path):
    rng = np.random.default_rng(0)
    scene = write_raster(tmp_path / "s.tif", rng.integers(1, 255, (3, 4000, 800), np.uint8))
    results = []
    for name, kill in (("whole", False), ("killed", True), ("killed", False)):
        (tmp_path / name).mkdir(exist_ok=True)
        outputs = ["--probability", tmp_path / name / "p.tif", "--mask", tmp_path / name / "m.tif"]
        arguments = ["detect", "segmentation", scene, *outputs, "--model", toys["segmentation"].folder]
        arguments += ["--tile-size", "64", "--batch-size", "4", "--threshold", "1", "--device", "cpu", "--resume"]
        process = subprocess.Popen(
            [*COMMAND, *map(str, arguments), "--progress", "json"], stdout=subprocess.PIPE, text=True
        )
        for line in process.stdout:
            event = json.loads(line)
            if kill and event["event"] == "progress" and event["done"] > 0.05:
                process.send_signal(signal.SIGKILL)
                break
            results.append((name, event))
        process.stdout.close()
        assert process.wait() == (-signal.SIGKILL if kill else 0)
        assert (tmp_path / name / "p.tif").exists() != kill
    assert any("going on from row" in event.get("message", "") for name, event in results if name == "killed")
    for file in ("p.tif", "m.tif"):
        whole, resumed = (read_raster(tmp_path / name / file).pixels for name in ("whole", "killed"))
        assert np.array_equal(whole, resumed)
    assert sorted(path.name for path in (tmp_path / "killed").iterdir()) == ["m.tif", "p.tif"]


class TestJournal:
    def test_what_was_noted_is_found(self, tmp_path):
        Journal(tmp_path, {"scene": "a"}).write(Totals(5, 100, 3, 1.5))
        assert Journal(tmp_path, {"scene": "a"}).totals == Totals(5, 100, 3, 1.5)

    def test_what_changed_is_named(self, tmp_path):
        Journal(tmp_path, {"scene": "a", "model": 1}).write(Totals(5, 100, 3, 1.5))
        journal = Journal(tmp_path, {"scene": "a", "model": 2})
        assert (journal.changed, journal.totals) == (["model"], Totals())

    def test_damaged_journal_is_none(self, tmp_path):
        (tmp_path / "journal.json").write_text("{half")
        assert Journal(tmp_path, {"scene": "a"}).totals == Totals()

    def test_folder_of_a_living_run_is_refused(self, tmp_path):
        held = {"host": HOST, "process": os.getppid(), "fingerprint": {}, "totals": {}}
        (tmp_path / "journal.json").write_text(json.dumps(held))
        with pytest.raises(OutputError, match=f"another run \\(process {os.getppid()}\\) is at work there"):
            Journal(tmp_path, {})


def test_rows_that_are_missing_are_an_error(toys, run_detection, scene, tmp_path):
    with pytest.MonkeyPatch.context() as patch:
        interrupted_after(patch, 3)
        with pytest.raises(ModelError):
            run_detection(toys["segmentation"], scene, resume=True)
    (pixels,) = (tmp_path / "result").glob(".*resume/mask.0.raw")
    pixels.write_bytes(b"")
    with pytest.raises(OutputError, match="holds fewer rows than were finished"):
        run_detection(toys["segmentation"], scene, resume=True)
