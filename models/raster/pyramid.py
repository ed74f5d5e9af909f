"""Overviews of a band that was written by rows: each level halves the one before, a few rows at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .rows import level_path, level_sizes

ROWS = 256  # rows of the finer level that are read at a time; even
Halve = Callable[[NDArray[Any]], NDArray[Any]]


def build_pyramid(path: Path, width: int, height: int, dtype: str, halve: Halve) -> None:
    """Write the pixels of every overview that a ``RowFile``'s VRT names.

    Args:
        path: of the VRT.
        width, height: px at full resolution.
        halve: takes ``(2 * h, 2 * w)``, gives ``(h, w)``.
    """
    for level, ((columns, rows), _) in enumerate(pairwise(level_sizes(width, height))):
        with level_path(path, level, ".raw").open("rb") as finer, level_path(path, level + 1, ".raw").open("wb") as out:
            for first in range(0, rows, ROWS):
                count = min(ROWS, rows - first)
                part = np.fromfile(finer, dtype, count * columns).reshape(count, columns)
                odd = ((0, count % 2), (0, columns % 2))
                whole = np.pad(part, odd, mode="edge") if count % 2 or columns % 2 else part
                out.write(halve(whole).data)


def mean_of_valid(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the pixels that are not NaN."""
    quarters = [values[row::2, column::2] for row in (0, 1) for column in (0, 1)]
    total = sum(quarters[1:], start=quarters[0].copy())
    total *= np.float32(0.25)
    empty = np.isnan(total)
    if empty.any():
        four = np.stack([quarter[empty] for quarter in quarters])
        known = np.isfinite(four)
        count = known.sum(axis=0)
        total[empty] = np.where(count, np.where(known, four, 0).sum(axis=0) / np.maximum(count, 1), np.nan)
    return total


def mode_of_valid(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The commonest of 0 and 1, 1 where they are equal; 255 where there is neither."""
    quarters = [values[row::2, column::2] for row in (0, 1) for column in (0, 1)]
    ones = sum((quarter == 1).view(np.uint8) for quarter in quarters)
    zeros = sum((quarter == 0).view(np.uint8) for quarter in quarters)
    result = np.asarray(ones >= zeros).view(np.uint8)
    result[np.asarray(ones + zeros) == 0] = 255
    return result
