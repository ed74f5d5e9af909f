"""Small labelled scenes to train on."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
from affine import Affine
from scenes import METRES_2, UTM, write_raster
from shapely.geometry import box

SLIDE = 16  # px: side of a landslide

#: Options of a training that is over at once.
FEW = ["--steps", "1", "--batch-size", "2", "--window", "64", "--base", "scratch"]


def places(height: int, width: int) -> list[tuple[int, int]]:
    """Top left of each landslide of a scene; closer together in a small one."""
    down, across = (48, 56) if min(height, width) >= 80 else (26, 30)
    return [(row, column) for row in range(4, height - SLIDE, down) for column in range(4, width - SLIDE, across)]


def write_labelled_scene(
    folder: Path,
    height: int = 256,
    width: int = 288,
    dtype: str = "uint8",
    collar: int = 0,
    bands: int = 3,
    labels_at: tuple[float, float] = (0, 0),
    crs: str = UTM,
    transform: Affine = METRES_2,
    name: str = "scene",
) -> tuple[Path, Path]:
    """Green ground with red squares, and the squares as polygons in longitude and latitude; returns both paths.

    Args:
        collar: px of nodata all around.
        labels_at: metres that the polygons are moved by.
    """
    rng = np.random.default_rng(0)
    pixels = rng.integers(60, 100, (bands, height, width))
    pixels[1] += 60
    squares = []
    for row, column in places(height, width):
        here = np.s_[row : row + SLIDE, column : column + SLIDE]
        pixels[0][here], pixels[1][here] = 200, 90
        corners = transform * (column, row), transform * (column + SLIDE, row + SLIDE)
        (left, top), (right, bottom) = corners
        east, north = labels_at
        squares.append(box(left + east, bottom + north, right + east, top + north))
    if dtype == "uint16":
        pixels = pixels * 40 + 500
    if collar:
        inside = np.zeros((height, width), bool)
        inside[collar:-collar, collar:-collar] = True
        pixels[:, ~inside] = 0
    nodata = 0 if collar else None
    scene = write_raster(folder / f"{name}.tif", pixels.astype(dtype), crs=crs, transform=transform, nodata=nodata)
    labels = folder / f"{name} landslides.gpkg"
    geopandas.GeoDataFrame(geometry=squares, crs=crs).to_crs("EPSG:4326").to_file(labels)
    return scene, labels
