"""Every kind of placing: projected, geographic, feet, south-up, rotated, by control points, or none."""

from __future__ import annotations

import math

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from landslide_detector.models.raster.scene import Scene
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from scenes import landscape, read_raster, write_raster
from toy_models import expected_segmentation


def placed(tmp_path, **profile):
    return write_raster(tmp_path / "scene.tif", landscape(60, 80), **profile)


def metres(path):
    scene = Scene(str(path), [1, 2, 3])
    scene.close()
    return scene.resolution


class TestResolutionOnTheGround:
    def test_projected(self, tmp_path):
        assert metres(placed(tmp_path)) == pytest.approx((2, 2), rel=1e-3)

    def test_degrees(self, tmp_path):
        size = 1e-5
        path = placed(tmp_path, crs="EPSG:4326", transform=Affine(size, 0, 15, 0, -size, 60))
        assert metres(path) == pytest.approx(
            (111_412.8 * size * math.cos(math.radians(60)), 111_412.8 * size), rel=5e-3
        )

    def test_web_mercator_is_not_taken_at_its_word(self, tmp_path):
        y = 8_399_737.89  # 60 degrees north, where a metre of the map is half a metre on the ground
        assert metres(placed(tmp_path, crs="EPSG:3857", transform=Affine(2, 0, 0, 0, -2, y))) == pytest.approx(
            (1, 1), rel=1e-2
        )

    def test_feet(self, tmp_path):
        path = placed(tmp_path, crs="EPSG:2263", transform=Affine(2, 0, 985_000, 0, -2, 200_000))
        assert metres(path) == pytest.approx((0.6096, 0.6096), rel=1e-3)

    def test_rotated(self, tmp_path):
        transform = Affine.translation(500_000, 3_000_000) * Affine.rotation(30) * Affine.scale(2, -3)
        assert metres(placed(tmp_path, transform=transform)) == pytest.approx((2, 3), rel=1e-3)

    def test_unknown_without_crs_or_outside_the_projections_reach(self, tmp_path):
        assert metres(placed(tmp_path, crs=None)) is None
        assert metres(placed(tmp_path, transform=Affine(2, 0, 1e30, 0, -2, 1e30))) is None


class TestOutputsPlace:
    def assert_same_place(self, run, scene):
        """Rasters have the scene's CRS and transform; polygons lie over the mask's ones."""
        with rasterio.open(scene) as dataset:
            crs, transform = dataset.crs, dataset.transform
        for path in (run.probability, run.mask):
            profile = read_raster(path).profile
            assert profile["crs"] == crs
            assert profile["transform"].almost_equals(transform)
        truth = expected_segmentation(landscape(60, 80) / 255)
        assert np.abs(read_raster(run.probability).pixels - truth).max() < 2e-4
        mask = read_raster(run.mask).pixels == 1
        frame = geopandas.read_file(run.polygons)
        assert frame.crs == crs
        assert frame.area.sum() == pytest.approx(mask.sum() * abs(transform.determinant), rel=1e-6)
        burnt = rasterio.features.rasterize(frame.geometry, mask.shape, transform=transform) == 1
        assert np.array_equal(burnt, mask)
        first = frame.iloc[0]
        alone = rasterio.features.rasterize([first.geometry], mask.shape, transform=transform) == 1
        assert first["mean_probability"] == pytest.approx(truth[alone].mean(), abs=2e-4)

    def test_south_up(self, toys, run_detection, tmp_path):
        scene = placed(tmp_path, transform=Affine(2, 0, 500_000, 0, 2, 3_000_000))
        run = run_detection(toys["segmentation"], scene)
        self.assert_same_place(run, scene)
        assert run.detection.area_m2 > 0

    def test_rotated(self, toys, run_detection, tmp_path):
        transform = Affine.translation(500_000, 3_000_000) * Affine.rotation(30) * Affine.scale(2, -2)
        scene = placed(tmp_path, transform=transform)
        run = run_detection(toys["segmentation"], scene)
        self.assert_same_place(run, scene)
        assert run.detection.area_m2 == pytest.approx((read_raster(run.mask).pixels == 1).sum() * 4, rel=2e-3)

    def test_geographic_area_is_in_square_metres(self, toys, run_detection, tmp_path):
        size = 2e-5
        scene = placed(tmp_path, crs="EPSG:4326", transform=Affine(size, 0, 141.9, 0, -size, 42.7))
        run = run_detection(toys["segmentation"], scene)
        self.assert_same_place(run, scene)
        frame = geopandas.read_file(run.polygons)
        true_area = frame.to_crs(frame.estimate_utm_crs()).area.sum()
        assert run.detection.area_m2 == pytest.approx(true_area, rel=5e-3)
        assert frame["area_m2"].sum() == pytest.approx(true_area, rel=5e-3)

    def test_web_mercator_area_is_that_of_the_ground(self, toys, run_detection, tmp_path):
        scene = placed(tmp_path, crs="EPSG:3857", transform=Affine(4, 0, 0, 0, -4, 8_399_737))
        run = run_detection(toys["segmentation"], scene)
        assert run.detection.area_m2 == pytest.approx((read_raster(run.mask).pixels == 1).sum() * 4, rel=2e-2)


class TestWithoutGeoreference:
    @pytest.mark.parametrize("detector", ["patches", "segmentation"])
    def test_no_georeference_is_a_warning_and_areas_are_unknown(self, toys, run_detection, tmp_path, detector):
        run = run_detection(toys[detector], placed(tmp_path, crs=None, transform=Affine.identity()), threshold=0.1)
        assert any("scene.tif: no georeference" in warning for warning in run.told.warnings)
        assert run.detection.area_m2 is None
        frame = geopandas.read_file(run.polygons)
        assert frame.crs is None
        assert frame["area_m2"].isna().all()
        assert len(frame) == run.detection.landslides > 0

    def test_transform_without_crs_is_kept(self, toys, run_detection, tmp_path):
        transform = Affine(2, 0, 1000, 0, -2, 5000)
        scene = placed(tmp_path, crs=None, transform=transform)
        dense = run_detection(toys["segmentation"], scene, name="dense")
        patches = run_detection(toys["patches"], scene, name="patches")
        assert read_raster(dense.probability).profile["transform"] == transform
        assert read_raster(patches.probability).profile["transform"] == transform * Affine.scale(16)

    def test_local_crs_has_no_metres_but_is_detected(self, toys, run_detection, tmp_path):
        local = CRS.from_wkt('LOCAL_CS["mine grid",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]')
        run = run_detection(toys["segmentation"], placed(tmp_path, crs=local))
        assert read_raster(run.probability).profile["transform"] == Affine(2, 0, 500_000, 0, -2, 3_000_000)


def control_points(transform):
    corners = [(0, 0), (0, 80), (60, 0), (60, 80)]
    return [GroundControlPoint(row, column, *(transform * (column, row)), 0) for row, column in corners]


class TestControlPoints:
    """Satellite scenes that are not resampled yet are placed by ground control points."""

    TRUE = Affine(2, 0, 500_000, 0, -2, 3_000_000)

    @pytest.fixture
    def scene(self, tmp_path):
        points = (control_points(self.TRUE), CRS.from_epsg(32648))
        return placed(tmp_path, crs=None, transform=Affine.identity(), gcps=points)

    def assert_points_agree(self, path, row, column, size=1):
        """The output's own pixels, placed by its control points, lie where the scene's do."""
        points, crs = read_raster(path).gcps
        assert crs.to_epsg() == 32648
        fitted = rasterio.transform.from_gcps(points)
        assert fitted.almost_equals(self.TRUE * Affine.translation(column, row) * Affine.scale(size), 1e-4)

    def test_output_is_placed_by_the_same_points(self, toys, run_detection, scene):
        run = run_detection(toys["segmentation"], scene)
        self.assert_points_agree(run.probability, 0, 0)
        self.assert_points_agree(run.mask, 0, 0)

    def test_points_follow_the_extent(self, toys, run_detection, scene):
        run = run_detection(toys["segmentation"], scene, extent=(10, 20, 50, 55))
        assert read_raster(run.probability).pixels.shape == (35, 40)
        self.assert_points_agree(run.probability, 20, 10)

    def test_points_follow_the_patches(self, toys, run_detection, scene):
        run = run_detection(toys["patches"], scene, extent=(10, 20, 50, 55))
        self.assert_points_agree(run.probability, 20, 10, 16)
