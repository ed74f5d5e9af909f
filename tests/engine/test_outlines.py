"""Outlines of a mask that comes by strips are those of the whole, and none is kept longer than needed."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from landslide_detector.models.raster import polygons
from landslide_detector.models.raster.outlines import RegionOutlines
from rasterio.features import shapes
from scenes import count_regions, write_raster
from shapely.geometry import shape


def by_strips(mask, rows):
    outlines, found = RegionOutlines(), []
    for top in range(0, len(mask), rows):
        found += outlines.push(mask[top : top + rows])
    return [*found, *outlines.finish()]


def alike(outlines):
    """Outlines that are the same, corner for corner, are the same bytes; in any order."""
    return sorted(shapely.to_wkb(shapely.normalize(outline)) for outline in outlines)


@pytest.mark.parametrize("rows", [1, 3, 8, 40])
@pytest.mark.parametrize("density", [0.05, 0.4, 0.6, 0.95, 1.0])
def test_they_are_those_that_gdal_makes_of_the_whole(density, rows):
    mask = (np.random.default_rng(0).random((40, 30)) < density).astype(np.uint8)
    whole = [shape(geometry) for geometry, _ in shapes(mask, mask=mask > 0, connectivity=4)]
    assert alike(by_strips(mask, rows)) == alike(whole)


def test_straight_edges_have_no_corner_where_strips_meet():
    (outline,) = by_strips(np.ones((20, 10), np.uint8), 3)
    assert shapely.get_num_coordinates(outline) == 5


def test_only_what_reaches_the_last_row_is_kept():
    mask = np.zeros((30, 30), np.uint8)
    mask[::2, :10:2] = 1  # 75 single pixels
    mask[:, 20] = 1  # and a line from top to bottom
    outlines, given = RegionOutlines(), 0
    for top in range(0, 30, 3):
        given += len(outlines.push(mask[top : top + 3]))
        reaching = 1 + (5 if mask[top + 2, 0] else 0)
        assert len(outlines._open) == reaching
        assert given + reaching == count_regions(mask[: top + 3])
    assert [outline.area for outline in outlines.finish()] == [30]


@pytest.mark.parametrize("band", [1, 50, 10**6])
def test_file_of_polygons_does_not_depend_on_the_rows_that_are_held(tmp_path, monkeypatch, band):
    rng = np.random.default_rng(0)
    mask = (rng.random((1, 60, 50)) < 0.5).astype(np.uint8)
    mask[0, 10:20] = 255
    write_raster(tmp_path / "m.tif", mask, nodata=255)
    write_raster(tmp_path / "p.tif", rng.random((1, 60, 50)).astype(np.float32))
    monkeypatch.setattr(polygons, "BAND", band)
    count = polygons.write_polygons(tmp_path / "m.tif", tmp_path / "p.tif", tmp_path / "v.gpkg")
    assert count == count_regions(mask[0] == 1)


def test_polygons_are_measured_few_at_a_time_where_they_have_many_corners(monkeypatch):
    monkeypatch.setattr(polygons, "CHUNK", 3)
    monkeypatch.setattr(polygons, "POINTS", 20)
    small, large = shapely.box(0, 0, 1, 1), shapely.Point(0, 0).buffer(1)  # of 5 and of 65 points
    chunks = list(polygons._chunks(iter([small, small, small, small, large, small])))
    assert chunks == [[small, small, small], [small], [large], [small]]
