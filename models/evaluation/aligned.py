"""Rasters and polygons seen on the grid of another raster, strip by strip."""

from __future__ import annotations

import warnings
from math import floor
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.features import rasterize
from rasterio.vrt import WarpedVRT
from rasterio.windows import Window
from shapely import STRtree
from shapely.affinity import affine_transform
from shapely.geometry import Polygon, box

from ..errors import InputError
from ..raster.area import surroundings
from ..raster.scene import Scene

SMALL = 4  # px: area from which on a polygon is taken to hold a pixel's centre


def open_raster(path: str) -> Any:
    """Open a raster.

    Raises:
        InputError: GDAL cannot.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        try:
            return rasterio.open(path)
        except RasterioError as error:
            raise InputError(f"{path}: cannot be opened as a raster ({error})") from None


class AlignedRaster:
    """A raster on another one's grid, in whatever CRS and resolution it is stored; nearest neighbour.

    Args:
        dataset: the raster.
        grid: the scene whose region is the grid.
        fine: parts into which each side of a pixel of the grid is cut.

    Raises:
        InputError: it cannot be placed on the grid, or does not meet it.
    """

    def __init__(self, dataset: Any, grid: Scene, fine: int = 1) -> None:
        self._dataset = dataset
        self._fine = fine
        self._offset = (0, 0)
        self._warped: WarpedVRT | None = None
        transform = grid.region_transform * Affine.scale(1 / fine)
        same_size = (dataset.width, dataset.height) == (grid.dataset.width * fine, grid.dataset.height * fine)
        placed = dataset.crs is not None and not dataset.transform.is_identity
        if same_size and not (grid.georeferenced and placed and not _is_same_place(dataset, grid, fine)):
            self._offset = (grid.region.row * fine, grid.region.column * fine)
            return
        name = dataset.name
        if not grid.georeferenced:
            raise InputError(f"{grid.path}: has no CRS, so {name} must have the same size to be compared with it")
        if not placed:
            raise InputError(f"{name}: has no CRS and not the size of {grid.path}, so it cannot be placed on it")
        if not _meets(dataset, grid):
            raise InputError(f"{name}: does not overlap {grid.path}")
        self._warped = WarpedVRT(
            dataset, crs=grid.crs, transform=transform, width=grid.region.width * fine,
            height=grid.region.height * fine, resampling=Resampling.nearest, src_nodata=None, nodata=None,
            add_alpha=ColorInterp.alpha not in dataset.colorinterp,
        )  # fmt: skip

    def read(
        self, bands: list[int], rows: tuple[int, int], columns: tuple[int, int], shape: tuple[int, int] | None = None
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Pixels ``(C, rows, columns)`` of a window in px of the fine grid, and which of them lie in the raster.

        Args:
            bands: 1-based.
            rows, columns: first and last (exclusive).
            shape: of what is returned, averaged down to it; None is as it is.

        Raises:
            InputError: the file is damaged there.
        """
        top, left = rows[0] + self._offset[0], columns[0] + self._offset[1]
        window = Window(left, top, columns[1] - columns[0], rows[1] - rows[0])
        resampling = Resampling.nearest if shape is None else Resampling.average
        shape = shape or (rows[1] - rows[0], columns[1] - columns[0])
        try:
            if self._warped is None:
                pixels = self._dataset.read(bands, window=window, out_shape=(len(bands), *shape), resampling=resampling)
                return pixels, np.ones(shape, bool)
            pixels = self._warped.read(
                [*bands, self._warped.count], window=window, out_shape=(len(bands) + 1, *shape), resampling=resampling
            )
        except RasterioError as error:
            raise InputError(f"{self._dataset.name}: cannot be read at row {top} ({error})") from None
        return pixels[:-1], pixels[-1] > 0


class AlignedPolygons:
    """Polygons of a vector file in any CRS, burnt into another raster's grid: a pixel belongs to the polygon that holds
    its centre. A polygon too small to hold any has the pixel that it lies in. Each part of a feature is a polygon of
    its own: inventories come dissolved into one feature too. Of features with a column ``status`` those count that are
    ``accepted``, or have none. On the grid there may be none, if there are some around it.

    Args:
        source: anything GDAL reads, optionally ``path|layername=NAME``.
        grid: the scene whose region is the grid.
        around: the raster that there must be some on; None is all of the grid's.

    Raises:
        InputError: not readable, without polygons or CRS, nowhere around, or there only such as are not decided on.
    """

    def __init__(self, source: str, grid: Scene, around: str | None = None) -> None:
        from ..training.labels import STATUS, footprint, read_polygons  # geopandas: only needed with polygons

        if not grid.georeferenced:
            raise InputError(f"{grid.path}: has no CRS, so the polygons of {source} cannot be placed on it")
        frame = read_polygons(source, Scene(around or grid.path, []))
        if frame.crs is None:
            raise InputError(f"{source}: has no CRS, so its polygons cannot be placed on {grid.path}")
        if STATUS in frame:
            counted = frame[STATUS].isna() | (frame[STATUS] == "accepted")
            if not counted.any() and (frame[STATUS] != "rejected").any():
                raise InputError(f"{source}: none of its polygons on {grid.path} has the status 'accepted'")
            frame = frame[counted]
        frame = frame.to_crs(grid.dataset.crs.to_wkt())
        frame = frame[frame.intersects(footprint(grid))]
        # The later one covers the earlier: what has a single pixel comes last.
        shapes, points = list(frame.geometry), _lost(frame.geometry, grid)
        self._tree = STRtree(shapes + [shapes[index].representative_point() for index in points])
        self._ids = np.concatenate([np.arange(len(shapes)), points]) + 1
        self._grid = grid

    def labels(self, first: int, last: int, fine: int = 1) -> NDArray[np.int32]:
        """Rows ``first`` to ``last`` with the number of the feature at each pixel, from 1; 0 is none.

        Args:
            first, last: rows of the grid.
            fine: parts into which each side of a pixel is cut.

        Returns:
            ``((last - first) * fine, width * fine)``.
        """
        shape = ((last - first) * fine, self._grid.region.width * fine)
        near = self._near(first, last)
        if not len(near):
            return np.zeros(shape, np.int32)
        transform = self._grid.region_transform * Affine.translation(0, first) * Affine.scale(1 / fine)
        burnt = ((self._tree.geometries[index], int(self._ids[index])) for index in sorted(near))
        return np.asarray(rasterize(burnt, shape, transform=transform, dtype="int32"))

    def _near(self, first: int, last: int) -> NDArray[np.intp]:
        """Polygons that may meet some rows."""
        width = self._grid.region.width
        corners = [(0, first), (width, first), (width, last), (0, last)]
        rows = Polygon([self._grid.region_transform * corner for corner in corners])
        return np.asarray(self._tree.query(rows, predicate="intersects"))


def _lost(shapes: Any, grid: Scene) -> NDArray[np.intp]:
    """Which polygons hold the centre of no pixel of a grid."""
    pixel = abs(grid.region_transform.determinant)
    lost = []
    for index in np.flatnonzero(shapes.area < SMALL * pixel):
        shape = affine_transform(shapes.iloc[index], (~grid.region_transform).to_shapely())
        left, top, right, bottom = shape.bounds
        window = (floor(bottom) - floor(top) + 1, floor(right) - floor(left) + 1)
        if not rasterize([shape], window, transform=Affine.translation(floor(left), floor(top))).any():
            lost.append(index)
    return np.array(lost, np.intp)


def _is_same_place(dataset: Any, grid: Scene, fine: int) -> bool:
    wanted = grid.transform * Affine.scale(1 / fine)
    size = abs(wanted.a) + abs(wanted.b)
    return dataset.crs == grid.crs and np.allclose(dataset.transform, wanted, rtol=0, atol=size * 1e-3)


def _meets(dataset: Any, grid: Scene) -> bool:
    """Whether a raster and a scene's region may overlap; where that cannot be told, they may."""
    nearby = surroundings(grid, dataset.crs.to_wkt())
    return nearby is None or nearby.intersects(box(*dataset.bounds))
