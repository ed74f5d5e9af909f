"""Evaluation: parameters in, command line out; figures, table and report as results; what is refused."""

from __future__ import annotations

import re

import pytest
from landslide_detector.processing.cards import list_cards
from osgeo import gdal
from processing_support import Run, option, polygon_layer, write_raster
from qgis.core import (
    NULL,
    QgsProcessingParameterDefinition,
    QgsProject,
    QgsRasterLayer,
    QgsVectorFileWriter,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QImage


@pytest.fixture
def scene(tmp_path):
    return str(write_raster(tmp_path / "ma scène.tif"))


@pytest.fixture
def probability(tmp_path):
    return str(write_raster(tmp_path / "probability.tif", bands=1, kind=gdal.GDT_Float32))


@pytest.fixture
def mask(tmp_path):
    return str(write_raster(tmp_path / "mask.tif", bands=1))


@pytest.fixture
def inventory():
    """Polygons in memory and in the project."""
    layer = polygon_layer([(500000, 2699980, 500010, 2699990), (500020, 2699980, 500030, 2699990)])
    QgsProject.instance().addMapLayer(layer, False)
    yield layer
    QgsProject.instance().removeMapLayer(layer)


def assess(parameters):
    return Run("landslides:assessaccuracy", parameters)


def failure_of(name, parameters):
    run = Run(f"landslides:{name}", parameters)
    assert not run.succeeded
    (error,) = run.feedback.errors
    assert "\n" not in error
    return error


def test_what_is_not_chosen_is_left_to_the_engine(provider, fake_engine, probability, mask):
    assert assess({"PREDICTION": probability, "TRUTH": mask}).succeeded
    assert fake_engine.arguments == ["evaluate", "--probability", probability, "--truth", mask]


def test_all_that_is_chosen_is_passed_on(provider, fake_engine, probability, mask, scene, inventory, tmp_path):
    report = str(tmp_path / "report.html")
    run = assess({
        "PREDICTION": probability, "TRUTH": mask, "SCENE": scene, "THRESHOLD": 0.4, "AOI": inventory.id(),
        "EXTENT": "500010,500030,2699975,2699990 [EPSG:32651]", "REPORT": report,
    })  # fmt: skip
    assert run.succeeded, run.feedback.errors
    area = option(fake_engine.arguments, "--aoi")
    assert area.endswith("area/polygons.gpkg")
    assert fake_engine.arguments == [
        "evaluate", "--probability", probability, "--truth", mask, "--scene", scene, "--threshold", "0.4",
        "--extent", "500010.0,2699975.0,500030.0,2699990.0", "--aoi", area, "--report", report,
    ]  # fmt: skip


def test_a_raster_of_whole_numbers_is_a_mask(provider, fake_engine, mask):
    assert assess({"PREDICTION": mask, "TRUTH": mask}).succeeded
    assert option(fake_engine.arguments, "--mask") == mask


def test_whole_numbers_with_a_scale_are_a_probability(provider, fake_engine, mask):
    dataset = gdal.Open(mask, gdal.GA_Update)
    dataset.GetRasterBand(1).SetScale(1 / 250)
    del dataset
    assert assess({"PREDICTION": mask, "TRUTH": mask}).succeeded
    assert option(fake_engine.arguments, "--probability") == mask


def test_polygons_are_compared_in_the_pixels_of_the_scene(provider, fake_engine, scene, inventory):
    run = assess({"PREDICTION": inventory.id(), "TRUTH": inventory.id(), "SCENE": scene})
    assert run.succeeded, run.feedback.errors
    assert option(fake_engine.arguments, "--polygons").endswith("prediction/polygons.gpkg")
    assert option(fake_engine.arguments, "--truth").endswith("truth/polygons.gpkg")
    error = failure_of("assessaccuracy", {"PREDICTION": inventory.id(), "TRUTH": inventory.id()})
    assert "give the scene" in error


def test_imagery_of_a_map_server_is_read_in_the_pixels_of_the_prediction(provider, fake_engine, mask, tmp_path):
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(0x4C7A3D)
    assert picture.save(str(tmp_path / "tile.png"))
    layer = QgsRasterLayer(f"type=xyz&url=file://{tmp_path}/tile.png&zmin=18&zmax=18", "imagery", "wms")
    QgsProject.instance().addMapLayer(layer, False)
    prediction = str(write_raster(tmp_path / "utm.tif", (100, 80), bands=1))
    run = assess({"PREDICTION": prediction, "TRUTH": prediction, "SCENE": layer.id()})
    assert run.succeeded, run.feedback.errors
    assert option(fake_engine.arguments, "--scene").endswith("scene/scene.tif")
    # 100 x 80 m at 1 m a pixel, and a little more for the turn between the two CRS.
    (told,) = [info for info in run.feedback.infos if info.startswith("imagery is no file")]
    width, height = map(int, re.findall(r"(\d+) x (\d+) pixels", told)[0])
    assert 100 <= width <= 106
    assert 80 <= height <= 86
    QgsProject.instance().removeMapLayer(layer)


def test_a_filtered_inventory_counts_as_filtered(provider, fake_engine, probability, tmp_path):
    path = str(tmp_path / "inventory.gpkg")
    QgsVectorFileWriter.writeAsVectorFormatV3(
        polygon_layer([(500000, 2699980, 500010, 2699990), (500020, 2699980, 500030, 2699990)]),
        path,
        QgsProject.instance().transformContext(),
        QgsVectorFileWriter.SaveVectorOptions(),
    )
    layer = QgsProject.instance().addMapLayer(QgsVectorLayer(path, "inventory", "ogr"), False)
    assert assess({"PREDICTION": probability, "TRUTH": layer.id()}).succeeded
    layer.setSubsetString("name = 'area 1'")
    assert assess({"PREDICTION": probability, "TRUTH": layer.id()}).succeeded
    first, second = (option(arguments, "--truth") for arguments in fake_engine.runs)
    assert first.startswith(path)
    assert second.endswith("truth/polygons.gpkg")
    assert layer.subsetString() == "name = 'area 1'"
    QgsProject.instance().removeMapLayer(layer)


def test_figures_and_report_are_results(provider, fake_engine, probability, mask, tmp_path):
    report = str(tmp_path / "report.html")
    run = assess({"PREDICTION": probability, "TRUTH": mask, "REPORT": report})
    assert run.results == {
        "F1": 0.75, "IOU": 0.6, "IOU_BACKGROUND": 0.95, "MEAN_IOU": 0.775, "PRECISION": 0.8, "RECALL": 0.7,
        "ACCURACY": 0.9, "SPECIFICITY": 0.98, "FALSE_ALARM_SHARE": 0.02, "TRUE_POSITIVES": 700, "FALSE_POSITIVES": 175,
        "FALSE_NEGATIVES": 300, "TRUE_NEGATIVES": 8825, "AUROC": None, "AVERAGE_PRECISION": None, "ECE": None,
        "BRIER": 0.0625, "THRESHOLD_USED": 0.5, "LANDSLIDES_TRUE": 9, "LANDSLIDES_FOUND": 6, "LANDSLIDES_MISSED": 3,
        "FALSE_ALARMS": 2, "LANDSLIDES_FOUND_IOU30": 5, "LANDSLIDES_MISSED_IOU30": 4, "FALSE_ALARMS_IOU30": 3,
        "LANDSLIDES_FOUND_IOU50": 1, "LANDSLIDES_MISSED_IOU50": 8, "FALSE_ALARMS_IOU50": 7, "F1_COLOUR_INDEX": 0.5,
        "IOU_COLOUR_INDEX": None, "MEAN_IOU_COLOUR_INDEX": None, "PRECISION_COLOUR_INDEX": None,
        "RECALL_COLOUR_INDEX": None, "FALSE_ALARM_SHARE_COLOUR_INDEX": None, "AUROC_COLOUR_INDEX": 0.625,
        "REPORT": report,
    }  # fmt: skip


def test_the_log_tells_the_figures_that_are_known(provider, fake_engine, probability, mask):
    infos = assess({"PREDICTION": probability, "TRUTH": mask}).feedback.infos
    for line in ("F1: 0.75", "True negatives (pixels or patches): 8,825", "Brier score (of a probability): 0.0625",
                 "Landslides found at IoU 0.5: 1", "F1 of the colour index: 0.5"):  # fmt: skip
        assert line in infos
    assert not any(info.startswith(("AUROC (", "Recall of the colour index")) for info in infos)


@pytest.mark.parametrize("name", ["assessaccuracy", "comparedetectors", "trainsegmentation"])
def test_the_report_is_shown_among_the_results(provider, name):
    (report,) = [output for output in provider.algorithm(name).outputDefinitions() if output.name() == "REPORT"]
    assert report.type() == "outputHtml"


def test_a_report_that_is_no_web_page_is_refused(provider, fake_engine, probability, mask):
    error = failure_of("assessaccuracy", {"PREDICTION": probability, "TRUTH": mask, "REPORT": "/tmp/report.pdf"})
    assert "report.pdf" in error


def test_layers_that_are_not_there_are_named(provider, fake_engine, probability, scene):
    assert "/nowhere/p.tif" in failure_of("assessaccuracy", {"PREDICTION": "/nowhere/p.tif", "TRUTH": probability})
    assert "/nowhere/v.gpkg" in failure_of("comparedetectors", {"INPUT": scene, "TRUTH": "/nowhere/v.gpkg"})


def test_detectors_are_compared_as_asked(provider, fake_engine, scene, mask, tmp_path, monkeypatch):
    monkeypatch.setenv("LANDSLIDES_DEVICE", "cuda:1")
    monkeypatch.setenv("LANDSLIDES_PRECISION", "fp16")
    report, folder = str(tmp_path / "report.html"), str(tmp_path / "found")
    run = Run(
        "landslides:comparedetectors",
        {
            "INPUT": scene, "TRUTH": mask, "BANDS": [3, 2, 1], "EXTENT": "500010,500030,2699975,2699990 [EPSG:32651]",
            "PATCHES_MODEL": "mine", "ANOMALY_MODEL": "/my models/x", "REPORT": report, "FOLDER": folder,
        },
    )  # fmt: skip
    assert run.succeeded, run.feedback.errors
    assert fake_engine.arguments == [
        "compare", scene, "--model", "patches=mine", "--model", "anomaly=/my models/x", "--truth", mask,
        "--bands", "3,2,1", "--extent", "500010.0,2699975.0,500030.0,2699990.0", "--device", "cuda:1",
        "--precision", "fp16", "--output-dir", folder, "--report", report,
    ]  # fmt: skip
    assert run.results == {
        "PATCHES_ACCURACY": 0.9, "PATCHES_F1": 0.6, "PATCHES_PRECISION": 0.5, "PATCHES_RECALL": 0.75,
        "SEGMENTATION_MEAN_IOU": 0.81, "ANOMALY_MEAN_IOU": 0.7, "PATCHES_FALSE_ALARM_SHARE": None,
        "SEGMENTATION_FALSE_ALARM_SHARE": 0.03, "ANOMALY_FALSE_ALARM_SHARE": None, "REPORT": report, "FOLDER": folder,
    }  # fmt: skip


def test_the_comparison_is_a_table_too(provider, fake_engine, scene, mask, tmp_path):
    table = str(tmp_path / "table.gpkg")
    run = Run("landslides:comparedetectors", {"INPUT": scene, "TRUTH": mask, "TABLE": table})
    assert run.succeeded, run.feedback.errors
    layer = QgsVectorLayer(run.results["TABLE"], "table", "ogr")
    rows = [feature.attributes()[1:] for feature in layer.getFeatures()]
    assert rows[0] == ["patches", "accuracy", 0.9, 0.8, "taken"]
    assert [row[:4] for row in rows[5:8]] == [
        ["segmentation", "mean_iou", 0.81, 0.5], ["segmentation", "false_alarm_share", 0.03, NULL],
        ["anomaly", "mean_iou", 0.7, NULL],
    ]  # fmt: skip
    assert not layer.isSpatial()


def test_each_detectors_model_is_chosen_among_its_own(provider):
    definitions = {each.name(): each for each in provider.algorithm("comparedetectors").parameterDefinitions()}
    for detector in ("patches", "segmentation", "anomaly"):
        choice = definitions[f"{detector.upper()}_MODEL"]
        assert choice.flags() & QgsProcessingParameterDefinition.Flag.FlagAdvanced
        assert choice.defaultValue() == "auto"
        own = [card.name for card in list_cards(detector)]
        assert own
        assert choice.metadata()["widget_wrapper"]["value_hints"] == ["auto", *own]


def test_imagery_of_a_map_server_is_compared_at_the_resolution_of_the_chosen_segmentation_model(
    provider, fake_engine, mask, tmp_path
):
    picture = QImage(256, 256, QImage.Format.Format_RGB32)
    picture.fill(0x4C7A3D)
    assert picture.save(str(tmp_path / "tile.png"))
    layer = QgsRasterLayer(f"type=xyz&url=file://{tmp_path}/tile.png&zmin=0&zmax=18", "imagery", "wms")
    QgsProject.instance().addMapLayer(layer, False)
    sizes = []
    for model in ("segmentation-deeplabv3plus", "segmentation-deeplabv3plus-3m"):
        parameters = {"INPUT": layer.id(), "TRUTH": mask, "EXTENT": "0,1000,0,1000 [EPSG:3857]"}
        run = Run("landslides:comparedetectors", {**parameters, "SEGMENTATION_MODEL": model})
        assert run.succeeded, run.feedback.errors
        (told,) = [info for info in run.feedback.infos if info.startswith("imagery is no file")]
        sizes.append(int(re.findall(r"(\d+) x \d+ pixels", told)[0]))
    assert sizes[0] > 2 * sizes[1]
    QgsProject.instance().removeMapLayer(layer)


def test_a_table_that_cannot_be_written_is_named_before_the_engine_runs(provider, fake_engine, scene, mask, tmp_path):
    table = str(tmp_path / "nowhere" / "table.gpkg")
    assert table in failure_of("comparedetectors", {"INPUT": scene, "TRUTH": mask, "TABLE": table})
    assert not fake_engine.has_run


def test_a_threshold_is_for_probabilities_only(provider, fake_engine, mask):
    error = failure_of("assessaccuracy", {"PREDICTION": mask, "TRUTH": mask, "THRESHOLD": 0.4})
    assert "mask" in error
    assert "no probability" in error
