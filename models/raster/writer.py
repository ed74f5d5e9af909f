"""Streamed writing of probability and mask rows, and the figures counted on the way."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from ..errors import OutputError
from .ground import Ground

MASK_NODATA = 255
LEVELS = 8192  # probabilities are rounded to 1/8192, which halves the size of the compressed file


@dataclass
class Totals:
    """Counts over all rows written."""

    valid: int = 0
    landslide: int = 0
    area: float = 0.0


class RasterPair:
    """Probability (float32, nodata NaN) and mask (uint8 0 / 1, nodata 255) as tiled GeoTIFFs, rows from the top.

    Args:
        probability, mask: paths.
        width, height: size in px.
        crs, transform: georeference of the output grid.
        gcps: ground control points, for rasters that are placed by them.
        threshold: probability from which a pixel is landslide.
        tags: metadata for both files.
    """

    def __init__(
        self,
        probability: Path,
        mask: Path,
        *,
        width: int,
        height: int,
        crs: Any,
        transform: Affine,
        gcps: list[Any],
        threshold: float,
        tags: dict[str, str],
    ) -> None:
        self.totals = Totals()
        self._threshold = threshold
        self._row = 0
        self._folder = probability.parent
        self._width = width
        self._ground = Ground(crs.to_wkt(), transform) if crs is not None and not transform.is_identity else None
        profile = {
            "driver": "GTiff", "width": width, "height": height, "count": 1, "tiled": True, "blockxsize": 512,
            "blockysize": 512, "compress": "DEFLATE", "zlevel": 1, "bigtiff": "IF_SAFER", "crs": crs,
            "transform": None if transform.is_identity else transform,
        }  # fmt: skip
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            try:
                self._probability = rasterio.open(probability, "w", **profile, dtype="float32", nodata=np.nan)
                self._mask = rasterio.open(mask, "w", **profile, dtype="uint8", nodata=MASK_NODATA)
            except (RasterioError, OSError) as error:
                raise OutputError(f"{probability.parent}: cannot write there ({error})") from None
        for dataset, name in ((self._probability, "landslide probability"), (self._mask, "landslide mask")):
            dataset.set_band_description(1, name)
            dataset.update_tags(**tags)
            if gcps:
                dataset.gcps = (gcps, crs)

    def write(self, probability: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
        """Write the next rows ``(n, width)``; where not ``valid`` both rasters get nodata.

        Raises:
            OutputError: the disk is full or the file cannot be written.
        """
        rows = len(probability)
        probability = np.round(probability * LEVELS) / np.float32(LEVELS)
        landslide = (probability >= self._threshold) & valid
        mask = np.where(valid, landslide, MASK_NODATA).astype(np.uint8)
        window = Window(0, self._row, self._width, rows)
        try:
            self._probability.write(np.where(valid, probability, np.nan).astype(np.float32), 1, window=window)
            self._mask.write(mask, 1, window=window)
        except RasterioError as error:
            raise OutputError(f"{self._folder}: cannot write there, is the disk full? ({error})") from None
        count = int(landslide.sum())
        self.totals.valid += int(valid.sum())
        self.totals.landslide += count
        if count and self._ground is not None:
            self.totals.area += count * self._ground.pixel_area(self._width / 2, self._row + rows / 2)
        self._row += rows

    def close(self) -> None:
        """Flush both files.

        Raises:
            OutputError: the disk is full.
        """
        try:
            self._probability.close()
            self._mask.close()
        except RasterioError as error:
            raise OutputError(f"{self._folder}: cannot write there, is the disk full? ({error})") from None
