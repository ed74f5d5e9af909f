"""Finishing steps that run as programs of their own: Cloud Optimized GeoTIFF, and polygons of a mask.

GDAL holds Python's interpreter lock while it polygonises; in a child process it does not, so that a cancel is
answered at once, and the steps of one scene run side by side.

    python -m landslide_detector.models.raster.finish cog SOURCE TARGET average|mode
    python -m landslide_detector.models.raster.finish polygons MASK PROBABILITY TARGET
"""

from __future__ import annotations

import os
import subprocess  # nosec B404 (runs this very module)
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from ..errors import Cancelled, OutputError

CHUNK = 5000  # polygons written at a time


class FinishingSteps:
    """Child processes that turn the streamed rasters into the files that are handed over."""

    def __init__(self) -> None:
        self._running: list[tuple[subprocess.Popen[str], Path]] = []
        self._lock = threading.Lock()
        self._killed = False

    def cog(self, source: Path, target: Path, resampling: str) -> None:
        """Start writing a Cloud Optimized GeoTIFF; overviews by ``average`` or ``mode``."""
        self._start(target, "cog", source, target, resampling)

    def polygons(self, mask: Path, probability: Path, target: Path) -> None:
        """Start writing the mask's polygons as GeoPackage."""
        self._start(target, "polygons", mask, probability, target)

    def wait(self) -> list[str]:
        """Wait for all; return what each printed.

        Raises:
            OutputError: a step failed.
            Cancelled: they were killed.
        """
        printed = []
        for process, target in self._running:
            out, err = process.communicate()
            if self._killed:
                raise Cancelled
            if process.returncode:
                reason = err.strip().splitlines()[-1] if err.strip() else f"exit code {process.returncode}"
                raise OutputError(f"{target.parent}: cannot write there, is the disk full? ({reason})")
            printed.append(out.strip())
        return printed

    def kill(self) -> None:
        """End those that run, and start no more (``Cancelled``); returns when they are gone and write nothing."""
        with self._lock:
            self._killed = True
            for process, _ in self._running:
                process.kill()
            for process, _ in self._running:
                process.wait()

    def _start(self, target: Path, *arguments: str | Path) -> None:
        command = [sys.executable, "-m", __name__, *(str(argument) for argument in arguments)]
        with self._lock:
            if self._killed:
                raise Cancelled
            process = subprocess.Popen(  # nosec B603 (this interpreter, this module, a list of arguments)
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            self._running.append((process, target))


def write_cog(source: Path, target: Path, resampling: str) -> None:
    """Copy a GeoTIFF to a Cloud Optimized one: tiled, DEFLATE, with overviews."""
    import rasterio.shutil
    from rasterio.errors import NotGeoreferencedWarning

    with warnings.catch_warnings(), rasterio.Env(GDAL_CACHEMAX=256):
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        rasterio.shutil.copy(
            source, target, driver="COG", compress="DEFLATE", level=6, predictor="YES", blocksize=512,
            overview_resampling=resampling, bigtiff="IF_SAFER", num_threads="ALL_CPUS",
        )  # fmt: skip


def write_polygons(mask: Path, probability: Path, target: Path) -> int:
    """Polygonise a mask's ones (4-connected) into layer ``landslides`` of a GeoPackage; return how many.

    Attributes: ``id``, ``area_m2`` (on the ellipsoid; without georeference null), ``mean_probability`` and
    ``max_probability``.
    """
    import geopandas
    import rasterio

    count = 0
    with rasterio.Env(), rasterio.open(mask) as mask_raster, rasterio.open(probability) as probability_raster:
        crs = mask_raster.crs
        rows = _landslides(mask_raster, probability_raster)
        while True:
            chunk = list(islice(rows, CHUNK))
            if count and not chunk:
                return count
            columns = ["id", "area_m2", "mean_probability", "max_probability", "geometry"]
            frame = geopandas.GeoDataFrame(chunk, columns=columns, geometry="geometry", crs=crs)
            frame["id"] = range(count + 1, count + len(chunk) + 1)
            for column in columns[1:4]:
                frame[column] = frame[column].astype(float)
            # The version that QGIS 3.22 reads without a warning.
            how: dict[str, Any] = {"mode": "a"} if count else {"mode": "w", "dataset_options": {"VERSION": "1.2"}}
            frame.to_file(target, layer="landslides", driver="GPKG", engine="pyogrio", geometry_type="Polygon", **how)
            count += len(chunk)
            if not chunk:
                return 0


def _landslides(mask: Any, probability: Any) -> Iterator[tuple[Any, ...]]:
    """Yield a row of the table for each landslide."""
    import numpy as np
    import rasterio
    from affine import Affine
    from rasterio.features import geometry_mask, shapes
    from rasterio.windows import Window
    from shapely.geometry import shape

    from .ground import Ground

    transform = mask.transform
    ground = Ground(mask.crs.to_wkt(), transform) if mask.crs is not None and not transform.is_identity else None
    band = rasterio.band(mask, 1)
    to_pixel = np.array(~transform).reshape(3, 3)[:2]
    for geometry, value in shapes(band, mask=band, connectivity=4, transform=transform):
        if value != 1:
            continue
        corners = np.round(np.array(geometry["coordinates"][0]) @ to_pixel[:, :2].T + to_pixel[:, 2]).astype(int)
        (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
        values = probability.read(1, window=Window(left, top, right - left, bottom - top))
        place = transform * Affine.translation(left, top)
        within = values[geometry_mask([geometry], values.shape, place, invert=True)]
        area = None
        if ground is not None:
            area = round(len(within) * ground.pixel_area((left + right) / 2, (top + bottom) / 2), 2)
        yield 0, area, round(float(within.mean()), 4), round(float(within.max()), 4), shape(geometry)


def end_with(parent: int) -> None:
    """End this process when its parent is gone: an engine that was killed takes its finishing steps with it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main(arguments: list[str]) -> None:
    step, *rest = arguments
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    if step == "cog":
        write_cog(Path(rest[0]), Path(rest[1]), rest[2])
    else:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GeoPackage without CRS, raster without georeference: said by the parent
            print(write_polygons(Path(rest[0]), Path(rest[1]), Path(rest[2])))


if __name__ == "__main__":
    main(sys.argv[1:])
