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
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFolderDestination,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from ..algorithm import is_given, only_result
from ..cards import AUTO
from ..detection_parameters import bands_parameter
from ..evaluation import EvaluationAlgorithm
from ..i18n import tr
from ..inputs import check_bands, corners, extent_on, raster_layer, scene_source
from ..parameters import extent_parameter, report_parameter, scene_parameter, truth_parameter, with_help
from ..request import ComparisonRequest
from ..sources import Source, engine_inputs

_WORDS = ("detector", "model")
_NUMBERS = (
    "threshold", "accuracy", "precision", "recall", "f1", "iou", "iou_background", "mean_iou", "auroc",
    "average_precision",
)  # fmt: skip


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
            report_parameter(
                self.REPORT,
                tr("Comparison report"),
                tr("A web page that stands alone: the tables of the paper for this scene, curves, and maps of errors."),
            ),
            with_help(
                QgsProcessingParameterFeatureSink(
                    self.TABLE, tr("Comparison table"), QgsProcessing.SourceType.TypeVector, None, True, True
                ),
                tr("A table with a row for each detector, and one for the colour index they have to beat."),
            ),
            with_help(
                QgsProcessingParameterFolderDestination(
                    self.FOLDER, tr("Folder for what the detectors find"), None, True, False
                ),
                tr("Keeps the probabilities, masks and polygons of all detectors, if you want them."),
            ),
        ]:
            self.addParameter(parameter)

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
        self._sources = {
            "scene": scene_source(layer, extent, None, AUTO, "segmentation", context),
            "truth": self.layer_source(truth, parameters, self.TRUTH, context),
        }
        self._request = ComparisonRequest("", "", bands, corners(extent))
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._request is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        report = self.report_path(parameters, context, feedback)
        folder = (
            self.parameterAsFileOutput(parameters, self.FOLDER, context) if is_given(parameters, self.FOLDER) else None
        )
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
        results = {self.REPORT: report, self.FOLDER: folder}
        if is_given(parameters, self.TABLE):
            results[self.TABLE] = self._write_table(only_result(output)["rows"], parameters, context)
        return {name: value for name, value in results.items() if value is not None}

    def _write_table(
        self, rows: list[dict[str, Any]], parameters: dict[str, Any], context: QgsProcessingContext
    ) -> str:
        fields = QgsFields()
        for name in _WORDS:
            fields.append(QgsField(name, QVariant.String))
        for name in _NUMBERS:
            fields.append(QgsField(name, QVariant.Double))
        sink, destination = self.parameterAsSink(
            parameters, self.TABLE, context, fields, QgsWkbTypes.Type.NoGeometry, QgsCoordinateReferenceSystem()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, self.TABLE))
        for row in rows:
            feature = QgsFeature(fields)
            feature.setAttributes([row.get(name) for name in (*_WORDS, *_NUMBERS)])
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        del sink  # writes what is still in memory
        return str(destination)
