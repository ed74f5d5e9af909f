"""The area of interest: polygons in any CRS, rasterised strip by strip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.features import geometry_mask
from rasterio.warp import transform_bounds
from shapely.geometry import box
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
        path = path_of(source)
        try:
            frame = read_vectors(source)
        except Exception as error:  # pyogrio raises its own kinds
            raise InputError(f"{path}: cannot be read as vector data ({error})") from None
        # A table without geometry is a frame of another kind.
        shapes = polygons_of(frame.geometry) if hasattr(frame, "geometry") else None
        if shapes is None or shapes.empty:
            raise InputError(f"{path}: holds no polygons")
        if scene.crs is not None and shapes.crs is not None:
            nearby = surroundings(scene, shapes.crs.to_wkt())
            if nearby is not None:
                shapes = polygons_of(shapes.intersection(nearby))
            shapes = polygons_of(shapes.to_crs(scene.crs.to_wkt()))
        self._shapes: list[BaseGeometry] = list(shapes)
        self._transform = scene.region_transform
        region = scene.region
        step = max(1.0, max(region.width, region.height) / 2048)
        columns, rows = (max(1, round(side / step)) for side in (region.width, region.height))
        coarse = WorkingGrid(columns, rows, region.width / columns, region.height / rows)
        if not self._shapes or not self.rows(0, rows, coarse, all_touched=True).any():
            raise InputError(f"{path}: the area of interest does not meet {scene.path}")

    def rows(self, first: int, last: int, grid: WorkingGrid, all_touched: bool = False) -> NDArray[np.bool_]:
        """Which pixels of a grid's rows ``first`` to ``last`` lie inside: ``(rows, width)``."""
        transform = self._transform * Affine.scale(grid.scale_x, grid.scale_y) * Affine.translation(0, first)
        shape = (last - first, grid.width)
        return geometry_mask(self._shapes, shape, transform, invert=True, all_touched=all_touched)


def path_of(source: str) -> str:
    """The file of ``path|layername=NAME``."""
    return source.partition("|")[0]


def read_vectors(source: str) -> Any:
    """The table behind a path, or ``path|layername=NAME``: a GeoDataFrame, where it has geometry."""
    import geopandas  # only needed with vector data

    path, _, options = source.partition("|layername=")
    if set(path) & {"!", ";"} and Path(path).exists():
        # pyogrio takes what follows for a part of an archive; not of what is GDAL's own: the whole of a file.
        path = f"/vsisubfile/0,{Path(path).absolute()}"
    return geopandas.read_file(path, layer=options.partition("|")[0] or None)


def polygons_of(shapes: Any) -> Any:
    """The polygons in a series of geometries, made valid."""
    # Twice: what was not valid may become a collection with a multipolygon in it.
    parts = shapes.make_valid().explode(index_parts=False).explode(index_parts=False)
    return parts[(parts.geom_type == "Polygon") & ~parts.is_empty]


def surroundings(scene: Scene, crs: str) -> BaseGeometry | None:
    """A box around a scene's region in another CRS, or None where it has no such box.

    Polygons are cut to it before they are transformed: what lies far from a projection's home (the whole world to a
    UTM zone) would come out anywhere.
    """
    region = scene.region
    corners = [scene.region_transform * (column, row) for column in (0, region.width) for row in (0, region.height)]
    xs, ys = zip(*corners, strict=True)
    try:
        left, bottom, right, top = transform_bounds(scene.crs, crs, min(xs), min(ys), max(xs), max(ys))
    except RasterioError:
        return None
    if not np.isfinite([left, bottom, right, top]).all() or left > right:  # a box across the date line
        return None
    margin_x, margin_y = (right - left) / 2, (top - bottom) / 2
    return box(left - margin_x, bottom - margin_y, right + margin_x, top + margin_y)
