"""From the prediction's grid to the output's: back to the scene's pixels, with its nodata and area of interest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint

from ..raster.area import AreaOfInterest
from ..raster.reader import StripReader, WorkingGrid
from ..raster.scene import Scene
from ..raster.writer import RasterPair
from .grid import TileGrid
from .resample import RowResampler


@dataclass(frozen=True)
class OutputGrid:
    """Size in px and georeference of the rasters that are written.

    Attributes:
        transform: pixel to CRS coordinates; identity where there is none.
        gcps: ground control points, for scenes that are placed by them.
    """

    width: int
    height: int
    transform: Affine
    gcps: list[GroundControlPoint]


def output_grid(scene: Scene, working: WorkingGrid, grid: TileGrid) -> OutputGrid:
    """The scene's own grid (of its region) for dense predictions; one pixel for each cell for patches."""
    if grid.out_size > 1:
        return OutputGrid(scene.region.width, scene.region.height, *scene.grid_place())
    place = scene.grid_place(grid.step * working.scale_x, grid.step * working.scale_y)
    return OutputGrid(grid.width, grid.height, *place)


def write_masked(
    bands: Iterator[NDArray[np.float32]],
    pair: RasterPair,
    reader: StripReader,
    area: AreaOfInterest | None,
    grid: TileGrid,
) -> None:
    """Write bands of finished prediction rows; what holds no data or lies outside the area becomes nodata."""
    region = reader.scene.region
    native = WorkingGrid(region.width, region.height, 1.0, 1.0)
    target = reader.grid if grid.out_size == 1 else native
    resampler = (
        None if target == reader.grid else RowResampler((grid.height, grid.width), (region.height, region.width))
    )
    row = 0
    for band in bands:
        probability = resampler.push(band) if resampler else band
        if not len(probability):
            continue
        first, last = row, row + len(probability)
        row = last
        if grid.out_size == 1:
            first, last = first * grid.step, min(last * grid.step, target.height)
            valid = reader.held_valid(first, last)
        else:
            valid = reader.read_valid(first, last)
        if area is not None:
            valid = valid & area.rows(first, last, target)
        if grid.out_size == 1:
            valid = any_in_cells(valid, grid.step)
        pair.write(probability, valid)


def any_in_cells(valid: NDArray[np.bool_], step: int) -> NDArray[np.bool_]:
    """Which cells of ``step`` x ``step`` px hold any valid pixel; the last row and column of cells may be partial."""
    rows, columns = (-(-n // step) for n in valid.shape)
    whole = np.zeros((rows * step, columns * step), bool)
    whole[: valid.shape[0], : valid.shape[1]] = valid
    return np.asarray(whole.reshape(rows, step, columns, step).any(axis=(1, 3)))
