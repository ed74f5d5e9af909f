"""The area of interest: polygons in any CRS, rasterised strip by strip."""

from __future__ import annotations

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import geometry_mask
from shapely.geometry.base import BaseGeometry

from ..errors import InputError
from .reader import WorkingGrid
from .scene import Scene


class AreaOfInterest:
    """Polygons in the CRS of a scene.

    Args:
        source: a vector file GDAL reads, optionally ``path|layername=NAME``.
        scene: the scene it restricts.

    Raises:
        InputError: not readable, no polygons, or no overlap with the scene.
    """

    def __init__(self, source: str, scene: Scene) -> None:
        import geopandas  # only needed with an area of interest

        path, _, layer = source.partition("|layername=")
        try:
            frame = geopandas.read_file(path, layer=layer.partition("|")[0] or None)
        except Exception as error:  # pyogrio and fiona raise their own kinds
            raise InputError(f"{path}: cannot be read as vector data ({error})") from None
        frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
        if frame.empty:
            raise InputError(f"{path}: holds no polygons")
        if scene.crs is not None and frame.crs is not None:
            frame = frame.to_crs(scene.crs.to_wkt())
        self._shapes: list[BaseGeometry] = list(frame.geometry.make_valid())
        self._transform = scene.region_transform
        region = scene.region
        step = max(1.0, max(region.width, region.height) / 2048)
        columns, rows = (max(1, round(side / step)) for side in (region.width, region.height))
        coarse = WorkingGrid(columns, rows, region.width / columns, region.height / rows)
        if not self.rows(0, rows, coarse, all_touched=True).any():
            raise InputError(f"{path}: the area of interest does not meet {scene.path}")

    def rows(self, first: int, last: int, grid: WorkingGrid, all_touched: bool = False) -> NDArray[np.bool_]:
        """Which pixels of a grid's rows ``first`` to ``last`` lie inside: ``(rows, width)``."""
        transform = self._transform * Affine.scale(grid.scale_x, grid.scale_y) * Affine.translation(0, first)
        shape = (last - first, grid.width)
        return geometry_mask(self._shapes, shape, transform, invert=True, all_touched=all_touched)
