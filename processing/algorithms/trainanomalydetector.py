"""`landslides:trainanomalydetector`: shows a U-Net what normal ground looks like, without labels."""

from __future__ import annotations

from ..i18n import tr
from ..training import TrainingAlgorithm


class TrainAnomalyDetector(TrainingAlgorithm):
    """Learns what normal terrain looks like."""

    NAME = "trainanomalydetector"
    DETECTOR = "anomaly"
    NEEDS_LABELS = False

    def displayName(self) -> str:
        return tr("Train anomaly detector")

    def shortDescription(self) -> str:
        return tr("Shows the anomaly detector (U-Net) what normal ground looks like in your own scenes; no labels.")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("anomaly,unsupervised,unlabelled,adapt,unet,denoising").split(",")]
