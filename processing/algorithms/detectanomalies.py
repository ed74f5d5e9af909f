"""`landslides:detectanomalies`: a U-Net that learned from landslide-free imagery, without labels."""

from __future__ import annotations

from ..detection import DetectionAlgorithm
from ..i18n import tr


class DetectAnomalies(DetectionAlgorithm):
    """What here does not look like normal terrain?"""

    NAME = "detectanomalies"
    DETECTOR = "anomaly"

    def displayName(self) -> str:
        return tr("Detect anomalies")

    def shortDescription(self) -> str:
        return tr("Marks what in a scene does not look like normal terrain (U-Net trained without labels).")

    def tags(self) -> list[str]:
        return [*super().tags(), *tr("anomaly,unsupervised,unlabelled,autoencoder,unet,denoising").split(",")]
