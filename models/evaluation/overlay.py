"""Where a prediction hits, misses and raises false alarms, decimated to a picture while it is read."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LONGEST = 1200  # px: longest side of the picture, at most
#: Colours that people with colour blindness tell apart too (after Okabe and Ito 2008).
HIT, MISS, FALSE_ALARM = (46, 214, 140), (64, 132, 255), (255, 112, 48)
PAPER, NODATA = (236, 238, 240), (206, 210, 214)


class ErrorMap:
    """Counts hits, misses and false alarms in the cells of a picture.

    Args:
        height, width: of the grid, px.
    """

    def __init__(self, height: int, width: int) -> None:
        self.step = max(1, -(-max(height, width) // LONGEST))
        self._shape = (height, width)
        rows, columns = -(-height // self.step), -(-width // self.step)
        self._counts = np.zeros((4, rows, columns), np.float32)

    def push(
        self, first: int, predicted: NDArray[np.bool_], truth: NDArray[np.bool_], known: NDArray[np.bool_]
    ) -> None:
        """Take rows from ``first`` on, each ``(rows, width)``; ``first`` is a multiple of ``step``."""
        kinds = np.stack([predicted & truth, ~predicted & truth, predicted & ~truth, np.ones_like(truth)])
        kinds[:3] &= known
        kinds[3] = known
        cells = self._cells(kinds)
        row = first // self.step
        self._counts[:, row : row + cells.shape[1]] += cells

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture; what is small, such as a grid of patches, is enlarged."""
        rows, columns = self._counts.shape[1:]
        return rows * self._enlarged, columns * self._enlarged

    @property
    def _enlarged(self) -> int:
        return max(1, LONGEST // max(self._counts.shape[1:]))

    def picture(self, ground: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
        """The map ``(*shape, 3)`` over a true-colour picture ``(3, *shape)``, or over white paper."""
        hits, misses, false_alarms, known = self._counts.repeat(self._enlarged, axis=1).repeat(self._enlarged, axis=2)
        if ground is None:
            base = np.where((known > 0)[..., None], PAPER, NODATA).astype(np.float32)
        else:
            grey = ground.mean(axis=0, keepdims=True)
            # Half its colour, so that the marks stand out and the ground can still be read.
            base = np.moveaxis(0.5 * ground + 0.5 * grey, 0, 2).astype(np.float32)
        marked = hits + misses + false_alarms
        colours = np.tensordot(np.stack([hits, misses, false_alarms], axis=2), [HIT, MISS, FALSE_ALARM], axes=1)
        share = np.divide(marked, known, out=np.zeros_like(marked), where=known > 0)
        # A small landslide in a large cell must not vanish.
        strength = np.where(marked > 0, np.maximum(share, 0.35), 0)[..., None] * (0.95 if ground is None else 0.75)
        mean = colours / np.maximum(marked, 1)[..., None]
        return np.asarray(np.clip(base * (1 - strength) + mean * strength, 0, 255).round(), np.uint8)

    def _cells(self, kinds: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Sums over cells; the last row and column of cells may be partial."""
        step = self.step
        margins = [(0, 0), *((0, -side % step) for side in kinds.shape[1:])]
        whole = np.pad(kinds, margins)
        shape = (len(kinds), whole.shape[1] // step, step, whole.shape[2] // step, step)
        return np.asarray(whole.reshape(shape).sum(axis=(2, 4), dtype=np.float32))
