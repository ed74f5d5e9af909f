"""The algorithms with the real engine, as an analyst meets them: in a task, a model, a batch, and with odd inputs."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from landslide_detector.processing.scene import ENGINE_DRIVERS
from osgeo import gdal
from processing_support import (
    Model,
    RememberingFeedback,
    Run,
    context_for,
    polygon_layer,
    read_raster,
    run_in_task,
    write_raster,
)
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsProcessingFeatureSourceDefinition,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QImage

pytestmark = pytest.mark.usefixtures("provider", "real_engine")

DETECTIONS = ["detectpatches", "segmentlandslides", "detectanomalies"]
SIZE = 256


@pytest.fixture
def scene(sample):
    """The path of a sample scene of 256 x 256 px."""
    assert read_raster(sample["SCENE"]).shape == (3, SIZE, SIZE)
    assert set(np.unique(read_raster(sample["TRUTH"]))) <= {0, 1, 255}
    return sample["SCENE"]


@pytest.fixture
def outputs(tmp_path):
    return {
        "PROBABILITY": str(tmp_path / "p.tif"),
        "MASK": str(tmp_path / "m.tif"),
        "POLYGONS": str(tmp_path / "v.gpkg"),
    }


def test_engine_has_the_drivers_of_all_formats_that_are_passed_on_by_name(real_engine):
    ask = "import rasterio\nwith rasterio.Env() as env: print(*env.drivers())"
    said = subprocess.run([real_engine.with_name("python"), "-c", ask], capture_output=True, text=True, check=True)
    assert ENGINE_DRIVERS - set(said.stdout.split()) == set()


def detect(parameters, name="segmentlandslides"):
    run = Run(f"landslides:{name}", parameters)
    assert run.succeeded, run.feedback.errors
    return run


def check_outputs(results, scene):
    """Probability in [0, 1] and mask in {0, 1}, on one grid and in the scene's CRS; polygons with attributes."""
    probability, mask = gdal.Open(results["PROBABILITY"]), gdal.Open(results["MASK"])
    wkt = gdal.Open(scene).GetProjection()
    for dataset in (probability, mask):
        assert dataset.GetProjection() == wkt
        assert (dataset.RasterXSize, dataset.RasterYSize) == (probability.RasterXSize, probability.RasterYSize)
    values = probability.ReadAsArray()
    valid = ~np.isnan(values)
    assert valid.any()
    assert values[valid].min() >= 0
    assert values[valid].max() <= 1
    assert set(np.unique(mask.ReadAsArray())) <= {0, 1, 255}
    polygons = QgsVectorLayer(results["POLYGONS"], "polygons", "ogr")
    assert polygons.isValid()
    assert polygons.featureCount() == results["COUNT"]
    assert 0 <= results["SHARE"] <= 1
    assert results["AREA"] >= 0


@pytest.mark.parametrize("name", DETECTIONS)
def test_a_detection_runs_in_a_background_task(scene, outputs, name):
    feedback = RememberingFeedback()
    succeeded, results = run_in_task(f"landslides:{name}", {"INPUT": scene, **outputs}, context_for(feedback), feedback)
    assert succeeded, feedback.errors
    check_outputs(results, scene)
    assert feedback.progress
    assert max(feedback.progress) == pytest.approx(100)


def test_the_map_gets_styled_layers_named_after_the_scene_and_keeps_the_scene_as_it_was(scene, outputs):
    from processing.gui.Postprocessing import handleAlgorithmResults

    project = QgsProject.instance()
    layer = project.addMapLayer(QgsRasterLayer(scene, "Jiuzhaigou 2017"))
    layer.renderer().setOpacity(0.7)
    before = Path(scene).read_bytes(), layer.extent(), layer.crs().authid(), layer.renderer().opacity()
    feedback = RememberingFeedback()
    context = context_for(feedback)
    parameters = {
        "INPUT": layer.id(),
        **{name: QgsProcessingOutputLayerDefinition(path, project) for name, path in outputs.items()},
    }
    succeeded, _results = run_in_task("landslides:segmentlandslides", parameters, context, feedback)
    assert succeeded, feedback.errors
    algorithm = QgsApplication.processingRegistry().algorithmById("landslides:segmentlandslides")
    assert handleAlgorithmResults(algorithm, context, feedback, parameters=parameters), feedback.errors
    names = sorted(loaded.name() for loaded in project.mapLayers().values())
    assert names == [
        "Jiuzhaigou 2017",
        "Jiuzhaigou 2017: landslide mask",
        "Jiuzhaigou 2017: landslide probability",
        "Jiuzhaigou 2017: landslides",
    ]
    (probability,) = project.mapLayersByName("Jiuzhaigou 2017: landslide probability")
    (mask,) = project.mapLayersByName("Jiuzhaigou 2017: landslide mask")
    (polygons,) = project.mapLayersByName("Jiuzhaigou 2017: landslides")
    assert probability.renderer().type() == "singlebandpseudocolor"
    assert mask.renderer().type() == "paletted"
    assert polygons.renderer().symbol().symbolLayerCount() == 2
    assert (Path(scene).read_bytes(), layer.extent(), layer.crs().authid(), layer.renderer().opacity()) == before
    project.clear()


def test_an_extent_in_another_crs_and_selected_polygons_bound_the_search(scene, outputs, tmp_path):
    whole = QgsRasterLayer(scene, "scene")
    box = whole.extent()
    side = box.width() / 4
    west, north = box.xMinimum() + side, box.yMaximum() - side
    # Of two polygons only the first is selected: the western half of the extent.
    area = polygon_layer(
        [(west, north - 2 * side, west + side, north), (west + side, north - 2 * side, west + 2 * side, north)],
        whole.crs().authid(),
    )
    QgsProject.instance().addMapLayer(area, False)
    area.selectByIds([1])
    degrees = QgsCoordinateTransform(whole.crs(), QgsCoordinateReferenceSystem("EPSG:4326"), QgsProject.instance())
    box = degrees.transformBoundingBox(QgsRectangle(west, north - 2 * side, west + 2 * side, north))
    extent = f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:4326]"
    shapefile = str(tmp_path / "v.shp")
    run = detect({
        "INPUT": scene, **outputs, "POLYGONS": shapefile, "EXTENT": extent,
        "AOI": QgsProcessingFeatureSourceDefinition(area.id(), selectedFeaturesOnly=True),
    })  # fmt: skip
    QgsProject.instance().removeMapLayer(area)
    probability = gdal.Open(run.results["PROBABILITY"])
    # A box in degrees is a little larger in metres.
    assert SIZE / 2 <= probability.RasterXSize <= SIZE / 2 + 20
    values = probability.ReadAsArray()
    left, width = probability.GetGeoTransform()[:2]
    border = round((west + side - left) / width)
    assert np.isnan(values[:, border + 1 :]).all()
    assert not np.isnan(values[:, 20 : border - 1]).all()
    assert QgsVectorLayer(shapefile, "polygons", "ogr").featureCount() == run.results["COUNT"]


def test_a_scene_can_be_screened_first(scene, outputs):
    run = detect({"INPUT": scene, **outputs, "SCREEN": True})
    check_outputs(run.results, scene)
    assert "--screen" in run.feedback.commands[0]


def test_in_a_picture_without_georeference_an_extent_is_met_where_qgis_shows_it(scene, outputs, tmp_path):
    photo = str(tmp_path / "photo.png")
    gdal.Translate(photo, scene, format="PNG")
    Path(f"{photo}.aux.xml").unlink(missing_ok=True)
    layer = QgsProject.instance().addMapLayer(QgsRasterLayer(photo, "photo"), False)
    assert layer.extent() == QgsRectangle(0, -SIZE, SIZE, 0)
    area = polygon_layer([(64, -128, 128, -64)], "")
    QgsProject.instance().addMapLayer(area, False)
    run = detect({"INPUT": layer.id(), **outputs, "EXTENT": "64,192,-192,-64", "AOI": area.id(), "THRESHOLD": 0})
    found = QgsRasterLayer(run.results["PROBABILITY"], "found")
    assert found.extent() == QgsRectangle(64, -192, 192, -64)
    values = read_raster(run.results["PROBABILITY"])[0]
    assert not np.isnan(values[:64, :64]).any()
    assert np.isnan(values[65:]).all()
    polygons = QgsVectorLayer(run.results["POLYGONS"], "polygons", "ogr")
    assert polygons.extent() == QgsRectangle(64, -128, 128, -64)
    for used in (layer, area):
        QgsProject.instance().removeMapLayer(used)


def test_tiles_of_a_map_server_are_searched_at_the_resolution_of_the_model(outputs, tmp_path):
    # One picture for all the world at zoom level 18: what counts is the way from layer to result.
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(0x4C7A3D)
    assert picture.save(str(tmp_path / "tile.png"))
    layer = QgsRasterLayer(f"type=xyz&url=file://{tmp_path}/tile.png&zmin=18&zmax=18", "imagery", "wms")
    QgsProject.instance().addMapLayer(layer, False)
    run = detect({"INPUT": layer.id(), "EXTENT": "11500000,11500300,3900000,3900300 [EPSG:3857]", **outputs})
    QgsProject.instance().removeMapLayer(layer)
    probability = gdal.Open(run.results["PROBABILITY"])
    assert probability.GetSpatialRef().GetAuthorityCode(None) == "3857"
    left, width, _, top, _, _ = probability.GetGeoTransform()
    assert (left, top) == pytest.approx((11500000, 3900300))
    assert probability.RasterXSize * width == pytest.approx(300, abs=2 * width)
    assert not list(Path(QgsProcessingUtils.tempFolder()).rglob("scene.tif"))


def test_a_scene_with_too_few_bands_is_refused_in_one_line(outputs, tmp_path):
    path = write_raster(tmp_path / "two bands.tif", (64, 64), bands=2)
    run = Run("landslides:segmentlandslides", {"INPUT": str(path), **outputs})
    assert not run.succeeded
    (error,) = run.feedback.errors
    assert "two bands.tif" in error
    assert "2 bands" in error
    assert "\n" not in error
    assert "Traceback" not in error
    assert not any(Path(output).exists() for output in outputs.values())


def test_a_cancel_ends_the_engine_and_leaves_no_file(outputs, tmp_path):
    class CancellingAtWork(RememberingFeedback):
        def on_progress(self, percent):
            super().on_progress(percent)
            if percent > 0 and not self.isCanceled():
                self.cancelled_at = time.monotonic()
                self.cancel()

    path = write_raster(tmp_path / "large.tif", (3000, 3000))
    feedback = CancellingAtWork()
    run_in_task("landslides:segmentlandslides", {"INPUT": str(path), **outputs}, context_for(feedback), feedback)
    assert time.monotonic() - feedback.cancelled_at < 2
    # QGIS itself keeps the statistics of a raster it has opened by its path.
    assert {entry.name for entry in tmp_path.iterdir()} - {"large.tif.aux.xml"} == {"large.tif"}
    assert not _engine_children()


def _engine_children():
    """Process ids of children of this process that run the engine."""
    children = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == os.getpid() and b"landslides" in command:
                children.append(int(entry.name))
    return children


def test_a_batch_runs_each_row_and_one_bad_row_does_not_stop_the_others(scene, tmp_path):
    # What the batch dialog does: the same algorithm object, a context of its own for each row.
    algorithm = QgsApplication.processingRegistry().algorithmById("landslides:segmentlandslides")
    rows = [("west", scene), ("broken", str(tmp_path / "nowhere.tif")), ("again", scene)]
    succeeded = {}
    for name, source in rows:
        feedback = RememberingFeedback()
        parameters = {
            "INPUT": source, "PROBABILITY": str(tmp_path / f"{name}_p.tif"), "MASK": str(tmp_path / f"{name}_m.tif"),
        }  # fmt: skip
        _results, succeeded[name] = algorithm.run(parameters, context_for(feedback), feedback)
    assert succeeded == {"west": True, "broken": False, "again": True}
    assert np.array_equal(read_raster(tmp_path / "west_p.tif"), read_raster(tmp_path / "again_p.tif"), equal_nan=True)


def test_in_a_model_the_outputs_feed_the_next_algorithm():
    model = Model()
    model.add("sample", "landslides:createsamplescene", {"SIZE": SIZE, "SEED": 2})
    model.add("segment", "landslides:segmentlandslides", {"INPUT": ("sample", "SCENE"), "THRESHOLD": 0.05})
    model.add(
        "centroids", "native:centroids", {"INPUT": ("segment", "POLYGONS"), "ALL_PARTS": False}, ("points", "OUTPUT")
    )
    results, context = model.run()
    assert results["CHILD_RESULTS"]["segment"]["COUNT"] is not None
    (final,) = [value for name, value in results.items() if name.endswith("points")]
    points = QgsProcessingUtils.mapLayerFromString(final, context)
    assert points.featureCount() == results["CHILD_RESULTS"]["segment"]["COUNT"]


def test_the_environment_of_the_engine_is_described():
    run = Run("landslides:checkenvironment", {})
    assert run.succeeded, run.feedback.errors
    assert run.results["DEVICE"]
    assert run.results["PRECISION"]
    assert "rasterio" in run.results["INFO"]
