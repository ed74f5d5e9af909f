"""Training windows cut from chips."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from .augment import random_window, resize
from .chips import Chip
from .windows import LANDSLIDE, Window

#: Shares of what ``segmentation`` is shown: whole chips, close views of a landslide, four views side by side; the rest
#: are parts of chips at a random zoom.
WHOLE, CLOSE, MOSAIC = 0.4, 0.15, 0.2
LEAST_WHOLE = 0.75  # of a chip's height and width that a view of the whole shows
CLOSENESS = (0.9, 2.8)  # side of a close view, in sides of a square as large as the chip's landslides
LEAST_CLOSE = 40  # px of the chip


class ChipWindows:
    """Training windows cut from chips.

    ``segmentation`` is shown chips as wholes, as parts, close, and side by side. Chips are cut around a landslide; from
    wholes alone a network learns that a landslide is small and lies in the middle, and misses those that fill the view.

    Args:
        chips: labelled chips.
        detector: ``patches`` sees anything from a whole chip to an enlarged part of it, as it is validated on whole
            chips; ``anomaly`` likewise.
        negatives: share of draws from chips without landslides.
        zoom: lowest and highest enlargement of a part.
    """

    def __init__(self, chips: list[Chip], detector: str, negatives: float, zoom: tuple[float, float]) -> None:
        self.chips, self.detector, self.zoom = chips, detector, zoom
        self._weights = np.cumsum(balanced_weights(chips, negatives))

    def __len__(self) -> int:
        return len(self.chips)

    def draw(self, size: int, rng: np.random.Generator) -> Window:
        if self.detector == "segmentation" and rng.random() < MOSAIC:
            return mosaic([self._view(size, rng) for _ in range(4)], rng)
        return self._view(size, rng)

    def _view(self, size: int, rng: np.random.Generator) -> Window:
        at = np.searchsorted(self._weights, rng.uniform(0, self._weights[-1]), side="right")
        chip = self.chips[min(int(at), len(self.chips) - 1)].read()
        lowest, highest = self.zoom
        if self.detector != "segmentation":
            lowest = min(size / max(chip.mask.shape), 1.0)
            return Window(*random_window(*chip, size, (lowest, highest), rng))
        kind = rng.uniform(0, 1 - MOSAIC)
        if kind < WHOLE:
            return whole_view(chip, size, rng)
        if kind < WHOLE + CLOSE and (chip.mask == LANDSLIDE).any():
            return close_view(chip, size, rng)
        return Window(*random_window(*chip, size, (lowest, highest), rng))


def whole_view(chip: Window, size: int, rng: np.random.Generator) -> Window:
    """All of a chip or most of it, squeezed into a window."""
    height, width = (max(1, round(side * rng.uniform(LEAST_WHOLE, 1))) for side in chip.mask.shape)
    return _cut(chip, size, height, width, None, rng)


def close_view(chip: Window, size: int, rng: np.random.Generator) -> Window:
    """A landslide, filling much of the window; the chip has one."""
    places = np.argwhere(chip.mask == LANDSLIDE)
    side = max(LEAST_CLOSE, round(np.sqrt(len(places)) * rng.uniform(*CLOSENESS)))
    row, column = places[rng.integers(len(places))]
    height, width = (min(side, whole) for whole in chip.mask.shape)
    return _cut(chip, size, height, width, (int(row), int(column)), rng)


def _cut(
    chip: Window, size: int, height: int, width: int, place: tuple[int, int] | None, rng: np.random.Generator
) -> Window:
    """A random part of a chip, ``height`` x ``width`` px of it, around a pixel where one is given."""
    corner = []
    for side, whole, at in zip((height, width), chip.mask.shape, place or (None, None), strict=True):
        first, last = (0, whole - side) if at is None else (at - side + 1, at)
        corner.append(int(np.clip(rng.integers(first, last + 1), 0, whole - side)))
    part = np.s_[corner[0] : corner[0] + height, corner[1] : corner[1] + width]
    mask = resize(chip.mask[part][None], size, nearest=True)[0]
    return Window(resize(chip.image[(slice(None), *part)], size), mask)


def mosaic(views: list[Window], rng: np.random.Generator) -> Window:
    """Four windows of one size in one, meeting at a random place."""
    image, mask = views[0].image.copy(), views[0].mask.copy()
    row, column = rng.integers(len(mask) // 4, 3 * len(mask) // 4, 2)
    quarters = (np.s_[:row, column:], np.s_[row:, :column], np.s_[row:, column:])
    for view, quarter in zip(views[1:], quarters, strict=True):
        image[(slice(None), *quarter)], mask[quarter] = view.image[(slice(None), *quarter)], view.mask[quarter]
    return Window(image, mask)


def balanced_weights(chips: list[Chip], negatives: float) -> NDArray[np.float64]:
    """Sampling weight of each chip: a share ``negatives`` of draws without landslide, sources with landslide alike."""
    groups = [(chip.source if chip.has_landslide else None) for chip in chips]
    sizes = Counter(groups)
    sources = [group for group in sizes if group is not None]
    if not sources or None not in sizes:
        negatives = 0.0 if sources else 1.0
    share = {group: negatives if group is None else (1 - negatives) / len(sources) for group in sizes}
    return np.array([share[group] / sizes[group] for group in groups])
