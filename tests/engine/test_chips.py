"""Chip folders, what is drawn from them, and how a model is measured on them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from chip_folders import write_chips
from landslide_detector.models.errors import LandslideError
from landslide_detector.models.training.augment import Colour, augmentation
from landslide_detector.models.training.chip_windows import (
    ChipWindows,
    balanced_weights,
    close_view,
    mosaic,
    whole_view,
)
from landslide_detector.models.training.chips import read_chip_folder
from landslide_detector.models.training.samples import WindowSamples
from landslide_detector.models.training.windows import LANDSLIDE, Window
from PIL import Image
from torchvision import tv_tensors
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


def draw(chips, detector, size, count=24, seed=0):
    samples = WindowSamples(ChipWindows(chips, detector, 0.4, (0.5, 2.0)), detector, size, seed, count)
    return [samples[number] for number in range(count)]


class TestDrawing:
    @pytest.mark.parametrize("detector", ["patches", "segmentation", "anomaly"])
    def test_windows_have_their_shape_and_target(self, chips, detector):
        found = set()
        for pixels, mask in draw(read_chip_folder(chips, "train"), detector, 48):
            assert pixels.shape == (3, 48, 48)
            assert pixels.dtype == mask.dtype == torch.uint8
            assert mask.shape == (48, 48)
            found.add(bool(mask.any()))
        assert found == ({False} if detector == "anomaly" else {False, True})

    def test_patches_have_no_mere_sliver_of_a_slide(self, chips):
        for _, mask in draw(read_chip_folder(chips, "train"), "patches", 48):
            assert mask.float().mean() == 0 or mask.float().mean() > 0.02

    @pytest.mark.parametrize(("detector", "large"), [("patches", 64), ("segmentation", 64), ("anomaly", 32)])
    def test_every_fourth_batch_shows_more_of_the_ground_around(self, chips, detector, large):
        windows = ChipWindows(read_chip_folder(chips, "train"), detector, 0.4, (0.5, 2.0))
        samples = WindowSamples(windows, detector, 32, batch=2)
        assert [samples[number][1].shape[0] for number in range(10)] == [32] * 6 + [large] * 2 + [32] * 2

    def test_close_views_hold_a_landslide_and_whole_views_all_of_a_small_one(self):
        rng = np.random.default_rng(0)
        image, mask = np.zeros((3, 90, 140), np.uint8), np.zeros((90, 140), np.uint8)
        mask[40:50, 60:80] = LANDSLIDE
        image[:, mask == LANDSLIDE] = 255
        for _ in range(50):
            close, whole = close_view(Window(image, mask), 64, rng), whole_view(Window(image, mask), 64, rng)
            assert close.image.shape == whole.image.shape == (3, 64, 64)
            assert close.mask.any()
            assert whole.mask.mean() == pytest.approx(mask.mean() / 0.75, rel=0.4)
            for view in (close, whole):
                assert ((view.image[0] > 127) != view.mask).mean() < 0.03

    def test_mosaic_is_made_of_four_windows(self):
        views = [Window(np.full((3, 40, 40), n, np.uint8), np.full((40, 40), n % 2, np.uint8)) for n in range(4)]
        image, mask = mosaic(views, np.random.default_rng(0))
        assert [image[0, row, column] for row in (0, -1) for column in (0, -1)] == [0, 1, 2, 3]
        assert np.array_equal(mask, image[1] % 2)
        assert not views[0].image.any()

    def test_mask_follows_the_image_through_every_turn(self, chips):
        for pixels, mask in draw(read_chip_folder(chips, "train"), "segmentation", 48):
            if 0 < mask.float().mean() < 1:
                reddish = pixels[0].float() - pixels[1].float()
                assert reddish[mask == 1].mean() > reddish[mask == 0].mean() + 30

    def test_anomaly_never_sees_a_landslide(self, chips):
        for pixels, _ in draw(read_chip_folder(chips, "train"), "anomaly", 32):
            reddish = pixels[0].float() - pixels[1].float()
            assert reddish.median() < 0

    def test_same_number_same_window(self, chips):
        streams = [draw(read_chip_folder(chips), "segmentation", 32, 4, seed) for seed in (1, 1, 2)]
        first, second, third = (torch.stack([image for image, _ in stream]) for stream in streams)
        assert torch.equal(first, second)
        assert not torch.equal(first, third)

    @pytest.mark.parametrize("bands", [1, 2, 3, 5])
    def test_augmentation_takes_any_number_of_bands(self, bands):
        image, mask = torch.full((bands, 40, 40), 100, dtype=torch.uint8), torch.zeros((40, 40), dtype=torch.uint8)
        for seed in range(20):
            torch.manual_seed(seed)
            changed, followed = augmentation()(tv_tensors.Image(image), tv_tensors.Mask(mask))
            assert changed.shape == image.shape
            assert followed.shape == mask.shape

    def test_colour_of_no_strength_changes_sensors_only(self):
        torch.manual_seed(1)
        image = tv_tensors.Image(torch.randint(60, 200, (3, 32, 32), dtype=torch.uint8))
        changed, _ = Colour(0.0)(image, tv_tensors.Mask(torch.zeros(32, 32)))
        assert (changed.float() - image.float()).abs().max() <= 0.12 * 200 + 13

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
        found = self.evaluate(landslides, toys["patches"], chips)
        assert "chip" in found
        assert "pixel" not in found

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
