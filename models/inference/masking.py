"""From the prediction's grid to the output's: back to the scene's pixels, with its nodata and area of interest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..raster.area import AreaOfInterest
from ..raster.reader import StripReader, WorkingGrid
from ..raster.rows import Place
from ..raster.scene import Scene
from .grid import TileGrid
from .pipeline import FinishedRows
from .resample import RowResampler


def output_place(scene: Scene, working: WorkingGrid, grid: TileGrid, on_scene: bool = True) -> Place:
    """The scene's own grid (of its region) for dense predictions; one pixel for each cell for patches.

    Args:
        on_scene: whether dense predictions made on another grid go back to the scene's.
    """
    if grid.step == 1 and on_scene:
        return Place(scene.region.width, scene.region.height, scene.crs, *scene.grid_place())
    place = scene.grid_place(grid.step * working.scale_x, grid.step * working.scale_y)
    return Place(grid.width, grid.height, scene.crs, *place)


class MaskedRows:
    """From rows of the prediction's grid to rows of the output; what is no data or outside the area is not valid.

    Args:
        reader: of the scene.
        grid: the prediction's.
        area: where to detect; None is everywhere.
        done: output rows that an interrupted run has written.
        on_scene: whether dense predictions made on another grid go back to the scene's.

    Attributes:
        first: row of the prediction's grid that is needed first.
    """

    def __init__(
        self, reader: StripReader, grid: TileGrid, area: AreaOfInterest | None, done: int, on_scene: bool = True
    ) -> None:
        region = reader.scene.region
        self._reader, self._grid, self._area = reader, grid, area
        self._row = done
        self._target = reader.grid
        self._resampler = None
        self.first = done
        if grid.step == 1 and on_scene and not reader.grid.is_native:
            self._target = WorkingGrid(region.width, region.height, 1.0, 1.0)
            self._resampler = RowResampler((grid.height, grid.width), (region.height, region.width), done)
            self.first = self._resampler.first

    def take(self, rows: FinishedRows) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """The output rows that these complete, and which of their pixels are valid: both ``(n, width)``."""
        probability, valid = rows.probability, rows.valid
        if self._resampler:
            probability = self._resampler.push(probability)
            if not len(probability):
                return probability, np.empty(probability.shape, bool)
            valid = self._reader.read_valid(self._row, self._row + len(probability))
        step = self._grid.step
        if self._area is not None:
            valid = valid & self._area.rows(self._row * step, self._row * step + len(valid), self._target)
        if step > 1:
            valid = any_in_cells(valid, step)
        self._row += len(probability)
        return probability, valid


def any_in_cells(valid: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """Which cells of ``step`` x ``step`` px hold any valid pixel; the last row and column of cells may be partial."""
    rows, columns = (-(-n // step) for n in valid.shape)
    whole = np.zeros((rows * step, columns * step), bool)
    whole[: valid.shape[0], : valid.shape[1]] = valid
    return np.asarray(whole.reshape(rows, step, columns, step).any(axis=(1, 3)))
