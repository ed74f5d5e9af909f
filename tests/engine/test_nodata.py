"""Nodata in is nodata out, and what lies there never influences a neighbour."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DETECTORS
from landslide_detector.models.detectors.registry import build_detector
from landslide_detector.models.inference import streaming
from rasterio.enums import ColorInterp
from scenes import RGB, landscape, read_raster, write_raster
from toy_models import blur_kernel, write_toy

pytestmark = pytest.mark.usefixtures("rasters_only")

RGBA = (*RGB, ColorInterp.alpha)


@pytest.fixture(scope="module")
def blurring(tmp_path_factory):
    """Models that look at a neighbourhood of each pixel."""
    folder = tmp_path_factory.mktemp("blurring")
    kernel = (blur_kernel(3, 5)[:1] - blur_kernel(3, 5)[1:2]) * 16
    return {
        "segmentation": write_toy(folder / "s", "segmentation", kernel),
        "anomaly": write_toy(folder / "a", "anomaly", blur_kernel(3, 5)),
        "patches": write_toy(folder / "p", "patches"),
    }


@pytest.fixture
def hole():
    """Where a 90 x 110 scene is empty: a collar, a hole and single pixels."""
    empty = np.zeros((90, 110), bool)
    empty[:, :17] = True
    empty[70:, 80:] = True
    empty[40:60, 50:65] = True
    empty[5:30:6, 30:100:7] = True
    return empty


def same(first, second):
    """Bit for bit the same, NaN included."""
    return read_raster(first).pixels.tobytes() == read_raster(second).pixels.tobytes()


@pytest.fixture(params=["native", "coarser", "finer"])
def resolution(request):
    """The model's range: as the scene's 2 m, or such that the scene is resampled."""
    return {"native": [0.5, 15], "coarser": [5, 15], "finer": [0.5, 1.5]}[request.param]


@pytest.fixture(params=DETECTORS)
def card(request, blurring, resolution):
    card = blurring[request.param]
    card.fields["landslides:resolution"] = resolution
    return card


class TestNothingLeaks:
    def test_nodata_value_changes_nothing(self, card, run_detection, hole, tmp_path):
        image = landscape(90, 110).astype(np.int16)
        runs = []
        for value in (0, -9999, 32767):
            pixels = np.where(hole, value, image).astype(np.int16)
            scene = write_raster(tmp_path / f"{value}.tif", pixels, nodata=value)
            runs.append(run_detection(card, scene, name=f"nodata{value}"))
        assert same(runs[0].probability, runs[1].probability)
        assert same(runs[0].probability, runs[2].probability)
        assert runs[0].detection.area_m2 == runs[1].detection.area_m2

    @pytest.mark.parametrize("resolution", ["native", "coarser"], indirect=True)
    def test_nan_is_nodata_like_any_value(self, card, run_detection, hole, tmp_path):
        image = landscape(90, 110).astype(np.float32)
        runs = [
            run_detection(
                card,
                write_raster(tmp_path / f"{name}.tif", np.where(hole, value, image).astype(np.float32), nodata=value),
                name=name,
            )
            for name, value in (("nan", np.nan), ("number", -3.4e38))
        ]
        assert same(runs[0].probability, runs[1].probability)

    def test_what_lies_under_a_mask_changes_nothing(self, card, run_detection, hole, tmp_path):
        image = landscape(90, 110)
        rng = np.random.default_rng(0)
        runs = [
            run_detection(
                card,
                write_raster(tmp_path / f"{name}.tif", np.where(hole, under, image).astype(np.uint8), mask=~hole),
                name=name,
            )
            for name, under in (("dark", 0), ("noise", rng.integers(0, 255, image.shape)))
        ]
        assert same(runs[0].probability, runs[1].probability)

    def test_what_lies_under_alpha_changes_nothing(self, card, run_detection, hole, tmp_path):
        image = landscape(90, 110)
        alpha = np.where(hole, 0, 255).astype(np.uint8)[None]
        rng = np.random.default_rng(0)
        runs = [
            run_detection(
                card,
                write_raster(
                    tmp_path / f"{name}.tif",
                    np.concatenate([np.where(hole, under, image).astype(np.uint8), alpha]),
                    colorinterp=RGBA,
                ),
                name=name,
            )
            for name, under in (("dark", 0), ("noise", rng.integers(0, 255, image.shape)))
        ]
        assert same(runs[0].probability, runs[1].probability)


def found_empty(run):
    assert np.array_equal(np.isnan(read_raster(run.probability).pixels), read_raster(run.mask).pixels == 255)
    return np.isnan(read_raster(run.probability).pixels)


class TestWhatIsEmpty:
    @pytest.mark.parametrize("value", [0, 255])
    def test_eight_bit_nodata_is_where_every_band_has_it(self, toys, run_detection, hole, tmp_path, value):
        image = np.where(hole, value, landscape(90, 110)).astype(np.uint8)
        image[2, ~hole] = value  # a band that is dark or saturated everywhere
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image, nodata=value))
        assert np.array_equal(found_empty(run), hole)

    def test_other_nodata_is_where_any_band_has_it(self, toys, run_detection, hole, tmp_path):
        image = landscape(90, 110).astype(np.int16)
        image[1, hole] = -9999
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image, nodata=-9999))
        assert np.array_equal(found_empty(run), hole)

    def test_undeclared_nan_and_infinity_are_empty(self, toys, run_detection, hole, tmp_path):
        image = landscape(90, 110).astype(np.float32)
        image[0, hole] = np.nan
        image[1, 80, 50], image[2, 80, 51] = np.inf, -np.inf
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image))
        hole[80, 50:52] = True
        assert np.array_equal(found_empty(run), hole)

    def test_internal_mask(self, toys, run_detection, hole, tmp_path):
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", landscape(90, 110), mask=~hole))
        assert np.array_equal(found_empty(run), hole)

    @pytest.mark.parametrize("nodata", [None, 0])
    def test_alpha_even_beside_a_nodata_value(self, toys, run_detection, hole, tmp_path, nodata):
        image = np.concatenate([landscape(90, 110), np.where(hole, 0, 200).astype(np.uint8)[None]])
        scene = write_raster(tmp_path / "s.tif", image, colorinterp=RGBA, nodata=nodata)
        assert np.array_equal(found_empty(run_detection(toys["segmentation"], scene)), hole)

    def test_nodata_of_minus_9999_survives_the_eight_bit_mask(self, toys, run_detection, hole, tmp_path):
        image = np.where(hole, -9999, landscape(90, 110).astype(np.float32))
        run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image, nodata=-9999))
        assert np.array_equal(found_empty(run), hole)
        assert read_raster(run.mask).profile["nodata"] == 255

    def test_output_of_a_resampled_scene_keeps_the_inputs_own_holes(self, toys, run_detection, hole, tmp_path):
        image = np.where(hole, 0, landscape(90, 110)).astype(np.uint8)
        scene = write_raster(tmp_path / "s.tif", image, nodata=0)
        card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:resolution": [5, 15]})
        assert np.array_equal(found_empty(run_detection(card, scene)), hole)

    def test_collar_is_no_landslide(self, run_detection, hole, tmp_path):
        kernel = -blur_kernel(3, 5)[:1] * 16  # whatever is dark
        card = write_toy(tmp_path / "dark", "segmentation", kernel)
        image = np.where(hole, 0, 200).astype(np.uint8) * np.ones((3, 1, 1), np.uint8)
        run = run_detection(card, write_raster(tmp_path / "s.tif", image, nodata=0))
        inner = ~hole
        inner[:3], inner[-3:], inner[:, -3:] = False, False, False  # the toy itself pads with zeros
        probability = read_raster(run.probability).pixels[inner]
        assert np.ptp(probability) < 1e-3


@pytest.mark.parametrize("detector", DETECTORS)
def test_tiles_without_data_are_never_computed(toys, detector, run_detection, tmp_path, monkeypatch):
    """The collar of a scene that is turned, of which two thirds are empty."""
    card, image = toys[detector], landscape(600, 500)
    valid = np.abs(np.arange(500) - np.linspace(0, 499, 600)[:, None]) < 80
    load, computed = streaming.load_network, []

    def watched(*arguments):
        network = load(*arguments)
        return lambda images: (computed.extend(images), network(images))[1]

    monkeypatch.setattr(streaming, "load_network", watched)
    run_detection(card, write_raster(tmp_path / "s.tif", np.where(valid, image, 0).astype(np.uint8), nodata=0))
    grid = build_detector(card).grid(600, 500, card.tile_size, card.overlap)
    with_data = [
        valid[max(0, tile.row) : tile.row + grid.size[0], max(0, tile.column) : tile.column + grid.size[1]].any()
        for strip in grid.strips()
        for tile in strip
    ]
    assert len(computed) == sum(with_data) < 0.6 * len(grid)
