"""Polygons of a mask as a GeoPackage layer, thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray

SPECK = 4  # px: smaller regions of a dense map are no landslides, unless an area is given
CHUNK = 5000  # polygons measured and written at a time
BAND = 2**23  # px of the mask that are held at a time
ROWS = 128  # rows of the probability raster that are held at a time
COLUMNS = ["id", "area_m2", "mean_probability", "max_probability", "geometry"]


def write_polygons(mask: Path, probability: Path, target: Path, min_area: float = 0.0) -> int:
    """Polygonise a mask's ones (4-connected) into layer ``landslides`` of a GeoPackage; return how many.

    Attributes: ``id``, ``area_m2`` (on the ellipsoid; without georeference null), ``mean_probability`` and
    ``max_probability``.

    Args:
        mask, probability: rasters of the same grid.
        target: the GeoPackage to make.
        min_area: smaller polygons are left out; square metres, without georeference pixels.
    """
    import geopandas
    import pyogrio
    import rasterio

    # The file has no final name before it is whole: there is no need to wait for the disk after each chunk.
    pyogrio.set_gdal_config_options({"OGR_SQLITE_SYNCHRONOUS": "OFF"})
    count = 0
    with rasterio.Env(), rasterio.open(mask) as mask_raster, rasterio.open(probability) as probability_raster:
        outlines = _outlines(mask_raster)
        for chunk in iter(lambda: list(islice(outlines, CHUNK)), []):
            found = _measured(np.array(chunk, object), mask_raster, probability_raster, min_area)
            if len(found["geometry"]):
                found["id"] = np.arange(count + 1, count + len(found["geometry"]) + 1)
                _append(geopandas.GeoDataFrame(found, crs=mask_raster.crs), target, bool(count))
                count += len(found["geometry"])
        if not count:
            empty = geopandas.GeoDataFrame(columns=COLUMNS, geometry="geometry", crs=mask_raster.crs)
            _append(empty.astype(dict.fromkeys(COLUMNS[1:4], float) | {"id": int}), target, False)
    return count


def _append(frame: Any, target: Path, exists: bool) -> None:
    # The version that QGIS 3.22 reads without a warning.
    how: dict[str, Any] = {"mode": "a"} if exists else {"mode": "w", "dataset_options": {"VERSION": "1.2"}}
    frame[COLUMNS].to_file(target, layer="landslides", driver="GPKG", engine="pyogrio", geometry_type="Polygon", **how)


def _outlines(mask: Any) -> Iterator[Any]:
    """Polygons of the ones, in px."""
    from rasterio.windows import Window

    from .outlines import RegionOutlines

    outlines, rows = RegionOutlines(), max(1, BAND // mask.width)
    for top in range(0, mask.height, rows):
        window = Window(0, top, mask.width, min(rows, mask.height - top))
        yield from outlines.push((mask.read(1, window=window) == 1).view(np.uint8))
    yield from outlines.finish()


def _measured(outlines: NDArray[Any], mask: Any, probability: Any, min_area: float) -> dict[str, Any]:
    """The table of those polygons that are large enough, placed in the raster's CRS."""
    import shapely

    from .ground import Ground

    bounds = shapely.bounds(outlines)
    areas = shapely.area(outlines)
    georeferenced = mask.crs is not None and not mask.transform.is_identity
    if georeferenced:
        middle = (bounds[:, :2] + bounds[:, 2:]) / 2
        areas *= Ground(mask.crs.to_wkt(), mask.transform).pixel_areas(middle[:, 0], middle[:, 1])
    large = areas >= min_area
    outlines = outlines[large]
    mean, highest = _statistics(outlines, bounds[large].astype(int), probability)
    to_crs = np.array(mask.transform).reshape(3, 3)[:2]
    return {
        "area_m2": areas[large].round(2) if georeferenced else np.full(len(outlines), np.nan),
        "mean_probability": mean.round(4),
        "max_probability": highest.round(4).astype(float),
        "geometry": shapely.transform(outlines, lambda points: points @ to_crs[:, :2].T + to_crs[:, 2]),
    }


def _statistics(
    outlines: NDArray[Any], bounds: NDArray[np.int_], probability: Any
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Mean and maximum within each polygon: they are drawn as numbers, a band of rows at a time."""
    import shapely
    from rasterio.features import rasterize
    from rasterio.windows import Window

    count = np.zeros(len(outlines) + 1)
    total = np.zeros(len(outlines) + 1)
    highest = np.zeros(len(outlines) + 1, np.float32)
    for top in range(bounds[:, 1].min(initial=0), bounds[:, 3].max(initial=0), ROWS):
        (inside,) = np.nonzero((bounds[:, 1] < top + ROWS) & (bounds[:, 3] > top))
        if not len(inside):
            continue
        bottom = min(top + ROWS, bounds[inside, 3].max())
        left, right = bounds[inside, 0].min(), bounds[inside, 2].max()
        shape = (int(bottom - top), int(right - left))
        # GDAL goes over all edges of a polygon for each row.
        parts = shapely.clip_by_rect(outlines[inside], left, top, right, bottom)
        numbers = rasterize(
            zip(parts, inside + 1, strict=True),
            shape,
            transform=Affine.translation(left, top),
            dtype="int32",
        )
        drawn = numbers > 0
        values = probability.read(1, window=Window(left, top, shape[1], shape[0]))[drawn]
        owners = numbers[drawn]
        count += np.bincount(owners, minlength=len(count))
        total += np.bincount(owners, values, minlength=len(count))
        np.maximum.at(highest, owners, values)
    return (total / np.maximum(count, 1))[1:], highest[1:]
