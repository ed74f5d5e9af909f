"""`landslides:assessaccuracy`: a prediction against an inventory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsRasterLayer,
)

from ..algorithm import is_given, only_result
from ..evaluation import EvaluationAlgorithm
from ..i18n import tr
from ..inputs import corners, extent_on, number, raster_layer
from ..parameters import (
    DOUBLE,
    POLYGON,
    RASTER,
    area_parameter,
    extent_parameter,
    report_parameter,
    truth_parameter,
    with_help,
)
from ..polygons import resolve_polygons
from ..request import AssessmentRequest
from ..sources import Source, engine_inputs


class AssessAccuracy(EvaluationAlgorithm):
    """How good is a map of landslides, by pixel and by landslide?"""

    NAME = "assessaccuracy"
    PREDICTION = "PREDICTION"
    SCENE = "SCENE"
    THRESHOLD = "THRESHOLD"
    EXTENT = "EXTENT"
    AOI = "AOI"

    def __init__(self) -> None:
        super().__init__()
        self._request: AssessmentRequest | None = None
        self._sources: dict[str, Source] = {}

    def displayName(self) -> str:
        return tr("Assess accuracy")

    def shortDescription(self) -> str:
        return tr("Measures detected landslides against an inventory, and writes a report with maps of the errors.")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in self._parameters():
            self.addParameter(parameter)
        for field, description in _figures().items():
            self.addOutput(QgsProcessingOutputNumber(_output_name(field), description))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        given = (self, parameters)
        prediction = self.existing_layer(parameters, self.PREDICTION, context)
        truth = self.existing_layer(parameters, self.TRUTH, context)
        scene = raster_layer(*given, self.SCENE, context) if is_given(parameters, self.SCENE) else None
        grid = next((layer for layer in (prediction, scene, truth) if isinstance(layer, QgsRasterLayer)), None)
        if grid is None:
            raise QgsProcessingException(
                tr("Polygons against polygons: give the scene too, in whose pixels they are compared.")
            )
        extent = extent_on(grid, *given, self.EXTENT, context)
        layers = {"prediction": (prediction, self.PREDICTION), "truth": (truth, self.TRUTH)}
        if scene is not None:
            layers["scene"] = (scene, self.SCENE)
        self._sources = {
            key: self.layer_source(layer, parameters, name, context, grid, extent)
            for key, (layer, name) in layers.items()
        }
        if is_given(parameters, self.AOI):
            self._sources["area"] = resolve_polygons(*given, self.AOI, context)
        kind = _kind_of(prediction)
        if kind != "probability" and is_given(parameters, self.THRESHOLD):
            raise QgsProcessingException(
                tr("{} holds no probability, so there is no threshold to set.").format(prediction.name())
            )
        self._request = AssessmentRequest(
            kind=kind,
            prediction="",
            truth="",
            threshold=number(*given, self.THRESHOLD, context),
            extent=corners(extent),
        )
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._request is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        report = self.report_path(parameters, context)
        with engine_inputs(self._sources, feedback) as inputs:
            if feedback.isCanceled():
                return {}
            names = inputs.names
            request = replace(
                self._request,
                prediction=names["prediction"],
                truth=names["truth"],
                scene=names.get("scene"),
                area=names.get("area"),
                report=report,
            )
            output = self.run_engine(request.arguments(), inputs.feedback)
        if output.cancelled:
            return {}
        found = only_result(output)
        for field, description in _figures().items():
            if (value := found.get(field)) is not None:
                told = f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
                feedback.pushInfo(f"{description}: {told}")
        figures = {_output_name(field): found.get(field) for field in _figures()}
        return {**figures, self.REPORT: report} if report else figures

    def _parameters(self) -> list[Any]:
        return [
            with_help(
                QgsProcessingParameterMapLayer(
                    self.PREDICTION, tr("Detected landslides"), None, False, [RASTER, POLYGON]
                ),
                tr(
                    "What a detection gave: its probability, its mask, or its polygons. A raster of fractions is taken "
                    "for a probability, one of whole numbers for a mask."
                ),
            ),
            truth_parameter(self.TRUTH),
            with_help(
                QgsProcessingParameterRasterLayer(self.SCENE, tr("Scene, for the maps"), optional=True),
                tr(
                    "The imagery: the report shows hits, misses and false alarms on it, and what a simple colour index "
                    "would have found. Needed where both the detected and the known landslides are polygons."
                ),
            ),
            with_help(
                QgsProcessingParameterNumber(
                    self.THRESHOLD, tr("Threshold"), DOUBLE, None, optional=True, minValue=0, maxValue=1
                ),
                tr("From which probability on something counts as landslide. If it is not set, that of the detection."),
            ),
            extent_parameter(self.EXTENT, tr("Extent to measure in")),
            area_parameter(self.AOI),
            report_parameter(
                self.REPORT,
                tr("Accuracy report"),
                tr(
                    "A web page that stands alone: figures by pixel and by landslide, curves, calibration, and maps of "
                    "the errors."
                ),
            ),
        ]


def _kind_of(prediction: QgsMapLayer) -> str:
    """Return what the engine is to take a layer for."""
    if not isinstance(prediction, QgsRasterLayer):
        return "polygons"
    provider = prediction.dataProvider()
    # The compact form of a probability: whole numbers, with a scale that makes fractions of them.
    is_scaled = provider.bandScale(1) not in (0, 1)
    is_fractional = provider.sourceDataType(1) in (Qgis.DataType.Float32, Qgis.DataType.Float64)
    return "probability" if is_scaled or is_fractional else "mask"


def _figures() -> dict[str, str]:
    """Return the numbers among the engine's results, with what they are."""
    return {
        "f1": tr("F1"),
        "iou": tr("IoU of landslides"),
        "iou_background": tr("IoU of the background"),
        "mean_iou": tr("Mean IoU"),
        "precision": tr("Precision"),
        "recall": tr("Recall"),
        "accuracy": tr("Accuracy"),
        "specificity": tr("Specificity"),
        "false_alarm_share": tr("Share of landslide-free ground taken for landslide"),
        "true_positives": tr("True positives (pixels or patches)"),
        "false_positives": tr("False positives (pixels or patches)"),
        "false_negatives": tr("False negatives (pixels or patches)"),
        "true_negatives": tr("True negatives (pixels or patches)"),
        "auroc": tr("AUROC (of a probability)"),
        "average_precision": tr("Average precision (of a probability)"),
        "ece": tr("Expected calibration error (of a probability)"),
        "brier": tr("Brier score (of a probability)"),
        "threshold": tr("Threshold that was used"),
        "landslides_true": tr("Landslides known"),
        "landslides_found": tr("Landslides found at IoU 0.1"),
        "landslides_missed": tr("Landslides missed at IoU 0.1"),
        "false_alarms": tr("False alarms at IoU 0.1"),
        "landslides_found_iou30": tr("Landslides found at IoU 0.3"),
        "landslides_missed_iou30": tr("Landslides missed at IoU 0.3"),
        "false_alarms_iou30": tr("False alarms at IoU 0.3"),
        "landslides_found_iou50": tr("Landslides found at IoU 0.5"),
        "landslides_missed_iou50": tr("Landslides missed at IoU 0.5"),
        "false_alarms_iou50": tr("False alarms at IoU 0.5"),
        "f1_colour_index": tr("F1 of the colour index"),
        "iou_colour_index": tr("IoU of landslides of the colour index"),
        "mean_iou_colour_index": tr("Mean IoU of the colour index"),
        "precision_colour_index": tr("Precision of the colour index"),
        "recall_colour_index": tr("Recall of the colour index"),
        "false_alarm_share_colour_index": tr(
            "Share of landslide-free ground that the colour index takes for landslide"
        ),
        "auroc_colour_index": tr("AUROC of the colour index"),
    }


def _output_name(field: str) -> str:
    # The name THRESHOLD is that of a parameter.
    return "THRESHOLD_USED" if field == "threshold" else field.upper()
