"""Training: a few steps give a package that detects, an interrupted run goes on where it was and leaves what it had."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from chip_folders import write_chips
from conftest import DETECTORS, TORCH, loaded_by, probabilities
from folded import lost_in_bf16
from landslide_detector.models.evaluation.assess import card_facts
from landslide_detector.models.inference.backends import OpenVinoNetwork, TorchNetwork
from landslide_detector.models.library.card import CARD, GRAPH, WEIGHTS, read_card
from landslide_detector.models.library.shelf import check_files, sha256
from landslide_detector.models.training.calibration import write_card
from landslide_detector.models.training.chips import read_chip_folder
from landslide_detector.models.training.export import scale_logits
from landslide_detector.models.training.package import calibrate_package
from landslide_detector.models.training.platt import CALIBRATION
from landslide_detector.models.training.windows import some
from scenes import landscape, read_raster, write_raster
from training_scenes import FEW, write_labelled_scene


def train_tiny(expected_code=0, **jobs):
    """Run trainings, each ``(action, folder, settings)``, one after the other in a program of their own."""
    command = [sys.executable, Path(__file__).with_name("train_tiny.py"), json.dumps(jobs, default=str)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == expected_code, done.stderr
    return json.loads(done.stdout.splitlines()[-1]) if expected_code == 0 else None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("training")


@pytest.fixture(scope="module")
def chips(folder):
    return write_chips(folder / "chips")


@pytest.fixture(scope="module")
def trained(folder, chips):
    """What trainings of all kinds have told, by the name of their folder."""
    (folder / "scenes").mkdir()
    deep, deep_labels = write_labelled_scene(folder / "scenes", dtype="uint16", collar=40, bands=4, name="deep")
    small, small_labels = write_labelled_scene(folder / "scenes", height=60, width=75, name="small")
    plain, _ = write_labelled_scene(folder / "scenes", name="plain")
    jobs = {
        **{d: ("on_chips", {"chips": chips, "detector": d, "steps": 2}) for d in DETECTORS},
        "whole": ("on_chips", {"chips": chips, "detector": "segmentation", "steps": 4}),
        # With next to no learning rate the outcome is what it started from.
        "tuned": ("on_chips", {"chips": chips, "detector": "anomaly", "steps": 1, "base": folder / "anomaly",
                               "learning_rate": 1e-12}),
        "deep": ("on_scenes", {"images": [deep], "labels": [deep_labels], "detector": "segmentation", "steps": 1,
                               "bands": [1, 2, 3, 4]}),
        "small": ("on_scenes", {"images": [small], "labels": [small_labels], "detector": "segmentation", "steps": 1,
                                "window": 96}),
        "adapted": ("on_scenes", {"images": [plain], "labels": [], "detector": "anomaly", "minutes": 0.05}),
        "odd batch": ("on_chips", {"chips": chips, "detector": "segmentation", "steps": 1, "batch_size": 3}),
        "overfit": ("overfit", {"chips": chips, "steps": 60}),
    }  # fmt: skip
    return train_tiny(**{name: (action, folder / name, settings) for name, (action, settings) in jobs.items()})


@pytest.mark.parametrize("detector", DETECTORS)
class TestTwoSteps:
    def test_progress_and_scores_are_told(self, trained, folder, detector):
        told = trained[detector]
        assert told["progressed"] == [0.5, 1, 1]
        assert [score["step"] for score in told["scores"]] == [1, 2]
        assert told["scores"][-1]["best"] == max(score["value"] for score in told["scores"])

    def test_package_is_whole(self, trained, folder, detector):
        card = read_card(folder / detector)
        check_files(card)
        assert (card.name, card.detector, card.resolution) == (detector, detector, (0.5, 15))
        assert 0 <= card.threshold <= 1
        assert set(card.fields["landslides:metrics"]["val"]) >= {"f1", "iou", "auroc"}
        assert not card.is_default
        assert sorted(path.name for path in card.folder.iterdir()) == [
            "card.json", "model.onnx", "model.safetensors", "report.html", "training",
        ]  # fmt: skip

    def test_card_tells_what_it_was_trained_on(self, trained, folder, detector):
        fields = read_card(folder / detector).fields
        assert sum(source["windows"] for source in fields["landslides:training_data"]) == 4
        assert sum(source["held_out"] for source in fields["landslides:training_data"]) == 4
        assert fields["mlm:pretrained"] is False
        assert fields["landslides:settings"]["batch_size"] == 2

    def test_card_tells_its_limits_and_reports_print_them(self, trained, folder, detector):
        card = read_card(folder / detector)
        assert card.fields["landslides:limits"] == (
            "Measured on the split 'val' of its chip folder only, where 2 of 4 windows have landslides. "
            "Expect less in another region, season or sensor. For imagery of 0.5 to 15 m a pixel."
        )
        assert card.fields["license"] == "not stated"
        assert card_facts(card)["Trained on"] == "; ".join(f"chips: s{number} (train)" for number in range(4))
        page = (folder / detector / "report.html").read_text(encoding="utf-8")
        assert "where 2 of 4 windows have landslides" in page
        assert "resolution 0.5 to 15 m" in page

    def test_card_and_report_tell_how_probabilities_were_calibrated(self, trained, folder, detector):
        told = read_card(folder / detector).fields.get(CALIBRATION)
        page = (folder / detector / "report.html").read_text(encoding="utf-8")
        if detector == "anomaly":  # by its midpoint and slope
            assert told is None
        else:
            assert set(told) - {"skipped"} == {
                "slope", "offset", "ece_before", "ece_after", "brier_before", "brier_after",
            }  # fmt: skip
            assert (told.get("skipped") or "Platt scaling") in page

    def test_report_stands_alone(self, trained, folder, detector):
        page = (folder / detector / "report.html").read_text(encoding="utf-8")
        assert "Training loss" in page
        assert page.count("data:image/jpeg;base64") == 4
        assert "http" not in page.replace("http://www.w3.org", "")

    def test_package_detects_without_torch(self, trained, folder, detector, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(90, 100))
        code, loaded = loaded_by(
            "detect", detector, scene, "--probability", tmp_path / "p.tif", "--model", folder / detector
        )
        assert code == 0
        assert "openvino" in loaded
        assert not loaded & TORCH
        assert np.isfinite(read_raster(tmp_path / "p.tif").pixels).all()

    def test_runtimes_agree_on_it(self, trained, folder, detector):
        card = read_card(folder / detector)
        first, second = (
            probabilities(card, network, 64)
            for network in (TorchNetwork(card, "cpu", "fp32"), OpenVinoNetwork(card, "fp32", 64))
        )
        assert np.abs(first - second).max() < 1e-2

    def test_weights_lose_next_to_nothing_in_bf16(self, trained, folder, detector):
        lost = lost_in_bf16(folder / detector / GRAPH)
        assert len(lost) > 20
        assert max(lost) < 3e-4  # 1.4e-3 without rounding them beforehand


def test_eight_chips_are_learned_by_heart(trained):
    assert trained["overfit"]["iou"] > 0.9


class TestCalibration:
    @pytest.fixture
    def copied(self, trained, folder, tmp_path):
        """``copied(name)``: a copy of a trained package."""
        return lambda name: read_card(Path(shutil.copytree(folder / name, tmp_path / name)))

    @pytest.mark.parametrize("detector", ["patches", "segmentation"])
    def test_logits_are_scaled_in_every_runtime(self, copied, detector):
        card, images = copied(detector), np.random.default_rng(0).standard_normal((2, 3, 64, 64), np.float32)
        runtimes = (
            lambda: OpenVinoNetwork(card, "fp32", 64)(images),
            lambda: TorchNetwork(card, "cpu", "fp32")(images),
            lambda: onnxruntime.InferenceSession(card.folder / GRAPH).run(None, {"image": images})[0],
        )
        before, graph = [answer() for answer in runtimes], (card.folder / GRAPH).read_bytes()
        assert scale_logits(card, 0.5, -2.0) == sha256(card.folder / WEIGHTS)
        assert (card.folder / GRAPH).read_bytes() == graph
        for was, answer in zip(before, runtimes, strict=True):
            assert np.allclose(answer(), 0.5 * was - 2, atol=0.01 * max(1, np.abs(was).max()))

    def test_logits_of_a_wrong_scale_are_mended_for_good(self, copied, chips):
        card, held_out = copied("overfit"), some(read_chip_folder(chips), 100)
        fields = {**card.fields, "landslides:sha256": {**card.sha256, WEIGHTS: scale_logits(card, 0.25, 1.0)}}
        del fields[CALIBRATION]
        write_card(card.folder / CARD, fields)
        told = []
        for _ in range(2):
            found, scores = calibrate_package(card.folder, held_out)
            check_files(read_card(card.folder))
            assert read_card(card.folder).fields == found
            assert scores.reliability().ece < 0.5 * found[CALIBRATION]["ece_before"]
            told.append(found)
        assert told[1][CALIBRATION] == pytest.approx(told[0][CALIBRATION], rel=0.02, abs=2e-3)
        assert told[1]["landslides:threshold"] == pytest.approx(told[0]["landslides:threshold"], abs=0.02)
        before, after = (fields["landslides:metrics"]["val"]["f1"] for fields in (card.fields, told[0]))
        assert after == pytest.approx(before, abs=0.01)


class TestInterruptedRun:
    @pytest.fixture(scope="class")
    def killed(self, chips, folder):
        """The folder of a run of four steps that was killed in its third."""
        settings = {"chips": chips, "detector": "segmentation", "steps": 4, "kill_at": 3}
        train_tiny(9, run=("on_chips", folder / "killed", settings))
        shutil.copytree(folder / "killed", folder / "as killed")
        return folder / "as killed"

    @pytest.fixture(scope="class")
    def resumed(self, killed, chips, folder):
        """That run after it was resumed, and a finished run of two steps that was resumed for four."""
        settings = {"chips": chips, "detector": "segmentation"}
        return train_tiny(
            same=("on_chips", folder / "killed", {**settings, "steps": 4, "resume": True}),
            shorter=("on_chips", folder / "longer", {**settings, "steps": 2}),
            longer=("on_chips", folder / "longer", {**settings, "steps": 4, "resume": True}),
        )

    @pytest.mark.parametrize("column", ["step", "loss", "score", "learning_rate"])
    def test_same_curve_after_a_kill(self, trained, resumed, column):
        uninterrupted, after_kill = (
            [row[column] for row in run["rows"]] for run in (trained["whole"], resumed["same"])
        )
        assert after_kill == pytest.approx(uninterrupted, rel=1e-4)
        assert len(resumed["same"]["progressed"]) == 3  # two steps, and the end

    @pytest.mark.parametrize("figure", ["auroc", "average_precision"])
    def test_same_model_after_a_kill(self, trained, resumed, figure):
        # Not the threshold: after four steps the F1 is as good at many, and the last bits decide.
        assert resumed["same"]["result"][figure] == pytest.approx(trained["whole"]["result"][figure], abs=2e-3)

    def test_killed_run_leaves_a_model_that_can_be_used(self, killed, run_detection, tmp_path):
        check_files(read_card(killed))
        run = run_detection(read_card(killed), write_raster(tmp_path / "s.tif", landscape(90, 100)))
        assert np.isfinite(read_raster(run.probability).pixels).all()

    def test_longer_budget_stretches_the_schedule(self, trained, resumed):
        rates, expected = (
            [row["learning_rate"] for row in run["rows"]][2:] for run in (resumed["longer"], trained["whole"])
        )
        assert rates == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("other", "says"),
        [
            (["--batch-size", 4], "batch_size was 2 and is 4"),
            (["--learning-rate", 0.5], "learning_rate was 0.0015 and is 0.5"),
            (["--by-scene"], "stretch was"),
        ],
    )
    def test_resuming_with_other_settings_is_refused(self, killed, landslides, chips, other, says):
        answer = landslides(
            "train", "segmentation", "--chips", chips, "--output", killed, "--resolution", 1, 2, *FEW, "--resume",
            "--progress", "none", "--encoder", "resnet18", *other,
        )  # fmt: skip
        assert answer.code == 1
        assert answer.error.startswith(f"Error: {killed}: cannot resume, {says}")

    def test_a_model_is_never_written_over_the_one_it_starts_from(self, killed, landslides, chips):
        before = (killed / "card.json").read_bytes()
        answer = landslides(
            "train", "segmentation", "--chips", chips, "--output", killed, "--resolution", 1, 2, "--steps", 1,
            "--progress", "none", "--base", killed, "--encoder", "resnet18",
        )  # fmt: skip
        assert (answer.code, "is the model to start from" in answer.error) == (1, True)
        assert (killed / "card.json").read_bytes() == before


def test_batches_of_any_size(trained):
    assert trained["odd batch"]["scores"]


def test_fine_tuning_starts_from_the_base_model(trained, folder):
    images = np.random.default_rng(0).standard_normal((1, 3, 64, 64), np.float32)
    before, after = (TorchNetwork(read_card(folder / m), "cpu", "fp32")(images) for m in ("anomaly", "tuned"))
    assert np.corrcoef(before.ravel(), after.ravel())[0, 1] > 0.9  # but for batch normalisation's statistics
    assert read_card(folder / "tuned").fields["mlm:pretrained_source"] == "model 'anomaly'"
    assert {"base_f1", "base_iou", "base_precision", "base_recall"} <= set(trained["tuned"]["result"])


class TestScenes:
    def test_sixteen_bits_with_a_nodata_collar_and_four_bands(self, trained, folder):
        card = read_card(folder / "deep")
        assert len(card.bands) == 4
        assert card_facts(card)["Trained on"] == "deep (blocks, 20 % of them held out)"
        assert "Measured on held-out blocks of the scene it was trained on only" in card.fields["landslides:limits"]
        assert card.resolution == pytest.approx((2 / 1.5, 2 * 1.5), rel=1e-2)
        assert {"f1", "iou"} <= set(trained["deep"]["result"])

    def test_scene_smaller_than_a_window(self, trained, folder):
        check_files(read_card(folder / "small"))

    def test_anomaly_adapts_to_a_scene_without_labels_by_the_clock(self, trained, folder):
        told = trained["adapted"]
        assert {score["name"] for score in told["scores"]} == {"noise removed"}
        assert "f1" not in told["result"]
        card = read_card(folder / "adapted")
        assert card.anomaly["midpoint"] > 0
        assert card.fields["landslides:limits"].startswith("Not measured: no landslide is known on held-out blocks")
