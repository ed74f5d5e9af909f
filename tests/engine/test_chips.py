"""Chip folders, what is drawn from them, and how a model is measured on them."""

from __future__ import annotations

import json
from itertools import islice

import numpy as np
import pytest
import torch
from chip_folders import write_chips
from landslide_detector.models.errors import LandslideError
from landslide_detector.models.training.chips import balanced_weights, read_chip_folder
from landslide_detector.models.training.samples import WindowSampler
from PIL import Image
from toy_models import expected_segmentation


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Several threads only wait for each other on images as small as these."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    return write_chips(tmp_path_factory.mktemp("chips") / "Chips ä")


@pytest.fixture
def own_chips(tmp_path):
    return write_chips(tmp_path / "chips")


class TestReading:
    def test_splits_and_sources_come_from_the_index(self, chips):
        assert [chip.name for chip in read_chip_folder(chips, "val")] == ["chip 4", "chip 5", "chip 6", "chip 7"]
        assert [chip.source for chip in read_chip_folder(chips)] == ["s0", "s1", "s2", "s3"] * 2

    def test_any_non_zero_mask_value_is_landslide(self, chips):
        for chip in read_chip_folder(chips):
            image, mask = chip.read()
            assert image.shape == (3, 96, 96)
            assert set(np.unique(mask)) <= {0, 1}
            assert chip.has_landslide == mask.any()

    def test_without_index_every_image_is_a_chip(self, own_chips):
        (own_chips / "index.csv").unlink()
        assert len(read_chip_folder(own_chips)) == 8

    def test_files_qgis_leaves_beside_images_are_no_chips(self, own_chips):
        (own_chips / "index.csv").unlink()
        (own_chips / "images" / "chip 0.png.aux.xml").write_text("<PAMDataset/>")
        assert len(read_chip_folder(own_chips)) == 8


class TestFoldersThatCannotBeUsed:
    def failing(self, folder, says, split=None):
        with pytest.raises(LandslideError, match=says) as raised:
            [chip.read() for chip in read_chip_folder(folder, split)]
        assert "\n" not in str(raised.value)

    def test_no_images(self, tmp_path):
        self.failing(tmp_path, "this is not a chip folder")

    def test_missing_mask(self, own_chips):
        (own_chips / "masks" / "chip 3.png").unlink()
        self.failing(own_chips, r"chip 3\.png: mask not found")

    def test_missing_image(self, own_chips):
        (own_chips / "images" / "chip 3.png").unlink()
        self.failing(own_chips, "no image for 'chip 3', which index.csv lists")

    def test_empty_split(self, own_chips):
        self.failing(own_chips, r"index\.csv: no chip in split 'test'", "test")

    def test_split_without_index(self, own_chips):
        (own_chips / "index.csv").unlink()
        self.failing(own_chips, r"there is no index\.csv", "val")

    def test_index_without_names(self, own_chips):
        (own_chips / "index.csv").write_text("chip,split\na,val\n")
        self.failing(own_chips, r"index\.csv: .*column 'name'")

    def test_mask_of_another_size(self, own_chips):
        Image.new("L", (10, 20)).save(own_chips / "masks" / "chip 3.png")
        self.failing(own_chips, r"chip 3\.png: mask is \(20, 10\), image chip 3\.png is \(96, 96\)")

    def test_image_that_is_none(self, own_chips):
        (own_chips / "images" / "chip 3.png").write_text("no image")
        self.failing(own_chips, r"chip 3\.png: cannot be read as an image")

    def test_image_of_sixteen_bits(self, own_chips):
        Image.fromarray(np.full((96, 96), 1000, np.uint16)).save(own_chips / "images" / "chip 3.png")
        self.failing(own_chips, r"chip 3\.png: chips are 8-bit")


class TestDrawing:
    @pytest.mark.parametrize("detector", ["patches", "segmentation", "anomaly"])
    def test_windows_have_their_shape_and_target(self, chips, detector):
        sampler = WindowSampler(read_chip_folder(chips, "train"), detector, 48)
        targets = []
        for pixels, target in islice(sampler, 24):
            assert pixels.shape == (3, 48, 48)
            assert pixels.dtype == torch.uint8
            targets.append(target)
        if detector == "segmentation":
            assert all(target.shape == (48, 48) for target in targets)
            assert {int(value) for target in targets for value in target.unique()} == {0, 1}
        else:
            assert {float(target) for target in targets} == ({0.0} if detector == "anomaly" else {0.0, 1.0})

    def test_mask_follows_the_image_through_every_turn(self, chips):
        for pixels, mask in islice(WindowSampler(read_chip_folder(chips, "train"), "segmentation", 48), 24):
            if 0 < mask.float().mean() < 1:
                reddish = pixels[0].float() - pixels[1].float()
                assert reddish[mask == 1].mean() > reddish[mask == 0].mean() + 40

    def test_anomaly_never_sees_a_landslide(self, chips):
        for pixels, _ in islice(WindowSampler(read_chip_folder(chips, "train"), "anomaly", 32), 24):
            reddish = pixels[0].float() - pixels[1].float()
            assert reddish.median() < 0

    def test_same_seed_same_windows(self, chips):
        streams = [WindowSampler(read_chip_folder(chips), "segmentation", 32, seed=seed) for seed in (1, 1, 2)]
        first, second, third = (torch.stack([image for image, _ in islice(stream, 4)]) for stream in streams)
        assert torch.equal(first, second)
        assert not torch.equal(first, third)

    def test_sources_with_landslides_weigh_alike(self, chips):
        listed = read_chip_folder(chips)
        weights = balanced_weights(listed, 0.4)
        assert weights.sum() == pytest.approx(1)
        share = {source: weights[[chip.source == source for chip in listed]].sum() for source in ("s1", "s3")}
        assert share == pytest.approx({"s1": 0.3, "s3": 0.3})


class TestEvaluate:
    def evaluate(self, landslides, card, chips, *more):
        answer = landslides("evaluate", card.detector, "--chips", chips, "--model", card.folder, "--json", *more)
        assert answer.code == 0
        return json.loads(answer.out)

    def test_segmentation_by_pixel_and_by_chip(self, landslides, toys, chips):
        found = self.evaluate(landslides, toys["segmentation"], chips, "--split", "val")
        tp = fp = fn = 0
        for chip in read_chip_folder(chips, "val"):
            image, mask = chip.read()
            landslide = expected_segmentation(image / 255) >= 0.5
            tp, fp = tp + (landslide & (mask == 1)).sum(), fp + (landslide & (mask == 0)).sum()
            fn += (~landslide & (mask == 1)).sum()
        assert found["chips"] == 4
        assert found["pixel"]["iou"] == pytest.approx(tp / (tp + fp + fn), abs=2e-3)
        assert found["chip"]["auroc"] == 1.0

    def test_patches_by_chip(self, landslides, toys, chips):
        assert list(self.evaluate(landslides, toys["patches"], chips)) == ["model", "chips", "chip"]

    def test_one_source_only(self, landslides, toys, chips):
        assert self.evaluate(landslides, toys["segmentation"], chips, "--source", "s1")["chips"] == 2

    def test_errors_are_one_line(self, landslides, toys, own_chips):
        answer = landslides(
            "evaluate", "patches", "--chips", own_chips, "--source", "x", "--model", toys["patches"].folder
        )
        assert (answer.code, answer.error) == (1, f"Error: {own_chips}: no chip of source 'x'")
        Image.new("RGBA", (96, 96)).save(own_chips / "images" / "chip 0.png")
        answer = landslides("evaluate", "segmentation", "--chips", own_chips, "--model", toys["segmentation"].folder)
        assert answer.code == 1
        assert "chip 0.png: has 4 bands, model 'toy-segmentation' takes 3" in answer.error
