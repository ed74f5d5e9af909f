"""Means around every few pixels of an image, and the way back to its pixels.

A mean over 9 px changes little from one pixel to the next, so it is taken at every third and interpolated between.
Both are the same along rows and along columns: a product with one matrix from the left and one from the right, which
costs less than going over all pixels does.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

CELLS = 3  # in the width of the smoothing


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
        known = down @ valid.astype(np.float32) @ across.T
        total = down @ (values if valid.all() else np.where(valid[:, None], values, np.float32(0))) @ across.T
        return np.asarray(total / np.maximum(known, np.float32(1e-6))[:, None], np.float32)

    def valid(self, valid: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which cells ``(..., h, w)`` are valid, of pixels ``(..., H, W)``: those whose first pixel is."""
        return valid[..., :: self.cell, :: self.cell]

    def enlarged(self, cells: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
        """Interpolate cells ``(..., h, w)`` for every pixel, ``(..., height, width)``; bilinear."""
        down, across = (interpolation_along(side, self.cell) for side in (height, width))
        return np.asarray(down @ cells @ across.T, np.float32)


@lru_cache
def means_along(side: int, size: int, cell: int) -> NDArray[np.float32]:
    """Weights ``(cells, side)`` of the pixels along an axis: of a box around each cell's middle, its ends shared."""
    pixels, middles = np.arange(side), _middles(side, cell)
    covered = (size + 1) / 2 - np.abs(pixels - middles[:, None])
    return (np.clip(covered, 0, 1) / size).astype(np.float32)


@lru_cache
def interpolation_along(side: int, cell: int) -> NDArray[np.float32]:
    """Weights ``(side, cells)`` of the two cells beside each pixel along an axis; at the ends that of one."""
    middles = _middles(side, cell)
    pixels = np.clip(np.arange(side), middles[0], middles[-1])
    return np.clip(1 - np.abs(pixels[:, None] - middles) / cell, 0, None).astype(np.float32)


def _middles(side: int, cell: int) -> NDArray[np.float64]:
    return np.arange(0, side, cell, dtype=np.float64) + (cell - 1) / 2
