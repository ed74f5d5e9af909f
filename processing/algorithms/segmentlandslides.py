"""`landslides:segmentlandslides`: DeepLabv3+, a decision for every pixel."""

from __future__ import annotations

from ..detection import DetectionAlgorithm


class SegmentLandslides(DetectionAlgorithm):
    """Which pixels are landslide?"""

    NAME = "segmentlandslides"
    DETECTOR = "segmentation"

    def displayName(self) -> str:
        return self.tr("Segment landslides")

    def shortDescription(self) -> str:
        return self.tr("Outlines the landslides of a scene pixel by pixel (DeepLabv3+).")

    def tags(self) -> list[str]:
        return [*super().tags(), *self.tr("segmentation,semantic,deeplab,outline,pixel,inventory").split(",")]
