"""The area of interest: any vector file, any CRS, any layer."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
from landslide_detector.models.errors import InputError
from scenes import landscape, read_raster, write_raster
from shapely import make_valid
from shapely.geometry import LineString, Point, Polygon, box
from toy_models import expected_segmentation

pytestmark = pytest.mark.usefixtures("rasters_only")

X, Y = 500_000, 3_000_000
INSIDE = box(X + 40, Y - 160, X + 140, Y - 60)  # rows 30 to 80, columns 20 to 70 of 100 x 150 px at 2 m


@pytest.fixture
def scene(tmp_path):
    return write_raster(tmp_path / "scene.tif", landscape(100, 150))


def write_area(path, *shapes, crs="EPSG:32648", **options):
    geopandas.GeoDataFrame(geometry=list(shapes), crs=crs).to_file(path, **options)
    return path


def known(run):
    return np.isfinite(read_raster(run.probability).pixels)


def square():
    inside = np.zeros((100, 150), bool)
    inside[30:80, 20:70] = True
    return inside


def test_only_inside_is_detected(toys, run_detection, scene, tmp_path):
    run = run_detection(toys["segmentation"], scene, aoi=str(write_area(tmp_path / "area.gpkg", INSIDE)))
    assert np.array_equal(known(run), square())
    probability = read_raster(run.probability).pixels
    assert np.abs(probability - expected_segmentation(landscape(100, 150) / 255))[square()].max() < 2e-4
    assert run.detection.share == pytest.approx((read_raster(run.mask).pixels == 1).sum() / square().sum())


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
@pytest.mark.parametrize("name", ["area.geojson", "area.shp", "Fläche 1.gpkg"])
def test_other_crs_and_format(toys, run_detection, scene, tmp_path, crs, name):
    if name.endswith("geojson") and crs != "EPSG:4326":
        name = "area.fgb"
    frame = geopandas.GeoDataFrame(geometry=[INSIDE], crs="EPSG:32648").to_crs(crs)
    frame.to_file(tmp_path / name)
    run = run_detection(toys["segmentation"], scene, aoi=str(tmp_path / name))
    assert (known(run) != square()).sum() <= 4  # a corner pixel may fall either way


def test_layer_is_chosen_by_name(toys, run_detection, scene, tmp_path):
    path = tmp_path / "project.gpkg"
    write_area(path, box(X, Y - 20, X + 20, Y), layer="other")
    write_area(path, INSIDE, layer="study area", mode="a")
    run = run_detection(toys["segmentation"], scene, aoi=f"{path}|layername=study area")
    assert np.array_equal(known(run), square())


def test_several_polygons_holes_and_self_crossing_ones(toys, run_detection, scene, tmp_path):
    ring = Polygon(INSIDE.exterior.coords, [box(X + 60, Y - 140, X + 80, Y - 100).exterior.coords])
    bow_tie = Polygon([(X + 200, Y - 40), (X + 240, Y - 80), (X + 240, Y - 40), (X + 200, Y - 80)])
    run = run_detection(toys["segmentation"], scene, aoi=str(write_area(tmp_path / "a.gpkg", ring, bow_tie)))
    inside = square()
    inside[50:70, 30:40] = False
    assert np.array_equal(known(run)[:, :90], inside[:, :90])
    assert known(run)[20:40, 100:120].sum() == pytest.approx(200, abs=20)


def test_polygon_that_becomes_a_collection_is_not_lost(toys, run_detection, scene, tmp_path):
    """Two squares that touch in a corner, and a line that goes there and back."""
    x, y = X + 40, Y - 100
    ring = [
        (x, y),
        (x + 40, y),
        (x + 40, y - 40),
        (x + 80, y - 40),
        (x + 80, y - 80),
        (x + 40, y - 80),
        (x + 40, y - 40),
    ]
    broken = Polygon([*ring, (x, y - 40), (x, y), (x, y + 30), (x, y)])
    assert broken.is_valid is False
    assert make_valid(broken).geom_type == "GeometryCollection"
    run = run_detection(toys["segmentation"], scene, aoi=str(write_area(tmp_path / "a.gpkg", broken)))
    assert known(run).sum() == 2 * 20 * 20


def test_area_and_nodata_hold_together(toys, run_detection, tmp_path):
    image = landscape(100, 150)
    image[:, 40:60] = 0
    scene = write_raster(tmp_path / "s.tif", image, nodata=0)
    run = run_detection(toys["segmentation"], scene, aoi=str(write_area(tmp_path / "a.gpkg", INSIDE)))
    inside = square()
    inside[40:60] = False
    assert np.array_equal(known(run), inside)


def test_area_and_extent_hold_together(toys, run_detection, scene, tmp_path):
    area = str(write_area(tmp_path / "a.gpkg", INSIDE))
    run = run_detection(toys["segmentation"], scene, aoi=area, extent=(X, Y - 200, X + 100, Y - 80))
    assert np.array_equal(known(run), square()[40:, :50])


def test_patches_that_touch_the_area_are_detected(toys, run_detection, scene, tmp_path):
    run = run_detection(toys["patches"], scene, aoi=str(write_area(tmp_path / "a.gpkg", INSIDE)))
    rows, columns = np.nonzero(known(run))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (30 // 16, 79 // 16, 20 // 16, 69 // 16)


def test_area_in_a_resampled_scene_keeps_its_edge(toys, run_detection, scene, tmp_path, monkeypatch):
    monkeypatch.setitem(toys["segmentation"].fields, "landslides:resolution", [5, 15])
    run = run_detection(toys["segmentation"], scene, aoi=str(write_area(tmp_path / "a.gpkg", INSIDE)))
    assert np.array_equal(known(run), square())


def test_tiles_outside_the_area_are_never_computed(toys, run_detection, scene, tmp_path, monkeypatch):
    from landslide_detector.models.inference.accumulator import RowBandAccumulator

    places = []
    add = RowBandAccumulator.add

    def watched(self, prediction, tile):
        places.append((tile.row, tile.column))
        add(self, prediction, tile)

    monkeypatch.setattr(RowBandAccumulator, "add", watched)
    area = write_area(tmp_path / "a.gpkg", box(X, Y - 20, X + 20, Y))
    run_detection(toys["segmentation"], scene, aoi=str(area))
    assert places == [(0, 0)]


class TestAreasThatCannotBeUsed:
    def failing(self, toys, run_detection, scene, aoi, match):
        with pytest.raises(InputError, match=match) as raised:
            run_detection(toys["segmentation"], scene, aoi=str(aoi))
        assert "\n" not in str(raised.value)

    def test_missing_file(self, toys, run_detection, scene, tmp_path):
        self.failing(toys, run_detection, scene, tmp_path / "gone.gpkg", r"gone\.gpkg: cannot be read as vector data")

    def test_missing_layer(self, toys, run_detection, scene, tmp_path):
        area = write_area(tmp_path / "a.gpkg", INSIDE)
        self.failing(toys, run_detection, scene, f"{area}|layername=nope", r"a\.gpkg: cannot be read.*nope")

    def test_no_polygons(self, toys, run_detection, scene, tmp_path):
        area = write_area(tmp_path / "lines.gpkg", LineString([(X, Y), (X + 9, Y)]), Point(X, Y))
        self.failing(toys, run_detection, scene, area, r"lines\.gpkg: holds no polygons")

    def test_outside_the_scene(self, toys, run_detection, scene, tmp_path):
        area = write_area(tmp_path / "far.gpkg", box(X + 9000, Y, X + 9100, Y + 100))
        self.failing(toys, run_detection, scene, area, r"far\.gpkg: the area of interest does not meet .*scene\.tif")

    def test_table_without_geometry(self, toys, run_detection, scene, tmp_path):
        (tmp_path / "table.csv").write_text("a,b\n1,2\n")
        self.failing(toys, run_detection, scene, tmp_path / "table.csv", r"table\.csv: holds no polygons")


def test_whole_world_is_the_whole_scene(toys, run_detection, scene, tmp_path):
    area = write_area(tmp_path / "world.gpkg", box(-180, -90, 180, 90), crs="EPSG:4326")
    run = run_detection(toys["segmentation"], scene, aoi=str(area))
    assert known(run).all()
