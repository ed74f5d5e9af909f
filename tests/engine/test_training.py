"""Training: a few steps give a package that detects, an interrupted run goes on where it was and leaves what it had."""

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
from training_scenes import write_labelled_scene

FEW = ["--steps", "1", "--batch-size", "2", "--window", "64", "--base", "none", "--encoder", "resnet18"]


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    return write_chips(tmp_path_factory.mktemp("training") / "chips")


def train_tiny(action, folder, expected_code=0, **settings):
    program = Path(__file__).with_name("train_tiny.py")
    settings = {name: str(value) if isinstance(value, Path) else value for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, program, action, folder, json.dumps(settings)], capture_output=True, text=True
    )
    assert done.returncode == expected_code, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) if expected_code == 0 else None


@pytest.fixture(scope="module")
def trained(chips, tmp_path_factory):
    """A folder with a package of each detector after three steps, and what was told."""
    folder = tmp_path_factory.mktemp("trained")
    told = {d: train_tiny("on_chips", folder / d, chips=chips, detector=d, steps=3) for d in DETECTORS}
    return folder, told


@pytest.mark.parametrize("detector", DETECTORS)
class TestThreeSteps:
    def test_progress_and_scores_are_told(self, trained, detector):
        told = trained[1][detector]
        assert told["progressed"] == pytest.approx([1 / 3, 2 / 3, 1, 1])
        assert [score["step"] for score in told["scores"]] == [1, 2, 3]
        assert told["scores"][-1]["best"] == max(score["value"] for score in told["scores"])

    def test_package_is_whole(self, trained, detector):
        card = read_card(trained[0] / detector)
        check_files(card)
        assert (card.name, card.detector, card.resolution) == (detector, detector, (0.5, 15))
        assert 0 <= card.threshold <= 1
        assert set(card.fields["landslides:metrics"]["val"]) >= {"f1", "iou", "auroc"}
        assert not card.is_default
        assert sorted(path.name for path in card.folder.iterdir()) == [
            "card.json", "model.onnx", "model.safetensors", "report.html", "training",
        ]  # fmt: skip

    def test_card_tells_what_it_was_trained_on(self, trained, detector):
        fields = read_card(trained[0] / detector).fields
        assert sum(source["windows"] for source in fields["landslides:training_data"]) == 4
        assert sum(source["held_out"] for source in fields["landslides:training_data"]) == 4
        assert fields["mlm:pretrained"] is False
        assert fields["landslides:settings"]["batch_size"] == 2

    def test_report_stands_alone(self, trained, detector):
        page = (trained[0] / detector / "report.html").read_text(encoding="utf-8")
        assert "Training loss" in page
        assert page.count("data:image/jpeg;base64") == 4
        assert "http" not in page.replace("http://www.w3.org", "")

    def test_package_detects(self, trained, detector, run_detection, tmp_path):
        run = run_detection(read_card(trained[0] / detector), write_raster(tmp_path / "s.tif", landscape(90, 100)))
        assert np.isfinite(read_raster(run.probability).pixels).all()

    def test_runtimes_agree_on_it(self, trained, detector):
        card = read_card(trained[0] / detector)
        images = np.random.default_rng(0).standard_normal((2, 3, 64, 64), np.float32)
        torch_answer = TorchNetwork(card, "cpu", "fp32")(images)
        openvino_answer = OpenVinoNetwork(card, "fp32", 64)(images)
        if detector == "anomaly":
            scale = max(1.0, np.abs(torch_answer).max())
            assert np.abs(openvino_answer - torch_answer).max() < 1e-3 * scale
        else:
            probabilities = [1 / (1 + np.exp(-answer)) for answer in (torch_answer, openvino_answer)]
            assert np.abs(probabilities[0] - probabilities[1]).max() < 1e-2


def test_eight_chips_are_learned_by_heart(chips, tmp_path):
    assert train_tiny("overfit", tmp_path / "m", chips=chips, steps=60)["iou"] > 0.9


class TestInterruptedRun:
    @pytest.fixture(scope="class")
    def runs(self, chips, tmp_path_factory):
        """The curve of a run of four steps, and of one that was killed in its third and resumed."""
        folder = tmp_path_factory.mktemp("interrupted")
        settings = {"chips": chips, "detector": "segmentation", "steps": 4}
        whole = train_tiny("on_chips", folder / "whole", **settings)
        train_tiny("on_chips", folder / "killed", 9, **settings, kill_at=3)
        card = read_card(folder / "killed")
        check_files(card)
        resumed = train_tiny("on_chips", folder / "killed", **settings, resume=True)
        return whole, resumed, card

    def test_same_curve_after_a_kill(self, runs):
        whole, resumed, _ = runs
        assert [row["step"] for row in resumed["rows"]] == [1, 2, 3, 4]
        for name in ("loss", "score", "learning_rate"):
            assert [row[name] for row in resumed["rows"]] == pytest.approx(
                [row[name] for row in whole["rows"]], rel=1e-4
            )
        assert len(resumed["progressed"]) == 3  # two steps, and the end

    def test_same_model_after_a_kill(self, runs):
        assert runs[1]["result"]["threshold"] == runs[0]["result"]["threshold"]

    def test_killed_run_leaves_a_model_that_can_be_used(self, runs, run_detection, tmp_path):
        run = run_detection(runs[2], write_raster(tmp_path / "s.tif", landscape(90, 100)))
        assert np.isfinite(read_raster(run.probability).pixels).all()

    def test_longer_budget_stretches_the_schedule(self, runs, chips, tmp_path):
        settings = {"chips": chips, "detector": "segmentation"}
        train_tiny("on_chips", tmp_path / "m", **settings, steps=2)
        longer = train_tiny("on_chips", tmp_path / "m", **settings, steps=4, resume=True)
        rates = [row["learning_rate"] for row in longer["rows"]]
        assert rates[2:] == pytest.approx([row["learning_rate"] for row in runs[0]["rows"]][2:])

    def test_resuming_with_other_settings_is_refused(self, runs, landslides, chips):
        folder = runs[2].folder
        answer = landslides(
            "train", "segmentation", "--chips", chips, "--output", folder, "--resolution", 1, 2, *FEW[2:], "--resume",
            "--progress", "none", "--batch-size", 4,
        )  # fmt: skip
        assert (answer.code, answer.error) == (1, f"Error: {folder}: cannot resume, batch_size was 2 and is 4")


def test_fine_tuning_starts_from_the_base_model(chips, trained, tmp_path):
    base = trained[0] / "anomaly"
    # With next to no learning rate the outcome is what it started from.
    tuned = train_tiny(
        "on_chips", tmp_path / "m", chips=chips, detector="anomaly", steps=1, base=base, learning_rate=1e-12
    )
    images = np.random.default_rng(0).standard_normal((1, 3, 64, 64), np.float32)
    before, after = (TorchNetwork(read_card(folder), "cpu", "fp32")(images) for folder in (base, tmp_path / "m"))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.98  # but for batch normalisation's statistics
    assert read_card(tmp_path / "m").fields["mlm:pretrained_source"] == "model 'anomaly'"
    assert {"base_f1", "base_iou", "base_precision", "base_recall"} <= set(tuned["result"])


class TestScenes:
    def test_sixteen_bits_with_a_nodata_collar_and_four_bands(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, dtype="uint16", collar=40, bands=4)
        told = train_tiny(
            "on_scenes", tmp_path / "m", images=[str(scene)], labels=[str(labels)], detector="segmentation", steps=1,
            bands=[1, 2, 3, 4],
        )  # fmt: skip
        card = read_card(tmp_path / "m")
        assert len(card.bands) == 4
        assert card.resolution == pytest.approx((2 / 1.5, 2 * 1.5), rel=1e-2)
        assert {"f1", "iou"} <= set(told["result"])

    def test_scene_smaller_than_a_window(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, height=60, width=75)
        train_tiny(
            "on_scenes", tmp_path / "m", images=[str(scene)], labels=[str(labels)], detector="patches", steps=1,
            window=96, tile_size=96,
        )  # fmt: skip
        check_files(read_card(tmp_path / "m"))

    def test_anomaly_adapts_to_a_scene_without_labels_by_the_clock(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        told = train_tiny("on_scenes", tmp_path / "m", images=[str(scene)], labels=[], detector="anomaly", minutes=0.1)
        assert {score["name"] for score in told["scores"]} == {"noise removed"}
        assert told["progressed"][-1] <= 1
        assert "f1" not in told["result"]
        assert read_card(tmp_path / "m").anomaly["midpoint"] > 0


class TestCommand:
    def run(self, *arguments):
        done = subprocess.run(
            [*COMMAND, "train", *map(str, arguments), "--progress", "json"], capture_output=True, text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        return done, [json.loads(line) for line in done.stdout.splitlines()]

    def test_trains_and_tells_what_it_reached(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        options = ["--image", scene, "--labels", labels, "--output", tmp_path / "model", "--name", "my model", *FEW]
        done, events = self.run("segmentation", *options, "--description", "for a test")
        assert done.returncode == 0, done.stderr
        assert events[-1]["event"] == "result"
        assert (events[-1]["model"], events[-1]["folder"]) == ("my model", str(tmp_path / "model"))
        assert {"f1", "iou", "threshold", "report"} <= set(events[-1])
        (score,) = (event for event in events if event["event"] == "score")
        assert (score["step"], score["name"]) == (1, "IoU")
        assert read_card(tmp_path / "model").description == "for a test"

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            (["patches"], "give either --image (with --labels) or --chips"),
            (["patches", "--chips", "c"], "give their metres a pixel with --resolution"),
            (["patches", "--image", "s.tif"], "patches learns from labels: give --labels"),
            (["anomaly", "--image", "s.tif", "--steps", "1", "--minutes", "1"], "give one of --epochs"),
            (["anomaly", "--image", "s.tif", "--window", "50"], "--window 50: a multiple of 32"),
            (["patches", "--image", "a", "--labels", "b", "--labels", "c"], "--labels given 2 times for 1 images"),
        ],
    )
    def test_wrong_usage(self, landslides, tmp_path, options, says):
        answer = landslides("train", *options, "--output", tmp_path / "m")
        assert answer.code == 2
        assert says in answer.err

    def test_missing_chips_are_one_line(self, landslides, tmp_path):
        answer = landslides(
            "train", "patches", "--chips", tmp_path / "gone", "--output", tmp_path / "m", "--resolution", "1", "2",
            "--progress", "none",
        )  # fmt: skip
        assert answer.code == 1
        assert answer.error == f"Error: {tmp_path / 'gone'}: no images/NAME.* found, this is not a chip folder"

    def test_labels_beside_the_image_are_one_line(self, landslides, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, labels_at=(900_000, 0))
        answer = landslides(
            "train", "segmentation", "--image", scene, "--labels", labels, "--output", tmp_path / "m", *FEW,
            "--progress", "none",
        )  # fmt: skip
        assert (answer.code, answer.error) == (1, f"Error: {labels}: no polygon lies on {scene}")

    def test_nothing_to_resume_is_one_line(self, landslides, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        answer = landslides(
            "train", "segmentation", "--image", scene, "--labels", labels, "--output", tmp_path / "m", *FEW, "--resume",
            "--progress", "none",
        )  # fmt: skip
        assert answer.code == 1
        assert "no checkpoint to resume from; train without --resume" in answer.err
