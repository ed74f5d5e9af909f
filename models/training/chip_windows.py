"""Training windows cut from chips."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from .augment import random_window
from .chips import Chip
from .windows import Window


class ChipWindows:
    """Training windows cut from chips.

    Args:
        chips: labelled chips.
        detector: ``patches`` sees anything from a whole chip to an enlarged part of it, as it is validated on whole
            chips; the others see parts at a random zoom.
        negatives: share of draws from chips without landslides.
        zoom: lowest and highest enlargement.
    """

    def __init__(self, chips: list[Chip], detector: str, negatives: float, zoom: tuple[float, float]) -> None:
        self.chips, self.detector, self.zoom = chips, detector, zoom
        self._weights = np.cumsum(balanced_weights(chips, negatives))

    def __len__(self) -> int:
        return len(self.chips)

    def draw(self, size: int, rng: np.random.Generator) -> Window:
        at = np.searchsorted(self._weights, rng.uniform(0, self._weights[-1]), side="right")
        image, mask = self.chips[min(int(at), len(self.chips) - 1)].read()
        lowest, highest = self.zoom
        if self.detector != "segmentation":
            lowest = min(size / max(mask.shape), 1.0)
        return Window(*random_window(image, mask, size, (lowest, highest), rng))


def balanced_weights(chips: list[Chip], negatives: float) -> NDArray[np.float64]:
    """Sampling weight of each chip: a share ``negatives`` of draws without landslide, sources with landslide alike."""
    groups = [(chip.source if chip.has_landslide else None) for chip in chips]
    sizes = Counter(groups)
    sources = [group for group in sizes if group is not None]
    if not sources or None not in sizes:
        negatives = 0.0 if sources else 1.0
    share = {group: negatives if group is None else (1 - negatives) / len(sources) for group in sizes}
    return np.array([share[group] / sizes[group] for group in groups])
