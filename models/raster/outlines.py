"""Outlines of what hangs together in a mask, each as soon as no later row can reach it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import shapes


class RegionOutlines:
    """Takes a mask by strips from the top, gives the outlines of its 4-connected regions, in px of the grid.

    They are those that GDAL makes of a whole mask, which holds all of them in memory before it gives the first.
    """

    def __init__(self) -> None:
        self._row = 0
        self._open: list[list[shapely.Polygon]] = []  # regions that reach the last row, by the pieces in each strip
        self._ends: NDArray[np.object_] = np.empty(0, object)  # pieces that do, and the numbers of their regions
        self._owners: list[int] = []

    def push(self, labels: NDArray[np.integer]) -> list[shapely.Polygon]:
        """Take the next rows ``(rows, width)``, 0 outside; return the regions that end above their last row."""
        pieces = np.array(pieces_of(labels, self._row)[0], object)
        bounds = shapely.bounds(pieces).reshape(-1, 4)
        regions = [*self._open, *([piece] for piece in pieces)]
        before = len(self._open)
        joined = list(range(len(regions)))  # an earlier number of the same region, or the region's own

        def root(number: int) -> int:
            while joined[number] != number:
                joined[number] = joined[joined[number]]
                number = joined[number]
            return number

        upper = np.flatnonzero(bounds[:, 1] == self._row)
        for end, piece in _with_common_edge(self._ends, pieces[upper], self._row):
            joined[root(before + int(upper[piece]))] = root(self._owners[end])
        grouped: dict[int, list[shapely.Polygon]] = {}
        for number, parts in enumerate(regions):
            grouped.setdefault(root(number), []).extend(parts)
        self._row += len(labels)
        ends = np.flatnonzero(bounds[:, 3] == self._row)
        roots = [root(before + int(end)) for end in ends]
        numbers = {own: number for number, own in enumerate(dict.fromkeys(roots))}
        self._ends, self._owners = pieces[ends], [numbers[own] for own in roots]
        self._open = [grouped.pop(own) for own in numbers]
        return [put_together(parts) for parts in grouped.values()]

    def finish(self) -> Iterator[shapely.Polygon]:
        """The regions that reach the last row, one at a time; they are let go of."""
        while self._open:
            yield put_together(self._open.pop(0))


def pieces_of(labels: NDArray[np.integer], row: int) -> tuple[list[shapely.Polygon], list[int]]:
    """Outlines of the regions of one number, not 0, in a strip that begins with a row; and their numbers."""
    rows, columns = (np.flatnonzero(labels.any(axis=axis)) for axis in (1, 0))
    if not rows.size:
        return [], []
    # GDAL takes the longer the larger the array, whatever is in it.
    labels = labels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    corner = Affine.translation(columns[0], row + rows[0])
    found = list(shapes(labels, mask=labels > 0, connectivity=4, transform=corner))
    return _polygons([geometry["coordinates"] for geometry, _ in found]), [int(number) for _, number in found]


def put_together(parts: list[shapely.Polygon]) -> shapely.Geometry:
    """The union of pieces, without the corners that seams leave on straight edges."""
    if len(parts) == 1:
        return parts[0]
    # A normal ring begins with a corner that stays.
    return shapely.simplify(shapely.normalize(shapely.union_all(parts)), 0)


def _with_common_edge(
    above: NDArray[np.object_], below: NDArray[np.object_], row: int
) -> Iterator[tuple[np.intp, np.intp]]:
    """Pairs of pieces of two strips that share more than a corner on the row between them."""
    # Only the seam matters, and the pieces may be large.
    above, below = (shapely.clip_by_rect(pieces, -1, row - 0.5, 2**31, row + 0.5) for pieces in (above, below))
    lower, upper = shapely.STRtree(above).query(below, predicate="intersects")
    shared = shapely.length(shapely.intersection(below[lower], above[upper])) > 0
    return zip(upper[shared], lower[shared], strict=True)


def _polygons(coordinates: list[list[list[Any]]]) -> list[shapely.Polygon]:
    """Polygons from their rings, all at once: one by one takes most of the time on a speckled map."""
    rings = list(chain.from_iterable(coordinates))
    ends = [np.cumsum([0, *map(len, parts)]) for parts in (rings, coordinates)]
    points = np.array(list(chain.from_iterable(rings)))
    return list(shapely.from_ragged_array(shapely.GeometryType.POLYGON, points, tuple(ends)))
