"""What is measured: a probability raster, a mask raster, or polygons, read by rows."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from ..errors import InputError
from ..raster.polygons import SPECK
from ..raster.scene import Scene
from .aligned import AlignedPolygons

MASK_THRESHOLD = 0.5  # of a mask, read as probabilities 0 and 1


class Prediction(Protocol):
    """Landslide probabilities on the region of a scene, which is their grid.

    Attributes:
        grid: the scene whose region is the grid.
        smallest: px of the smallest region that is a landslide; smaller ones are specks.
    """

    grid: Scene
    smallest: int

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        """Rows ``first`` to ``last`` of the grid ``(rows, width)``, NaN where nothing was predicted."""
        ...


class ProbabilityRaster:
    """A raster of probabilities; its scale and offset, where it has them, are applied.

    Raises:
        InputError: not a raster, or with values beyond 0 to 1.
    """

    smallest = SPECK

    def __init__(self, grid: Scene) -> None:
        self.grid = grid

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        values, valid = _rows(self.grid, first, last)
        dataset = self.grid.dataset
        probability = values.astype(np.float32) * np.float32(dataset.scales[0]) + np.float32(dataset.offsets[0])
        probability[~valid] = np.nan
        worst = np.nanmax(np.abs(probability - np.float32(0.5)), initial=0, where=valid)
        if worst > 0.5 + 1e-4:
            found = 0.5 + worst if (probability[valid] > 1).any() else 0.5 - worst
            raise InputError(f"{self.grid.path}: holds {found:.4g}, probabilities lie between 0 and 1; is it a mask?")
        return probability


class MaskRaster:
    """A raster that is non-zero where a landslide was found; its nodata is left out."""

    smallest = SPECK

    def __init__(self, grid: Scene) -> None:
        self.grid = grid

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        values, valid = _rows(self.grid, first, last)
        if self.grid.dataset.nodata == 0:  # a common slip: everything but the landslides is called nodata
            valid = np.ones_like(valid)
        return np.where(valid, (values != 0).astype(np.float32), np.float32(np.nan))


class PolygonLayer:
    """Polygons where landslides were found, on the grid of a raster: the scene, or a raster inventory.

    Without any, none was found.
    """

    smallest = 1

    def __init__(self, source: str, grid: Scene) -> None:
        from ..training.labels import EmptyLayerError  # geopandas: only needed with polygons

        self.grid = grid
        self._polygons: AlignedPolygons | None = None
        with suppress(EmptyLayerError):
            self._polygons = AlignedPolygons(source, grid)

    def read(self, first: int, last: int) -> NDArray[np.float32]:
        if self._polygons is None:
            return np.zeros((last - first, self.grid.region.width), np.float32)
        return (self._polygons.labels(first, last) > 0).astype(np.float32)


def _rows(grid: Scene, first: int, last: int) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    region = grid.region
    window = Window(region.column, region.row + first, region.width, last - first)
    pixels, valid = grid.read(window, (last - first, region.width), Resampling.nearest)
    return pixels[0], valid
