"""Small rasters as they come from all kinds of sources, and what to read back from results."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.errors import NotGeoreferencedWarning

UTM = "EPSG:32648"
METRES_2 = Affine(2.0, 0, 500_000, 0, -2.0, 3_000_000)  # 2 m a pixel, north up

RGB = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)


def landscape(height: int, width: int, seed: int = 0, bands: int = 3) -> np.ndarray:
    """Green ground with some red rectangles, every pixel different: uint8 ``(bands, height, width)``, never 0."""
    rng = np.random.default_rng([seed, height, width])
    image = rng.integers(90, 120, (bands, height, width))
    image[0] -= 40
    for _ in range(max(2, height * width // 4000)):
        top, left = rng.integers(0, height), rng.integers(0, width)
        bottom, right = top + rng.integers(5, 25), left + rng.integers(5, 25)
        image[0, top:bottom, left:right] += 100
    return image.astype(np.uint8)


def write_raster(path: Path, pixels: np.ndarray, **profile: Any) -> Path:
    """Write ``(C, H, W)`` as a raster; by default a GeoTIFF at 2 m in UTM.

    ``colorinterp``, ``gcps`` and ``mask`` (``(H, W)``, written as internal mask) are given to the dataset.
    """
    colorinterp, gcps, mask = (profile.pop(key, None) for key in ("colorinterp", "gcps", "mask"))
    fields = {
        "driver": "GTiff", "count": len(pixels), "height": pixels.shape[1], "width": pixels.shape[2],
        "dtype": pixels.dtype, "crs": UTM, "transform": METRES_2, **profile,
    }  # fmt: skip
    with warnings.catch_warnings(), rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **fields) as dataset:
            if colorinterp:
                dataset.colorinterp = colorinterp
            dataset.write(pixels)
            if mask is not None:
                dataset.write_mask(mask)
            if gcps:
                dataset.gcps = gcps
    return path


@dataclass(frozen=True)
class Raster:
    """One band read back."""

    pixels: np.ndarray
    profile: dict[str, Any]
    tags: dict[str, str]
    gcps: tuple[list[Any], Any]


def read_raster(path: Path) -> Raster:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path) as dataset:
            return Raster(dataset.read(1), dict(dataset.profile), dataset.tags(), dataset.gcps)


def is_cog(path: Path) -> bool:
    from rio_cogeo.cogeo import cog_validate

    valid, errors, _ = cog_validate(path, quiet=True)
    assert not errors, errors
    return valid


def unfinished(folder: Path) -> list[str]:
    """Names of temporary files in a folder."""
    return sorted(path.name for path in folder.iterdir() if ".partial" in path.name)


def count_regions(mask: np.ndarray) -> int:
    """Number of 4-connected regions of a boolean array."""
    left = {(int(row), int(column)) for row, column in np.argwhere(mask)}
    count = 0
    while left:
        count += 1
        front = [left.pop()]
        while front:
            row, column = front.pop()
            for place in ((row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)):
                if place in left:
                    left.remove(place)
                    front.append(place)
    return count
