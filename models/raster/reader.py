"""Reading a scene's region by strips, on the working grid that the model wants."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from .scene import Scene
from .stretch import Rule, Stretch, eight_bit, fitted, needs_scene

SAMPLED = 192  # px: side of a window that is sampled
SAMPLES = 6  # windows along each axis, at most
LEAST_KNOWN = 0.02  # share of the sampled pixels with data up to which samples are looked for elsewhere
ENOUGH = 2**18  # pixels all over a scene that tell its median and spread to less than a grey value
DECIMATED = 1024  # px: longest side of the read that percentiles are estimated on
LONG_READ = 10**8  # pixels that take some seconds to decode


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


@dataclass(frozen=True)
class _Kept:
    """The rows of a block of columns that its next strip begins with."""

    first: int
    pixels: NDArray[np.generic]
    valid: NDArray[np.bool_]


class StripReader:
    """Reads strips of rows, by blocks of columns; rows that the next strip of a block shares are kept, not read again.

    So memory is that of a block and of the shared rows, however wide the scene.
    """

    def __init__(self, scene: Scene, grid: WorkingGrid) -> None:
        self.scene = scene
        self.grid = grid
        self._kept: dict[tuple[int, int], _Kept] = {}

    def read(
        self, first: int, last: int, left: int = 0, right: int | None = None, following: int | None = None
    ) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        """Return a part of the working grid: pixels ``(C, rows, columns)``, valid ``(rows, columns)``.

        The arrays are new each time.

        Args:
            first, last: rows (``last`` exclusive); of each block of columns with rising ``first``.
            left, right: columns (``right`` exclusive); None is the last.
            following: row that the block's next strip begins with; None is not known, or none follows.
        """
        right = self.grid.width if right is None else right
        pixels = np.empty((len(self.scene.bands), last - first, right - left), self.scene.dtype)
        valid = np.empty((last - first, right - left), bool)
        kept = self._kept.pop((left, right), None)
        shared = 0
        if kept is not None and kept.first <= first < kept.first + len(kept.valid):
            rows = slice(first - kept.first, last - kept.first)
            shared = len(kept.valid[rows])
            pixels[:, :shared], valid[:shared] = kept.pixels[:, rows], kept.valid[rows]
        if first + shared < last:
            self._read_block(first + shared, last, left, right, pixels[:, shared:], valid[shared:])
        if following is not None and following < last:
            rows = slice(max(0, following - first), None)
            self._kept[left, right] = _Kept(max(first, following), pixels[:, rows].copy(), valid[rows].copy())
        return pixels, valid

    def read_valid(self, first: int, last: int) -> NDArray[np.bool_]:
        """Where rows ``first`` to ``last`` of the region, at its own resolution, hold data: ``(rows, width)``."""
        region = self.scene.region
        shape = (last - first, region.width)
        if self.scene.always_valid:
            return np.ones(shape, dtype=bool)
        window = Window(region.column, region.row + first, region.width, last - first)
        return self.scene.read(window, shape, Resampling.nearest)[1]

    def _read_block(
        self, first: int, last: int, left: int, right: int, pixels: NDArray[np.generic], valid: NDArray[np.bool_]
    ) -> None:
        region, grid = self.scene.region, self.grid
        window = Window(
            region.column + left * grid.scale_x, region.row + first * grid.scale_y,
            (right - left) * grid.scale_x, (last - first) * grid.scale_y,
        )  # fmt: skip
        valid[:] = self.scene.read(window, valid.shape, grid.resampling, pixels)[1]


def sample_windows(scene: Scene, grid: WorkingGrid) -> Iterator[tuple[NDArray[np.generic], NDArray[np.bool_]]]:
    """Yield windows from all over the raster, whatever the region: pixels ``(C, n, n)``, valid ``(n, n)``.

    They have the working grid's resolution; together they are the whole of a small raster. Where they hold next to no
    data, as of a few surveys far from each other, others follow that do.
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

    def read(top: float, left: float) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        return scene.read(Window(left, top, reach[1], reach[0]), (shape[0], shape[1]), grid.resampling)

    known = []
    for place in itertools.product(*places):
        pixels, valid = read(*place)
        known.append(valid.mean())
        yield pixels, valid
    if np.mean(known) < LEAST_KNOWN:
        yield from itertools.starmap(read, _with_data(scene, reach))


def _with_data(scene: Scene, reach: list[float]) -> Iterator[tuple[float, float]]:
    """Yield row and column of windows, of a height and width, around places all over the raster that hold data."""
    sides = (scene.dataset.height, scene.dataset.width)
    _, valid = _decimated(scene)
    factor = np.array(sides) / valid.shape
    cells = np.argwhere(valid)
    for cell in cells[np.linspace(0, len(cells) - 1, min(len(cells), SAMPLES**2)).round().astype(int)]:
        middle = (cell + 0.5) * factor - np.array(reach) / 2
        row, column = (
            float(np.clip(at, 0, side - length)) for at, side, length in zip(middle, sides, reach, strict=True)
        )
        yield round(row), round(column)


def _decimated(scene: Scene) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """The whole raster at no more than ``DECIMATED`` px: pixels ``(C, h, w)``, valid ``(h, w)``."""
    height, width = scene.dataset.height, scene.dataset.width
    factor = max(1.0, max(height, width) / DECIMATED)
    shape = (max(1, round(height / factor)), max(1, round(width / factor)))
    return scene.read(Window(0, 0, width, height), shape, Resampling.nearest)


def needs_long_read(scene: Scene, rule: Rule) -> bool:
    """Whether ``estimate_stretch`` may take long: it decodes all of a large raster where there are no overviews.

    Those of a mosaic's files are not seen here, but used.
    """
    dataset = scene.dataset
    of_percentiles = needs_scene(rule, scene.dtype) and "median" not in rule
    return of_percentiles and dataset.width * dataset.height > LONG_READ and not dataset.overviews(scene.bands[0])


def estimate_stretch(scene: Scene, rule: Rule) -> Stretch:
    """The scene's scaling, by a look at the whole raster, whatever the region.

    Percentiles are taken from a decimated read, median and spread from windows at full resolution. Windows would spare
    the percentiles the decoding of a whole file without overviews (1 s of CPU time for 36 megapixels of 16 bits), but
    256 of them, all over a scene, were up to 13 % of its contrast off at the 99th percentile; the read is 2 %.
    """
    if not needs_scene(rule, scene.dtype):
        return eight_bit(len(scene.bands))
    if "median" in rule:
        samples = list(sample_windows(scene, WorkingGrid(scene.region.width, scene.region.height, 1.0, 1.0)))
        step = max(1, isqrt(sum(valid.size for _, valid in samples) // ENOUGH))
        thin = np.s_[..., ::step, ::step]
        pixels = np.concatenate([pixels[thin][:, valid[thin]] for pixels, valid in samples], axis=1)[:, None]
        return fitted(rule, pixels, np.ones(pixels.shape[1:], bool))
    return fitted(rule, *_decimated(scene))
