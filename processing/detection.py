"""Base of the three detections: from a raster layer to probability, mask and polygons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from qgis.core import QgsProcessingContext, QgsProcessingFeedback

from .algorithm import EngineAlgorithm, is_given, only_result
from .cards import AUTO, has_int8
from .destinations import raster_destination, vector_destination
from .detection_parameters import DetectionParameters as P
from .detection_parameters import detection_outputs, detection_parameters
from .engine import EngineOutput
from .i18n import tr
from .inputs import check_bands, corners, extent_on, integer, number, raster_layer, scene_source, text
from .polygons import resolve_polygons
from .record import RunRecord, now, repeatable_parameters
from .request import DetectionRequest
from .sources import Source, engine_inputs
from .styling import style_output


@dataclass(frozen=True)
class _Plan:
    """What `prepareAlgorithm` found out in the main thread, for `processAlgorithm` in a worker thread.

    Attributes:
        request: for the engine, still without data sources and destinations.
        sources: the layers it will read: `scene`, and `area` if there is one.
        scene: name of the scene's layer.
        provider: key of its data provider.
        parameters: to be kept with the results.
    """

    request: DetectionRequest
    sources: dict[str, Source]
    scene: str
    provider: str
    parameters: dict[str, Any]


class DetectionAlgorithm(EngineAlgorithm):
    """A detection. A subclass names its detector, and the style of its probability raster.

    `prepareAlgorithm` resolves and checks every input in the main thread; `processAlgorithm` touches only what it kept.
    """

    DETECTOR = ""
    PROBABILITY_STYLE = "probability"
    CAN_SCREEN = False

    def __init__(self) -> None:
        super().__init__()
        self._plan: _Plan | None = None

    def group(self) -> str:
        return tr("Detection")

    def groupId(self) -> str:
        return "detection"

    def tags(self) -> list[str]:
        return tr("landslide,detection,deep learning,neural network,disaster,earthquake,imagery").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in detection_parameters(self.DETECTOR, self.CAN_SCREEN):
            self.addParameter(parameter)
        for output in detection_outputs():
            self.addOutput(output)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        given = (self, parameters)
        layer = raster_layer(*given, P.INPUT, context)
        extent = extent_on(layer, *given, P.EXTENT, context)
        model = text(*given, P.MODEL, context, AUTO)
        bands = tuple(self.parameterAsInts(parameters, P.BANDS, context)) if is_given(parameters, P.BANDS) else ()
        check_bands(bands, layer)
        resolution = number(*given, P.RESOLUTION, context)
        device = text(*given, P.DEVICE, context, AUTO)
        sources = {"scene": scene_source(layer, extent, resolution, model, self.DETECTOR, context)}
        if is_given(parameters, P.AOI):
            sources["area"] = resolve_polygons(*given, P.AOI, context)
        request = DetectionRequest(
            detector=self.DETECTOR,
            source="",
            probability="",
            mask="",
            model=model,
            bands=bands,
            threshold=number(*given, P.THRESHOLD, context),
            extent=corners(extent),
            screen=self.CAN_SCREEN and self.parameterAsBoolean(parameters, P.SCREEN, context),
            min_area=number(*given, P.MIN_AREA, context),
            tile_size=integer(*given, P.TILE_SIZE, context),
            overlap=integer(*given, P.OVERLAP, context) if self.parameterDefinition(P.OVERLAP) else None,
            batch_size=integer(*given, P.BATCH_SIZE, context),
            device=device,
            precision=self._precision(parameters, model, device, context, feedback),
        )
        repeatable = repeatable_parameters(self, parameters, context, layer.crs())
        self._plan = _Plan(request, sources, layer.name(), layer.providerType(), repeatable)
        return True

    def _precision(
        self,
        parameters: dict[str, Any],
        model: str,
        device: str,
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> str:
        """Return the precision to ask for: int8, which may be set for all models, only where it can be had."""
        precision = self.parameterAsEnumString(parameters, P.PRECISION, context) or AUTO
        if precision != "int8" or (device in (AUTO, "cpu") and has_int8(model, self.DETECTOR)):
            return precision
        feedback.pushWarning(
            tr("int8 needs the CPU and a model with an int8 copy: the best precision is used instead.")
        )
        return AUTO

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._plan is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        started = now()
        # Not in `prepareAlgorithm`: what is to be loaded is noted in the context of the worker thread.
        destination = None
        if is_given(parameters, P.POLYGONS):
            destination = vector_destination(self, parameters, P.POLYGONS, context)
        request = replace(
            self._plan.request,
            probability=raster_destination(self, parameters, P.PROBABILITY, context),
            mask=raster_destination(self, parameters, P.MASK, context),
        )
        with engine_inputs(self._plan.sources, feedback) as inputs:
            if feedback.isCanceled():
                return {}
            request = replace(
                request,
                source=inputs.names["scene"],
                area=inputs.names.get("area"),
                polygons=destination.engine_path(inputs.folder) if destination else None,
            )
            output = self.run_engine(request.arguments(), inputs.feedback)
            if output.cancelled:
                return {}
            polygons = destination.finish(inputs.folder, context) if destination else None
        layers = {P.PROBABILITY: request.probability, P.MASK: request.mask}
        if polygons is not None:
            layers[P.POLYGONS] = polygons
        found = only_result(output)
        self._finish_layers(layers, self._record(output, found, started), context)
        return {**layers, P.AREA: found["area_m2"], P.SHARE: found["share"], P.COUNT: found["landslides"]}

    def _record(self, output: EngineOutput, found: dict[str, Any], started: str) -> RunRecord:
        assert self._plan is not None  # nosec B101
        return RunRecord(
            algorithm=self.id(),
            parameters=self._plan.parameters,
            scene=self._plan.scene,
            group=tr("{scene}: {detector}").format(scene=self._plan.scene, detector=self.displayName()),
            model=found["model"],
            threshold=found["threshold"],
            engine_version=str(found.get("engine_version", "")),
            command=output.command,
            started=started,
            finished=now(),
            provider=self._plan.provider,
        )

    def _finish_layers(self, layers: dict[str, str], record: RunRecord, context: QgsProcessingContext) -> None:
        looks = {
            P.PROBABILITY: (tr("{}: landslide probability"), self.PROBABILITY_STYLE),
            P.MASK: (tr("{}: landslide mask"), "mask"),
            P.POLYGONS: (tr("{}: landslides"), "polygons"),
        }
        for name, path in layers.items():
            label, style = looks[name]
            definition = self.parameterDefinition(name)
            style_output(context, path, definition, label.format(record.scene), style, record.group, record)
