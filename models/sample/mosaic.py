"""Scenes of any size, row by row: drawn whole while they fit, beyond that laid out of one block and its mirror images.

A large scene is for measuring speed and memory. Its blocks differ in tone only, so it is no test of accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .noise import spline_matrix
from .scene import Progress, make_scene
from .sensor import cut_collar
from .swath import make_swath

WHOLE = 4096
"""Largest side in px that is drawn as one landscape."""

BLOCK = 2048
"""Side in px of the block that larger scenes repeat."""

ROWS = 512

Rows = tuple[NDArray[np.uint8], NDArray[np.uint8]]


def scene_rows(height: int, width: int, seed: int, progress: Progress) -> Iterator[Rows]:
    """A scene from the top, ``ROWS`` rows at a time, in memory that does not grow with its height.

    Args:
        height, width: in px.
        seed: any integer from 0.
        progress: told the share done, 0 to 1, as rows are handed out.

    Yields:
        ``(image (3, n, width), truth (n, width))``, uint8, as in ``Scene``.
    """
    if max(height, width) <= WHOLE:
        scene = make_scene(height, width, seed, lambda done: progress(0.95 * done))
        for top in range(0, height, ROWS):
            yield scene.image[:, top : top + ROWS], scene.truth[top : top + ROWS]
            progress(0.95 + 0.05 * min(1.0, (top + ROWS) / height))
        return
    yield from _mirrored_rows(height, width, seed, progress)


def _mirrored_rows(height: int, width: int, seed: int, progress: Progress) -> Iterator[Rows]:
    block = make_scene(BLOCK, BLOCK, seed, lambda done: progress(0.1 * done), framed=False)
    rng = np.random.default_rng([seed, height, width])
    swath = make_swath(rng, (height, width))
    # Tone drifts over a few blocks, as illumination does along a swath.
    cell = 0.7 * BLOCK
    nodes = (int(height / cell) + 2, int(width / cell) + 2)
    drift = 1 + 0.16 * rng.standard_normal((1, *nodes)) + 0.03 * rng.standard_normal((3, *nodes))
    down, across = spline_matrix(height, nodes[0], cell), spline_matrix(width, nodes[1], cell)
    columns = _mirrored(np.arange(width))
    for top in range(0, height, ROWS):
        rows = _mirrored(np.arange(top, min(top + ROWS, height)))
        truth = block.truth[rows][:, columns]
        image = np.empty((3, *truth.shape), np.uint8)
        for channel in range(3):
            tone = down[top : top + ROWS] @ drift[channel].astype(np.float32) @ across.T
            tone *= block.image[channel][rows][:, columns]
            np.clip(tone, 1, 255, out=tone)
            image[channel] = tone
        cut_collar(image, truth, swath, top)
        yield image, truth
        progress(0.1 + 0.9 * min(1.0, (top + ROWS) / height))


def _mirrored(position: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions in the block for positions in the scene; every other block is its mirror image, so no seam shows."""
    within = position % (2 * BLOCK)
    return np.minimum(within, 2 * BLOCK - 1 - within)
