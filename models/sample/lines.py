"""Lines on the ground: rivers, roads and runout paths, as ``(N, 2)`` arrays of row, column in px."""

from __future__ import annotations

import heapq

import numpy as np
from numpy.typing import NDArray

from .noise import Bools, Floats, shift

Line = NDArray[np.float64]

NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


def cheapest_tree(sources: Bools, edge_cost: Floats) -> NDArray[np.int64]:
    """Dijkstra's cheapest way from every cell of a grid to the nearest source.

    Args:
        sources: ``(h, w)``, where ways end.
        edge_cost: ``(8, h, w)`` cost of the step from each cell to each of ``NEIGHBOURS``; inf where there is none.

    Returns:
        ``(h * w,)`` flat index of each cell's next cell on its way; a source, or a cell cut off, is its own next.
    """
    h, w = sources.shape
    offsets = [dy * w + dx for dy, dx in NEIGHBOURS]
    # A way is followed backwards from its source: the cost of leaving `there` towards `here` is what counts.
    costs = [np.asarray(shift(edge_cost[7 - k], step, np.inf)).ravel().tolist() for k, step in enumerate(NEIGHBOURS)]
    best = [float("inf")] * (h * w)
    parent = list(range(h * w))
    queue: list[tuple[float, int]] = []
    for start in np.flatnonzero(sources).tolist():
        best[start] = 0.0
        queue.append((0.0, start))
    while queue:
        cost, here = heapq.heappop(queue)
        if cost > best[here]:
            continue
        for offset, step_cost in zip(offsets, costs, strict=True):
            total = cost + step_cost[here]
            if total < float("inf") and total < best[here + offset]:
                best[here + offset] = total
                parent[here + offset] = here
                heapq.heappush(queue, (total, here + offset))
    return np.array(parent)


def resample(line: Line, step: float) -> Line:
    """The same line with a vertex every ``step`` px."""
    lengths = np.hypot(*np.diff(line, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    wanted = np.linspace(0, along[-1], max(2, round(along[-1] / step) + 1))
    return np.column_stack([np.interp(wanted, along, line[:, axis]) for axis in (0, 1)])


def smooth(line: Line, window: float, step: float = 4.0) -> Line:
    """A rounded line: each vertex becomes a weighted mean over ``window`` px along the line; the ends stay."""
    line = resample(line, step)
    radius = min(int(window / step), (len(line) - 1) // 2)
    if radius < 1:
        return line
    taps = np.hanning(2 * radius + 3)[1:-1]
    taps /= taps.sum()
    columns = []
    for axis in (0, 1):
        # Reflecting through the end points keeps the ends where they are.
        values = np.pad(line[:, axis], radius, mode="reflect", reflect_type="odd")
        columns.append(np.convolve(values, taps, mode="valid"))
    return np.column_stack(columns)


def direction(line: Line) -> Line:
    """Unit vectors ``(N, 2)`` along the line at each vertex."""
    tangent = np.gradient(line, axis=0)
    return tangent / np.maximum(np.hypot(tangent[:, :1], tangent[:, 1:]), 1e-9)


def line_coordinates(line: Line, shape: tuple[int, int], reach: float) -> tuple[Floats, Floats]:
    """Where each pixel lies relative to a line.

    Args:
        line: ``(N, 2)`` vertices; may leave the image.
        shape: ``(height, width)`` of the image in px.
        reach: how far from the line the answer is wanted, in px.

    Returns:
        ``(along, across)``, each ``(height, width)`` in px: length from the line's start to the nearest point, and
        signed distance to it (positive on the side of larger columns when the line runs towards larger rows,
        reversed otherwise). Beyond ``reach``, ``along`` is 0 and ``across`` inf.
    """
    along = np.zeros(shape, np.float32)
    across = np.full(shape, np.inf, np.float32)
    lengths = np.hypot(*np.diff(line, axis=0).T)
    starts = np.concatenate([[0.0], np.cumsum(lengths)])
    for k, length in enumerate(lengths):
        a, b = line[k], line[k + 1]
        top, left = np.maximum(np.floor(np.minimum(a, b) - reach), 0).astype(int)
        bottom, right = np.minimum(np.ceil(np.maximum(a, b) + reach) + 1, shape).astype(int)
        if length < 1e-9 or bottom <= top or right <= left:
            continue
        unit = (b - a) / length
        rows = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(a[0])
        columns = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(a[1])
        t = np.clip(rows * np.float32(unit[0]) + columns * np.float32(unit[1]), 0, np.float32(length))
        side = columns * np.float32(unit[0]) - rows * np.float32(unit[1])
        distance = np.hypot(rows - t * np.float32(unit[0]), columns - t * np.float32(unit[1]))
        window = (slice(top, bottom), slice(left, right))
        nearer = (distance < np.abs(across[window])) & (distance <= reach)
        across[window][nearer] = np.copysign(distance, side)[nearer]
        along[window][nearer] = (t + np.float32(starts[k]))[nearer]
    return along, across
