"""`landslides:createsamplescene`: a synthetic scene with known landslides."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
)

from ..algorithm import EngineAlgorithm
from ..destinations import raster_destination
from ..i18n import tr
from ..parameters import INTEGER, with_help
from ..styling import style_output


class CreateSampleScene(EngineAlgorithm):
    """Makes a scene to try the detectors on. It is computed, not photographed, and says so wherever it appears."""

    NAME = "createsamplescene"
    SIZE = "SIZE"
    SEED = "SEED"
    SCENE = "SCENE"
    TRUTH = "TRUTH"

    def __init__(self) -> None:
        super().__init__()
        self._size = 0
        self._seed = 0

    def displayName(self) -> str:
        return tr("Create sample scene (synthetic)")

    def shortDescription(self) -> str:
        return tr("Makes a synthetic scene with known landslides, to try the detectors on.")

    def group(self) -> str:
        return tr("Tools")

    def groupId(self) -> str:
        return "tools"

    def tags(self) -> list[str]:
        return tr("landslide,sample,synthetic,example,tutorial,demo,test data").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter, text in [
            (
                QgsProcessingParameterNumber(self.SIZE, tr("Side of the scene (pixels)"), INTEGER, 1536, minValue=256),
                tr("Width and height."),
            ),
            (
                QgsProcessingParameterNumber(
                    self.SEED, tr("Seed; another one gives another scene"), INTEGER, 0, minValue=0
                ),
                tr("The same seed gives the same scene."),
            ),
            (
                QgsProcessingParameterRasterDestination(self.SCENE, tr("Synthetic scene")),
                tr("GeoTIFF with red, green and blue."),
            ),
            (
                QgsProcessingParameterRasterDestination(self.TRUTH, tr("Ground truth of the synthetic scene")),
                tr("GeoTIFF, 1 where a landslide was put, else 0."),
            ),
        ]:
            self.addParameter(with_help(parameter, text))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        self._size = self.parameterAsInt(parameters, self.SIZE, context)
        self._seed = self.parameterAsInt(parameters, self.SEED, context)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        scene = raster_destination(self, parameters, self.SCENE, context)
        truth = raster_destination(self, parameters, self.TRUTH, context)
        size, seed = str(self._size), str(self._seed)
        output = self.run_engine(["sample", scene, "--truth", truth, "--size", size, "--seed", seed], feedback)
        if output.cancelled:
            return {}
        group = tr("Sample scene (synthetic)")
        for name, path, label, style in [
            (self.SCENE, scene, tr("sample scene (synthetic)"), None),
            (self.TRUTH, truth, tr("sample scene (synthetic): ground truth"), "mask"),
        ]:
            style_output(context, path, self.parameterDefinition(name), label, style, group)
        return {self.SCENE: scene, self.TRUTH: truth}
