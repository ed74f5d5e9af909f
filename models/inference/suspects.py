"""Ground that a coarse search found suspicious."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..raster.reader import WorkingGrid
from .grid import Tile

MARGIN = 1  # cells around a suspicious one that are searched too


class Suspects:
    """A grid of cells over a scene's region, some of them suspicious.

    Args:
        cells: ``(rows, columns)`` booleans.
        height, width: of a cell, px of the scene's region.
    """

    def __init__(self, cells: NDArray[np.bool_], height: float, width: float) -> None:
        rows, columns = cells.shape
        padded = np.pad(cells, MARGIN)
        self._cells = np.zeros_like(cells)
        for row in range(2 * MARGIN + 1):
            for column in range(2 * MARGIN + 1):
                self._cells |= padded[row : row + rows, column : column + columns]
        self._height, self._width = height, width

    def touch(self, tile: Tile, size: tuple[int, int], grid: WorkingGrid) -> bool:
        """Whether a tile of a working grid, its height and width in px, holds suspicious ground, or is beside it."""
        top, left = tile.row * grid.scale_y / self._height, tile.column * grid.scale_x / self._width
        bottom, right = top + size[0] * grid.scale_y / self._height, left + size[1] * grid.scale_x / self._width
        rows = slice(max(0, int(top)), max(0, int(np.ceil(bottom))))
        return bool(self._cells[rows, max(0, int(left)) : max(0, int(np.ceil(right)))].any())
