"""A jittered grid of points and each pixel's nearest: crowns of trees, blocks of fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .noise import Floats, Ints


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


def nearest(points: Points, top: int, down: Floats, right: Floats) -> Ints:
    """Flat index ``(n, width)`` of the nearest point, for rows from ``top``, after moving pixels a little.

    Args:
        points: over the whole image.
        top: the image row of the first row here.
        down, right: ``(n, width)`` how far pixels are moved, in px, less than one cell.
    """
    h, w = points.rows.shape
    y = np.arange(top, top + down.shape[0], dtype=np.float32)[:, None] + down
    x = np.arange(down.shape[1], dtype=np.float32)[None, :] + right
    corner = (np.floor(y / points.spacing).astype(np.int64) + 1) * w + np.floor(x / points.spacing).astype(np.int64) + 1
    best = np.full(y.shape, np.inf, np.float32)
    found = np.zeros(y.shape, np.int64)
    rows, columns = points.rows.ravel(), points.columns.ravel()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            index = np.clip(corner + (dy * w + dx), 0, h * w - 1)
            distance = (rows[index] - y) ** 2 + (columns[index] - x) ** 2
            closer = distance < best
            best = np.where(closer, distance, best)
            found = np.where(closer, index, found)
    return found
