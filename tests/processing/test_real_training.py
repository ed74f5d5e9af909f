"""Training and evaluation with the real engine: seconds on a tiny scene, which teaches nothing but shows the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processing_support import (
    Model,
    RememberingFeedback,
    Run,
    context_for,
    polygon_layer,
    run_in_task,
)
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsVectorLayer

pytestmark = pytest.mark.usefixtures("provider", "real_engine")

# As little as there can be: a few steps of two small windows.
TINY = {"BUDGET_TYPE": "minutes", "BUDGET": 0.1, "WINDOW": 64, "BATCH_SIZE": 2}


@pytest.fixture(autouse=True)
def models(monkeypatch, tmp_path):
    """The user's folder of models, empty."""
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def scene(sample):
    return sample["SCENE"]


@pytest.fixture
def labels(scene):
    """Polygons in memory over a quarter of the scene."""
    extent = QgsRasterLayer(scene, "scene").extent()
    west, north, side = extent.xMinimum(), extent.yMaximum(), extent.width() / 8
    squares = [
        (west + column * 2 * side, north - (row * 2 + 1) * side, west + (column * 2 + 1) * side, north - row * 2 * side)
        for column in range(4)
        for row in range(4)
    ]
    layer = polygon_layer(squares, QgsRasterLayer(scene, "scene").crs().authid())
    QgsProject.instance().addMapLayer(layer, False)
    yield layer
    QgsProject.instance().removeMapLayer(layer)


def test_a_model_is_trained_listed_and_detected_with(scene, labels, models, tmp_path):
    before = Path(scene).read_bytes()
    feedback = RememberingFeedback()
    succeeded, results = run_in_task(
        "landslides:trainsegmentation",
        {"INPUT": [scene], "LABELS": labels.id(), "NAME": "mine", **TINY},
        context_for(feedback),
        feedback,
    )
    assert succeeded, feedback.errors
    assert results["MODEL"] == str(models / "mine")
    assert Path(results["REPORT"]).is_file()
    assert 0 <= results["THRESHOLD"] <= 1
    assert any("on validation data" in info for info in feedback.infos)
    assert Path(scene).read_bytes() == before
    assert labels.featureCount() == 16
    detection = {"INPUT": scene, "PROBABILITY": str(tmp_path / "p.tif"), "MASK": str(tmp_path / "m.tif")}
    run = Run("landslides:segmentlandslides", {**detection, "MODEL": "mine"})
    assert run.succeeded, run.feedback.errors


def test_a_cancelled_training_leaves_a_model_that_detects(scene, models, tmp_path):
    class CancellingAtTheFirstScore(RememberingFeedback):
        def setProgressText(self, text):
            super().setProgressText(text)
            if "on validation data" in text:
                self.cancel()

    feedback = CancellingAtTheFirstScore()
    run = Run("landslides:trainanomalydetector", {"INPUT": [scene], "NAME": "mine", **TINY, "BUDGET": 30}, feedback)
    assert feedback.errors == []
    assert any("best model so far" in info for info in feedback.infos), feedback.infos
    assert json.loads((models / "mine" / "card.json").read_text(encoding="utf-8"))["detector"] == "anomaly"
    detection = {"INPUT": scene, "PROBABILITY": str(tmp_path / "p.tif"), "MASK": str(tmp_path / "m.tif")}
    run = Run("landslides:detectanomalies", {**detection, "MODEL": run.results["MODEL"]})
    assert run.succeeded, run.feedback.errors


def test_training_detection_and_evaluation_follow_each_other_in_a_model(models):
    model = Model()
    model.add("sample", "landslides:createsamplescene", {"SIZE": 256, "SEED": 1})
    model.add("train", "landslides:trainanomalydetector", {"INPUT": ("sample", "SCENE"), "NAME": "mine", **TINY})
    model.add("detect", "landslides:detectanomalies", {"INPUT": ("sample", "SCENE"), "MODEL": ("train", "MODEL_NAME")})
    model.add(
        "assess",
        "landslides:assessaccuracy",
        {"PREDICTION": ("detect", "PROBABILITY"), "TRUTH": ("sample", "TRUTH"), "SCENE": ("sample", "SCENE")},
    )
    results, _context = model.run()
    assert 0 <= results["CHILD_RESULTS"]["assess"]["MEAN_IOU"] <= 1
    assert (models / "mine" / "card.json").is_file()


def test_accuracy_is_assessed_in_a_batch_with_a_report_for_each_row(sample, tmp_path):
    # What the batch dialog does: the same algorithm object, a context of its own for each row.
    algorithm = QgsApplication.processingRegistry().algorithmById("landslides:assessaccuracy")
    truth = sample["TRUTH"]
    for name, prediction, f1 in [("same", truth, 1.0), ("broken", str(tmp_path / "nowhere.tif"), None)]:
        feedback = RememberingFeedback()
        report = tmp_path / f"{name}.html"
        parameters = {"PREDICTION": prediction, "TRUTH": truth, "SCENE": sample["SCENE"], "REPORT": str(report)}
        results, succeeded = algorithm.run(parameters, context_for(feedback), feedback)
        assert succeeded == (f1 is not None), feedback.errors
        assert report.is_file() == succeeded
        assert results.get("F1") == f1


def test_the_detectors_are_compared(sample, tmp_path):
    parameters = {
        "INPUT": sample["SCENE"], "TRUTH": sample["TRUTH"], "REPORT": str(tmp_path / "report.html"),
        "TABLE": str(tmp_path / "table.gpkg"),
    }  # fmt: skip
    run = Run("landslides:comparedetectors", parameters)
    assert run.succeeded, run.feedback.errors
    assert 0 <= run.results["SEGMENTATION_MEAN_IOU"] <= 1
    assert "Table 1" in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert QgsVectorLayer(run.results["TABLE"], "table", "ogr").featureCount() == 9
