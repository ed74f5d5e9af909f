"""The three detectors by name."""

from __future__ import annotations

from ..library.card import Card
from .anomaly import AnomalyDetector
from .base import Detector
from .patches import PatchDetector
from .segmentation import SegmentationDetector

DETECTORS: dict[str, type[Detector]] = {
    "patches": PatchDetector,
    "segmentation": SegmentationDetector,
    "anomaly": AnomalyDetector,
}


def build_detector(card: Card) -> Detector:
    """The detector a card describes."""
    return DETECTORS[card.detector](card)
