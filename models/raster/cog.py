"""Cloud Optimized GeoTIFFs of the rows that were written."""

from __future__ import annotations

import warnings
from pathlib import Path

import rasterio
import rasterio.shutil
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from .pyramid import Halve, build_pyramid, mean_of_valid, mode_of_valid

HALVES: dict[str, Halve] = {"average": mean_of_valid, "mode": mode_of_valid}


def write_cog(source: Path, target: Path, overviews: str) -> None:
    """Copy a ``RowFile``'s VRT to a tiled, compressed GeoTIFF with overviews by ``average`` or ``mode``.

    Raises:
        OSError: it is not whole, for want of space on the disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(source) as dataset:
            build_pyramid(source, dataset.width, dataset.height, dataset.dtypes[0], HALVES[overviews])
        # GDAL takes the overviews that are there; at level 1 it compresses three times as fast as at 6, and a
        # twentieth larger.
        rasterio.shutil.copy(
            source, target, driver="COG", compress="DEFLATE", level=1, predictor="YES", blocksize=512,
            bigtiff="IF_SAFER", num_threads="ALL_CPUS",
        )  # fmt: skip
    check_whole(target)


def check_whole(path: Path) -> None:
    """Make sure that a GeoTIFF holds its last block: GDAL does not tell of what it could not write at the end.

    Raises:
        OSError: it does not.
    """
    fault = f"{path.name} is not whole"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path)
    except RasterioError:
        raise OSError(fault) from None
    with dataset:
        rows, columns = dataset.block_shapes[0]
        last = f"{(dataset.width - 1) // columns}_{(dataset.height - 1) // rows}"
        offset, size = (dataset.get_tag_item(f"BLOCK_{what}_{last}", "TIFF", bidx=1) for what in ("OFFSET", "SIZE"))
    if offset is None or int(offset) + int(size) > path.stat().st_size:
        raise OSError(fault)
