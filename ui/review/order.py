"""In which order the polygons are reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from .landslide import Landslide


def largest_first(landslides: Sequence[Landslide]) -> list[Landslide]:
    """Return the polygons by area: what matters most for the map comes first."""
    return sorted(landslides, key=lambda landslide: -landslide.area)


def least_certain_first(landslides: Sequence[Landslide], threshold: float | None) -> list[Landslide]:
    """Return the polygons by how close their mean probability is to the threshold: what a model learns most from.

    Those drawn by hand have no probability and come last. With no threshold known it is the lowest probability first,
    which is the same for polygons as they left the detection: all their pixels are above the threshold.
    """
    boundary = 0.0 if threshold is None else threshold

    def certainty(landslide: Landslide) -> float:
        return float("inf") if landslide.mean_probability is None else abs(landslide.mean_probability - boundary)

    return sorted(landslides, key=certainty)


def along_the_map(landslides: Sequence[Landslide]) -> list[Landslide]:
    """Return the polygons strip by strip from north to south, to and fro, so that the map moves little each time."""
    if not landslides:
        return []
    strips = ceil(sqrt(len(landslides)))
    north = max(landslide.centre.y() for landslide in landslides)
    south = min(landslide.centre.y() for landslide in landslides)
    height = (north - south) / strips or 1.0

    def place(landslide: Landslide) -> tuple[int, float]:
        strip = min(int((north - landslide.centre.y()) / height), strips - 1)
        return strip, landslide.centre.x() * (-1 if strip % 2 else 1)

    return sorted(landslides, key=place)
