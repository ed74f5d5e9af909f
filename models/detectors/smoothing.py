"""Means around every few pixels of an image, and the way back to its pixels.

A mean over 9 px changes little from one pixel to the next, so it is taken at every third and interpolated between.
Both are the same along rows and along columns: a product with one matrix from the left and one from the right, which
costs less than going over all pixels does. Each row of these matrices has but a few entries, side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CELLS = 3  # in the width of the smoothing
ROWS = 16  # of a banded matrix that are multiplied at once


@dataclass(frozen=True)
class Banded:
    """A matrix that is zero but for a band, cut into blocks of rows; what is zero beside a block is left out.

    Attributes:
        rows: how many the matrix has.
        blocks: the rows, the columns from their first to their last entry, and the entries.
    """

    rows: int
    blocks: tuple[tuple[slice, slice, NDArray[np.float32]], ...]

    @classmethod
    def of(cls, matrix: NDArray[np.floating]) -> Banded:
        """Cut a matrix none of whose rows is all zeros."""
        blocks = []
        for first in range(0, len(matrix), ROWS):
            rows = slice(first, min(first + ROWS, len(matrix)))
            used = np.flatnonzero(matrix[rows].any(axis=0))
            columns = slice(used[0], used[-1] + 1)
            blocks.append((rows, columns, matrix[rows, columns].astype(np.float32)))
        return cls(len(matrix), tuple(blocks))

    def down(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product with ``(..., H, W)`` from the left, ``(..., rows, W)``."""
        result = np.empty((*values.shape[:-2], self.rows, values.shape[-1]), np.float32)
        for rows, columns, entries in self.blocks:
            np.matmul(entries, values[..., columns, :], out=result[..., rows, :])
        return result

    def across(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The product of ``(..., H, W)`` with the transpose from the right, ``(..., H, rows)``."""
        result = np.empty((*values.shape[:-1], self.rows), np.float32)
        for rows, columns, entries in self.blocks:
            np.matmul(values[..., columns], entries.T, out=result[..., rows])
        return result


class Smoothing:
    """Means of ``size`` x ``size`` px around the cells of an image.

    Args:
        size: px.

    Attributes:
        cell: side of a cell, px.
    """

    def __init__(self, size: int) -> None:
        self.size, self.cell = size, max(1, size // CELLS)

    def means(self, values: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Means ``(N, C, h, w)`` of the valid pixels ``(N, H, W)`` of ``(N, C, H, W)``; 0 where there is none."""
        down, across = (means_along(side, self.size, self.cell) for side in valid.shape[1:])
        known = across.across(down.down(valid.astype(np.float32)))
        total = across.across(down.down(values if valid.all() else np.where(valid[:, None], values, np.float32(0))))
        return np.asarray(total / np.maximum(known, np.float32(1e-6))[:, None], np.float32)

    def valid(self, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which cells ``(..., h, w)`` are valid, of pixels ``(..., H, W)``: those whose first pixel is."""
        return valid[..., :: self.cell, :: self.cell]

    def enlarged(self, cells: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        """Interpolate cells ``(..., h, w)`` for every pixel, ``(..., height, width)``; bilinear."""
        down, across = (interpolation_along(side, self.cell) for side in (height, width))
        return across.across(down.down(cells))


@lru_cache
def means_along(side: int, size: int, cell: int) -> Banded:
    """Weights ``(cells, side)`` of the pixels along an axis: of a box around each cell's middle, its ends shared."""
    pixels, middles = np.arange(side), _middles(side, cell)
    covered = (size + 1) / 2 - np.abs(pixels - middles[:, None])
    return Banded.of(np.clip(covered, 0, 1) / size)


@lru_cache
def interpolation_along(side: int, cell: int) -> Banded:
    """Weights ``(side, cells)`` of the two cells beside each pixel along an axis; at the ends that of one."""
    middles = _middles(side, cell)
    pixels = np.clip(np.arange(side), middles[0], middles[-1])
    return Banded.of(np.clip(1 - np.abs(pixels[:, None] - middles) / cell, 0, None))


def _middles(side: int, cell: int) -> NDArray[np.float64]:
    return np.arange(0, side, cell, dtype=np.float64) + (cell - 1) / 2
