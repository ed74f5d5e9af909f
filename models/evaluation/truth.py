"""The inventory that a prediction is measured against: a raster or polygons, on the prediction's grid."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..raster.ground import Ground
from ..raster.scene import Scene
from .aligned import AlignedPolygons, AlignedRaster, open_raster

PATCH = 4  # px of the scene (or of a raster inventory): predictions with pixels as large as that are grids of patches
FINEST = 64  # parts into which a patch's side is cut at most, to measure how much of it is landslide
POLYGON_PARTS = 16  # where neither scene nor inventory has pixels


class Truth(Protocol):
    """What is landslide on a grid.

    Attributes:
        fine: parts into which each side of a pixel of the grid is cut.
        has_features: whether each landslide has a number of its own; else it is what hangs together.
        blank_is_nodata: whether what is no landslide may as well be what nobody looked at.
    """

    fine: int
    has_features: bool
    blank_is_nodata: bool

    def read(self, first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Rows ``first`` to ``last`` of the grid.

        Returns:
            number of the landslide at each part (0: none), and where the inventory says anything, both
            ``((last - first) * fine, width * fine)``.
        """
        ...


class RasterTruth:
    """A raster: non-zero is landslide; its nodata value (unless that is 0) and what lies outside it is unknown.

    Raises:
        InputError: see ``AlignedRaster``.
    """

    has_features = False

    def __init__(self, dataset: Any, grid: Scene, fine: int) -> None:
        self.fine = fine
        self._raster = AlignedRaster(dataset, grid, fine)
        self.blank_is_nodata = dataset.nodata == 0
        self._nodata = None if self.blank_is_nodata else dataset.nodata
        self._width = grid.region.width * fine

    def read(self, first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        pixels, known = self._raster.read([1], (first * self.fine, last * self.fine), (0, self._width))
        values = pixels[0]
        if values.dtype.kind == "f":
            known = known & np.isfinite(values)
        if self._nodata is not None:
            known = known & (values != self._nodata)
        return ((values != 0) & known).astype(np.int32), known


class PolygonTruth:
    """Polygons; where there is none, there is no landslide.

    Args:
        scene: the raster that was predicted, where it is known: of an inventory of it none may lie on the prediction.

    Raises:
        InputError: see ``AlignedPolygons``.
    """

    has_features = True
    blank_is_nodata = False

    def __init__(self, source: str, grid: Scene, fine: int, scene: Any | None) -> None:
        self.fine = fine
        around = None
        if scene is not None and scene.crs is not None and not scene.transform.is_identity:
            around = scene.name
        self._polygons = AlignedPolygons(source, grid, around)

    def read(self, first: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        labels = self._polygons.labels(first, last, self.fine)
        return labels, np.ones(labels.shape, bool)


def open_truth(source: str, grid: Scene, scene: Any | None, as_patches: bool) -> Truth:
    """Open an inventory on a prediction's grid.

    Args:
        source: raster, or vector file (``path|layername=NAME``).
        grid: the prediction.
        scene: the raster that was predicted, where it is known: it tells a grid of patches from a grid of pixels.
        as_patches: the prediction is a grid of patches, whatever it looks like.

    Raises:
        InputError: not readable, or nowhere on the grid (polygons: on the scene, where it is known).
    """
    raster = _raster_or_none(source)
    reference = scene if scene is not None else raster
    ratio = 1.0 if reference is None else pixel_ratio(grid, reference)
    fine = 1
    if as_patches or ratio >= PATCH:
        fine = min(FINEST, round(ratio)) if ratio > 1.5 else POLYGON_PARTS
    return PolygonTruth(source, grid, fine, scene) if raster is None else RasterTruth(raster, grid, fine)


def pixel_ratio(grid: Scene, dataset: Any) -> float:
    """How many pixels of a raster lie along the side of a pixel of a grid."""
    size = grid.resolution
    if size is None or dataset.crs is None or dataset.transform.is_identity:
        return float(dataset.width / grid.dataset.width)
    other = Ground(dataset.crs.to_wkt(), dataset.transform).pixel_size(dataset.width / 2, dataset.height / 2)
    return 1.0 if other is None else float((size[0] * size[1] / (other[0] * other[1])) ** 0.5)


def _raster_or_none(source: str) -> Any | None:
    """The open raster, or None for vector data (a GeoPackage may be either)."""
    try:
        dataset = open_raster(source)
    except InputError:
        return None
    return dataset if dataset.count else None
