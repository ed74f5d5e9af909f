"""`landslides:detectpatches`: ResNet50, one decision for each patch."""

from __future__ import annotations

from ..detection import DetectionAlgorithm
from ..i18n import tr


class DetectPatches(DetectionAlgorithm):
    """Is there a landslide in this patch?"""

    NAME = "detectpatches"
    DETECTOR = "patches"
    PROBABILITY_STYLE = "patch_grid"

    def displayName(self) -> str:
        return tr("Detect landslide patches")

    def shortDescription(self) -> str:
        return tr("Says for each patch of a scene how likely it holds a landslide (ResNet50).")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("patch,classification,classify,resnet,grid").split(",")]
