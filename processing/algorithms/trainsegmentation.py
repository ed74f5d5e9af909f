"""`landslides:trainsegmentation`: teaches DeepLabv3+ the landslides of one's own scenes."""

from __future__ import annotations

from ..i18n import tr
from ..training import TrainingAlgorithm


class TrainSegmentation(TrainingAlgorithm):
    """Learns which pixels are landslide."""

    NAME = "trainsegmentation"
    DETECTOR = "segmentation"

    def displayName(self) -> str:
        return tr("Train segmentation")

    def shortDescription(self) -> str:
        return tr("Teaches the segmentation detector (DeepLabv3+) the landslides of your own scenes.")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("segmentation,semantic,deeplab,pixel,inventory").split(",")]
