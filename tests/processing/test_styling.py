"""Layers as they arrive on the map: named after the scene, styled, transparent where nothing was found."""

from __future__ import annotations

import gc
import json
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from landslide_detector.processing import styling
from processing_support import Run, polygon_layer, write_raster
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPalettedRasterRenderer,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor, QImage

STYLES = Path(styling.__file__).parent / "styles"


@pytest.fixture(autouse=True)
def nothing_waiting():
    """Forget the styles of layers that a test did not load."""
    styling._waiting.clear()


@pytest.fixture
def values(tmp_path):
    """A raster with a row of values from 0 to 1."""
    from osgeo import gdal

    path = str(tmp_path / "values.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 11, 1, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform([0, 1, 0, 1, 0, -1])
    dataset.GetRasterBand(1).WriteArray(np.linspace(0, 1, 11, dtype=np.float32)[None])
    dataset.FlushCache()
    return path


def colours(path, style):
    """Colour and opacity (0 to 255) of each pixel of a row."""
    layer = QgsRasterLayer(path, "values")
    message, is_loaded = layer.loadNamedStyle(str(STYLES / f"{style}.qml"))
    assert is_loaded, message
    block = layer.renderer().block(1, QgsRectangle(0, 0, 11, 1), 11, 1)
    return layer, [QColor.fromRgba(block.color(0, column)) for column in range(11)]


def test_probability_is_transparent_at_zero_and_ever_stronger_above(values):
    layer, row = colours(values, "probability")
    assert isinstance(layer.renderer(), QgsSingleBandPseudoColorRenderer)
    opacity = [colour.alpha() for colour in row]
    assert opacity[0] == 0
    assert opacity == sorted(opacity)
    assert opacity[-1] > 230


def test_the_patch_grid_has_the_same_colours_in_steps(values):
    _layer, row = colours(values, "patch_grid")
    assert row[0].alpha() == 0
    assert row[0] == row[1]
    assert row[9] == row[10]
    assert len({colour.rgba() for colour in row}) == 5


def test_the_mask_is_red_on_transparent(values):
    layer, row = colours(values, "mask")
    assert isinstance(layer.renderer(), QgsPalettedRasterRenderer)
    assert row[0].alpha() == 0
    assert row[10].alpha() > 150
    assert row[10].red() > 150
    assert row[10].green() < 50


def test_polygons_are_outlined_and_hatched_so_that_the_imagery_shows_through():
    layer = polygon_layer([(0, 0, 1, 1)])
    message, is_loaded = layer.loadNamedStyle(str(STYLES / "polygons.qml"))
    assert is_loaded, message
    kinds = [symbol_layer.layerType() for symbol_layer in layer.renderer().symbol().symbolLayers()]
    assert kinds == ["LinePatternFill", "SimpleLine"]


def run_to_load(tmp_path, names, algorithm="landslides:segmentlandslides", scene="jzg_scene", more=None):
    """Run with outputs that QGIS is to load; returns the run and the loading details by output."""
    write_raster(tmp_path / f"{scene}.tif")
    project = QgsProject.instance()
    parameters = {"INPUT": str(tmp_path / f"{scene}.tif"), **(more or {})}
    for output, name in names.items():
        suffix = "gpkg" if output == "POLYGONS" else "tif"
        parameters[output] = QgsProcessingOutputLayerDefinition(str(tmp_path / f"{output}.{suffix}"), project)
        parameters[output].destinationName = name
    run = Run(algorithm, parameters)
    assert run.succeeded, run.feedback.errors
    details = {
        Path(key).stem: run.context.layerToLoadOnCompletionDetails(key)
        for key in run.context.layersToLoadOnCompletion()
    }
    return run, details


OUTPUTS = {"PROBABILITY": "Landslide probability", "MASK": "Landslide mask", "POLYGONS": "Landslide polygons"}


def test_layers_are_named_after_the_scene(provider, fake_engine, tmp_path):
    _run, details = run_to_load(tmp_path, OUTPUTS)
    assert {name: detail.name for name, detail in details.items()} == {
        "PROBABILITY": "jzg_scene: landslide probability",
        "MASK": "jzg_scene: landslide mask",
        "POLYGONS": "jzg_scene: landslides",
    }
    assert all(detail.forceName for detail in details.values())


def test_a_name_given_by_the_author_of_a_model_stays(provider, fake_engine, tmp_path):
    _run, details = run_to_load(tmp_path, {**OUTPUTS, "MASK": "Glissements"})
    assert details["MASK"].name == "Glissements"


def test_each_layer_gets_its_own_style_when_it_is_loaded_and_no_style_is_kept_after(provider, fake_engine, tmp_path):
    run, details = run_to_load(tmp_path, OUTPUTS, "landslides:detectpatches")
    gc.collect()
    write_raster(tmp_path / "loaded.tif", bands=1)
    probability = QgsRasterLayer(str(tmp_path / "loaded.tif"), "probability")
    mask = QgsRasterLayer(str(tmp_path / "loaded.tif"), "mask")
    polygons = polygon_layer([(0, 0, 1, 1)])
    for name, layer in [("PROBABILITY", probability), ("MASK", mask), ("POLYGONS", polygons)]:
        details[name].postProcessor().postProcessLayer(layer, run.context, run.feedback)
    assert probability.renderer().shader().rasterShaderFunction().colorRampType() == 1  # discrete: the patch grid
    assert isinstance(mask.renderer(), QgsPalettedRasterRenderer)
    assert polygons.renderer().symbol().symbolLayerCount() == 2
    assert not styling._waiting


def test_each_layer_keeps_how_it_came_about(provider, fake_engine, tmp_path):
    area = QgsProject.instance().addMapLayer(polygon_layer([(500000, 2699980, 500010, 2699990)]), False)
    area.selectByIds([1])
    parameters = {
        "THRESHOLD": 0.4, "BANDS": [3, 2, 1], "MODEL": "auto",
        "EXTENT": QgsReferencedRectangle(
            QgsRectangle(500000, 2699975, 500030, 2699990), QgsCoordinateReferenceSystem("EPSG:32651")
        ),
        "AOI": QgsProcessingFeatureSourceDefinition(area.id(), selectedFeaturesOnly=True),
    }  # fmt: skip
    run, details = run_to_load(tmp_path, OUTPUTS, more=parameters)
    polygons = polygon_layer([(0, 0, 1, 1)])
    details["POLYGONS"].postProcessor().postProcessLayer(polygons, run.context, run.feedback)
    record = json.loads(polygons.customProperty("landslide_detector/run"))
    assert record["algorithm"] == "landslides:segmentlandslides"
    assert record["parameters"] == {
        "INPUT": str(tmp_path / "jzg_scene.tif"), "THRESHOLD": 0.4, "BANDS": [3, 2, 1], "MODEL": "auto",
        "EXTENT": "500000.0,500030.0,2699975.0,2699990.0 [EPSG:32651]",
        "AOI": {"source": area.id(), "selectedFeaturesOnly": True},
    }  # fmt: skip
    assert (record["scene"], record["group"]) == ("jzg_scene", "jzg_scene: Segment landslides")
    assert (record["model"], record["threshold"], record["engine_version"]) == ("taken", 0.5, "9.9")
    assert datetime.fromisoformat(record["started"]) <= datetime.fromisoformat(record["finished"])
    assert record["command"] == run.feedback.commands[0]
    assert record["command"] in polygons.metadata().history()[-1]
    QgsProject.instance().removeMapLayer(area)


def test_an_extent_is_kept_in_the_crs_of_the_scene(provider, fake_engine, tmp_path):
    crs = QgsCoordinateReferenceSystem("EPSG:32651")
    asked = QgsRectangle(500010, 2699980, 500020, 2699990)
    there = QgsCoordinateTransform(crs, QgsCoordinateReferenceSystem("EPSG:3857"), QgsProject.instance())
    box = there.transformBoundingBox(asked)
    extents = {
        "of another CRS": f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:3857]",
        "of a geometry": QgsGeometry.fromRect(asked),
    }
    for extent in extents.values():
        run, details = run_to_load(tmp_path, OUTPUTS, more={"EXTENT": extent})
        polygons = polygon_layer([(0, 0, 1, 1)])
        details["POLYGONS"].postProcessor().postProcessLayer(polygons, run.context, run.feedback)
        kept = json.loads(polygons.customProperty("landslide_detector/run"))["parameters"]["EXTENT"]
        corners, name = kept.split(" ")
        assert name == "[EPSG:32651]"
        wanted = [asked.xMinimum(), asked.xMaximum(), asked.yMinimum(), asked.yMaximum()]
        assert [float(corner) for corner in corners.split(",")] == pytest.approx(wanted, abs=0.1)


def test_a_scene_on_a_map_server_is_found_again_in_another_project(provider, fake_engine, tmp_path):
    from landslide_detector.ui.dock.run_property import run_of

    tile = QImage(256, 256, QImage.Format.Format_RGB32)
    tile.fill(QColor("green"))
    assert tile.save(str(tmp_path / "tile.png"))
    server = QgsRasterLayer(f"type=xyz&url=file://{tmp_path}/tile.png&zmin=0&zmax=0", "map", "wms")
    asked = {"INPUT": server, "EXTENT": "0,1000000,0,1000000 [EPSG:3857]", "RESOLUTION": 50000}
    run, details = run_to_load(tmp_path, OUTPUTS, more=asked)
    polygons = polygon_layer([(0, 0, 1, 1)])
    details["POLYGONS"].postProcessor().postProcessLayer(polygons, run.context, run.feedback)
    scene = run_of(polygons).scene.load(QgsProject.instance())
    assert scene is not None
    assert (scene.providerType(), scene.source()) == ("wms", server.source())
    QgsProject.instance().removeMapLayer(scene)


def test_a_run_whose_layers_are_not_loaded_leaves_nothing_waiting(provider, fake_engine, tmp_path):
    scene = str(write_raster(tmp_path / "scene.tif"))
    outputs = {"PROBABILITY": str(tmp_path / "p.tif"), "MASK": str(tmp_path / "m.tif")}
    assert Run("landslides:segmentlandslides", {"INPUT": scene, **outputs}).succeeded
    assert not styling._waiting


def test_the_sample_scene_says_synthetic_wherever_it_appears(provider, fake_engine, tmp_path):
    project = QgsProject.instance()
    definitions = provider.algorithm("createsamplescene").parameterDefinitions()
    outputs = {definition.name(): definition for definition in definitions if definition.isDestination()}
    assert all("synthetic" in definition.description().lower() for definition in outputs.values())
    parameters = {name: QgsProcessingOutputLayerDefinition(str(tmp_path / f"{name}.tif"), project) for name in outputs}
    run = Run("landslides:createsamplescene", parameters)
    assert run.succeeded, run.feedback.errors
    details = list(run.context.layersToLoadOnCompletion().values())
    assert len(details) == 2
    assert all("synthetic" in detail.name for detail in details)
