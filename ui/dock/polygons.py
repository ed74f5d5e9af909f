"""Polygons of a probability layer at a threshold: a chain of QGIS's own algorithms, run in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingModelAlgorithm,
    QgsProcessingModelChildAlgorithm,
    QgsProcessingModelChildParameterSource,
    QgsProcessingModelOutput,
    QgsProcessingModelParameter,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsUnitTypes,
    QgsVectorLayer,
)

from ...processing.i18n import tr
from .feedback import RunFeedback
from .run_property import record_of, set_record
from .styles import load_style

_INPUT = "PROBABILITY"
_MEAN, _MAXIMUM = 2, 6  # as `native:zonalstatisticsfb` numbers them
_BYTE, _CLOSED_RANGE = 0, 2  # as `native:reclassifybytable` does
_DOUBLE, _INTEGER = 6, 2  # field types, as `native:refactorfields` does
_MOST = 1e9
_SPECK = 3.96  # px: like the engine, no polygon of fewer than four; pixels differ a little over a scene


def large_enough(layer: QgsRasterLayer, record: dict[str, Any] | None) -> str:
    """Return an expression that tells which outlines the engine would keep, of the run that gave `layer`."""
    asked = record["parameters"].get("MIN_AREA") if record else None
    if asked is not None:
        return f"$area >= {asked}"
    if record and record["algorithm"].endswith(":detectpatches"):
        return "true"
    return f"area($geometry) >= {_SPECK * layer.rasterUnitsPerPixelX() * layer.rasterUnitsPerPixelY()}"


def polygons_model(threshold: float, kept: str) -> QgsProcessingModelAlgorithm:
    """Return a model that turns a probability raster into polygons with the attributes the engine gives to its own.

    At or above the threshold, 4-connected; `id`, `area_m2` (on the ellipsoid), `mean_probability`, `max_probability`;
    only those that the expression `kept` is true of.
    """
    model = QgsProcessingModelAlgorithm(tr("Landslides at a threshold"), "")
    model.addModelParameter(
        QgsProcessingParameterRasterLayer(_INPUT, tr("Landslide probability")), QgsProcessingModelParameter(_INPUT)
    )
    mask = _child(
        model,
        "native:reclassifybytable",
        INPUT_RASTER=_Input(),
        RASTER_BAND=1,
        TABLE=[threshold, _MOST, 1],
        RANGE_BOUNDARIES=_CLOSED_RANGE,
        NO_DATA=0,
        NODATA_FOR_MISSING=True,
        DATA_TYPE=_BYTE,
    )
    outlines = _child(model, "gdal:polygonize", INPUT=_From(mask), BAND=1, FIELD="DN", EIGHT_CONNECTEDNESS=False)
    landslides = _child(model, "native:extractbyexpression", INPUT=_From(outlines), EXPRESSION=kept)
    measured = _child(
        model,
        "native:zonalstatisticsfb",
        INPUT=_From(landslides),
        INPUT_RASTER=_Input(),
        RASTER_BAND=1,
        COLUMN_PREFIX="p_",
        STATISTICS=[_MEAN, _MAXIMUM],
    )
    fields = [
        ("id", "$id", _INTEGER),
        ("area_m2", "$area", _DOUBLE),
        ("mean_probability", '"p_mean"', _DOUBLE),
        ("max_probability", '"p_max"', _DOUBLE),
    ]
    _child(
        model,
        "native:refactorfields",
        is_last=True,
        INPUT=_From(measured),
        FIELDS_MAPPING=[
            {"name": name, "expression": expression, "type": kind, "length": 0, "precision": 0}
            for name, expression, kind in fields
        ],
    )
    return model


class PolygonMaker:
    """Makes polygons in the background and puts them on the map above their probability layer.

    Args:
        on_end: called when it is over, with a message that says why it failed, else empty.
    """

    def __init__(self, on_end: Callable[[str], None]) -> None:
        self._on_end = on_end
        self._task: QgsProcessingAlgRunnerTask | None = None

    @property
    def is_at_work(self) -> bool:
        return self._task is not None

    def make(self, layer: QgsRasterLayer, threshold: float) -> None:
        """Start on the polygons of `layer` at `threshold`."""
        self._layer_id, self._threshold = layer.id(), threshold
        self._name = layer.name()
        self._record = record_of(layer)
        self._model = polygons_model(threshold, large_enough(layer, self._record))
        self._feedback = RunFeedback()
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._context.setFeedback(self._feedback)
        self._context.setEllipsoid(layer.crs().ellipsoidAcronym() or "EPSG:7030")
        self._context.setAreaUnit(QgsUnitTypes.AreaUnit.AreaSquareMeters)
        (output,) = self._model.destinationParameterDefinitions()
        self._output = output.name()
        destination = QgsProcessingOutputLayerDefinition(QgsProcessing.TEMPORARY_OUTPUT, QgsProject.instance())
        self._task = QgsProcessingAlgRunnerTask(
            self._model, {_INPUT: layer.id(), self._output: destination}, self._context, self._feedback
        )
        if self._task.isCanceled():
            self._over(False, {})
            return
        self._task.executed.connect(self._over)
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self) -> None:
        """End it, without a word."""
        if self._task is not None:
            self._task.cancel()

    def _over(self, succeeded: bool, results: dict[str, Any]) -> None:
        is_cancelled = self._feedback.isCanceled() and not self._feedback.errors
        if succeeded:
            self._show(QgsProcessingUtils.mapLayerFromString(results[self._output], self._context))
        errors = self._feedback.errors
        self._task = None
        self._on_end("" if succeeded or is_cancelled else errors[-1] if errors else tr("The run failed."))

    def _show(self, layer: QgsVectorLayer) -> None:
        self._context.takeResultLayer(layer.id())
        scene = self._name.rpartition(":")[0] or self._name
        layer.setName(tr("{scene}: landslides from {threshold:.3f}").format(scene=scene, threshold=self._threshold))
        load_style(layer, "polygons")
        if self._record is not None:
            parameters = {**self._record["parameters"], "THRESHOLD": self._threshold}
            set_record(layer, {**self._record, "parameters": parameters, "threshold": self._threshold})
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        beside = project.layerTreeRoot().findLayer(self._layer_id)
        group = beside.parent() if beside is not None else project.layerTreeRoot()
        group.insertLayer(0, layer)


class _Input:
    """The input of the model."""


class _From:
    """The output of an earlier step."""

    def __init__(self, child: str) -> None:
        self.child = child


def _child(model: QgsProcessingModelAlgorithm, algorithm: str, is_last: bool = False, **parameters: Any) -> str:
    """Add a step to a model and return its name."""
    child = QgsProcessingModelChildAlgorithm(algorithm)
    child.generateChildId(model)
    for name, value in parameters.items():
        child.addParameterSources(name, [_source(value)])
    if is_last:
        output = QgsProcessingModelOutput("POLYGONS", tr("Landslide polygons"))
        output.setChildId(child.childId())
        output.setChildOutputName("OUTPUT")
        child.setModelOutputs({"POLYGONS": output})
    return model.addChildAlgorithm(child)


def _source(value: Any) -> QgsProcessingModelChildParameterSource:
    if isinstance(value, _Input):
        return QgsProcessingModelChildParameterSource.fromModelParameter(_INPUT)
    if isinstance(value, _From):
        return QgsProcessingModelChildParameterSource.fromChildOutput(value.child, "OUTPUT")
    return QgsProcessingModelChildParameterSource.fromStaticValue(value)
