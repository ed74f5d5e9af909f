"""Budget and schedule, what training starts from, and the choice of what is held out."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
import torch
from chip_folders import write_chips
from landslide_detector.models.errors import ModelError
from landslide_detector.models.training import pretrained
from landslide_detector.models.training.budget import Budget
from landslide_detector.models.training.callbacks import History
from landslide_detector.models.training.data import chip_data
from landslide_detector.models.training.depthwise import DepthwiseInFloat32
from landslide_detector.models.training.package import card_fields, default_normalisation
from landslide_detector.models.training.pretrained import PACKAGED, adapted, find_base, starting_network
from landslide_detector.models.training.recipes import BY_SCENE, RECIPES
from landslide_detector.models.training.tasks import SCALES, AnomalyTask, DenseHead, PatchTask, noise_like, patch_labels
from landslide_detector.models.training.windows import IGNORED, LANDSLIDE, patch_label, some
from PIL import Image

FEW = replace(RECIPES["anomaly"], imagenet=False)


class TestBudget:
    @pytest.mark.parametrize("steps", [1, 7, 500, 5000])
    def test_all_steps_are_taken(self, steps):
        budget, taken = Budget(steps=steps), 0
        while upcoming := budget.upcoming(taken):
            taken += upcoming
        assert taken == steps

    def test_learning_rate_rises_and_falls(self):
        rates = [Budget(steps=100).rate(step) for step in range(101)]
        assert np.argmax(rates) == 12
        assert max(rates) == pytest.approx(1)
        assert rates[0] < 0.05
        assert rates[-1] < 1e-3

    def test_longer_budget_has_a_longer_schedule(self):
        assert Budget(steps=200).rate(100) == pytest.approx(Budget(steps=100).rate(50))

    def test_time_of_earlier_runs_counts(self):
        budget = Budget(minutes=1)
        assert budget.upcoming(0) > 0
        budget.begin(61)
        assert budget.done(10) == 1
        assert budget.upcoming(10) == 0

    def test_steps_until_a_validation_follow_the_clock(self):
        budget = Budget(minutes=12)
        budget.count(10, 10)  # a second a step
        assert budget.upcoming(10) == 60
        budget.validation = 90
        assert budget.upcoming(10) == 90


class TestHistory:
    def test_budget_knows_how_long_a_validation_takes_with_the_package_it_leads_to(self, tmp_path, monkeypatch):
        clock = [0.0]
        monkeypatch.setattr(time, "monotonic", lambda: clock[0])

        def work(rows):
            clock[0] += 30

        budget = Budget(minutes=1)
        history = History(tmp_path / "metrics.csv", budget, 1.0, Mock(), work)
        trainer = Mock(callback_metrics={"score": 0.5}, global_step=4, optimizers=[Mock(param_groups=[{"lr": 1e-3}])])
        history.on_validation_start()
        clock[0] += 10
        history.on_validation_end(trainer, Mock(spec=PatchTask, score_name="F1"))
        assert budget.validation == 40


class TestStart:
    def test_stem_answers_grey_alike_whatever_the_number_of_bands(self):
        kernel = torch.randn(8, 3, 7, 7)
        for bands in (1, 2, 4, 6):
            assert adapted(kernel, bands).shape == (8, bands, 7, 7)
        assert torch.allclose(adapted(kernel, 6).sum(1), kernel.sum(1), atol=1e-5)

    def test_network_of_four_bands_takes_the_offline_imagenet_weights(self):
        recipe = replace(RECIPES["segmentation"])
        network, origin = starting_network(recipe, 4, None)
        assert origin == f"ImageNet weights of {recipe.encoder}"
        assert next(p for p in network.parameters() if p.ndim == 4).shape[1] == 4

    def test_imagenet_that_was_asked_for_and_cannot_be_had_is_an_error(self, monkeypatch):
        recipe = replace(RECIPES["segmentation"], imagenet=True)
        monkeypatch.setitem(PACKAGED, recipe.encoder, "no_such_package")
        with pytest.raises(ModelError, match=f"ImageNet weights of {recipe.encoder} cannot be had: No module"):
            starting_network(recipe, 3, None)
        assert starting_network(replace(recipe, imagenet=None), 3, None)[1].startswith("random weights (ImageNet")

    @pytest.mark.parametrize("encoder", ["resnet51", "tu-nothing", "vgg16"])
    def test_encoder_that_there_is_not_is_named(self, encoder):
        with pytest.raises(ModelError, match=f"encoder '{encoder}'"):
            starting_network(replace(RECIPES["segmentation"], encoder=encoder, imagenet=False), 3, None)

    def test_from_scratch_is_said(self):
        assert starting_network(FEW, 3, None)[1] == "random weights"

    def test_auto_takes_the_default_where_it_fits(self):
        logs = []
        assert find_base("auto", "anomaly", FEW, 3, 0.8, logs.append).name
        assert find_base("auto", "anomaly", FEW, 4, 0.8, logs.append) is None
        assert find_base("auto", "anomaly", replace(FEW, encoder="resnet34"), 3, 0.8, logs.append) is None
        assert [log.startswith("Not fine-tuning") for log in logs] == [True, True]

    def test_default_whose_weights_are_not_there_is_an_error_and_not_another_start(self, monkeypatch):
        def missing(card):
            raise ModelError(f"model '{card.name}': weights are missing")

        monkeypatch.setattr(pretrained, "check_files", missing)
        with pytest.raises(ModelError, match="weights are missing"):
            find_base("auto", "anomaly", FEW, 3, 0.8, print)

    def test_model_that_does_not_fit_is_refused_by_name(self, toys):
        with pytest.raises(ModelError, match="has the encoder resnet18, not resnet34; choose another --base"):
            find_base(str(toys["anomaly"].folder), "anomaly", replace(FEW, encoder="resnet34"), 3, 1, print)

    def test_an_encoder_that_nobody_asked_for_is_no_misfit(self, toys):
        recipe = replace(FEW, encoder="resnet34")
        assert find_base("auto", "anomaly", recipe, 3, 0.8, print, any_encoder=True).encoder != "resnet34"


class TestByScene:
    def test_chips_of_one_scene_are_seen_by_its_median(self, tmp_path):
        folder = write_chips(tmp_path / "chips")
        index = folder / "index.csv"
        lines = index.read_text().splitlines()
        index.write_text("\n".join([f"{lines[0]},scene", *(f"{line},a" for line in lines[1:])]))
        Image.fromarray(np.full((96, 96, 3), 250, np.uint8)).save(folder / "images" / "chip 5.png")  # all landslide
        recipe = replace(RECIPES["segmentation"], stretch=BY_SCENE)
        data = chip_data("segmentation", folder, recipe, None, (1, 1))
        (bright,) = (chip for chip in data.held_out if chip.name == "chip 5")
        assert bright.read().image.min() > 100  # 77, were it a scene of its own
        assert next(chip for chip in data.held_out if chip.name == "chip 4").read().image.mean() < 100

    def test_windows_and_card_follow_the_scene(self, tmp_path):
        recipe = replace(RECIPES["segmentation"], stretch=BY_SCENE)
        data = chip_data("segmentation", write_chips(tmp_path / "chips"), recipe, None, (1, 1))
        normalisation = default_normalisation("segmentation", 3, data.stretch)
        fields = card_fields("m", "segmentation", recipe, data, normalisation, 1)
        assert fields["landslides:stretch"] == BY_SCENE
        assert fields["mlm:input"][0]["value_scaling"][0] == {"type": "z-score", "mean": 0.3, "stddev": 0.07}
        for seen in (data.held_out[0].read().image, data.windows.chips[0].read().image):
            assert np.median(seen / 255) == pytest.approx(0.3, abs=0.01)

    def test_a_base_that_does_not_is_refused(self, tmp_path, landslides):
        chips = write_chips(tmp_path / "chips")
        answer = landslides(
            "train", "anomaly", "--chips", chips, "--resolution", "1", "1", "--by-scene", "--output", tmp_path / "m"
        )
        assert answer.code == 1
        assert "'anomaly-unet' does not see scenes by their median: give --base imagenet or scratch" in answer.error


class TestTasks:
    def test_a_patch_amid_others_has_the_label_it_has_alone(self):
        mask = np.zeros((64, 64), np.uint8)
        mask[:2, :2] = LANDSLIDE  # a sliver of the first patch
        mask[40:, 10:40] = LANDSLIDE
        mask[:40, 40:] = IGNORED
        (labels,) = patch_labels(torch.from_numpy(mask)[None], 32, 16)[:, 0]
        for row, column in np.ndindex(3, 3):
            alone = patch_label(mask[16 * row : 16 * row + 32, 16 * column : 16 * column + 32])
            assert labels[row, column] == (IGNORED if alone is None else alone)
        assert set(labels.flatten().tolist()) == {0.0, 1.0, float(IGNORED)}

    def test_dense_head_ignores_what_is_unknown(self):
        head, (middle, last) = DenseHead((1024, 2048)), (torch.randn(2, 1024, 4, 4), torch.randn(2, 2048, 2, 2))
        masks = torch.zeros(2, 64, 64, dtype=torch.uint8)
        masks[:, :32] = IGNORED
        changed = middle.clone()
        changed[:, :, 0] += 5  # a row of cells all of whose neighbours are unknown too
        with torch.inference_mode():
            losses = [float(head.loss(stage, last, masks)) for stage in (middle, changed)]
        assert losses[0] == pytest.approx(losses[1])

    def test_patch_classifier_has_the_encoder_asked_for(self):
        recipe = replace(RECIPES["patches"], encoder="tu-tf_efficientnet_lite0", imagenet=False)
        network, _ = starting_network(recipe, 3, None)
        assert network.channels == (112, 320)
        task = PatchTask(
            recipe.dense_weight, network=network, mean=(0.5,) * 3, stddev=(0.5,) * 3, learning_rate=1e-3,
            schedule=lambda step: 1.0, pretrained=False,
        )  # fmt: skip
        masks = torch.zeros(2, 128, 128, dtype=torch.uint8)
        masks[:, :32] = LANDSLIDE
        loss = task.training_step((torch.zeros(2, 3, 128, 128, dtype=torch.uint8), masks), 0)
        loss.backward()
        assert next(network.encoder.parameters()).grad.abs().sum() > 0

    def test_noise_is_of_unit_variance_and_as_strong_at_every_scale(self):
        torch.manual_seed(0)
        noise = noise_like(torch.empty(64, 3, 128, 128))
        assert noise.shape == (64, 3, 128, 128)
        assert float(noise.mean()) == pytest.approx(0, abs=0.02)
        assert float(noise.var()) == pytest.approx(1, abs=0.1)
        # A mean over many pixels takes away the finer fields alone: of four, two are coarser than 8 px, one than 32.
        shares = [float(torch.nn.functional.avg_pool2d(noise, side).var()) for side in (8, 32)]
        assert shares[0] == pytest.approx(2 / len(SCALES), abs=0.08)
        assert shares[1] == pytest.approx(1 / len(SCALES), abs=0.08)

    def test_rare_landslides_do_not_enter_the_trimmed_loss(self):
        task = AnomalyTask(
            trim=0.1, network=torch.nn.Conv2d(3, 3, 1), mean=(0.5,) * 3, stddev=(0.5,) * 3, learning_rate=1e-3,
            schedule=lambda step: 1.0, pretrained=False,
        )  # fmt: skip
        error = torch.ones(1, 100, 100)
        error[:, :10, :10] = 1000
        known = torch.ones(1, 100, 100, dtype=torch.bool)
        assert task._trimmed(error, known) == pytest.approx(1)


class TestDepthwise:
    @pytest.fixture
    def convolutions(self):
        torch.manual_seed(0)
        return torch.nn.Sequential(
            torch.nn.Conv2d(3, 16, 1), torch.nn.Conv2d(16, 16, 5, padding=4, dilation=2, groups=16)
        )

    def gradient(self, network, image, *contexts):
        network.zero_grad()
        with ExitStack() as stack:
            for context in contexts:
                stack.enter_context(context)
            network(image).float().square().sum().backward()
        return network[1].weight.grad.clone()

    def test_gradient_is_nearer_to_that_in_float32(self, convolutions):
        image = torch.randn(4, 3, 32, 32)
        exact = self.gradient(convolutions, image)
        bf16 = torch.autocast("cpu", torch.bfloat16)
        plain = (self.gradient(convolutions, image, bf16) - exact).norm() / exact.norm()
        mended = (self.gradient(convolutions, image, bf16, DepthwiseInFloat32()) - exact).norm() / exact.norm()
        assert mended < 0.02
        assert mended < plain

    def test_all_else_stays_in_bf16(self, convolutions):
        seen = []
        convolutions[0].register_forward_hook(lambda module, given, result: seen.append(result.dtype))
        with torch.autocast("cpu", torch.bfloat16), DepthwiseInFloat32():
            seen.append(convolutions(torch.randn(1, 3, 16, 16)).dtype)
        assert seen == [torch.bfloat16, torch.bfloat16]

    def test_without_autocast_nothing_changes(self, convolutions):
        image = torch.randn(1, 3, 16, 16)
        inside = self.gradient(convolutions, image, DepthwiseInFloat32())
        assert torch.equal(inside, self.gradient(convolutions, image))


class Item:
    def __init__(self, has_landslide):
        self.has_landslide = has_landslide


class TestHeldOut:
    def test_rare_landslides_are_all_looked_at(self):
        items = [Item(False)] * 1000 + [Item(True)] * 20
        chosen = some(items, 100).items
        assert len(chosen) == 100
        assert sum(item.has_landslide for item in chosen) == 20

    def test_few_items_are_all_taken(self):
        assert len(some([Item(True)] * 3 + [Item(False)] * 2, 100).items) == 5

    def test_sliver_has_no_label(self):
        mask = np.zeros((100, 100), np.uint8)
        assert patch_label(mask) == 0
        mask[0, :50] = 1
        assert patch_label(mask) is None
        mask[:3] = 1
        assert patch_label(mask) == 1
        mask[20:] = IGNORED
        assert patch_label(mask) is None
