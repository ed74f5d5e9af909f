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
        return self.tr("Create sample scene (synthetic)")

    def shortDescription(self) -> str:
        return self.tr("Makes a synthetic scene with known landslides, to try the detectors on.")

    def group(self) -> str:
        return self.tr("Tools")

    def groupId(self) -> str:
        return "tools"

    def tags(self) -> list[str]:
        return self.tr("landslide,sample,synthetic,example,tutorial,demo,test data").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        integer = QgsProcessingParameterNumber.Type.Integer
        self.addParameter(
            QgsProcessingParameterNumber(self.SIZE, self.tr("Side of the scene (pixels)"), integer, 1536, minValue=256)
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                self.SEED, self.tr("Seed; another one gives another scene"), integer, 0, minValue=0
            )
        )
        self.addParameter(QgsProcessingParameterRasterDestination(self.SCENE, self.tr("Synthetic scene")))
        self.addParameter(
            QgsProcessingParameterRasterDestination(self.TRUTH, self.tr("Ground truth of the synthetic scene"))
        )

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
        group = self.tr("Sample scene (synthetic)")
        for name, path, label, style in [
            (self.SCENE, scene, self.tr("sample scene (synthetic)"), None),
            (self.TRUTH, truth, self.tr("sample scene (synthetic): ground truth"), "mask"),
        ]:
            style_output(context, path, self.parameterDefinition(name), label, style, group)
        return {self.SCENE: scene, self.TRUTH: truth}
