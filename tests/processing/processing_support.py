"""What several test modules need: a feedback that remembers, small rasters and vectors, a way to run an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessing,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QEventLoop, Qt

gdal.UseExceptions()

REPOSITORY = Path(__file__).resolve().parents[2]


class RememberingFeedback(QgsProcessingFeedback):
    """Keeps what it is told, by kind."""

    def __init__(self) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.commands: list[str] = []
        self.console: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.progress: list[float] = []
        # Directly: the thread that a test runs in may be waiting for this very news.
        self.progressChanged.connect(lambda percent: self.on_progress(percent), Qt.ConnectionType.DirectConnection)

    def on_progress(self, percent):
        self.progress.append(percent)

    def pushInfo(self, info):
        self.infos.append(info)

    def pushCommandInfo(self, info):
        self.commands.append(info)

    def pushConsoleInfo(self, info):
        self.console.append(info)

    def pushWarning(self, warning):
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N803 (QGIS's name)
        self.errors.append(error)

    def setProgressText(self, text):
        self.infos.append(text)


class Run:
    """One run of an algorithm as QGIS does it, with the context and the feedback it left."""

    def __init__(self, algorithm_id: str, parameters: dict[str, Any], feedback: RememberingFeedback | None = None):
        self.feedback = feedback or RememberingFeedback()
        self.context = context_for(self.feedback)
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        self.results, self.succeeded = algorithm.run(parameters, self.context, self.feedback)


def write_raster(
    path: Path,
    size: tuple[int, int] = (40, 30),
    bands: int = 3,
    epsg: int | None = 32651,
    corner: tuple[float, float] = (500000, 2700000),
    pixel: float = 1.0,
    kind: int = gdal.GDT_Byte,
) -> Path:
    """Write a GeoTIFF of `size` (columns, rows) with a pattern in it; without EPSG code also without georeference."""
    columns, rows = size
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind)
    if epsg is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.SetGeoTransform([corner[0], pixel, 0, corner[1], 0, -pixel])
    for band in range(1, bands + 1):
        values = np.add.outer(np.arange(rows) * 3, np.arange(columns) * 2) + 10 * band
        dataset.GetRasterBand(band).WriteArray((values % 250).astype(np.uint16))
    dataset.FlushCache()
    del dataset
    return path


def read_raster(path: Path | str) -> np.ndarray:
    """All bands, (bands, rows, columns)."""
    values = gdal.Open(str(path)).ReadAsArray()
    return values if values.ndim == 3 else values[None]


def polygon_layer(rectangles: list[tuple[float, float, float, float]], crs: str = "EPSG:32651") -> QgsVectorLayer:
    """A layer in memory, with a polygon for each xmin, ymin, xmax, ymax."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=name:string", "areas", "memory")
    features = []
    for number, (xmin, ymin, xmax, ymax) in enumerate(rectangles):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(
            QgsGeometry.fromWkt(f"POLYGON(({xmin} {ymin},{xmax} {ymin},{xmax} {ymax},{xmin} {ymax},{xmin} {ymin}))")
        )
        feature.setAttributes([f"area {number}"])
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    return layer


def option(arguments: list[str], name: str) -> str:
    """The value of `--name VALUE` or `--name=VALUE` on a command line."""
    for word, following in zip(arguments, [*arguments[1:], ""]):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.split("=", maxsplit=1)[1]
    raise AssertionError(f"no {name} in {arguments}")


def context_for(feedback: QgsProcessingFeedback) -> QgsProcessingContext:
    """The context of a run in the project."""
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    context.setFeedback(feedback)
    return context


def run_in_task(algorithm_id, parameters, context, feedback):
    """Run in a background task, as the dialogs do; return success and results."""
    algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
    task = QgsProcessingAlgRunnerTask(algorithm, parameters, context, feedback)
    outcome = []
    loop = QEventLoop()
    task.executed.connect(lambda succeeded, results: (outcome.append((succeeded, results)), loop.quit()))
    QgsApplication.taskManager().addTask(task)
    loop.exec()
    return outcome[0]


class Model:
    """A model of the graphical modeler, made child by child."""

    def __init__(self) -> None:
        self._model = QgsProcessingModelAlgorithm("chain", "A chain of algorithms")

    def add(self, name: str, algorithm_id: str, values: dict[str, Any], final: tuple[str, str] | None = None) -> None:
        """Add a child. A value `(child, output)` comes from another; `final` names an output of it the model has."""
        source = QgsProcessingModelChildParameterSource
        child = QgsProcessingModelChildAlgorithm(algorithm_id)
        child.setChildId(name)
        for parameter, value in values.items():
            fed = source.fromChildOutput(*value) if isinstance(value, tuple) else source.fromStaticValue(value)
            child.addParameterSources(parameter, [fed])
        if final is not None:
            output = QgsProcessingModelOutput(final[0], final[0])
            output.setChildId(name)
            output.setChildOutputName(final[1])
            child.setModelOutputs({final[0]: output})
        self._model.addChildAlgorithm(child)

    def run(self) -> tuple[dict[str, Any], QgsProcessingContext]:
        """Run the model, its outputs going to temporary files; return its results and the context they are in."""
        can_execute, message = self._model.canExecute()
        assert can_execute, message
        # QGIS versions name the outputs differently.
        outputs = [definition.name() for definition in self._model.destinationParameterDefinitions()]
        feedback = RememberingFeedback()
        context = context_for(feedback)
        results, succeeded = self._model.run(dict.fromkeys(outputs, QgsProcessing.TEMPORARY_OUTPUT), context, feedback)
        assert succeeded, feedback.errors
        return results, context
