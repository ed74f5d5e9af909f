"""Base of the three detections: from a raster layer to probability, mask and polygons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingUtils,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import EngineAlgorithm, is_given, only_result
from .area import Area, resolve_area
from .cards import find_card
from .destinations import raster_destination, vector_destination
from .parameters import DetectionParameters as P
from .parameters import detection_outputs, detection_parameters
from .rendering import RenderingError
from .request import DetectionRequest
from .scene import Scene, SceneError, resolve_scene
from .styling import style_output


class DetectionAlgorithm(EngineAlgorithm):
    """A detection. A subclass names its detector, and the style of its probability raster.

    `prepareAlgorithm` resolves and checks every input in the main thread; `processAlgorithm` touches only what it kept.
    """

    DETECTOR = ""
    PROBABILITY_STYLE = "probability"

    def __init__(self) -> None:
        super().__init__()
        self._request: DetectionRequest | None = None
        self._scene: Scene | None = None
        self._area: Area | None = None
        self._scene_name = ""

    def group(self) -> str:
        return self.tr("Detection")

    def groupId(self) -> str:
        return "detection"

    def tags(self) -> list[str]:
        return self.tr("landslide,detection,deep learning,neural network,disaster,earthquake,imagery").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter, is_advanced in detection_parameters(self.DETECTOR):
            (self.add_advanced if is_advanced else self.addParameter)(parameter)
        for output in detection_outputs():
            self.addOutput(output)

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        layer = self.parameterAsRasterLayer(parameters, P.INPUT, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidRasterError(parameters, P.INPUT))
        extent = self._extent(parameters, layer, context)
        model = self.parameterAsString(parameters, P.MODEL, context).strip() or "auto"
        self._scene_name = layer.name()
        self._scene = self._resolve_scene(parameters, layer, extent, model, context)
        if is_given(parameters, P.AOI):
            self._area = resolve_area(self, parameters, P.AOI, context)
        self._request = DetectionRequest(
            detector=self.DETECTOR,
            source="",
            probability="",
            mask="",
            model=model,
            bands=self._bands(parameters, layer, context),
            threshold=self._number(parameters, P.THRESHOLD, context),
            extent=None if extent.isNull() else _corners(extent),
            tile_size=self._integer(parameters, P.TILE_SIZE, context),
            overlap=self._integer(parameters, P.OVERLAP, context),
            batch_size=self._integer(parameters, P.BATCH_SIZE, context),
            device=self.parameterAsString(parameters, P.DEVICE, context).strip() or "auto",
            precision=self.parameterAsEnumString(parameters, P.PRECISION, context) or "auto",
        )
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._scene is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        assert self._request is not None  # nosec B101
        # Not in `prepareAlgorithm`: what is to be loaded is noted in the context of the worker thread.
        destination = None
        if is_given(parameters, P.POLYGONS):
            destination = vector_destination(self, parameters, P.POLYGONS, context)
        request = replace(
            self._request,
            probability=raster_destination(self, parameters, P.PROBABILITY, context),
            mask=raster_destination(self, parameters, P.MASK, context),
        )
        steps = QgsProcessingMultiStepFeedback(2 if self._scene.takes_time else 1, feedback)
        with TemporaryDirectory(dir=QgsProcessingUtils.tempFolder()) as name:
            folder = Path(name)
            try:
                source = self._scene.materialise(folder, steps)
            except (SceneError, RenderingError) as error:
                raise QgsProcessingException(str(error)) from None
            if feedback.isCanceled():
                return {}
            steps.setCurrentStep(1 if self._scene.takes_time else 0)
            request = replace(
                request,
                source=source,
                area=self._area.materialise(folder) if self._area else None,
                polygons=destination.engine_path(folder) if destination else None,
            )
            output = self.run_engine(request.arguments(), steps)
            if output.cancelled:
                return {}
            polygons = destination.finish(folder, context) if destination else None
        return self._results(only_result(output), request, polygons, context)

    def _results(
        self,
        found: dict[str, Any],
        request: DetectionRequest,
        polygons: str | None,
        context: QgsProcessingContext,
    ) -> dict[str, Any]:
        group = self.tr("Landslides: {}").format(self._scene_name)
        layers = [
            (P.PROBABILITY, request.probability, self.tr("{}: landslide probability"), self.PROBABILITY_STYLE),
            (P.MASK, request.mask, self.tr("{}: landslide mask"), "mask"),
            (P.POLYGONS, polygons, self.tr("{}: landslides"), "polygons"),
        ]
        for name, path, label, style in layers:
            if path is not None:
                definition = self.parameterDefinition(name)
                style_output(context, path, definition, label.format(self._scene_name), style, group)
        return {
            **{name: path for name, path, _label, _style in layers if path is not None},
            P.AREA: found["area_m2"],
            P.SHARE: found["share"],
            P.COUNT: found["landslides"],
        }

    def _resolve_scene(
        self,
        parameters: dict[str, Any],
        layer: QgsRasterLayer,
        extent: QgsRectangle,
        model: str,
        context: QgsProcessingContext,
    ) -> Scene:
        card = find_card(model, self.DETECTOR)
        try:
            return resolve_scene(
                layer,
                extent,
                self._number(parameters, P.RESOLUTION, context),
                card.typical_resolution if card else None,
                context.transformContext(),
            )
        except SceneError as error:
            raise QgsProcessingException(str(error)) from None

    def _extent(self, parameters: dict[str, Any], layer: QgsRasterLayer, context: QgsProcessingContext) -> QgsRectangle:
        """Return the extent in the layer's CRS, null if none was given."""
        if not is_given(parameters, P.EXTENT):
            return QgsRectangle()
        extent = self.parameterAsExtent(parameters, P.EXTENT, context, layer.crs())
        if extent.isEmpty() or not extent.intersects(layer.extent()):
            raise QgsProcessingException(self.tr("The extent does not touch {}.").format(layer.name()))
        return extent

    def _bands(
        self, parameters: dict[str, Any], layer: QgsRasterLayer, context: QgsProcessingContext
    ) -> tuple[int, ...]:
        if not is_given(parameters, P.BANDS):
            return ()
        bands = tuple(self.parameterAsInts(parameters, P.BANDS, context))
        for band in bands:
            # A picture that is rendered has bands its layer does not show.
            if layer.providerType() == "gdal" and not 1 <= band <= layer.bandCount():
                raise QgsProcessingException(
                    self.tr("{layer} has no band {band}, only {count}.").format(
                        layer=layer.name(), band=band, count=layer.bandCount()
                    )
                )
        return bands

    def _number(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> float | None:
        return self.parameterAsDouble(parameters, name, context) if is_given(parameters, name) else None

    def _integer(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> int | None:
        return self.parameterAsInt(parameters, name, context) if is_given(parameters, name) else None


def _corners(extent: QgsRectangle) -> tuple[float, float, float, float]:
    return extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
