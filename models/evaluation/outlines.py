"""Outlines of landslides from label rasters that are seen strip by strip."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes


class Outlines:
    """Gathers the outlines of landslides, in px of the grid.

    Args:
        by_number: pixels of one number are one landslide, wherever they lie; else a landslide is what hangs together
            (4-connected), across strips too.
    """

    def __init__(self, by_number: bool) -> None:
        self._by_number = by_number
        self._pieces: list[shapely.Polygon] = []
        self._numbers: list[int] = []  # by_number: of each piece
        self._joined: list[int] = []  # else: an earlier piece of the same landslide, or the piece itself
        self._open = np.zeros(0, np.intp)  # pieces that reach the last row so far
        self._row = 0

    def push(self, labels: NDArray[np.int32]) -> None:
        """Take the next rows ``(rows, width)``; 0 is no landslide."""
        first = len(self._pieces)
        bottom = self._row + len(labels)
        if labels.any():
            found = list(shapes(labels, mask=labels > 0, connectivity=4, transform=Affine.translation(0, self._row)))
            self._pieces += _polygons([geometry["coordinates"] for geometry, _ in found])
            self._numbers += [int(number) for _, number in found]
        new = np.arange(first, len(self._pieces))
        self._joined += new.tolist()
        bounds = shapely.bounds(self._pieces[first:]).reshape(-1, 4)
        if not self._by_number:
            self._join(new[bounds[:, 1] == self._row])
        self._open = new[bounds[:, 3] == bottom]
        self._row = bottom

    def polygons(self) -> NDArray[np.object_]:
        """One geometry for each landslide."""
        groups: dict[int, list[shapely.Polygon]] = {}
        for index, piece in enumerate(self._pieces):
            key = self._numbers[index] if self._by_number else self._root(index)
            groups.setdefault(key, []).append(piece)
        whole = [pieces[0] if len(pieces) == 1 else shapely.union_all(pieces) for pieces in groups.values()]
        return np.array(whole, dtype=object)

    def _join(self, lower: NDArray[np.intp]) -> None:
        """Join pieces of the new strip with those of the last one that they share an edge with."""
        if not len(lower) or not len(self._open):
            return
        # Only the seam matters, and the pieces may be large.
        above, below = (
            shapely.clip_by_rect([self._pieces[index] for index in pieces], -1, self._row - 0.5, 2**31, self._row + 0.5)
            for pieces in (self._open, lower)
        )
        pairs = shapely.STRtree(above).query(below, predicate="intersects")
        shared = shapely.length(shapely.intersection(below[pairs[0]], above[pairs[1]])) > 0
        for one, other in pairs.T[shared]:
            self._joined[self._root(int(lower[one]))] = self._root(int(self._open[other]))

    def _root(self, index: int) -> int:
        while self._joined[index] != index:
            self._joined[index] = self._joined[self._joined[index]]
            index = self._joined[index]
        return index


def _polygons(coordinates: list[list[list[Any]]]) -> list[shapely.Polygon]:
    """Polygons from their rings, all at once: one by one takes most of the time on a speckled map."""
    rings = list(chain.from_iterable(coordinates))
    ends = [np.cumsum([0, *map(len, parts)]) for parts in (rings, coordinates)]
    points = np.array(list(chain.from_iterable(rings)))
    return list(shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, tuple(ends)))
