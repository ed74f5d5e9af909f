"""`landslides:segmentlandslides`: DeepLabv3+, a decision for every pixel."""

from __future__ import annotations

from ..detection import DetectionAlgorithm
from ..i18n import tr


class SegmentLandslides(DetectionAlgorithm):
    """Which pixels are landslide?"""

    NAME = "segmentlandslides"
    DETECTOR = "segmentation"
    CAN_SCREEN = True

    def displayName(self) -> str:
        return tr("Segment landslides")

    def shortDescription(self) -> str:
        return tr("Outlines the landslides of a scene pixel by pixel (DeepLabv3+).")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("segmentation,semantic,deeplab,outline,pixel,inventory").split(",")]
