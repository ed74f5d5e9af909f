"""Scenes to train on: windows of large rasters with their labels, read one by one, never a scene as a whole."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.warp import reproject
from rasterio.windows import Window as RasterWindow

from ..errors import InputError
from ..raster.reader import estimate_stretch, working_grid
from ..raster.scene import Scene
from ..raster.stretch import USUAL, Rule
from .blocks import Cells, Split
from .labels import Labels, Polygons, read_labels, read_polygons
from .windows import IGNORED, LANDSLIDE, Window

Extent = tuple[float, float, float, float]
CELL = 16  # working px of a cell; 8 in a small scene
SMALL = 1024  # px


@dataclass
class LabelledScene:
    """A scene with its labels, on the working grid of the model.

    It can be handed to worker processes: each opens the raster for itself.

    Args:
        path: of the raster.
        bands: band numbers, or the names of the bands.
        labels: raster or polygons of landslides; None where none are known.
        normal: polygons outside which nothing is used.
        extent: ``xmin, ymin, xmax, ymax`` in the raster's CRS; None is the whole raster.
        finest: metres a pixel to which a finer scene is resampled; None works at the scene's own resolution.
        stretch: the rule of the card.

    Raises:
        InputError: the raster cannot be used, or labels do not lie on it.
    """

    path: str
    bands: Sequence[int] | Sequence[str]
    labels: str | None
    normal: str | None
    extent: Extent | None
    finest: float | None
    stretch: Rule
    _opened: dict[int, Scene] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        scene = self.scene
        self.grid = working_grid(scene, (self.finest or 0.0, np.inf))
        self._stretch = estimate_stretch(scene, self.stretch)
        self._plain = estimate_stretch(scene, USUAL)
        self._landslides: Labels
        self._landslides, self._rejected = Polygons([]), Polygons([])
        if self.labels is not None:
            self._landslides, self._rejected = read_labels(self.labels, scene)
        self._normal = Polygons(list(read_polygons(self.normal, scene).geometry)) if self.normal else None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_opened": {}}

    @property
    def scene(self) -> Scene:
        """The raster, opened once in each process."""
        if os.getpid() not in self._opened:
            self._opened[os.getpid()] = Scene(self.path, self.bands, self.extent)
        return self._opened[os.getpid()]

    @property
    def ground_resolution(self) -> float | None:
        """Side of a working pixel in metres; None without georeference."""
        size = self.scene.resolution
        if size is None:
            return None
        return float(np.sqrt(size[0] * self.grid.scale_x * size[1] * self.grid.scale_y))

    @cached_property
    def cells(self) -> Cells:
        """What lies where, from one decimated look at the scene."""
        size = CELL if min(self.grid.width, self.grid.height) >= SMALL else CELL // 2
        shape = (-(-self.grid.height // size), -(-self.grid.width // size))
        region = self._raster_window(0, 0, self.grid.height, self.grid.width)
        always = self.scene.always_valid
        valid = np.ones(shape, bool) if always else self.scene.read(region, shape, Resampling.nearest)[1].copy()
        place = self._transform(0, 0, size, size)
        landslide = self._landslides.mask(place, shape, touched=True) == LANDSLIDE
        valid &= landslide | (self._landslides.mask(place, shape) != IGNORED)
        if self._normal is not None:
            valid &= self._normal.mask(place, shape) > 0
        rejected = self._rejected.mask(place, shape, touched=True) > 0
        return Cells(size, valid, landslide & valid, rejected & valid & ~landslide)

    @property
    def cells_transform(self) -> Affine:
        """Cells to the scene's CRS."""
        return self._transform(0, 0, self.cells.size, self.cells.size)

    def read(
        self, row: int, column: int, side: int, size: int, allowed: NDArray[np.bool_] | None = None, plain: bool = False
    ) -> Window:
        """A square of the working grid, resampled to ``size`` px; what lies beyond the scene mirrors it.

        Pixels without data, or outside the normal ground, are ``IGNORED`` and show the mean colour of the others.

        Args:
            row, column: top left, working px.
            side: working px.
            size: px of the result.
            allowed: cells of which pixels may be seen; None are all.
            plain: for people, not as the model's stretch has it.
        """
        height, width = min(side, self.grid.height), min(side, self.grid.width)
        row = int(np.clip(row, 0, self.grid.height - height))
        column = int(np.clip(column, 0, self.grid.width - width))
        shape = (max(1, round(size * height / side)), max(1, round(size * width / side)))
        scale_y, scale_x = height / shape[0], width / shape[1]
        native = self.grid.is_native and side == size
        coarser = max(scale_y * self.grid.scale_y, scale_x * self.grid.scale_x) > 1
        resampling = Resampling.nearest if native else Resampling.average if coarser else Resampling.bilinear
        pixels, valid = self.scene.read(self._raster_window(row, column, height, width), shape, resampling)
        place = self._transform(row, column, scale_y, scale_x)
        mask = self._landslides.mask(place, shape)
        mask[~valid] = IGNORED
        if self._normal is not None:
            mask[self._normal.mask(place, shape) == 0] = IGNORED
        if allowed is not None:
            cells = self.cells.size
            rows = ((row + (np.arange(shape[0]) + 0.5) * scale_y) / cells).astype(int)
            columns = ((column + (np.arange(shape[1]) + 0.5) * scale_x) / cells).astype(int)
            mask[~allowed[np.ix_(rows, columns)]] = IGNORED
        image = np.rint((self._plain if plain else self._stretch)(pixels) * 255).astype(np.uint8)
        margins = [(0, size - shape[0]), (0, size - shape[1])]
        image = np.pad(filled(image, mask != IGNORED), [(0, 0), *margins], mode="symmetric")
        return Window(image, np.pad(mask, margins, mode="symmetric"))

    def _raster_window(self, row: float, column: float, height: float, width: float) -> RasterWindow:
        region, grid = self.scene.region, self.grid
        return RasterWindow(
            region.column + column * grid.scale_x, region.row + row * grid.scale_y,
            width * grid.scale_x, height * grid.scale_y,
        )  # fmt: skip

    def _transform(self, row: float, column: float, scale_y: float, scale_x: float) -> Affine:
        """Pixels of a window that begins at a working pixel and is coarser by a factor, to the scene's CRS."""
        grid = self.grid
        working = self.scene.region_transform * Affine.scale(grid.scale_x, grid.scale_y)
        return working * Affine.translation(column, row) * Affine.scale(scale_x, scale_y)


def apart(scenes: list[LabelledScene], splits: list[Split]) -> list[Split]:
    """Splits of which none trains on ground that another scene's, of another date for instance, holds out."""
    placed = [(scene, split) for scene, split in zip(scenes, splits, strict=True) if scene.scene.georeferenced]
    found = []
    for scene, split in zip(scenes, splits, strict=True):
        training = split.training.copy()
        for other, others in placed if scene.scene.georeferenced else []:
            if other is scene:
                continue
            hidden = np.zeros(training.shape, np.uint8)
            reproject(
                (~others.training).astype(np.uint8), hidden, resampling=Resampling.max,
                src_transform=other.cells_transform, src_crs=other.scene.crs,
                dst_transform=scene.cells_transform, dst_crs=scene.scene.crs,
            )  # fmt: skip
            training &= hidden == 0
        found.append(replace(split, training=training))
    return found


def filled(image: NDArray[np.uint8], known: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """An image ``(C, H, W)`` with the mean colour of its known pixels wherever it is not known.

    As in detection (``Detector.standardise``), so that the value that stands for nodata never reaches a network.
    """
    if known.all():
        return image
    colour = image[:, known].mean(axis=1) if known.any() else np.full(len(image), 127.0)
    return np.where(known, image, np.rint(colour).astype(np.uint8)[:, None, None])


def scene_resolutions(scenes: list[LabelledScene]) -> list[float]:
    """Ground resolutions of scenes as they are worked at, metres.

    Raises:
        InputError: a scene has no georeference.
    """
    resolutions = []
    for labelled in scenes:
        if labelled.ground_resolution is None:
            raise InputError(f"{labelled.path}: has no georeference; give its metres a pixel with --resolution")
        resolutions.append(labelled.ground_resolution)
    return resolutions
