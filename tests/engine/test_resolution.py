"""Scenes finer or coarser than the model knows are resampled on the fly; the output stays on the scene's grid."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from conftest import DETECTORS
from landslide_detector.models.raster.reader import WorkingGrid, working_grid
from landslide_detector.models.raster.scene import Scene
from scenes import METRES_2, read_raster, write_raster
from toy_models import CELL, expected, write_toy

pytestmark = pytest.mark.usefixtures("rasters_only")


def blocks(height, width, size=20):
    """Red and green squares of ``size`` px: smooth enough to survive resampling."""
    checks = (np.add.outer(np.arange(height) // size, np.arange(width) // size) % 2).astype(np.uint8)
    return np.stack([90 + 60 * checks, 150 - 60 * checks, np.full_like(checks, 100)])


@pytest.fixture(params=DETECTORS)
def detector(request):
    return request.param


@pytest.mark.parametrize(("known", "factor"), [([5, 15], 2.5), ([0.2, 0.8], 0.4)])
def test_output_stays_on_the_scenes_grid_and_the_log_says_so(detector, known, factor, run_detection, tmp_path):
    card = write_toy(tmp_path / "toy", detector, **{"landslides:resolution": known})
    image = blocks(100, 140)
    run = run_detection(card, write_raster(tmp_path / "s.tif", image))
    result = read_raster(run.probability)
    (line,) = [line for line in run.told.logs if "outside the model's range" in line]
    assert f"resampled on the fly to {2 * factor:.3g} x {2 * factor:.3g} m" in line
    if detector == "patches":
        step = CELL * factor
        assert result.profile["transform"].almost_equals(METRES_2 * Affine.scale(step), 1e-6)
        assert result.pixels.shape == (int(np.ceil(100 / step)), int(np.ceil(140 / step)))
        return
    assert result.profile["transform"] == METRES_2
    assert result.pixels.shape == (100, 140)
    truth = expected(detector, image / 255)
    middle = np.zeros((100, 140), bool)  # the middles of the squares, where resampling changes nothing
    middle[8::20, 8::20] = middle[11::20, 11::20] = True
    assert np.abs(result.pixels - truth)[middle].max() < 0.05


def test_scene_within_the_range_is_not_resampled(toys, run_detection, tmp_path):
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", blocks(60, 60)))
    assert any("within the model's range of 0.5 to 15 m" in line for line in run.told.logs)


def grid_for(tmp_path, resolution, transform=METRES_2, shape=(100, 140), **profile):
    scene = Scene(str(write_raster(tmp_path / "s.tif", blocks(*shape), transform=transform, **profile)), [1, 2, 3])
    scene.close()
    return working_grid(scene, resolution)


class TestWorkingGrid:
    def test_a_tenth_beyond_the_range_is_left_as_it_is(self, tmp_path):
        assert grid_for(tmp_path, (2.15, 9)).is_native
        assert not grid_for(tmp_path, (2.5, 9)).is_native

    def test_long_pixels_are_made_square_within_the_range(self, tmp_path):
        grid = grid_for(tmp_path, (3, 3.5), Affine(2, 0, 500_000, 0, -4, 3_000_000))
        assert (grid.width, grid.height) == (round(140 * 2 / 3), round(100 * 4 / 3.5))

    def test_scene_far_finer_than_the_model_keeps_a_pixel(self, tmp_path):
        grid = grid_for(tmp_path, (1000, 2000))
        assert (grid.width, grid.height) == (1, 1)

    def test_degrees_are_compared_in_metres(self, tmp_path):
        degrees = Affine(1e-5, 0, 15, 0, -1e-5, 60)  # 0.56 x 1.11 m
        grid = grid_for(tmp_path, (1.114, 5), degrees, crs="EPSG:4326")
        assert (grid.width, grid.height) == (round(140 / 2), 100)

    def test_without_georeference_the_resolution_is_taken_as_it_is(self, tmp_path):
        assert grid_for(tmp_path, (1000, 2000), Affine.identity(), crs=None) == WorkingGrid(140, 100, 1.0, 1.0)
