"""Polygons in the format that was asked for: the engine writes GeoPackages, QGIS makes the rest of them."""

from __future__ import annotations

import pytest
from landslide_detector.processing.destinations import VectorDestination
from processing_support import Run, polygon_layer, write_raster
from qgis.core import QgsProject, QgsVectorFileWriter, QgsVectorLayer

RECTANGLES = [(500000, 2699980, 500010, 2699990), (500020, 2699980, 500030, 2699990)]


@pytest.fixture
def detect(provider, fake_engine, tmp_path):
    """Runs a detection that finds two landslides, and returns where its polygons are."""
    found = str(tmp_path / "found.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    QgsVectorFileWriter.writeAsVectorFormatV3(
        polygon_layer(RECTANGLES), found, QgsProject.instance().transformContext(), options
    )
    fake_engine.give_polygons(found)
    scene = str(write_raster(tmp_path / "scene.tif"))

    def run(destination):
        outputs = {"PROBABILITY": str(tmp_path / "p.tif"), "MASK": str(tmp_path / "m.tif"), "POLYGONS": destination}
        return Run("landslides:segmentlandslides", {"INPUT": scene, **outputs})

    return run


def names_of(source):
    layer = QgsVectorLayer(source, "result", "ogr")
    assert layer.isValid()
    assert layer.crs().authid() == "EPSG:32651"
    assert layer.extent().xMaximum() == 500030
    return sorted(feature["name"] for feature in layer.getFeatures())


@pytest.mark.parametrize("name", ["v.gpkg", "V.GPKG", "v.shp", "v.fgb", "les glissements 地滑り.geojson"])
def test_polygons_come_in_the_format_of_their_file_name(detect, tmp_path, name):
    run = detect(str(tmp_path / name))
    assert run.succeeded, run.feedback.errors
    assert run.results["POLYGONS"] == str(tmp_path / name)
    if name.endswith("geojson"):
        # A GeoJSON file is in degrees by its definition.
        layer = QgsVectorLayer(run.results["POLYGONS"], "result", "ogr")
        assert layer.featureCount() == 2
    else:
        assert names_of(run.results["POLYGONS"]) == ["area 0", "area 1"]


def test_a_table_of_a_database_is_added_to_what_is_in_it(detect, tmp_path):
    database = str(tmp_path / "database.gpkg")
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.layerName = "kept"
    QgsVectorFileWriter.writeAsVectorFormatV3(
        polygon_layer(RECTANGLES), database, QgsProject.instance().transformContext(), options
    )
    run = detect(f"ogr:dbname='{database}' table=\"landslides\" (geom)")
    assert run.succeeded, run.feedback.errors
    assert names_of(f"{database}|layername=landslides") == ["area 0", "area 1"]
    assert names_of(f"{database}|layername=kept") == ["area 0", "area 1"]


def test_a_layer_in_memory_becomes_a_temporary_file(detect):
    run = detect("memory:")
    assert run.succeeded, run.feedback.errors
    assert names_of(run.results["POLYGONS"]) == ["area 0", "area 1"]


def test_a_destination_that_cannot_be_written_is_named_before_the_engine_runs(detect, fake_engine, tmp_path):
    run = detect(str(tmp_path / "nowhere" / "v.shp"))
    assert not run.succeeded
    (error,) = run.feedback.errors
    assert "nowhere/v.shp" in error
    assert not fake_engine.has_run


@pytest.mark.parametrize(
    ("final", "is_geopackage"),
    [
        ("/a/v.gpkg", True),
        ("C:\\a\\v.gpkg", True),
        ("/a/v.shp", False),
        ("ogr:dbname='/a/v.gpkg' table=\"t\" (geom)", False),
        ('postgis:dbname=\'v\' table="s"."t" (geom)', False),
    ],
)
def test_only_geopackages_are_left_to_the_engine(final, is_geopackage):
    assert VectorDestination(final).is_geopackage == is_geopackage
