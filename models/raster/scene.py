"""A scene: a raster as it lies on disk, the region of it that is asked for, and what its pixels are worth."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_OutOfMemoryError
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NodataShadowWarning, NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from ..errors import InputError
from .ground import Ground


@dataclass(frozen=True)
class Region:
    """A rectangle of whole pixels of a raster."""

    column: int
    row: int
    width: int
    height: int


class Scene:
    """An open raster with its chosen bands and region.

    Args:
        path: anything GDAL opens: a file, a VRT, ``/vsicurl/...``, a subdataset.
        bands: 1-based band numbers in the network's order, or the names of the bands it wants: they are found by
            the raster's colour interpretation, else the first ones are taken; a single band stands for all.
        extent: ``xmin, ymin, xmax, ymax`` in the raster's CRS; None is the whole raster.

    Raises:
        InputError: not a raster, bands that it does not have, or an extent outside it.
    """

    def __init__(
        self, path: str, bands: Sequence[int] | Sequence[str], extent: tuple[float, float, float, float] | None = None
    ) -> None:
        self.path = path
        self._reading = threading.Lock()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            try:
                self.dataset = rasterio.open(path)
            except RasterioError as error:
                raise InputError(f"{path}: cannot be opened as a raster ({error})") from None
            self.bands = self._choose_bands(bands)
            self.gcps, gcp_crs = self.dataset.gcps
            self.transform: Affine = self.dataset.transform
        self.georeferenced = self.dataset.crs is not None and not self.transform.is_identity
        self.crs = self.dataset.crs or (gcp_crs if self.gcps else None)
        self.region = self._region(extent)
        self.ground = Ground(self.crs.to_wkt(), self.region_transform) if self.crs and self.georeferenced else None

    def close(self) -> None:
        self.dataset.close()

    @property
    def name(self) -> str:
        """The scene's name for outputs and messages."""
        return Path(self.path.split("?")[0]).stem or self.path

    @property
    def dtype(self) -> np.dtype:
        return np.dtype(self.dataset.dtypes[self.bands[0] - 1])

    @property
    def region_transform(self) -> Affine:
        """Region pixel to CRS coordinates."""
        return self.transform * Affine.translation(self.region.column, self.region.row)

    def grid_place(self, size_x: float = 1.0, size_y: float = 1.0) -> tuple[Affine, list[GroundControlPoint]]:
        """Transform and control points of a grid over the region, its pixels ``size_x`` by ``size_y`` of the raster's.

        A raster that is placed by control points keeps them (moved to the grid) and has no transform; one that is not
        placed at all stays so.
        """
        if self.transform.is_identity and self.gcps:
            column, row = self.region.column, self.region.row
            points = [
                GroundControlPoint((p.row - row) / size_y, (p.col - column) / size_x, p.x, p.y, p.z, p.id, p.info)
                for p in self.gcps
            ]
            return Affine.identity(), points
        if self.transform.is_identity:
            return Affine.identity(), []
        return self.region_transform * Affine.scale(size_x, size_y), []

    @property
    def resolution(self) -> tuple[float, float] | None:
        """Width and height in metres of the region's middle pixel; None without georeference."""
        if self.ground is None:
            return None
        return self.ground.pixel_size(self.region.width / 2, self.region.height / 2)

    @property
    def always_valid(self) -> bool:
        """Whether no pixel can be nodata."""
        flags = [self.dataset.mask_flag_enums[band - 1] for band in self.bands]
        has_mask = not all(MaskFlags.all_valid in flag for flag in flags)
        return not has_mask and self.dtype.kind != "f" and self._unused_alpha() is None

    def read(
        self,
        window: Window,
        shape: tuple[int, int],
        resampling: rasterio.enums.Resampling,
        into: NDArray[np.generic] | None = None,
    ) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        """Read a window of the raster at ``shape``; return pixels ``(C, *shape)`` and valid ``(*shape)``.

        Threads take turns: an open raster serves one at a time.

        Args:
            into: array for the pixels; None makes one.

        Raises:
            InputError: the file is damaged there.
            MemoryError: GDAL finds no room for its blocks.
        """
        with self._reading:
            return self._read(window, shape, resampling, into)

    def _read(
        self,
        window: Window,
        shape: tuple[int, int],
        resampling: rasterio.enums.Resampling,
        into: NDArray[np.generic] | None,
    ) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
        out = (len(self.bands), *shape)
        place: dict[str, Any] = {"out_shape": out} if into is None else {"out": into}
        try:
            pixels = self.dataset.read(self.bands, window=window, resampling=resampling, **place)
            if self.always_valid:
                return pixels, np.ones(shape, dtype=bool)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", NodataShadowWarning)  # alpha is looked at below
                masks = self.dataset.read_masks(self.bands, window=window, out_shape=out) > 0
            alpha = self._unused_alpha()
            opaque = self.dataset.read(alpha, window=window, out_shape=shape) > 0 if alpha else None
        except RasterioError as error:
            if _is_out_of_memory(error):
                raise MemoryError(f"{self.path}: GDAL is out of memory") from None
            raise InputError(f"{self.path}: cannot read at row {window.row_off:.0f} ({error})") from None
        valid = masks.any(axis=0) if self._is_empty_together() else masks.all(axis=0)
        if opaque is not None:
            valid &= opaque
        if pixels.dtype.kind == "f":
            valid &= np.isfinite(pixels).all(axis=0)
        return pixels, valid

    def _is_empty_together(self) -> bool:
        """Whether a pixel holds no data only where every band says so.

        A value of 0 is also that of a dark pixel in one band, and of 8-bit imagery every value is some pixel's.
        """
        nodata = [self.dataset.nodatavals[band - 1] for band in self.bands]
        return self.dtype == np.uint8 or all(value == 0 for value in nodata)

    def _unused_alpha(self) -> int | None:
        """The alpha band where GDAL's masks leave it out, because the raster has a nodata value too."""
        if ColorInterp.alpha not in self.dataset.colorinterp:
            return None
        in_masks = all(MaskFlags.alpha in self.dataset.mask_flag_enums[band - 1] for band in self.bands)
        return None if in_masks else self.dataset.colorinterp.index(ColorInterp.alpha) + 1

    def _choose_bands(self, wanted: Sequence[int] | Sequence[str]) -> list[int]:
        numbers = [band for band in wanted if isinstance(band, int)]
        if not numbers:
            names = [interpretation.name for interpretation in self.dataset.colorinterp]
            if all(name in names for name in wanted):
                numbers = [names.index(str(name)) + 1 for name in wanted]
            else:
                imagery = [n for n, name in enumerate(names, start=1) if name != ColorInterp.alpha.name]
                numbers = imagery * len(wanted) if len(imagery) == 1 else imagery[: len(wanted)]
            if len(numbers) < len(wanted):
                raise InputError(
                    f"{self.path}: has {len(imagery)} bands of imagery, the model wants {len(wanted)} "
                    f"({', '.join(map(str, wanted))}); choose with --bands, repeating one if need be"
                )
        self._check_bands(numbers)
        return numbers

    def _check_bands(self, bands: list[int]) -> None:
        count = self.dataset.count
        wrong = [band for band in bands if not 1 <= band <= count]
        if wrong:
            raise InputError(f"{self.path}: band {wrong[0]} was asked for, the raster has {count}; choose with --bands")
        types = sorted({self.dataset.dtypes[band - 1] for band in bands})
        for name in types:
            if name.startswith("complex"):
                raise InputError(f"{self.path}: bands of type {name} are not imagery")
        if len(types) > 1:
            raise InputError(f"{self.path}: bands of different types ({', '.join(types)}); choose with --bands")
        if ColorInterp.palette in (self.dataset.colorinterp[band - 1] for band in bands):
            raise InputError(f"{self.path}: has a colour table; expand it to RGB first (gdal_translate -expand rgb)")

    def _region(self, extent: tuple[float, float, float, float] | None) -> Region:
        width, height = self.dataset.width, self.dataset.height
        if extent is None:
            return Region(0, 0, width, height)
        if not np.isfinite(extent).all():
            raise InputError(f"{self.path}: the extent {','.join(map(str, extent))} is not finite")
        xmin, ymin, xmax, ymax = extent
        to_pixel = ~self.transform
        corners = [to_pixel * (x, y) for x in (xmin, xmax) for y in (ymin, ymax)]
        # A hair of slack, so that an extent on pixel edges does not take in another row by rounding.
        left = max(0, int(np.floor(min(x for x, _ in corners) + 1e-6)))
        top = max(0, int(np.floor(min(y for _, y in corners) + 1e-6)))
        right = min(width, int(np.ceil(max(x for x, _ in corners) - 1e-6)))
        bottom = min(height, int(np.ceil(max(y for _, y in corners) - 1e-6)))
        if left >= right or top >= bottom:
            raise InputError(f"{self.path}: the extent {xmin},{ymin},{xmax},{ymax} does not meet the raster")
        return Region(left, top, right - left, bottom - top)


def _is_out_of_memory(error: BaseException | None) -> bool:
    """Whether that is what an error of rasterio's goes back to: it says so by the cause of a cause."""
    while error is not None and not isinstance(error, CPLE_OutOfMemoryError):
        error = error.__cause__
    return error is not None
