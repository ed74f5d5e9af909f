"""The input scene: a raster layer as something another process can read.

Most layers are files, and their name is passed on. What is no file (WMS, XYZ tiles, a database, a virtual raster), or
one of a format that the engine's GDAL need not have, is read through a clone of the layer's provider, so that the
user's layer is never touched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsRasterLayer,
    QgsRectangle,
)

from .i18n import tr
from .rendering import Grid, write_raster

# More than a large city at half a metre a pixel, and some 20 GB: an extent or a resolution was given wrongly.
_MOST_PIXELS = 10**10

# GDAL data sources that exist in the memory of this process only.
_IN_MEMORY = ("/vsimem/", "MEM:")

# Drivers that the engine's GDAL, rasterio's, has on every system. QGIS's may have more, such as ECW, MrSID or FITS.
ENGINE_DRIVERS = frozenset({
    "AAIGrid", "BMP", "DIMAP", "DTED", "EHdr", "ENVI", "ERS", "GIF", "GPKG", "GRIB", "GTI", "GTiff", "HDF5",
    "HDF5Image", "HFA", "ILWIS", "JP2OpenJPEG", "JPEG", "MBTiles", "MRF", "NITF", "PCIDSK", "PNG", "RMF", "RST",
    "SAFE", "SAGA", "SENTINEL2", "SRTMHGT", "STACIT", "STACTA", "TIL", "TSX", "USGSDEM", "VRT", "WCS", "WEBP",
    "WMS", "WMTS", "XYZ", "Zarr", "netCDF",
})  # fmt: skip


class SceneError(Exception):
    """The layer cannot be a scene as asked for; the message says why."""


@dataclass(frozen=True)
class FileScene:
    """A raster that GDAL opens by name: a file, a subdataset, something in an archive or behind a URL."""

    source: str
    takes_time = False

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        return self.source


@dataclass(frozen=True)
class AdjustedScene:
    """A GDAL raster whose name does not say it all: given a CRS by hand, opened with options, described in XML.

    Attributes:
        source: GDAL's name of it.
        open_options: for GDAL, `NAME=VALUE`.
        crs_wkt: the CRS given to the layer by hand, else empty.
        unplaced_size: width and height in px if it has no georeference. QGIS draws such a raster south of the origin,
            with y upwards, while to everyone else its y is the row. Placed where QGIS shows it, it is met by an extent
            or a polygon drawn on the map, and the results lie on it.
    """

    source: str
    open_options: tuple[str, ...] = ()
    crs_wkt: str = ""
    unplaced_size: tuple[int, int] | None = None
    takes_time = False

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        """Describe it by a VRT; no pixel is copied.

        Raises:
            SceneError: GDAL cannot open it.
        """
        dataset = gdal.OpenEx(self.source, gdal.OF_RASTER, open_options=list(self.open_options))
        if dataset is None:
            raise SceneError(tr("{} cannot be opened: {}").format(self.source, gdal.GetLastErrorMsg()))
        options: dict[str, Any] = {}
        if self.unplaced_size is not None:
            # Without a georeference a CRS says nothing about where, or how large, a pixel is.
            options["outputBounds"] = [0, 0, self.unplaced_size[0], -self.unplaced_size[1]]
        elif self.crs_wkt:
            options["outputSRS"] = self.crs_wkt
        path = str(folder / "scene.vrt")
        if gdal.Translate(path, dataset, format="VRT", **options) is None:
            raise SceneError(tr("{} cannot be described by a VRT: {}").format(self.source, gdal.GetLastErrorMsg()))
        return path


@dataclass(frozen=True)
class RenderedScene:
    """A layer that is no file the engine can open, read through a clone of its provider."""

    provider: Any
    grid: Grid
    name: str
    transform_context: QgsCoordinateTransformContext
    takes_time = True

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        """Write it block by block to a temporary GeoTIFF.

        Raises:
            RenderingError: it could not be read or written.
        """
        feedback.pushInfo(
            tr(
                "{name} is no file that the engine can open: reading {width} x {height} pixels of it into a temporary "
                "GeoTIFF"
            ).format(name=self.name, width=self.grid.width, height=self.grid.height)
        )
        path = folder / "scene.tif"
        write_raster(self.provider, self.grid, path, self.transform_context, feedback)
        return str(path)


def resolve_scene(
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    resolution: float | None,
    typical_resolution: float | None,
    transform_context: QgsCoordinateTransformContext,
) -> FileScene | AdjustedScene | RenderedScene:
    """Work out how the engine will read a layer. Call in the thread the layer lives in.

    Args:
        layer: the raster layer; it is only looked at.
        extent: the extent asked for, in the layer's CRS; null for all of it.
        resolution: map units a pixel for layers that are no files; None to choose.
        typical_resolution: metres a pixel the model was trained for, to choose by; None if unknown.
        transform_context: of the project.

    Raises:
        SceneError: the layer is no file, and what is needed to read it is missing.
    """
    source = layer.source()
    if layer.providerType() != "gdal" or any(mark in source for mark in _IN_MEMORY):
        return _rendered(layer, extent, resolution, typical_resolution, transform_context)
    parts = QgsProviderRegistry.instance().decodeUri("gdal", source)
    if parts.get("authcfg") or parts.get("credentialOptions"):
        # A password has no place on a command line or in a log.
        return _rendered(layer, extent, resolution, typical_resolution, transform_context)
    open_options = tuple(parts.get("openOptions") or ())
    plain = source.split("|option:", maxsplit=1)[0]
    # Unlike `Path.exists`, this takes a source that is XML, longer than any file name can be.
    if os.path.exists(plain):  # noqa: PTH110
        plain = str(Path(plain).absolute())
    if not _engine_has_driver(plain, open_options):
        return _rendered(layer, extent, None, None, transform_context)
    is_reassigned = layer.crs().isValid() and layer.crs() != layer.dataProvider().crs()
    is_xml = plain.lstrip().startswith("<")
    size = (layer.width(), layer.height())
    is_unplaced = layer.extent() == QgsRectangle(0, -size[1], size[0], 0)
    if not (open_options or is_reassigned or is_xml or is_unplaced):
        return FileScene(plain)
    wkt = layer.crs().toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED) if is_reassigned else ""
    return AdjustedScene(plain, open_options, wkt, size if is_unplaced else None)


def _engine_has_driver(source: str, open_options: tuple[str, ...]) -> bool:
    try:
        dataset = gdal.OpenEx(source, gdal.OF_RASTER, open_options=list(open_options))
    except RuntimeError:  # where another plugin has asked GDAL for exceptions
        return False
    if dataset is None:
        return False
    driver = dataset.GetDriver().ShortName
    # JPEG 2000 has several drivers, of which the engine has a free one.
    return driver in ENGINE_DRIVERS or driver.startswith("JP2")


def _rendered(
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    resolution: float | None,
    typical_resolution: float | None,
    transform_context: QgsCoordinateTransformContext,
) -> RenderedScene:
    provider = layer.dataProvider().clone()
    native = (provider.xSize(), provider.ySize())
    has_native_grid = native[0] > 0 and native[1] > 0
    if has_native_grid and resolution is None:
        grid = _native_grid(layer, native, extent)
    else:
        if extent.isNull() and not has_native_grid:
            raise SceneError(
                tr("{} is not a file, so it has no size of its own: choose the extent to search.").format(layer.name())
            )
        wanted = layer.extent() if extent.isNull() else extent.intersect(layer.extent())
        units = resolution or _chosen_resolution(layer, wanted, typical_resolution, transform_context)
        grid = Grid(
            wanted.xMinimum(),
            wanted.yMaximum(),
            units,
            units,
            max(1, ceil(wanted.width() / units - 1e-6)),
            max(1, ceil(wanted.height() / units - 1e-6)),
            layer.crs(),
        )
    if grid.width * grid.height > _MOST_PIXELS:
        raise SceneError(
            tr("{name} would have {width} x {height} pixels: choose a smaller extent or a coarser resolution.").format(
                name=layer.name(), width=grid.width, height=grid.height
            )
        )
    return RenderedScene(provider, grid, layer.name(), transform_context)


def _native_grid(layer: QgsRasterLayer, size: tuple[int, int], extent: QgsRectangle) -> Grid:
    """Return the layer's own pixels, those that the extent touches."""
    whole = layer.extent()
    x_size, y_size = whole.width() / size[0], whole.height() / size[1]
    wanted = whole if extent.isNull() else extent.intersect(whole)
    left = int((wanted.xMinimum() - whole.xMinimum()) / x_size + 1e-6)
    top = int((whole.yMaximum() - wanted.yMaximum()) / y_size + 1e-6)
    right = ceil((wanted.xMaximum() - whole.xMinimum()) / x_size - 1e-6)
    bottom = ceil((whole.yMaximum() - wanted.yMinimum()) / y_size - 1e-6)
    return Grid(
        whole.xMinimum() + left * x_size,
        whole.yMaximum() - top * y_size,
        x_size,
        y_size,
        max(1, right - left),
        max(1, bottom - top),
        layer.crs(),
    )


def _chosen_resolution(
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    typical_resolution: float | None,
    transform_context: QgsCoordinateTransformContext,
) -> float:
    """Return the map units a pixel that match the ground resolution the model was trained for."""
    if typical_resolution is None:
        raise SceneError(
            tr("{} is not a file and the model's ground resolution is not known: choose a resolution.").format(
                layer.name()
            )
        )
    return typical_resolution / metres_per_unit(layer.crs(), extent, transform_context)


def metres_per_unit(
    crs: QgsCoordinateReferenceSystem, extent: QgsRectangle, transform_context: QgsCoordinateTransformContext
) -> float:
    """Return the length of a map unit on the ground in the middle of an extent, mean of both directions."""
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, transform_context)
    measure.setEllipsoid(crs.ellipsoidAcronym() or "EPSG:7030")
    middle = extent.center()
    step_x, step_y = extent.width() / 100, extent.height() / 100
    east, north = type(middle)(middle), type(middle)(middle)
    east.setX(middle.x() + step_x)
    north.setY(middle.y() + step_y)
    return sqrt(measure.measureLine(middle, east) / step_x * measure.measureLine(middle, north) / step_y)
