"""Weighted blending of overlapping predictions, a band of rows at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .grid import Tile, TileGrid

CHUNK = 128  # rows handed on at a time: copies of the whole band would count in memory


def taper(size: int, overlap: int) -> NDArray[np.float32]:
    """Weight of a tile along one axis: a raised cosine over the overlap at both ends; never 0. ``(size,)``."""
    ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(overlap) + 0.5) / max(1, overlap))
    weight = np.ones(size)
    ends = min(overlap, size)
    weight[:ends] *= ramp[:ends]
    weight[size - ends :] *= ramp[:ends][::-1]
    return np.maximum(weight, 1e-3).astype(np.float32)


def sum_of_tapers(weight: NDArray[np.float32], offsets: list[int], length: int) -> NDArray[np.float32]:
    """Sum of the weights ``(size,)`` of tiles at some offsets along an axis. ``(length,)``."""
    total = np.zeros(length, np.float32)
    for offset in offsets:
        part = total[offset : offset + len(weight)]
        part += weight[: len(part)]
    return total


class RowBandAccumulator:
    """Holds one tile row of weighted predictions; rows that no later tile reaches are given away.

    Weights are a product of a row and a column taper, so their sum over the grid is one too: the normalisation needs
    two vectors, not a second raster. Tiles may be left out where no pixel of theirs is wanted.

    Args:
        grid: the tiles.
        overlap: px over which neighbours are blended, on the output grid.
        first: output row to begin with.

    Attributes:
        first: output row of the first row that is held.
    """

    def __init__(self, grid: TileGrid, overlap: int, first: int = 0) -> None:
        self._grid = grid
        down, across = (taper(side, overlap) for side in grid.out_size)
        self._weights = np.outer(down, across)
        self._row_sum = sum_of_tapers(down, [offset for _, offset in grid.rows], grid.height)
        self._column_sum = sum_of_tapers(across, [offset for _, offset in grid.columns], grid.width)
        self._band = np.zeros((grid.out_size[0], grid.width), np.float32)
        self.first = first

    def add(self, prediction: NDArray[np.float32], tile: Tile) -> None:
        """Add one tile's prediction, ``(*out_size,)``; what lies beyond the scene's edge is dropped."""
        rows = min(self._grid.out_size[0], self._grid.height - tile.out_row)
        columns = min(self._grid.out_size[1], self._grid.width - tile.out_column)
        top = tile.out_row - self.first
        band = self._band[top : top + rows, tile.out_column : tile.out_column + columns]
        band += (prediction * self._weights)[:rows, :columns]

    def take(self, until: int) -> Iterator[NDArray[np.float32]]:
        """Yield the finished rows up to output row ``until``, a few at a time ``(rows, width)``.

        When all are taken there is room for the next tile row.
        """
        count = until - self.first
        for begin in range(0, count, CHUNK):
            end = min(begin + CHUNK, count)
            done = self._band[begin:end] / self._row_sum[self.first + begin : self.first + end, None]
            done /= self._column_sum
            yield done
        self._band[: len(self._band) - count] = self._band[count:]
        self._band[len(self._band) - count :] = 0
        self.first = until
