"""Outlines of landslides from label rasters that are seen strip by strip."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from ..raster.outlines import RegionOutlines, pieces_of, put_together


class Outlines:
    """Gathers the outlines of landslides, in px of the grid.

    Args:
        by_number: pixels of one number are one landslide, wherever they lie; else a landslide is what hangs together
            (4-connected), across strips too.
    """

    def __init__(self, by_number: bool) -> None:
        self._by_number = by_number
        self._numbered: dict[int, list[shapely.Polygon]] = {}
        self._row = 0
        self._regions = RegionOutlines()
        self._finished: list[shapely.Polygon] = []

    def push(self, labels: NDArray[np.int32]) -> None:
        """Take the next rows ``(rows, width)``; 0 is no landslide."""
        if self._by_number:
            for piece, number in zip(*pieces_of(labels, self._row), strict=True):
                self._numbered.setdefault(number, []).append(piece)
            self._row += len(labels)
        else:
            self._finished += self._regions.push(labels)

    def polygons(self) -> NDArray[np.object_]:
        """One geometry for each landslide."""
        numbered = [put_together(pieces) for pieces in self._numbered.values()]
        return np.array([*numbered, *self._finished, *self._regions.finish()], dtype=object)
