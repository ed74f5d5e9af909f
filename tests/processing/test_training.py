"""Training: parameters in, command line out; what is kept of a training that is cancelled; what is refused."""

from __future__ import annotations

import json

import pytest
from landslide_detector.processing.engine import Engine
from landslide_detector.processing.engine.packages import check_can_train
from osgeo import gdal
from processing_support import RememberingFeedback, Run, option, polygon_layer, write_raster
from qgis.core import QgsProcessingFeatureSourceDefinition, QgsProject, QgsRasterLayer, QgsVectorLayer

TRAININGS = {"trainpatchclassifier": "patches", "trainsegmentation": "segmentation", "trainanomalydetector": "anomaly"}
DETECTIONS = {"patches": "detectpatches", "segmentation": "segmentlandslides", "anomaly": "detectanomalies"}


@pytest.fixture(autouse=True)
def models(monkeypatch, tmp_path):
    """The user's folder of models, empty."""
    folder = tmp_path / "mes modèles"
    monkeypatch.setenv("LANDSLIDES_MODELS", str(folder))
    return folder


@pytest.fixture
def scene(tmp_path):
    return str(write_raster(tmp_path / "ma scène.tif"))


@pytest.fixture
def labels():
    """Two polygons, in memory and in the project."""
    layer = polygon_layer([(500000, 2699980, 500010, 2699990), (500020, 2699980, 500030, 2699990)])
    QgsProject.instance().addMapLayer(layer, False)
    yield layer
    QgsProject.instance().removeMapLayer(layer)


@pytest.fixture
def label_file(tmp_path):
    path = tmp_path / "labels.geojson"
    square = [[[123.0, 24.408], [123.0001, 24.408], [123.0001, 24.4081], [123.0, 24.408]]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": square}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return str(path)


class CancellingAfterTheSecondScore(RememberingFeedback):
    def pushInfo(self, info):
        super().pushInfo(info)
        if info.startswith("pid "):
            self.cancel()


def train(parameters, name="trainsegmentation", feedback=None):
    return Run(f"landslides:{name}", {"NAME": "mine", **parameters}, feedback)


def failure_of(parameters, name="trainsegmentation"):
    run = train(parameters, name)
    assert not run.succeeded
    (error,) = run.feedback.errors
    assert "\n" not in error
    return error


def offered(provider, algorithm, parameter):
    """What a form that is opened now offers for a parameter."""
    opened = provider.algorithm(algorithm).create()
    return opened.parameterDefinition(parameter).metadata()["widget_wrapper"]["value_hints"]


@pytest.mark.parametrize(("name", "detector"), list(TRAININGS.items())[:2])
def test_what_is_not_chosen_is_left_to_the_engine(provider, fake_engine, scene, label_file, models, name, detector):
    run = train({"INPUT": [scene], "LABELS": label_file}, name)
    assert run.succeeded, run.feedback.errors
    assert fake_engine.arguments == [
        "train", detector, "--image", scene, "--labels", label_file, "--output", str(models / "mine"),
        "--minutes", "30.0", "--validation-share", "0.2",
    ]  # fmt: skip


def test_the_anomaly_detector_needs_no_labels(provider, fake_engine, scene, models):
    run = train({"INPUT": [scene]}, "trainanomalydetector")
    assert run.succeeded, run.feedback.errors
    assert fake_engine.arguments == [
        "train", "anomaly", "--image", scene, "--output", str(models / "mine"), "--minutes", "30.0",
        "--validation-share", "0.2",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "detector"), TRAININGS.items())
def test_all_that_is_chosen_is_passed_on(provider, fake_engine, scene, label_file, tmp_path, name, detector):
    second = str(write_raster(tmp_path / "second.tif"))
    folder = str(tmp_path / "elsewhere")
    normal = {"NORMAL": label_file} if detector == "anomaly" else {}
    run = train(
        {
            "INPUT": [scene, second], "LABELS": label_file, **normal, "BASE": "scratch", "BANDS": "3, 2 1",
            "EXTENT": "500010,500030,2699975,2699990 [EPSG:32651]", "BUDGET_TYPE": "epochs", "BUDGET": 7, "WINDOW": 256,
            "BATCH_SIZE": 8, "VALIDATION_SHARE": 0.3, "DEVICE": "cuda:1", "RESUME": True, "MODEL": folder,
            "GROUND_RESOLUTION": 0.5,
        },
        name,
    )  # fmt: skip
    assert run.succeeded, run.feedback.errors
    assert fake_engine.arguments == [
        "train", detector, "--image", scene, "--image", second, "--resolution", "0.5", "0.5", "--labels", label_file,
        *(["--normal", label_file] if normal else []), "--output", folder, "--name", "mine", "--base", "scratch",
        "--bands", "3,2,1", "--extent", "500010.0,2699975.0,500030.0,2699990.0", "--epochs", "7", "--window", "256",
        "--batch-size", "8", "--validation-share", "0.3", "--device", "cuda:1", "--resume",
    ]  # fmt: skip
    assert run.results["MODEL"] == folder
    assert any(info.startswith(f"The new model is in {folder}") for info in run.feedback.infos)


def test_bands_may_be_a_list_as_of_a_detection(provider, fake_engine, scene, label_file):
    assert train({"INPUT": [scene], "LABELS": label_file, "BANDS": [3, 2, 1]}).succeeded
    assert option(fake_engine.arguments, "--bands") == "3,2,1"


def test_the_models_of_the_detector_and_other_starts_are_offered(provider):
    hints = offered(provider, "trainsegmentation", "BASE")
    assert hints[0] == "auto"
    assert hints[-2:] == ["imagenet", "scratch"]
    assert "segmentation-deeplabv3plus" in hints
    assert "anomaly-unet" not in hints


def test_the_score_is_shown_while_it_trains(provider, fake_engine, scene, label_file):
    run = train({"INPUT": [scene], "LABELS": label_file})
    assert "Epoch 2, step 120: IoU 0.625 on validation data, best so far 0.625" in run.feedback.infos


def test_figures_and_report_of_the_model_are_results(provider, fake_engine, scene, label_file, models):
    results = train({"INPUT": [scene], "LABELS": label_file}).results
    assert results["MODEL"] == str(models / "mine")
    assert results["MODEL_NAME"] == "mine"
    assert results["REPORT"] == str(models / "mine" / "report.html")
    assert (results["F1"], results["IOU"], results["THRESHOLD"], results["BASE_F1"]) == (0.75, 0.625, 0.5, 0.5)
    assert results["AUROC"] is None


@pytest.mark.parametrize(("name", "detector"), TRAININGS.items())
def test_the_new_model_is_listed_at_once_where_it_can_be_used(provider, fake_engine, scene, label_file, name, detector):
    assert train({"INPUT": [scene], "LABELS": label_file}, name).succeeded
    for other, algorithm in DETECTIONS.items():
        assert ("mine" in offered(provider, algorithm, "MODEL")) == (other == detector)


def test_a_cancel_keeps_the_best_model_and_says_so(provider, fake_engine, scene, label_file, models):
    fake_engine.act("train_for_ever")
    run = train({"INPUT": [scene], "LABELS": label_file}, feedback=CancellingAfterTheSecondScore())
    assert run.feedback.errors == []
    assert (models / "mine" / "card.json").is_file()
    assert run.results["MODEL"] == str(models / "mine")
    assert any("best model so far (IoU 0.625 on validation data) is kept" in info for info in run.feedback.infos)
    assert "mine" in offered(provider, "segmentlandslides", "MODEL")


def test_a_cancel_before_the_first_validation_says_that_there_is_no_model(provider, fake_engine, scene, label_file):
    fake_engine.act("run_for_ever")
    run = train({"INPUT": [scene], "LABELS": label_file}, feedback=CancellingAfterTheSecondScore())
    assert run.results == {}
    assert any(info.startswith("No model was written") for info in run.feedback.infos)


def test_a_model_that_is_there_is_only_gone_on_with_when_asked_to(provider, fake_engine, scene, label_file):
    parameters = {"INPUT": [scene], "LABELS": label_file}
    assert train(parameters).succeeded
    assert "There is a model" in failure_of(parameters)
    assert train({**parameters, "RESUME": True}).succeeded
    assert "--resume" in fake_engine.runs[-1]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "auto", "imagenet", "scratch", "ends."])
def test_a_name_that_cannot_be_that_of_a_folder_is_refused(provider, fake_engine, scene, label_file, name):
    run = train({"INPUT": [scene], "LABELS": label_file, "NAME": name})
    assert not run.succeeded


def test_the_name_of_a_shipped_model_is_refused(provider, fake_engine, scene, label_file):
    error = failure_of({"INPUT": [scene], "LABELS": label_file, "NAME": "anomaly-unet"})
    assert "anomaly-unet" in error


def test_labels_are_needed_but_for_anomalies(provider, fake_engine, scene):
    error = failure_of({"INPUT": [scene]})
    assert "LABELS" in error or "Landslides known" in error


def test_a_scene_that_is_not_there_is_named(provider, fake_engine, scene, label_file):
    assert "/nowhere/scene.tif" in failure_of({"INPUT": [scene, "/nowhere/scene.tif"], "LABELS": label_file})


def test_bands_that_are_none_are_refused(provider, fake_engine, scene, label_file):
    assert "red" in failure_of({"INPUT": [scene], "LABELS": label_file, "BANDS": "red,2"})
    assert "has no band 4" in failure_of({"INPUT": [scene], "LABELS": label_file, "BANDS": "1,2,4"})


def test_an_extent_on_scenes_of_different_crs_is_refused(provider, fake_engine, scene, label_file, tmp_path):
    other = str(write_raster(tmp_path / "other.tif", epsg=32652))
    error = failure_of(
        {"INPUT": [scene, other], "LABELS": label_file, "EXTENT": "500010,500030,2699975,2699990 [EPSG:32651]"}
    )
    assert "different CRS" in error


def test_only_selected_polygons_are_learned_from_and_the_layers_stay_as_they_were(
    provider, fake_engine, scene, labels, monkeypatch, tmp_path
):
    layer = QgsProject.instance().addMapLayer(QgsRasterLayer(scene, "scene"), False)
    labels.selectByIds([2])
    kept = tmp_path / "kept.gpkg"
    monkeypatch.setenv("FAKE_ENGINE_KEEP_LABELS", str(kept))
    selected = QgsProcessingFeatureSourceDefinition(labels.id(), selectedFeaturesOnly=True)
    run = train({"INPUT": [layer.id()], "LABELS": selected})
    assert run.succeeded, run.feedback.errors
    copy = QgsVectorLayer(str(kept), "kept", "ogr")
    assert [feature.geometry().boundingBox().xMinimum() for feature in copy.getFeatures()] == [500020]
    assert (labels.featureCount(), labels.selectedFeatureIds()) == (2, [2])
    assert not labels.isEditable()
    assert option(fake_engine.arguments, "--image") == scene
    QgsProject.instance().removeMapLayer(layer)


def test_each_scene_that_is_no_file_gets_a_file_of_its_own(provider, fake_engine, label_file, tmp_path):
    layers = []
    for name in ("one", "two"):
        gdal.Translate(f"/vsimem/{name}.tif", str(write_raster(tmp_path / f"{name}.tif"))).FlushCache()
        layers.append(QgsProject.instance().addMapLayer(QgsRasterLayer(f"/vsimem/{name}.tif", name), False))
    run = train({"INPUT": [layer.id() for layer in layers], "LABELS": label_file})
    assert run.succeeded, run.feedback.errors
    images = [word for before, word in zip(fake_engine.arguments, fake_engine.arguments[1:]) if before == "--image"]
    assert len(set(images)) == 2
    assert not any(image.startswith("/vsimem") for image in images)
    for layer in layers:
        source = layer.source()
        QgsProject.instance().removeMapLayer(layer)
        gdal.Unlink(source)


def environment_with(folder, *packages, settings="include-system-site-packages = false"):
    """An engine in a virtual environment that holds packages."""
    (folder / "bin").mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text(settings)
    (folder / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    for package in packages:
        (folder / "lib" / "python3.12" / "site-packages" / package).mkdir()
    return Engine(folder / "bin" / "landslides", "a test")


def test_an_engine_without_torch_says_before_it_is_run_how_to_add_it(provider, tmp_path, monkeypatch):
    engine = environment_with(tmp_path / "light")
    engine.program.write_text("#!/bin/sh\n")
    engine.program.chmod(0o755)
    monkeypatch.setenv("LANDSLIDES_ENGINE", str(engine.program))
    for name in TRAININGS:
        can_execute, message = provider.algorithm(name).canExecute()
        assert not can_execute
        assert "needs PyTorch" in message
        assert "pip install 'landslide-detector[torch]'" in message
        assert "\n" not in message
    assert provider.algorithm("segmentlandslides").canExecute()[0]


def test_an_engine_with_torch_or_of_which_nothing_can_be_told_may_train(tmp_path):
    engine = environment_with(tmp_path / "full", "torch", "pytorch_lightning")
    assert check_can_train(engine) is engine
    shared = environment_with(tmp_path / "shared", settings="include-system-site-packages = true")
    assert check_can_train(shared) is shared
    unknown = Engine(tmp_path / "conda" / "bin" / "landslides", "a test")
    assert check_can_train(unknown) is unknown
