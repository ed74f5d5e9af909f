"""`landslides:comparedetectors`: the three detectors on one scene, against one inventory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ..algorithm import is_given, only_result
from ..cards import AUTO
from ..destinations import VectorDestination
from ..detection_parameters import bands_parameter, model_parameter
from ..engine import settings
from ..evaluation import EvaluationAlgorithm
from ..i18n import tr
from ..inputs import check_bands, corners, extent_on, raster_layer, text
from ..parameters import advanced, extent_parameter, report_parameter, scene_parameter, truth_parameter, with_help
from ..request import ComparisonRequest
from ..sources import Source, engine_inputs

# The figures of the paper's two tables, and the share of false alarms, by detector.
_TABLES = {
    "patches": ("accuracy", "f1", "precision", "recall", "false_alarm_share"),
    "segmentation": ("mean_iou", "false_alarm_share"),
    "anomaly": ("mean_iou", "false_alarm_share"),
}
# The parameters that choose the models, by detector.
_MODELS = {"patches": "PATCHES_MODEL", "segmentation": "SEGMENTATION_MODEL", "anomaly": "ANOMALY_MODEL"}


class CompareDetectors(EvaluationAlgorithm):
    """Which detector does best on this scene? The tables of the paper, for one's own imagery."""

    NAME = "comparedetectors"
    INPUT = "INPUT"
    BANDS = "BANDS"
    EXTENT = "EXTENT"
    TABLE = "TABLE"
    FOLDER = "FOLDER"

    def __init__(self) -> None:
        super().__init__()
        self._request: ComparisonRequest | None = None
        self._sources: dict[str, Source] = {}

    def displayName(self) -> str:
        return tr("Compare detectors")

    def shortDescription(self) -> str:
        return tr("Runs the three detectors on a scene and measures them against one inventory, side by side.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in [
            scene_parameter(self.INPUT),
            truth_parameter(self.TRUTH),
            bands_parameter(self.BANDS, self.INPUT),
            extent_parameter(self.EXTENT, tr("Extent to search")),
            *advanced(
                model_parameter(_MODELS[detector], description, detector)
                for detector, description in _model_names().items()
            ),
            report_parameter(
                self.REPORT,
                tr("Comparison report"),
                tr("A web page that stands alone: the tables of the paper for this scene, curves, and maps of errors."),
            ),
            with_help(
                QgsProcessingParameterFeatureSink(
                    self.TABLE, tr("Comparison table"), QgsProcessing.SourceType.TypeVector, None, True, True
                ),
                tr(
                    "A row for each detector and figure, with what the colour index, which it has to beat, comes to, "
                    "and the model."
                ),
            ),
            with_help(
                QgsProcessingParameterFolderDestination(
                    self.FOLDER, tr("Folder for what the detectors find"), None, True, False
                ),
                tr("Keeps the probabilities, masks and polygons of all detectors, if you want them."),
            ),
        ]:
            self.addParameter(parameter)
        for name, description in _figures().items():
            self.addOutput(QgsProcessingOutputNumber(name.upper(), description))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        layer = raster_layer(self, parameters, self.INPUT, context)
        extent = extent_on(layer, self, parameters, self.EXTENT, context)
        bands: tuple[int, ...] = ()
        if is_given(parameters, self.BANDS):
            bands = tuple(self.parameterAsInts(parameters, self.BANDS, context))
        check_bands(bands, layer)
        truth = self.existing_layer(parameters, self.TRUTH, context)
        models = {detector: text(self, parameters, name, context, AUTO) for detector, name in _MODELS.items()}
        self._sources = {
            "scene": self.layer_source(layer, parameters, self.INPUT, context, layer, extent, models["segmentation"]),
            "truth": self.layer_source(truth, parameters, self.TRUTH, context, layer, extent),
        }
        self._request = ComparisonRequest(
            "", "", models, bands, corners(extent), settings.DEVICE.value(), settings.PRECISION.value()
        )
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._request is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        report = self.report_path(parameters, context)
        folder = (
            self.parameterAsFileOutput(parameters, self.FOLDER, context) if is_given(parameters, self.FOLDER) else None
        )
        if is_given(parameters, self.TABLE):
            VectorDestination(self.parameterAsFileOutput(parameters, self.TABLE, context)).check()
        with engine_inputs(self._sources, feedback) as inputs:
            if feedback.isCanceled():
                return {}
            request = replace(
                self._request,
                source=inputs.names["scene"],
                truth=inputs.names["truth"],
                output_dir=folder,
                report=report,
            )
            output = self.run_engine(request.arguments(), inputs.feedback)
        if output.cancelled:
            return {}
        found = only_result(output)
        results = {name.upper(): found.get(name) for name in _figures()}
        if is_given(parameters, self.TABLE):
            results[self.TABLE] = self._write_table(found, parameters, context)
        files = {self.REPORT: report, self.FOLDER: folder}
        return {**results, **{name: path for name, path in files.items() if path is not None}}

    def _write_table(self, found: dict[str, Any], parameters: dict[str, Any], context: QgsProcessingContext) -> str:
        fields = QgsFields()
        for name, kind in [
            ("detector", QVariant.String),
            ("figure", QVariant.String),
            ("value", QVariant.Double),
            ("colour_index", QVariant.Double),
            ("model", QVariant.String),
        ]:
            fields.append(QgsField(name, kind))
        sink, destination = self.parameterAsSink(
            parameters, self.TABLE, context, fields, QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.TABLE))
        for detector, figures in _TABLES.items():
            for figure in figures:
                name = f"{detector}_{figure}"
                row = QgsFeature(fields)
                values = (found.get(key) for key in (name, f"{name}_colour_index", f"{detector}_model"))
                row.setAttributes([detector, figure, *values])
                sink.addFeature(row, QgsFeatureSink.Flag.FastInsert)
        del sink  # writes what is still in memory
        return str(destination)


def _model_names() -> dict[str, str]:
    """Return what the choice of each detector's model is called."""
    return {
        "patches": tr("Model of patches (auto: by the scene's resolution)"),
        "segmentation": tr("Model of segmentation (auto: by the scene's resolution)"),
        "anomaly": tr("Model of anomalies (auto: by the scene's resolution)"),
    }


def _figures() -> dict[str, str]:
    """Return the numbers among the engine's results, with what they are."""
    return {
        "patches_accuracy": tr("Accuracy of patches"),
        "patches_f1": tr("F1 of patches"),
        "patches_precision": tr("Precision of patches"),
        "patches_recall": tr("Recall of patches"),
        "segmentation_mean_iou": tr("Mean IoU of segmentation"),
        "anomaly_mean_iou": tr("Mean IoU of anomalies"),
        "patches_false_alarm_share": tr("Share of landslide-free ground that patches take for landslide"),
        "segmentation_false_alarm_share": tr("Share of landslide-free ground that segmentation takes for landslide"),
        "anomaly_false_alarm_share": tr("Share of landslide-free ground that anomalies take for landslide"),
    }
