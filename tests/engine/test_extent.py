"""A part of a scene: whole pixels of the scene's own grid."""

from __future__ import annotations

import numpy as np
import pytest
from affine import Affine
from landslide_detector.models.errors import InputError
from landslide_detector.models.raster.scene import Region, Scene
from scenes import METRES_2, landscape, read_raster, write_raster
from toy_models import expected_segmentation

pytestmark = pytest.mark.usefixtures("rasters_only")

X, Y = 500_000, 3_000_000  # top left of a scene of 60 x 80 px of 2 m


@pytest.fixture
def scene(tmp_path):
    return write_raster(tmp_path / "s.tif", landscape(60, 80))


def region(path, extent):
    scene = Scene(str(path), [1, 2, 3], extent)
    scene.close()
    return scene.region


@pytest.mark.parametrize(
    ("extent", "found"),
    [
        ((X, Y - 120, X + 160, Y), Region(0, 0, 80, 60)),  # all
        ((X + 20, Y - 60, X + 40, Y - 20), Region(10, 10, 10, 20)),  # on pixel edges: not one pixel more
        ((X + 21, Y - 59, X + 39, Y - 21), Region(10, 10, 10, 20)),  # between: every pixel it touches
        ((X - 500, Y - 20, X + 20, Y + 500), Region(0, 0, 10, 10)),  # partly outside
        ((X + 20.5, Y - 20.6, X + 20.6, Y - 20.5), Region(10, 10, 1, 1)),  # inside one pixel
        ((X + 40, Y - 20, X + 20, Y - 60), Region(10, 10, 10, 20)),  # corners the other way round
    ],
)
def test_extent_is_the_pixels_it_touches(scene, extent, found):
    assert region(scene, extent) == found


@pytest.mark.parametrize(
    "extent", [(0, 0, 10, 10), (X - 100, Y - 120, X, Y), (X, Y, X + 160, Y + 10), (X + 20, Y - 60, X + 20, Y - 60)]
)
def test_extent_outside_is_one_error_that_names_both(scene, extent):
    with pytest.raises(InputError, match=r"s\.tif: the extent .* does not meet the raster"):
        region(scene, extent)


def test_extent_that_is_not_finite_is_an_error(scene):
    with pytest.raises(InputError, match=r"s\.tif: the extent .*nan"):
        region(scene, (X, float("nan"), X + 10, Y))


def test_extent_of_south_up_scene(tmp_path):
    scene = write_raster(tmp_path / "s.tif", landscape(60, 80), transform=Affine(2, 0, X, 0, 2, Y))
    assert region(scene, (X + 20, Y + 20, X + 40, Y + 60)) == Region(10, 10, 10, 20)


def test_extent_of_rotated_scene_is_the_box_of_pixels_around_it(tmp_path):
    transform = Affine.translation(X, Y) * Affine.rotation(30) * Affine.scale(2, -2)
    scene = write_raster(tmp_path / "s.tif", landscape(60, 80), transform=transform)
    x, y = transform * (40.5, 30.5)
    found = region(scene, (x - 5, y - 5, x + 5, y + 5))
    assert (found.column + found.width / 2, found.row + found.height / 2) == (40.5, 30.5)
    assert 7 <= found.width <= 8


def test_map_of_an_extent_is_that_part_on_the_scenes_grid(toys, run_detection, scene):
    run = run_detection(toys["segmentation"], scene, extent=(X + 21, Y - 59, X + 39, Y - 21))
    result = read_raster(run.probability)
    truth = expected_segmentation(landscape(60, 80) / 255)[10:30, 10:20]
    assert np.abs(result.pixels - truth).max() < 2e-4
    assert result.profile["transform"] == METRES_2 * Affine.translation(10, 10)
    assert read_raster(run.mask).profile["transform"] == METRES_2 * Affine.translation(10, 10)


def test_patches_of_an_extent_start_at_its_corner(toys, run_detection, scene):
    run = run_detection(toys["patches"], scene, extent=(X + 20, Y - 100, X + 100, Y - 20))
    result = read_raster(run.probability)
    assert result.profile["transform"] == METRES_2 * Affine.translation(10, 10) * Affine.scale(16)
    assert result.pixels.shape == (3, 3)
