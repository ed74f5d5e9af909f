"""Ended by a signal, at any moment: exit code 130, at once, nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import COMMAND, EXACT, Told
from landslide_detector.models.inference.detect import SceneDetection, Settings, Targets
from scenes import unfinished, write_raster

QUICK = 2.0  # s


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """Large enough to be caught at work: many tiles, and noise that makes many polygons."""
    rng = np.random.default_rng(0)
    return write_raster(tmp_path_factory.mktemp("scene") / "s.tif", rng.integers(0, 255, (3, 3000, 1800), np.uint8))


def processes_of(group: int) -> list[str]:
    """What is alive in a process group."""
    alive = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] != "Z":
                alive.append(stat.read_text())
        except OSError:
            continue  # it ended meanwhile
    return alive


class Engine:
    """``landslides detect`` as a program in a process group of its own."""

    def __init__(self, card, scene, folder):
        self.outputs = [folder / name for name in ("p.tif", "m.tif", "v.gpkg")]
        names = zip(("--probability", "--mask", "--polygons"), map(str, self.outputs), strict=True)
        arguments = ["detect", card.detector, str(scene), *(part for pair in names for part in pair)]
        arguments += ["--model", str(card.folder), "--tile-size", "64", "--device", "cpu", "--progress", "json"]
        self.process = subprocess.Popen(
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )

    def read_until(self, reached):
        """Read events until one is what the test waits for."""
        for line in self.process.stdout:
            event = json.loads(line)
            if reached(event):
                return event
        pytest.fail(f"ended with {self.process.wait()} before that")

    def end(self, number):
        """Send a signal; return the exit code and the time it took."""
        started = time.monotonic()
        self.process.send_signal(number)
        rest = self.process.stdout.read()
        code = self.process.wait(timeout=30)
        return code, time.monotonic() - started, [json.loads(line) for line in rest.splitlines()]


@pytest.fixture
def engine(toys, scene, tmp_path):
    engine = Engine(toys["segmentation"], scene, tmp_path)
    yield engine
    if engine.process.poll() is None:
        os.killpg(engine.process.pid, signal.SIGKILL)
    engine.process.wait()
    engine.process.stdout.close()


def assert_gone(engine, folder, code, seconds):
    assert code == 130
    assert seconds < QUICK
    deadline = time.monotonic() + QUICK
    while processes_of(engine.process.pid) and time.monotonic() < deadline:
        pass  # the system takes a moment to bury them
    assert processes_of(engine.process.pid) == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_while_tiles_are_computed(engine, tmp_path, number):
    engine.read_until(lambda event: event["event"] == "progress")
    assert unfinished(tmp_path)  # at work on files
    code, seconds, events = engine.end(number)
    assert_gone(engine, tmp_path, code, seconds)
    assert events[-1] == {"event": "error", "message": "cancelled"}


def test_before_the_first_progress(engine, tmp_path):
    engine.read_until(lambda event: event["event"] == "log")
    code, seconds, _ = engine.end(signal.SIGTERM)
    assert_gone(engine, tmp_path, code, seconds)


def test_while_results_are_finished(engine, tmp_path):
    engine.read_until(lambda event: "making overviews" in event.get("message", ""))
    code, seconds, _ = engine.end(signal.SIGTERM)
    assert_gone(engine, tmp_path, code, seconds)


def test_twice_in_a_row(engine, tmp_path):
    engine.read_until(lambda event: event["event"] == "progress")
    engine.process.send_signal(signal.SIGINT)
    code, seconds, _ = engine.end(signal.SIGINT)
    assert_gone(engine, tmp_path, code, seconds)


def test_results_of_yesterday_stay(engine, tmp_path):
    engine.outputs[0].write_text("yesterday")
    engine.read_until(lambda event: event["event"] == "progress")
    engine.end(signal.SIGTERM)
    assert [path.name for path in tmp_path.iterdir()] == ["p.tif"]
    assert engine.outputs[0].read_text() == "yesterday"


def test_killed_run_leaves_no_final_file_and_the_next_one_tidies_up(engine, toys, tmp_path, finishing_here):
    engine.read_until(lambda event: event["event"] == "progress")
    engine.end(signal.SIGKILL)
    assert unfinished(tmp_path)
    assert not any(path.exists() for path in engine.outputs)
    small = write_raster(tmp_path / "small.tif", np.ones((3, 40, 40), np.uint8))
    next_run = SceneDetection(toys["segmentation"], EXACT, Settings(), Told())
    next_run.run(str(small), Targets(engine.outputs[0], None, None))
    assert unfinished(tmp_path) == []
    assert engine.outputs[0].exists()


def test_reader_that_goes_away_ends_the_run_without_results(engine, tmp_path):
    engine.read_until(lambda event: event["event"] == "progress")
    engine.process.stdout.close()
    assert engine.process.wait(timeout=60) == 1
    assert list(tmp_path.iterdir()) == []


def test_reader_of_the_output_that_leaves_is_no_error():
    listing = subprocess.Popen([*COMMAND, "environment"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    listing.stdout.close()
    assert listing.stderr.read() == ""
    assert listing.wait() == 1
