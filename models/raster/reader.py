"""Reading a scene's region by strips, on the working grid that the model wants."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from .scene import Scene
from .stretch import Range, Stretch, eight_bit, percentile_stretch

SAMPLED = 192  # px: side of a window that is sampled
SAMPLES = 6  # windows along each axis, at most
DECIMATED = 1024  # px: longest side of the read that percentiles are estimated on


@dataclass(frozen=True)
class WorkingGrid:
    """The grid tiles live on: the region's own, or coarser or finer where the model asks for it.

    Attributes:
        width, height: size in working px.
        scale_x, scale_y: region px for each working px (> 1: coarser than the raster).
    """

    width: int
    height: int
    scale_x: float
    scale_y: float

    @property
    def is_native(self) -> bool:
        return self.scale_x == 1 and self.scale_y == 1

    @property
    def resampling(self) -> Resampling:
        """How the region's pixels become the grid's."""
        if self.is_native:
            return Resampling.nearest
        return Resampling.average if max(self.scale_x, self.scale_y) > 1 else Resampling.bilinear


def working_grid(scene: Scene, resolution: tuple[float, float]) -> WorkingGrid:
    """Choose the grid: the region's own within the model's resolution range, else its nearest end.

    Args:
        scene: the scene; without georeference it is taken as it is.
        resolution: finest and coarsest metres a pixel that the model knows.
    """
    width, height = scene.region.width, scene.region.height
    size = scene.resolution
    if size is None:
        return WorkingGrid(width, height, 1.0, 1.0)
    factors = [float(np.clip(side, *resolution)) / side for side in size]
    # Within a tenth of the range there is nothing to gain by resampling.
    if all(0.9 <= factor <= 1.1 for factor in factors):
        return WorkingGrid(width, height, 1.0, 1.0)
    columns = max(1, round(width / factors[0]))
    rows = max(1, round(height / factors[1]))
    return WorkingGrid(columns, rows, width / columns, height / rows)


class StripReader:
    """Reads strips of whole rows; rows that the next strip shares with the last are kept, not read again."""

    def __init__(self, scene: Scene, grid: WorkingGrid) -> None:
        self.scene = scene
        self.grid = grid
        self._first = 0
        self._pixels: NDArray[np.generic] = np.empty((len(scene.bands), 0, grid.width), scene.dtype)
        self._valid: NDArray[np.bool_] = np.empty((0, grid.width), bool)

    def read(self, first: int, last: int) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        """Return working rows ``first`` to ``last`` (exclusive): pixels ``(C, rows, W)``, valid ``(rows, W)``.

        Call with rising ``first``. The arrays are new each time; memory is that of two strips.
        """
        pixels = np.empty((len(self.scene.bands), last - first, self.grid.width), self.scene.dtype)
        valid = np.empty((last - first, self.grid.width), bool)
        held = self._first + len(self._valid)
        kept = min(held, last) - first if self._first <= first < held else 0
        if kept:
            pixels[:, :kept] = self._pixels[:, first - self._first :][:, :kept]
            valid[:kept] = self._valid[first - self._first :][:kept]
        if first + kept < last:
            self._read_rows(first + kept, last, pixels[:, kept:], valid[kept:])
        self._first, self._pixels, self._valid = first, pixels, valid
        return pixels, valid

    def read_valid(self, first: int, last: int) -> NDArray[np.bool_]:
        """Where rows ``first`` to ``last`` of the region, at its own resolution, hold data: ``(rows, width)``."""
        region = self.scene.region
        shape = (last - first, region.width)
        if self.scene.always_valid:
            return np.ones(shape, dtype=bool)
        window = Window(region.column, region.row + first, region.width, last - first)
        return self.scene.read(window, shape, Resampling.nearest)[1]

    def _read_rows(self, first: int, last: int, pixels: NDArray[np.generic], valid: NDArray[np.bool_]) -> None:
        region, grid = self.scene.region, self.grid
        window = Window(region.column, region.row + first * grid.scale_y, region.width, (last - first) * grid.scale_y)
        valid[:] = self.scene.read(window, valid.shape, grid.resampling, pixels)[1]


def sample_windows(scene: Scene, grid: WorkingGrid) -> Iterator[tuple[NDArray[np.generic], NDArray[np.bool_]]]:
    """Yield windows from all over the raster, whatever the region: pixels ``(C, n, n)``, valid ``(n, n)``.

    They have the working grid's resolution; together they are the whole of a small raster.
    """
    dataset = scene.dataset
    sides = (dataset.height, dataset.width)
    scales = (grid.scale_y, grid.scale_x)
    places, reach = [], []
    for side, scale in zip(sides, scales, strict=True):
        length = min(side, SAMPLED * scale)
        count = int(np.clip(np.ceil(side / length), 1, SAMPLES))
        places.append(np.linspace(0, side - length, count).round())
        reach.append(length)
    shape = tuple(max(1, round(length / scale)) for length, scale in zip(reach, scales, strict=True))
    for top, left in itertools.product(*places):
        yield scene.read(Window(left, top, reach[1], reach[0]), (shape[0], shape[1]), grid.resampling)


def estimate_stretch(scene: Scene, percentiles: tuple[float, float], to: Range) -> Stretch:
    """The scene's scaling: as it is for 8-bit, else percentiles of a decimated read of the whole raster."""
    if scene.dtype == np.uint8:
        return eight_bit(len(scene.bands))
    dataset = scene.dataset
    factor = max(1.0, max(dataset.width, dataset.height) / DECIMATED)
    shape = (max(1, round(dataset.height / factor)), max(1, round(dataset.width / factor)))
    pixels, valid = scene.read(Window(0, 0, dataset.width, dataset.height), shape, Resampling.nearest)
    return percentile_stretch(pixels, valid, percentiles, to)
