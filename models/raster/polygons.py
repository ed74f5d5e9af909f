"""Polygons of a mask as a GeoPackage layer, thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPECK = 4  # px: smaller regions of a dense map are no landslides, unless an area is given
CHUNK = 5000  # polygons measured and written at a time,
POINTS = 2**19  # of no more corners than these, or one
BAND = 2**22  # px of the mask that are held at a time
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
        for chunk in _chunks(_outlines(mask_raster)):
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


def _chunks(outlines: Iterator[Any]) -> Iterator[list[Any]]:
    """As many at a time as memory is for: a few rivers may have more corners than thousands of landslides."""
    import shapely

    chunk: list[Any] = []
    points = 0
    for outline in outlines:
        corners = int(shapely.get_num_coordinates(outline))
        if chunk and (len(chunk) == CHUNK or points + corners > POINTS):
            yield chunk
            chunk, points = [], 0
        chunk.append(outline)
        points += corners
    if chunk:
        yield chunk


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
    mean, highest = _statistics(outlines, probability)
    to_crs = np.array(mask.transform).reshape(3, 3)[:2]
    return {
        "area_m2": areas[large].round(2) if georeferenced else np.full(len(outlines), np.nan),
        "mean_probability": mean.round(4),
        "max_probability": highest.round(4).astype(float),
        "geometry": shapely.transform(outlines, lambda points: points @ to_crs[:, :2].T + to_crs[:, 2]),
    }


def _statistics(outlines: NDArray[Any], probability: Any) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Mean and maximum within each polygon, a band of rows at a time."""
    from rasterio.windows import Window

    count, total = np.zeros((2, len(outlines)))
    highest = np.zeros(len(outlines), np.float32)
    runs = _runs(outlines)
    for top in np.unique(runs[1] // ROWS) * ROWS:
        owners, rows, begins, ends = runs[:, slice(*np.searchsorted(runs[1], (top, top + ROWS)))]
        left, right = begins.min(), ends.max()
        values = probability.read(1, window=Window(left, top, right - left, rows[-1] + 1 - top)).ravel()
        lengths = ends - begins
        firsts = np.cumsum(lengths) - lengths
        inside = (rows - top) * (right - left) + begins - left
        values = values[np.repeat(inside - firsts, lengths) + np.arange(lengths.sum())]
        count += np.bincount(owners, lengths, minlength=len(count))
        total += np.bincount(owners, np.add.reduceat(values, firsts, dtype=float), minlength=len(count))
        np.maximum.at(highest, owners, np.maximum.reduceat(values, firsts))
    return total / np.maximum(count, 1), highest


def _runs(outlines: NDArray[Any]) -> NDArray[np.int_]:
    """The pixels within polygons along the grid's lines, by runs within a row, from top to bottom.

    Of each run the polygon's number, row, first column and the one after its last: ``(4, runs)``.
    """
    import shapely

    rings, owners = shapely.get_rings(outlines, return_index=True)
    corners, numbers = shapely.get_coordinates(rings, return_index=True)
    corners = corners.astype(int)
    begins, ends = corners[:-1], corners[1:]
    upright = (numbers[:-1] == numbers[1:]) & (begins[:, 0] == ends[:, 0])
    columns, owners = begins[upright, 0], owners[numbers[:-1][upright]]
    tops, bottoms = np.sort([begins[upright, 1], ends[upright, 1]], axis=0)
    # Cut at every row, the edges of a polygon lie in pairs: where a run begins, and where it ends.
    heights = bottoms - tops
    rows = np.repeat(tops - np.cumsum(heights) + heights, heights) + np.arange(heights.sum())
    edges = np.array([np.repeat(owners, heights), rows, np.repeat(columns, heights)])
    edges = edges[:, np.lexsort(edges[[2, 0, 1]])]
    return np.concatenate([edges[:, ::2], edges[2:, 1::2]])
