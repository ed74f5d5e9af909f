"""`landslides:trainpatchclassifier`: teaches ResNet50 the landslides of one's own scenes."""

from __future__ import annotations

from ..i18n import tr
from ..training import TrainingAlgorithm


class TrainPatchClassifier(TrainingAlgorithm):
    """Learns which patches hold a landslide."""

    NAME = "trainpatchclassifier"
    DETECTOR = "patches"

    def displayName(self) -> str:
        return tr("Train patch classifier")

    def shortDescription(self) -> str:
        return tr("Teaches the patch detector (ResNet50) the landslides of your own scenes.")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("patch,classification,resnet").split(",")]
