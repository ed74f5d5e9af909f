"""A model on labelled chips, and the colour index beside it."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from chip_folders import write_chips
from conftest import EXACT
from landslide_detector.models.evaluation.assess import card_facts
from landslide_detector.models.evaluation.chip_scores import evaluate_chips
from landslide_detector.models.evaluation.chips import BATCH_PIXELS, predict_chips, predict_turned
from landslide_detector.models.evaluation.colour import colour_index
from landslide_detector.models.evaluation.metrics import BinaryScores
from landslide_detector.models.raster.stretch import fitted
from landslide_detector.models.training.chips import read_chip_folder
from PIL import Image
from toy_models import expected, write_toy


@pytest.fixture
def folder(tmp_path):
    return write_chips(tmp_path / "chips", count=8, size=50)


@pytest.fixture
def chips(folder):
    return read_chip_folder(folder)


def quiet(done):
    pass


def test_report_names_a_source_of_which_no_split_is_known_without_brackets(toys):
    card = toys["segmentation"]
    sources = [{"name": "one survey", "split": "train"}, {"name": "another"}]
    told = card_facts(replace(card, fields={**card.fields, "landslides:training_data": sources}))
    assert told["Trained on"] == "one survey (train); another"


class TestPredictions:
    @pytest.mark.parametrize("detector", ["segmentation", "anomaly"])
    def test_are_those_of_each_chip_by_itself_whatever_its_size(self, toys, folder, detector):
        for number, side in ((1, 33), (3, 70)):
            for kind in ("images", "masks"):
                path = folder / kind / f"chip {number}.png"
                Image.open(path).resize((side, 50), Image.Resampling.NEAREST).save(path)
        answers = list(predict_chips(toys[detector], read_chip_folder(folder), EXACT))
        assert sorted(answer.chip.name for answer in answers) == [f"chip {number}" for number in range(8)]
        for answer in answers:
            assert answer.probability.shape == answer.mask.shape == answer.image.shape[1:]
            assert answer.probability == pytest.approx(expected(detector, answer.image / 255), abs=0.01)

    def test_chips_of_one_scene_are_seen_as_parts_of_it(self, folder, tmp_path):
        rule = {"median": 0.3, "deviation": 0.07}
        card = write_toy(tmp_path / "m", "segmentation", **{"landslides:stretch": rule})
        with (folder / "index.csv").open(newline="") as handle:
            rows = list(csv.DictReader(handle))
        with (folder / "index.csv").open("w", newline="") as handle:
            table = csv.DictWriter(handle, [*rows[0], "scene"])
            table.writeheader()
            table.writerows({**row, "scene": "s" if number < 5 else ""} for number, row in enumerate(rows))
        answers = list(predict_chips(card, read_chip_folder(folder), EXACT))
        together = [answer.image.reshape(3, 1, -1) for answer in answers if answer.chip.scene]
        assert len(together) == 5
        together = np.concatenate(together, axis=2)
        for answer in answers:
            seen = together if answer.chip.scene else answer.image
            image = fitted(rule, seen, np.ones(seen.shape[1:], bool))(answer.image)
            assert answer.probability == pytest.approx(expected("segmentation", image), abs=0.01)

    def test_chips_of_any_size_can_be_resized_first(self, toys, folder):
        Image.open(folder / "images" / "chip 1.png").resize((80, 70)).save(folder / "images" / "chip 1.png")
        Image.open(folder / "masks" / "chip 1.png").resize((80, 70), 0).save(folder / "masks" / "chip 1.png")
        answers = list(predict_chips(toys["segmentation"], read_chip_folder(folder), EXACT, side=40))
        assert {answer.mask.shape for answer in answers} == {(40, 40)}
        assert {answer.image.shape for answer in answers} == {(3, 40, 40)}
        for answer in answers:
            assert answer.mask.max() <= 1
            assert answer.mask.any() == answer.chip.has_landslide
            assert answer.probability == pytest.approx(expected("segmentation", answer.image / 255), abs=0.01)

    def test_chips_of_one_shape_are_computed_together(self, toys, chips, monkeypatch):
        from landslide_detector.models.evaluation import chips as module

        calls = []
        load = module.load_network

        def counting(*arguments):
            network = load(*arguments)
            return lambda batch: calls.append(batch.shape) or network(batch)

        monkeypatch.setattr(module, "load_network", counting)
        list(predict_chips(toys["segmentation"], chips, EXACT))
        assert calls == [(8, 3, 64, 64)]
        assert BATCH_PIXELS >= 8 * 64 * 64

    def test_patches_answer_once_for_a_chip(self, toys, chips):
        answers = list(predict_chips(toys["patches"], chips, EXACT))
        assert [answer.probability.shape for answer in answers] == [(1,)] * 8
        assert [bool(answer.truth[0]) for answer in answers] == [answer.chip.has_landslide for answer in answers]

    def test_test_time_augmentation_does_not_know_which_way_is_up(self, toys):
        image = np.random.default_rng(0).random((1, 3, 32, 64)).astype(np.float32)

        class Slanted:
            """Sees more the farther to the right."""

            def predict(self, network, images, valid):
                ramp = np.linspace(0, 1, images.shape[3], dtype=np.float32)
                return np.broadcast_to(ramp, (len(images), *images.shape[2:]))

        mean = predict_turned(Slanted(), None, image)
        assert mean.shape == (1, 32, 64)
        assert mean == pytest.approx(0.5, abs=1e-6)


class TestFigures:
    def test_add_up_over_chips(self, toys, chips):
        answers = list(predict_chips(toys["segmentation"], chips, EXACT))
        pixels = BinaryScores()
        pixels.update(
            *(np.concatenate([getattr(each, what).ravel() for each in answers]) for what in ("probability", "truth"))
        )
        measured = evaluate_chips(toys["segmentation"], chips, EXACT, turned=False, progress=quiet)
        assert measured.levels["pixel"].scores.at(0.5) == pixels.at(0.5)
        assert measured.levels["chip"].scores.positive.sum() == 4

    def test_false_alarms_are_counted_on_landslide_free_chips_only(self, toys, folder):
        path = folder / "images" / "chip 0.png"
        image = np.asarray(Image.open(path)).copy()
        image[:25] = (200, 100, 60)
        Image.fromarray(image).save(path)
        chips = read_chip_folder(folder)
        measured = evaluate_chips(toys["segmentation"], chips, EXACT, turned=False, progress=quiet)
        assert measured.landslide_free == 4
        assert measured.false_alarms["chip"].share == 1 / 4
        assert measured.false_alarms["pixel"].share == pytest.approx(1 / 8)
        # Half of one chip of four: drawing anew gives none of it, or up to three of four.
        assert measured.false_alarms["pixel"].interval == pytest.approx((0, 3 / 8))
        assert measured.worst[0].chip.name == "chip 0"
        assert len(measured.worst) == 8

    def test_test_time_augmentation_is_a_figure_of_its_own(self, toys, chips):
        plain, turned = (
            evaluate_chips(toys["segmentation"], chips, EXACT, turned=turned, progress=quiet)
            for turned in (False, True)
        )
        assert plain.levels["pixel"].turned is None
        assert turned.levels["pixel"].turned.at(0.5) == pytest.approx(plain.levels["pixel"].scores.at(0.5))

    def test_colour_index_needs_true_colour(self, toys, chips):
        fields = json.loads(json.dumps(toys["segmentation"].fields))
        fields["mlm:input"][0]["bands"] = ["nir", "green", "blue"]
        card = replace(toys["segmentation"], fields=fields)
        assert evaluate_chips(card, chips, EXACT, turned=False, progress=quiet).levels["pixel"].baseline is None


class TestColourIndex:
    def test_is_the_formula_on_a_seven_pixel_mean(self):
        image = np.random.default_rng(0).integers(1, 255, (3, 20, 30)).astype(np.uint8)
        red, green, blue = image[:, 5:12, 8:15].astype(float).mean(axis=(1, 2))
        assert colour_index(image)[8, 11] == pytest.approx((red - green) / (red + green + blue) + 0.5, abs=1e-6)

    def test_grey_is_in_the_middle_and_black_is_nothing(self):
        assert colour_index(np.full((3, 9, 9), 77, np.uint8)) == pytest.approx(0.5)
        assert not colour_index(np.zeros((3, 9, 9), np.uint8)).any()


class TestCommand:
    def test_json_is_the_contract(self, landslides, toys, folder):
        model = ("--model", toys["segmentation"].folder)
        told = json.loads(landslides("evaluate", "segmentation", "--chips", folder, *model, "--tta", "--json").out)
        assert told["f1"] == told["pixel"]["f1"]
        assert told["pixel"]["f1"] > 0.9
        assert told["chips"] == 8
        assert told["f1_colour_index"] == told["colour_index"]["pixel"]["f1"]
        counts = [told["pixel"][f"{name}_{sign}"] for name in ("true", "false") for sign in ("positives", "negatives")]
        assert sum(counts) == 8 * 50 * 50
        assert counts[0] + counts[3] == 4 * 16 * 16  # all landslide pixels
        for name in ("pixel", "chip"):
            assert set(told["intervals_95"][name]) == {"f1", "iou", "mean_iou", "precision", "recall", "auroc"}
            for figure, (low, high) in told["intervals_95"][name].items():
                assert low <= told[name][figure] <= high
            low, high = told["intervals_95"][f"false_alarm_{name}s"]
            assert low <= told[f"false_alarm_{name}s"] <= high
            assert told["colour_index"][name]["f1"] <= 1
            assert told["test_time_augmentation"][name]["f1"] == pytest.approx(told[name]["f1"])

    def test_split_source_and_text(self, landslides, toys, folder):
        model = ("--model", toys["patches"].folder)
        answer = landslides("evaluate", "patches", "--chips", folder, "--split", "val", "--source", "s1", *model)
        assert answer.code == 0
        assert "toy-patches on 1 chips" in answer.out
        assert re.search(r"chips .*\ntruly landslide +TP 0 +FN 1\ntruly none +FP 0 +TN 0\n", answer.out)
        assert "colour index" in answer.out
        both = ("--source", "s1", "--source", "s2")
        assert "on 4 chips" in landslides("evaluate", "patches", "--chips", folder, *both, *model).out

    def test_no_chip_is_said(self, landslides, toys, folder):
        command = ("evaluate", "patches", "--chips", folder, "--model", toys["patches"].folder)
        assert "no chip of source 'x'" in landslides(*command, "--source", "x").error

    @pytest.mark.parametrize("detector", ["patches", "segmentation"])
    def test_on_landslide_free_chips_only_false_alarms_are_measured(self, landslides, toys, folder, detector):
        path = folder / "images" / "chip 0.png"
        image = np.asarray(Image.open(path)).copy()
        image[:] = (200, 100, 60)
        Image.fromarray(image).save(path)
        free = ("--source", "s0", "--source", "s2", "--model", toys[detector].folder)
        answer = landslides("evaluate", detector, "--chips", folder, *free)
        assert "none of the 4 chips holds a landslide, so only false alarms are measured" in answer.error
        assert "25.00% of chips (95 %: 0.00% to 75.00%)" in answer.out
        assert not re.search("F1|IoU, landslide|Mean IoU|Precision|Recall|AUROC|intervals|nan", answer.out)
        told = json.loads(landslides("evaluate", detector, "--chips", folder, *free, "--json").out)
        for name in ("f1", "iou", "mean_iou", "precision", "recall", "auroc", "average_precision"):
            assert told[name] is told["chip"][name] is told["colour_index"]["chip"][name] is None
        assert set(told["intervals_95"]["chip"].values()) == {None}
        assert told["intervals_95"]["false_alarm_chips"] == [0, 3 / 4]
        assert told["false_alarm_chips"] == 1 / 4
        assert told["false_alarm_pixels"] == (None if detector == "patches" else 1 / 4)
        assert told["specificity"] == told["accuracy"] == 3 / 4

    def test_an_index_that_denies_the_landslides_of_all_masks_is_refused(self, landslides, toys, folder):
        with (folder / "index.csv").open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([["name", "has_landslide"], ["chip 0", "0"], ["chip 1", "0"]])
        answer = landslides("evaluate", "patches", "--chips", folder, "--model", toys["patches"].folder)
        assert answer.code == 1
        assert "chip 1.png: holds a landslide, though index.csv says that no chip has one" in answer.err

    def test_index_with_the_columns_it_needs_only(self, landslides, toys, folder):
        with (folder / "index.csv").open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([["name"], ["chip 1"], ["chip 2"]])
        model = ("--model", toys["patches"].folder)
        assert landslides("evaluate", "patches", "--chips", folder, *model).code == 0

    def test_another_threshold_than_the_cards_is_used_and_said(self, landslides, toys, folder, tmp_path):
        command = ("evaluate", "segmentation", "--chips", folder, "--model", toys["segmentation"].folder)
        assert "\nthreshold 0.5, the card's\n" in landslides(*command).out
        report = ("--threshold", 0, "--report", tmp_path / "r.html")
        assert "\nthreshold 0, not the 0.5 of the card\n" in landslides(*command, *report).out
        assert "0, not the 0.5 of the card" in (tmp_path / "r.html").read_text(encoding="utf-8")
        told = json.loads(landslides(*command, "--threshold", 0, "--json").out)
        assert (told["threshold"], told["card_threshold"]) == (0, 0.5)
        # From 0 on everything is landslide.
        assert told["pixel"]["recall"] == told["false_alarm_pixels"] == told["false_alarm_chips"] == 1
        assert told["chip"]["true_negatives"] == 0
