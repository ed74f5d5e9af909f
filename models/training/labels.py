"""Landslide labels over a scene: polygons in any CRS, or a raster, cut to any window of it."""

from __future__ import annotations

import warnings
from typing import Protocol

import geopandas
import numpy as np
import rasterio
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.features import rasterize
from rasterio.vrt import WarpedVRT
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from ..errors import InputError
from ..raster.area import path_of, polygons_of, read_vectors, surroundings
from ..raster.scene import Scene
from .windows import IGNORED, LANDSLIDE

STATUS = "status"  # column of an inventory that has been reviewed
RASTER_CRS = "EPSG:3857"  # stands in where neither scene nor labels have one: only the pixels count


class Labels(Protocol):
    """Masks of windows: 0, ``LANDSLIDE`` or ``IGNORED`` (not labelled)."""

    def mask(self, transform: Affine, shape: tuple[int, int], touched: bool = False) -> NDArray[np.uint8]:
        """The mask ``shape`` at a place of the scene's CRS; ``touched`` marks every pixel that a landslide touches."""
        ...


class Polygons:
    """Polygons in a scene's CRS, found by place.

    Args:
        shapes: polygons; may be empty.
        values: what each stands for in a mask; of polygons that overlap the later one counts.
    """

    def __init__(self, shapes: list[BaseGeometry], values: list[int] | None = None) -> None:
        self.shapes = shapes
        self.values = values or [LANDSLIDE] * len(shapes)
        self._tree = shapely.STRtree(shapes)

    def mask(self, transform: Affine, shape: tuple[int, int], touched: bool = False) -> NDArray[np.uint8]:
        corners = [transform * corner for corner in ((0, 0), (shape[1], 0), (0, shape[0]), (shape[1], shape[0]))]
        xs, ys = zip(*corners, strict=True)
        here = np.sort(self._tree.query(box(min(xs), min(ys), max(xs), max(ys))))
        if not len(here):
            return np.zeros(shape, np.uint8)
        pieces = [(self.shapes[index], self.values[index]) for index in here]
        return rasterize(pieces, shape, transform=transform, all_touched=touched, dtype=np.uint8)


class RasterLabels:
    """A label raster, whatever its CRS and resolution: non-zero is landslide; its nodata value (unless that is 0, as in
    many rasterized polygons), NaN, and what lies outside it are unknown.

    Args:
        path: anything GDAL opens.
        scene: the scene it labels; without a georeference of its own the raster must have the scene's size.

    Raises:
        InputError: it cannot be laid over the scene.
    """

    def __init__(self, path: str, scene: Scene) -> None:
        self.path = path
        with _opened(path) as dataset:
            placed = dataset.crs is not None and not dataset.transform.is_identity
            same_size = (dataset.width, dataset.height) == (scene.dataset.width, scene.dataset.height)
            self._nodata = dataset.nodata or None
        if not (placed and scene.georeferenced) and not same_size:
            raise InputError(f"{path}: has no georeference and not the size of {scene.path}")
        self._crs = scene.crs.to_wkt() if scene.crs else RASTER_CRS
        # As large as the scene and not placed: pixel by pixel.
        self._source = (
            {} if placed and scene.georeferenced else {"src_crs": self._crs, "src_transform": scene.transform}
        )

    def mask(self, transform: Affine, shape: tuple[int, int], touched: bool = False) -> NDArray[np.uint8]:
        resampling = Resampling.max if touched else Resampling.nearest
        try:
            with (
                _opened(self.path) as dataset,
                WarpedVRT(
                    dataset, crs=self._crs, transform=transform, height=shape[0], width=shape[1],
                    resampling=resampling, src_nodata=self._nodata, nodata=self._nodata,
                    add_alpha=ColorInterp.alpha not in dataset.colorinterp, **self._source,
                ) as warped,
            ):  # fmt: skip
                values = warped.read(1)
                known = warped.read(warped.count) > 0
        except RasterioError as error:
            raise InputError(f"{self.path}: cannot be read as labels ({error})") from None
        if values.dtype.kind == "f":
            known &= np.isfinite(values)
        return np.where(known, np.where(values != 0, LANDSLIDE, 0), IGNORED).astype(np.uint8)


def read_labels(source: str, scene: Scene) -> tuple[Labels, Polygons]:
    """Labels of a scene and the polygons that were rejected in review (they look like landslides and are none).

    Args:
        source: a raster (non-zero is landslide), or polygons, optionally ``path|layername=NAME``. Of polygons with a
            column ``status`` those that are ``accepted``, or have none, are landslides, ``rejected`` ones are ground
            without landslide, and all others (not decided on) are not used.
        scene: what they label.

    Raises:
        InputError: not readable, or no label lies on the scene.
    """
    if _is_raster(source):
        return RasterLabels(source, scene), Polygons([])
    frame = read_polygons(source, scene)
    if STATUS not in frame:
        return Polygons(list(frame.geometry)), Polygons([])
    status = frame[STATUS].fillna("accepted").replace("", "accepted")
    undecided = list(frame.geometry[~status.isin(["accepted", "rejected"])])
    accepted = list(frame.geometry[status == "accepted"])
    labels = Polygons(undecided + accepted, [IGNORED] * len(undecided) + [LANDSLIDE] * len(accepted))
    return labels, Polygons(list(frame.geometry[status == "rejected"]))


class EmptyLayerError(InputError):
    """A layer of polygons holds none."""


def read_polygons(source: str, scene: Scene) -> geopandas.GeoDataFrame:
    """The polygons of a vector file, in the scene's CRS and near the scene only.

    Raises:
        EmptyLayerError: it holds nothing.
        InputError: not readable, no polygons, or none that meets the scene.
    """
    path = path_of(source)
    try:
        frame = read_vectors(source)
    except Exception as error:  # pyogrio raises its own kinds
        raise InputError(f"{path}: cannot be read as a raster or as vector data ({error})") from None
    is_layer = isinstance(frame, geopandas.GeoDataFrame)
    if not is_layer or frame.geometry.isna().all():
        kind = EmptyLayerError if is_layer and frame.empty else InputError
        raise kind(f"{path}: holds no polygons")
    frame = frame[~frame.geometry.isna()]
    if scene.crs is not None and frame.crs is not None:
        nearby = surroundings(scene, frame.crs.to_wkt())
        if nearby is not None:
            frame = frame[frame.intersects(nearby)]
        frame = frame.to_crs(scene.crs.to_wkt())
    shapes = polygons_of(frame.geometry)
    frame = frame.loc[shapes.index].set_geometry(shapes)
    here = frame[frame.intersects(footprint(scene))]
    if here.empty:
        raise InputError(f"{path}: no polygon lies on {scene.path}")
    return here


def footprint(scene: Scene) -> BaseGeometry:
    """The outline of a scene's region in its CRS."""
    width, height = scene.region.width, scene.region.height
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    return shapely.Polygon([scene.region_transform * corner for corner in corners])


def _is_raster(source: str) -> bool:
    try:
        with _opened(source) as dataset:
            return dataset.count > 0
    except RasterioError:
        return False


def _opened(path: str) -> rasterio.DatasetReader:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        return rasterio.open(path)
