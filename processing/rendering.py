"""Writes what a raster provider shows to a GeoTIFF, block by block, in whatever thread it is called."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsProcessingFeedback,
    QgsRasterBlockFeedback,
    QgsRasterFileWriter,
    QgsRasterPipe,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt

from .i18n import tr

# Side of a block, px: what is in memory at a time, and the size of the pictures asked of a map server.
_BLOCK = 1024
_CREATION_OPTIONS = ["TILED=YES", "COMPRESS=DEFLATE", "ZLEVEL=1", "BIGTIFF=IF_SAFER"]


class RenderingError(Exception):
    """A layer could not be read or written; the message says why."""


@dataclass(frozen=True)
class Grid:
    """The pixels to write.

    Attributes:
        left: x of the left edge, map units.
        top: y of the upper edge, map units.
        x_size: width of a pixel, map units.
        y_size: height of a pixel, map units.
        width: number of columns, px.
        height: number of rows, px.
        crs: of the map units.
    """

    left: float
    top: float
    x_size: float
    y_size: float
    width: int
    height: int
    crs: QgsCoordinateReferenceSystem

    @property
    def extent(self) -> QgsRectangle:
        return QgsRectangle(
            self.left, self.top - self.height * self.y_size, self.left + self.width * self.x_size, self.top
        )


def write_raster(
    provider: Any,
    grid: Grid,
    path: Path,
    transform_context: QgsCoordinateTransformContext,
    feedback: QgsProcessingFeedback,
) -> None:
    """Write a provider's picture (bands R, G, B, A) or its values (all bands, their own type) to a GeoTIFF.

    Args:
        provider: a clone of a layer's raster provider; it is used up.
        grid: the pixels to write.
        path: the new file.
        transform_context: of the project.
        feedback: gets the progress; its cancel ends the writing.

    Raises:
        RenderingError: the provider or the file failed.
    """
    pipe = QgsRasterPipe()
    if not pipe.set(provider):
        raise RenderingError(tr("The layer's data cannot be read."))
    block_feedback = QgsRasterBlockFeedback()
    # Directly both ways: the two feedbacks live in different threads, and this one has no event loop to deliver to.
    directly = Qt.ConnectionType.DirectConnection
    block_feedback.progressChanged.connect(lambda percent: feedback.setProgress(percent), directly)
    relay = feedback.canceled.connect(block_feedback.cancel, directly)
    try:
        writer = QgsRasterFileWriter(str(path))
        writer.setOutputFormat("GTiff")
        writer.setCreateOptions(_CREATION_OPTIONS)
        writer.setMaxTileWidth(_BLOCK)
        writer.setMaxTileHeight(_BLOCK)
        if feedback.isCanceled():
            return
        error = writer.writeRaster(
            pipe, grid.width, grid.height, grid.extent, grid.crs, transform_context, block_feedback
        )
    finally:
        feedback.canceled.disconnect(relay)
    if feedback.isCanceled():
        return
    if block_feedback.errors():
        raise RenderingError(tr("The layer's data cannot be read: {}").format(block_feedback.errors()[0]))
    if error != QgsRasterFileWriter.WriterError.NoError:
        raise RenderingError(tr("The layer could not be written to {}.").format(path))
    _check_coverage(path, feedback)


def _check_coverage(path: Path, feedback: QgsProcessingFeedback) -> None:
    """A map server that does not answer leaves transparent holes, and no error behind."""
    dataset = gdal.Open(str(path))
    alpha = dataset.GetRasterBand(dataset.RasterCount)
    if alpha.GetColorInterpretation() != gdal.GCI_AlphaBand:
        return
    empty = alpha.GetHistogram(approx_ok=False)[0] / (dataset.RasterXSize * dataset.RasterYSize)
    if empty == 1:
        raise RenderingError(tr("The layer shows nothing within the extent; is its server within reach?"))
    if empty > 0:
        feedback.pushWarning(
            tr("{:.1%} of the picture is empty: outside of the layer, or not delivered by its server.").format(empty)
        )
