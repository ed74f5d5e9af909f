"""Accuracy by landslide: which of an inventory were found, and what was reported that is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

OVERLAPS = (0.1, 0.3, 0.5)  # IoU from which a landslide counts as found
SIZES = (100, 1_000, 10_000, 100_000)  # limits of the size classes, square metres (px without georeference)
BLOCK = 512  # px


@dataclass(frozen=True)
class Found:
    """Matches at one IoU.

    Attributes:
        overlap: the IoU from which on a landslide counts as found.
        truth: for each landslide of the inventory, whether it was found.
        predicted: for each predicted landslide, whether it is one of them; else it is a false alarm.
    """

    overlap: float
    truth: NDArray[np.bool_]
    predicted: NDArray[np.bool_]


@dataclass(frozen=True)
class LandslideScores:
    """An inventory and a prediction, landslide by landslide.

    Attributes:
        truth, predicted: outlines, in px of the grid.
        truth_area, predicted_area: in ``unit``.
        unit: ``m²``, or ``px`` without georeference.
        found: matches at each of ``OVERLAPS``. A landslide matches one prediction and the other way round, the pairs of
            the highest IoU first.
        merged: predictions that hold more than half of each of several landslides: all but one of these are missed.
        split: landslides that several predictions lie in, each by more than half of itself: all but one of these
            are false alarms.
    """

    truth: NDArray[np.object_]
    predicted: NDArray[np.object_]
    truth_area: NDArray[np.float64]
    predicted_area: NDArray[np.float64]
    unit: str
    found: tuple[Found, ...]
    merged: int
    split: int

    def by_size(self) -> list[dict[str, Any]]:
        """A row for each size class there is, and one for all: landslides, found and missed of them, false alarms.

        False alarms are classed by their own size.
        """
        truth_class, predicted_class = (np.searchsorted(SIZES, area, "right") for area in
                                        (self.truth_area, self.predicted_area))  # fmt: skip
        rows = []
        for size in (*range(len(SIZES) + 1), None):
            true = np.ones(len(self.truth), bool) if size is None else truth_class == size
            predicted = np.ones(len(self.predicted), bool) if size is None else predicted_class == size
            if size is not None and not true.any() and not predicted.any():
                continue
            rows.append(
                {
                    "size": "all sizes" if size is None else size_label(size, self.unit),
                    "landslides": int(true.sum()),
                    "at": {
                        f"{match.overlap:g}": {
                            "found": int(match.truth[true].sum()),
                            "missed": int((~match.truth[true]).sum()),
                            "false_alarms": int((~match.predicted[predicted]).sum()),
                        }
                        for match in self.found
                    },
                }
            )
        return rows


def score_landslides(
    truth: NDArray[np.object_],
    predicted: NDArray[np.object_],
    pixel_area: Callable[[float, float], float] | None,
) -> LandslideScores:
    """Match the outlines of an inventory with those of a prediction.

    Args:
        truth, predicted: outlines, in px of one grid.
        pixel_area: area of the pixel at a column and row, square metres; None without georeference.
    """
    pairs, overlap, share_of_truth, share_of_predicted = _overlaps(truth, predicted)
    order = np.argsort(-overlap, kind="stable")
    found = []
    for least in OVERLAPS:
        true, right = np.zeros(len(truth), bool), np.zeros(len(predicted), bool)
        for one, other in pairs[order[overlap[order] >= least]]:
            if not true[one] and not right[other]:
                true[one] = right[other] = True
        found.append(Found(least, true, right))
    within = np.bincount(pairs[share_of_truth > 0.5, 1], minlength=1)
    pieces = np.bincount(pairs[share_of_predicted > 0.5, 0], minlength=1)
    return LandslideScores(
        truth,
        predicted,
        _areas(truth, pixel_area),
        _areas(predicted, pixel_area),
        "px" if pixel_area is None else "m²",
        tuple(found),
        merged=int((within > 1).sum()),
        split=int((pieces > 1).sum()),
    )


def size_label(size: int, unit: str) -> str:
    """A size class in words."""
    if size == 0:
        return f"below {SIZES[0]:,} {unit}"
    if size == len(SIZES):
        return f"{SIZES[-1]:,} {unit} and more"
    return f"{SIZES[size - 1]:,} to {SIZES[size]:,} {unit}"


def _overlaps(
    truth: NDArray[np.object_], predicted: NDArray[np.object_]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Pairs ``(n, 2)`` that share ground, their IoU, and the shared part of the landslide and of the prediction."""
    predictions, landslides = shapely.STRtree(truth).query(predicted, predicate="intersects")
    one, other = truth[landslides], predicted[predictions]
    shared = shapely.area(shapely.intersection(one, other))
    area_one, area_other = shapely.area(one), shapely.area(other)
    overlap = shared / (area_one + area_other - shared)
    return np.column_stack([landslides, predictions]), overlap, shared / area_one, shared / area_other


def _areas(outlines: NDArray[np.object_], pixel_area: Callable[[float, float], float] | None) -> NDArray[np.float64]:
    areas = shapely.area(outlines).astype(np.float64)
    if pixel_area is None:
        return areas
    # A pixel's size changes slowly over a scene: it is measured once for each block.
    left, top, right, bottom = shapely.bounds(outlines).reshape(-1, 4).T
    blocks = np.column_stack([left + right, top + bottom]) // (2 * BLOCK)
    places, which = np.unique(blocks, axis=0, return_inverse=True)
    sizes = [pixel_area(column * BLOCK + BLOCK / 2, row * BLOCK + BLOCK / 2) for column, row in places.tolist()]
    return areas * np.array(sizes, np.float64)[which.ravel()]
