"""Weighted blending of overlapping predictions, a band of rows at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .grid import Tile, TileGrid

CHUNK = 128  # rows handed on at a time: copies of the whole band would count in memory
LEAST = 1e-3  # weight along an axis


def taper(size: int, overlap: int) -> NDArray[np.float32]:
    """Weight of a tile along one axis: a raised cosine over the overlap at both ends; never 0. ``(size,)``."""
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(overlap) + 0.5) / max(1, overlap))
    weight = np.ones(size)
    ends = min(overlap, size)
    weight[:ends] *= ramp[:ends]
    weight[size - ends :] *= ramp[:ends][::-1]
    return np.maximum(weight, LEAST).astype(np.float32)


class RowBandAccumulator:
    """Holds one tile row of weighted predictions; rows that no later tile reaches are given away.

    Weights are a product of a row and a column taper. So what the tiles of one row have given is a product too: the
    normalisation needs a vector for each row of tiles that is held, not a second raster. Tiles may be left out: where
    they would have been blended with others, those count alone, and where there are none the result is 0.

    Args:
        grid: the tiles.
        overlap: px over which neighbours are blended, on the output grid.
        first: output row to begin with.

    Attributes:
        first: output row of the first row that is held.
    """

    def __init__(self, grid: TileGrid, overlap: int, first: int = 0) -> None:
        self._grid = grid
        self._down, self._across = (taper(side, overlap) for side in grid.out_size)
        self._weights = np.outer(self._down, self._across)
        # Weights across the grid, by the tiles' first row.
        self._given: defaultdict[int, NDArray[np.float32]] = defaultdict(lambda: np.zeros(grid.width, np.float32))
        self._band = np.zeros((grid.out_size[0], grid.width), np.float32)
        self.first = first

    def add(self, prediction: NDArray[np.float32], tile: Tile) -> None:
        """Add one tile's prediction, ``(*out_size,)``; what lies beyond the scene's edge is dropped."""
        rows = min(self._grid.out_size[0], self._grid.height - tile.out_row)
        columns = min(self._grid.out_size[1], self._grid.width - tile.out_column)
        top = tile.out_row - self.first
        across = slice(tile.out_column, tile.out_column + columns)
        self._band[top : top + rows, across] += (prediction * self._weights)[:rows, :columns]
        self._given[tile.out_row][across] += self._across[:columns]

    def take(self, until: int) -> Iterator[NDArray[np.float32]]:
        """Yield the finished rows up to output row ``until``, a few at a time ``(rows, width)``.

        When all are taken there is room for the next tile row.
        """
        count = until - self.first
        for begin in range(0, count, CHUNK):
            end = min(begin + CHUNK, count)
            yield self._band[begin:end] / self._sum_of_weights(self.first + begin, self.first + end)
        self._band[: len(self._band) - count] = self._band[count:]
        self._band[len(self._band) - count :] = 0
        self.first = until
        for row in [row for row in self._given if row + len(self._down) <= until]:
            del self._given[row]

    def _sum_of_weights(self, first: int, last: int) -> NDArray[np.float32]:
        """What the predictions of some output rows were weighted with, ``(rows, width)``; never 0."""
        total = np.full((last - first, self._grid.width), np.finfo(np.float32).tiny, np.float32)
        for row, given in self._given.items():
            begin, end = max(first, row), min(last, row + len(self._down))
            if begin < end:
                total[begin - first : end - first] += np.outer(self._down[begin - row : end - row], given)
        return total
