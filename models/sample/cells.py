"""A jittered grid of points and each pixel's nearest: crowns of trees, blocks of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .noise import Floats, Ints, strips


@dataclass(frozen=True)
class Points:
    """One point in every ``spacing`` px cell of a grid one cell larger than the image on every side.

    Attributes:
        spacing: cell side in px.
        rows, columns: ``(h, w)`` positions in image px.
    """

    spacing: int
    rows: Floats
    columns: Floats


def scatter(rng: np.random.Generator, shape: tuple[int, int], spacing: int) -> Points:
    """Points over an image of ``shape`` px, neither in rows nor in heaps."""
    h, w = (size // spacing + 4 for size in shape)
    rows = (np.arange(h, dtype=np.float32)[:, None] - 1 + rng.random((h, w), np.float32)) * spacing
    columns = (np.arange(w, dtype=np.float32)[None, :] - 1 + rng.random((h, w), np.float32)) * spacing
    return Points(spacing, rows, columns)


def neighbours(points: Points, top: int, bottom: int, width: int) -> Iterator[tuple[Ints, Ints, Floats]]:
    """For each of the nine grid cells around every pixel of rows ``top`` to ``bottom``: its point.

    Yields:
        ``(cell rows (n, 1), cell columns (1, width), squared distance (n, width) in px)``.
    """
    y = np.arange(top, bottom, dtype=np.int64)
    x = np.arange(width, dtype=np.int64)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            i = (y // points.spacing + 1 + dy)[:, None]
            j = (x // points.spacing + 1 + dx)[None, :]
            distance = (points.rows[i, j] - y[:, None].astype(np.float32)) ** 2
            distance += (points.columns[i, j] - x[None, :].astype(np.float32)) ** 2
            yield i, j, distance


def nearest(points: Points, shape: tuple[int, int], warp: tuple[Floats, Floats]) -> Ints:
    """Flat index ``(height, width)`` of each pixel's nearest point, after moving pixels by ``warp`` px.

    The warp must stay below one cell.
    """
    out = np.empty(shape, np.int64)
    h, w = points.rows.shape
    for top, bottom in strips(shape[0]):
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + warp[0][top:bottom]
        x = np.arange(shape[1], dtype=np.float32)[None, :] + warp[1][top:bottom]
        best = np.full(y.shape, np.inf, np.float32)
        row = np.floor(y / points.spacing).astype(np.int64) + 1
        column = np.floor(x / points.spacing).astype(np.int64) + 1
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                i, j = np.clip(row + dy, 0, h - 1), np.clip(column + dx, 0, w - 1)
                distance = (points.rows[i, j] - y) ** 2 + (points.columns[i, j] - x) ** 2
                closer = distance < best
                best[closer] = distance[closer]
                out[top:bottom][closer] = (i * w + j)[closer]
    return out
