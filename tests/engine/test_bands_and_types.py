"""Any band count and pixel type; which bands the network sees, and how they are scaled."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from landslide_detector.models.errors import InputError
from landslide_detector.models.evaluation.chips import chip_batch
from landslide_detector.models.raster.scene import Scene
from landslide_detector.models.raster.stretch import fitted, percentile_stretch
from landslide_detector.models.training.chips import read_chip_folder
from PIL import Image
from rasterio.enums import ColorInterp
from scenes import RGB, landscape, read_raster, write_raster
from toy_models import blur_kernel, expected_segmentation, write_toy

pytestmark = pytest.mark.usefixtures("rasters_only")

WANTED = ("red", "green", "blue")
GRAY, ALPHA, UNDEFINED = ColorInterp.gray, ColorInterp.alpha, ColorInterp.undefined


def bands_of(path, wanted=WANTED):
    scene = Scene(str(path), wanted)
    scene.close()
    return scene.bands


class TestBandChoice:
    def test_first_three_stand_for_red_green_blue(self, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(20, 20, bands=5), colorinterp=[GRAY] + [UNDEFINED] * 4)
        assert bands_of(scene) == [1, 2, 3]

    def test_bands_are_found_by_their_colour(self, tmp_path):
        colours = [ColorInterp.blue, ColorInterp.green, ColorInterp.red, UNDEFINED]
        assert bands_of(write_raster(tmp_path / "s.tif", landscape(20, 20, bands=4), colorinterp=colours)) == [3, 2, 1]

    def test_single_band_stands_for_all(self, tmp_path):
        assert bands_of(write_raster(tmp_path / "s.tif", landscape(20, 20, bands=1))) == [1, 1, 1]

    def test_grey_with_alpha_is_a_single_band(self, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(20, 20, bands=2), colorinterp=[GRAY, ALPHA])
        assert bands_of(scene) == [1, 1, 1]

    def test_alpha_is_never_taken_for_imagery(self, tmp_path):
        colours = [ALPHA, UNDEFINED, UNDEFINED, UNDEFINED]
        assert bands_of(write_raster(tmp_path / "s.tif", landscape(20, 20, bands=4), colorinterp=colours)) == [2, 3, 4]

    def test_two_bands_are_too_few_and_the_message_says_what_to_do(self, tmp_path):
        scene = write_raster(tmp_path / "two.tif", landscape(20, 20, bands=2), colorinterp=[GRAY, UNDEFINED])
        with pytest.raises(InputError, match=r"two\.tif: has 2 bands of imagery.*--bands"):
            bands_of(scene)

    @pytest.mark.parametrize("bands", [[1, 2, 4], [0, 1, 2], [-1, 1, 2]])
    def test_band_that_is_not_there_is_named(self, tmp_path, bands):
        scene = write_raster(tmp_path / "three.tif", landscape(20, 20))
        with pytest.raises(InputError, match=rf"three\.tif: band {next(b for b in bands if not 1 <= b <= 3)} was"):
            bands_of(scene, bands)

    def test_colour_table_is_not_taken_for_imagery(self, tmp_path):
        import rasterio

        path = write_raster(tmp_path / "p.png", landscape(20, 20, bands=1), driver="PNG", crs=None, transform=None)
        with rasterio.open(path, "r+") as dataset:
            dataset.write_colormap(1, {value: (value, 0, 0, 255) for value in range(256)})
        with pytest.raises(InputError, match=r"p\.png: has a colour table"):
            bands_of(path)

    def test_complex_bands_are_not_imagery(self, tmp_path):
        scene = write_raster(tmp_path / "sar.tif", np.ones((3, 20, 20), np.complex64))
        with pytest.raises(InputError, match=r"sar\.tif: bands of type complex64"):
            bands_of(scene)


class TestBandsInUse:
    def test_chosen_bands_reach_the_network_in_their_order(self, toys, run_detection, tmp_path):
        image = landscape(60, 60, bands=4)
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), bands=[4, 1, 2])
        truth = expected_segmentation(image[[3, 0, 1]] / 255)
        assert np.abs(read_raster(run.probability).pixels - truth).max() < 2e-4
        assert any("red = band 4, green = band 1, blue = band 2" in line for line in run.told.logs)

    def test_single_band_is_detected_with_a_warning(self, toys, run_detection, tmp_path):
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "grey.tif", landscape(60, 60, bands=1)))
        assert np.allclose(read_raster(run.probability).pixels, 0.5, atol=1e-3)  # red equals green
        assert any("one band stands for several" in warning for warning in run.told.warnings)

    @pytest.mark.parametrize("bands", [[1, 2], [1, 2, 3, 4]])
    def test_wrong_number_of_bands_is_an_error_that_says_so(self, toys, run_detection, tmp_path, bands):
        scene = write_raster(tmp_path / "four.tif", landscape(60, 60, bands=4))
        with pytest.raises(InputError, match=rf"toy-segmentation.*3 bands.*{len(bands)}"):
            run_detection(toys["segmentation"], scene, bands=bands)

    def test_model_of_four_bands_sees_four(self, run_detection, tmp_path):
        kernel = np.array([0, 0, -16, 16], np.float32).reshape(1, 4, 1, 1)
        card = write_toy(tmp_path / "toy4", "segmentation", kernel, bands=["red", "green", "blue", "nir"])
        image = landscape(60, 60, bands=4)
        image[2] -= 40
        scene = write_raster(tmp_path / "s.tif", image, colorinterp=(*RGB, UNDEFINED))
        run = run_detection(card, scene)
        assert np.abs(read_raster(run.probability).pixels - expected_segmentation(image[[3, 2]] / 255)).max() < 2e-4

    def test_model_of_four_bands_does_not_guess_a_fourth(self, run_detection, tmp_path):
        card = write_toy(tmp_path / "toy4", "segmentation", blur_kernel(4, 1)[:1], bands=[*WANTED, "nir"])
        with pytest.raises(InputError, match=r"s\.tif: has 3 bands of imagery, the model wants 4"):
            run_detection(card, write_raster(tmp_path / "s.tif", landscape(60, 60), colorinterp=RGB))


SENSORS = {
    "uint16": lambda image: image.astype(np.uint16) * 40 + 300,
    "int16": lambda image: image.astype(np.int16) * 50 - 5000,
    "float32": lambda image: image.astype(np.float32) / 1000,
    "float64": lambda image: image.astype(np.float64) * 1e6,
    "uint32": lambda image: image.astype(np.uint32) * 100000,
}


class TestScaling:
    @pytest.mark.parametrize("sensor", SENSORS)
    def test_other_sensors_are_stretched_by_percentiles(self, toys, run_detection, tmp_path, sensor):
        image = landscape(80, 100)
        values = SENSORS[sensor](image)
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", values))
        low, high = np.percentile(values.reshape(3, -1).astype(np.float64), (1, 99), axis=1)[..., None, None]
        scaled = np.clip(0.05 + (values - low) / (high - low) * 0.8, 0, 1)
        assert np.abs(read_raster(run.probability).pixels - expected_segmentation(scaled)).max() < 1e-3

    def test_same_ground_gives_the_same_map_whatever_the_sensors_range(self, toys, run_detection, tmp_path):
        image = landscape(80, 100)
        maps = []
        for sensor, convert in SENSORS.items():
            scene = write_raster(tmp_path / f"{sensor}.tif", convert(image))
            maps.append(read_raster(run_detection(toys["segmentation"], scene, name=sensor).probability).pixels)
        for other in maps[1:]:
            assert np.abs(other - maps[0]).max() < 2e-3

    def test_stretch_of_a_part_is_the_stretch_of_the_whole(self, toys, run_detection, tmp_path):
        scene = write_raster(tmp_path / "s.tif", SENSORS["uint16"](landscape(80, 100)))
        whole = read_raster(run_detection(toys["segmentation"], scene, name="whole").probability).pixels
        extent = (500_000 + 2 * 40, 3_000_000 - 2 * 70, 500_000 + 2 * 90, 3_000_000 - 2 * 30)
        part = read_raster(run_detection(toys["segmentation"], scene, extent=extent, name="part").probability).pixels
        assert np.abs(part - whole[30:70, 40:90]).max() < 2e-4

    def test_reading_all_of_a_large_scene_for_its_contrast_is_told(self, toys, run_detection, tmp_path, monkeypatch):
        monkeypatch.setattr("landslide_detector.models.raster.reader.LONG_READ", 80 * 100 - 1)
        run = run_detection(
            toys["segmentation"], write_raster(tmp_path / "s.tif", SENSORS["uint16"](landscape(80, 100)))
        )
        assert any("reading all of the scene for its contrast" in line for line in run.told.logs)

    def test_constant_bands_do_not_fail(self, toys, run_detection, tmp_path):
        run = run_detection(
            toys["segmentation"], write_raster(tmp_path / "s.tif", np.full((3, 60, 60), 700, np.uint16))
        )
        assert np.allclose(read_raster(run.probability).pixels, 0.5)

    def test_probability_is_not_rounded_to_bytes(self, run_detection, tmp_path):
        kernel = np.array([4.0, -4.0, 0], np.float32).reshape(1, 3, 1, 1)
        card = write_toy(tmp_path / "soft", "segmentation", kernel)
        ramp = np.zeros((3, 32, 256), np.uint8)
        ramp[0], ramp[1] = np.arange(256), 255 - np.arange(256)
        run = run_detection(card, write_raster(tmp_path / "s.tif", ramp))
        assert len(np.unique(read_raster(run.probability).pixels)) == 256


def test_each_band_is_stretched_to_a_range_of_its_own() -> None:
    pixels = np.stack([np.linspace(0, 1000, 101), np.linspace(500, 700, 101)]).reshape(2, 1, 101)
    stretch = percentile_stretch(pixels, np.ones((1, 101), bool), (0, 100), [(0.1, 0.6), (0.2, 0.4)])

    scaled = stretch(pixels)[:, 0]

    np.testing.assert_allclose(scaled[:, [0, -1]], [[0.1, 0.6], [0.2, 0.4]], atol=1e-6)


class TestStretchByTheScene:
    RULE: ClassVar = {"median": 0.3, "deviation": 0.07}

    def test_a_scene_looks_alike_whatever_its_sensor_and_light(self):
        image = landscape(200, 200).astype(np.float64)
        valid = np.ones((200, 200), bool)
        as_8_bit = fitted(self.RULE, image.astype(np.uint8), valid)(image)
        darker = (image * 0.8 + 20).astype(np.uint8)
        assert np.abs(fitted(self.RULE, darker, valid)(darker) - as_8_bit).mean() < 0.02
        reflectance = (image * 37 + 400).astype(np.uint16)
        assert np.abs(fitted(self.RULE, reflectance, valid)(reflectance) - as_8_bit).mean() < 0.1

    def test_median_and_deviation_go_where_the_rule_says(self):
        values = np.random.default_rng(0).normal(100, 20, (3, 1, 100_000)).clip(0, 255).astype(np.uint8)
        scaled = fitted(self.RULE, values, np.ones((1, 100_000), bool))(values)
        assert np.median(scaled) == pytest.approx(0.3, abs=0.01)
        assert scaled.std() == pytest.approx(0.07 * 20 / (20 + 0.05 * 255), rel=0.05)

    def test_colours_keep_their_relations(self):
        image = landscape(100, 100)
        stretch = fitted(self.RULE, image, np.ones((100, 100), bool))
        assert len(set(stretch.gain.tolist())) == 1

    def test_nodata_has_no_say_and_an_empty_scene_is_taken_as_it_is(self):
        image = landscape(100, 100)
        valid = np.ones((100, 100), bool)
        valid[:, 70:] = False
        spoilt = np.where(valid, image, 255)
        assert np.array_equal(fitted(self.RULE, spoilt, valid).offset, fitted(self.RULE, image, valid).offset)
        assert fitted(self.RULE, image, ~valid & valid).gain == pytest.approx(1 / 255)

    def test_detection_by_it_knows_the_whole_scene_in_an_extent(self, run_detection, tmp_path):
        card = write_toy(tmp_path / "m", "segmentation", **{"landslides:stretch": self.RULE})
        scene = write_raster(tmp_path / "s.tif", landscape(120, 160))
        whole = read_raster(run_detection(card, scene).probability).pixels
        x, y = 500_000, 3_000_000
        part = read_raster(
            run_detection(card, scene, name="part", extent=(x + 40, y - 200, x + 200, y - 40)).probability
        )
        assert part.pixels == pytest.approx(whole[20:100, 20:100], abs=1e-3)

    def test_chips_are_evaluated_and_trained_on_by_it(self, tmp_path):
        for name in ("images", "masks"):
            (tmp_path / name).mkdir()
        image = landscape(64, 64)
        Image.fromarray(np.moveaxis(image, 0, 2)).save(tmp_path / "images" / "a.png")
        Image.fromarray(np.zeros((64, 64), np.uint8)).save(tmp_path / "masks" / "a.png")
        (chip,) = read_chip_folder(tmp_path)
        card = write_toy(tmp_path / "m", "segmentation", **{"landslides:stretch": self.RULE})
        expected = fitted(self.RULE, image, np.ones((64, 64), bool))(image)
        assert chip_batch(card, chip)[0][0] == pytest.approx(expected)
        stretched = replace(chip, stretch=self.RULE)
        assert stretched.read().image / 255 == pytest.approx(expected, abs=0.003)
        assert np.array_equal(stretched.read(plain=True).image, image)
