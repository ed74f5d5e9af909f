"""Streaming resampling of probability rows from the working grid back to the scene's own grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class RowResampler:
    """Linear interpolation, averaging where the target is coarser; takes and gives rows as they come.

    Args:
        source: ``(height, width)`` of the working grid.
        target: ``(height, width)`` of the scene's region.
        done: rows of the target that are not wanted any more.

    Attributes:
        first: row of the source that is to be pushed first.
    """

    def __init__(self, source: tuple[int, int], target: tuple[int, int], done: int = 0) -> None:
        self._row_taps = triangle_taps(source[0], target[0])
        self._column_taps = triangle_taps(source[1], target[1])
        self._rows = np.empty((0, target[1]), np.float32)
        self.first = int(self._row_taps[0][done].min()) if done < target[0] else source[0]
        self._first = self.first
        self._next = done

    def push(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next working rows ``(n, W)``; return the region rows that they complete ``(m, width)``."""
        index, weight = self._column_taps
        across = np.zeros((len(rows), len(index)), np.float32)
        for tap in range(index.shape[1]):
            across += rows[:, index[:, tap]] * weight[:, tap]
        self._rows = np.concatenate([self._rows, across])
        return self._complete()

    def _complete(self) -> NDArray[np.float32]:
        index, weight = self._row_taps
        held = self._first + len(self._rows)
        last = int(np.searchsorted(index.max(axis=1), held, side="left"))
        if last <= self._next:
            return np.empty((0, self._rows.shape[1]), np.float32)
        taps = index[self._next : last] - self._first
        out = np.zeros((last - self._next, self._rows.shape[1]), np.float32)
        for tap in range(index.shape[1]):
            out += self._rows[taps[:, tap]] * weight[self._next : last, tap, None]
        self._next = last
        needed = min(held, int(index[last].min())) if last < len(index) else held
        self._rows = self._rows[needed - self._first :].copy()
        self._first = needed
        return out


def triangle_taps(source: int, target: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each target pixel the source pixels it is made of, and their weights (triangle filter, sum 1).

    Returns:
        indices ``(target, K)``, clamped to the edge, and weights ``(target, K)``.
    """
    scale = source / target
    support = max(1.0, scale)
    centre = (np.arange(target) + 0.5) * scale - 0.5
    reach = np.arange(int(np.ceil(2 * support)) + 1)
    index = np.floor(centre - support).astype(np.int64)[:, None] + reach
    weight = np.maximum(0.0, 1 - np.abs(index - centre[:, None]) / support)
    weight /= weight.sum(axis=1, keepdims=True)
    return np.clip(index, 0, source - 1), weight.astype(np.float32)
