"""Cloud Optimized GeoTIFFs of the rows that were written."""

from __future__ import annotations

import warnings
from pathlib import Path

import rasterio
import rasterio.shutil
from rasterio.errors import NotGeoreferencedWarning

from .pyramid import Halve, build_pyramid, mean_of_valid, mode_of_valid

HALVES: dict[str, Halve] = {"average": mean_of_valid, "mode": mode_of_valid}


def write_cog(source: Path, target: Path, overviews: str) -> None:
    """Copy a ``RowFile``'s VRT to a tiled, compressed GeoTIFF with overviews by ``average`` or ``mode``."""
    with warnings.catch_warnings(), rasterio.Env(GDAL_CACHEMAX=128):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(source) as dataset:
            build_pyramid(source, dataset.width, dataset.height, dataset.dtypes[0], HALVES[overviews])
        # GDAL takes the overviews that are there; at level 1 it compresses three times as fast as at 6, and a
        # twentieth larger.
        rasterio.shutil.copy(
            source, target, driver="COG", compress="DEFLATE", level=1, predictor="YES", blocksize=512,
            bigtiff="IF_SAFER", num_threads="ALL_CPUS",
        )  # fmt: skip
