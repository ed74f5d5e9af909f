"""Training: a few steps give a package that detects, and an interrupted run goes on where it was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from chip_folders import write_chips
from conftest import COMMAND, DETECTORS
from landslide_detector.models.inference.backends import OpenVinoNetwork, TorchNetwork
from landslide_detector.models.library.card import read_card
from landslide_detector.models.library.shelf import check_files
from scenes import landscape, read_raster, write_raster


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    return write_chips(tmp_path_factory.mktemp("training") / "chips")


def train_tiny(action, chips, folder):
    program = Path(__file__).with_name("train_tiny.py")
    done = subprocess.run([sys.executable, program, action, chips, folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def trained(chips, tmp_path_factory):
    """A folder with a package of each detector after two steps, and the progress that was told."""
    folder = tmp_path_factory.mktemp("trained")
    return folder, train_tiny("packages", chips, folder)


@pytest.mark.parametrize("detector", DETECTORS)
class TestTwoSteps:
    def test_progress_is_told(self, trained, detector):
        assert trained[1][detector] == [0.5, 1.0]

    def test_package_is_whole(self, trained, detector):
        card = read_card(trained[0] / detector)
        check_files(card)
        assert (card.name, card.detector, card.resolution) == (detector, detector, (0.5, 15))
        assert 0 <= card.threshold <= 1
        assert set(card.fields["landslides:metrics"]["val"]) >= {"f1", "iou", "auroc"}
        assert not card.is_default

    def test_package_detects(self, trained, detector, run_detection, tmp_path):
        run = run_detection(read_card(trained[0] / detector), write_raster(tmp_path / "s.tif", landscape(90, 100)))
        assert np.isfinite(read_raster(run.probability).pixels).all()

    def test_runtimes_agree_on_it(self, trained, detector):
        card = read_card(trained[0] / detector)
        images = np.random.default_rng(0).standard_normal((2, 3, 64, 64), np.float32)
        torch_answer = TorchNetwork(card, "cpu", "fp32")(images)
        scale = max(1.0, np.abs(torch_answer).max())
        assert np.abs(OpenVinoNetwork(card, "fp32", 64)(images) - torch_answer).max() < 1e-3 * scale


def test_interrupted_run_goes_on_from_its_checkpoint(chips, tmp_path):
    told = train_tiny("interrupted", chips, tmp_path)
    assert told["step_at_interrupt"] in (1, 2)
    assert 2 <= len(told["progressed"]) <= 3  # of four steps
    assert told["progressed"][-1] == 1.0
    assert told["step_at_end"] == 4


def test_fine_tuning_starts_from_the_base_model(chips, tmp_path):
    assert train_tiny("tuned", chips, tmp_path)["largest_change"] < 2e-3  # weights are kept as fp16


def test_command_trains_and_tells_what_it_reached(chips, tmp_path):
    options = ["--steps", "1", "--batch-size", "2", "--resolution", "0.5", "10", "--progress", "json"]
    done = subprocess.run(
        [*COMMAND, "train", "anomaly", "--chips", chips, "--output", tmp_path / "model", *options],
        capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["event"] == "result"
    assert events[-1]["folder"] == str(tmp_path / "model")
    assert {"f1", "iou", "auroc"} <= set(events[-1])
    assert read_card(tmp_path / "model").detector == "anomaly"


def test_missing_chips_are_one_line(landslides, tmp_path):
    answer = landslides(
        "train", "patches", "--chips", tmp_path / "gone", "--output", tmp_path / "m", "--resolution", "1", "2",
        "--progress", "none",
    )  # fmt: skip
    assert answer.code == 1
    assert answer.error == f"Error: {tmp_path / 'gone'}: no images/NAME.* found, this is not a chip folder"
