"""The histogram of a probability layer, worked out in the background from its overviews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

from osgeo import gdal
from qgis.core import QgsRasterLayer, QgsTask

from ...processing.i18n import tr
from ...processing.scene import metres_per_unit

BINS = 200
# Enough for a share to within a tenth of a percent, and read in a blink.
_MOST_PIXELS = 2_000_000


@dataclass(frozen=True)
class Histogram:
    """How many pixels have which probability.

    Attributes:
        counts: pixels looked at, in bins of equal width from 0 to 1.
        area_m2: of all valid pixels on the ground; None without a georeference.
    """

    counts: tuple[int, ...]
    area_m2: float | None

    def share_above(self, threshold: float) -> float:
        """Return the share of the valid pixels at or above `threshold`, 0 to 1; within a bin by proportion."""
        total = sum(self.counts)
        if not total:
            return 0.0
        place = min(max(threshold, 0.0), 1.0) * len(self.counts)
        whole = int(place)
        above = sum(self.counts[whole + 1 :])
        if whole < len(self.counts):
            above += self.counts[whole] * (1 - (place - whole))
        return above / total

    def area_above(self, threshold: float) -> float | None:
        """Return the area at or above `threshold`, m²."""
        return None if self.area_m2 is None else self.area_m2 * self.share_above(threshold)


class HistogramTask(QgsTask):
    """Reads a raster in the background. The layer is looked at here, in the main thread; the worker opens the file.

    Args:
        layer: a raster layer of GDAL's.
        on_done: called in the main thread with the histogram, or None if the file cannot be read.
    """

    def __init__(self, layer: QgsRasterLayer, on_done: Callable[[Histogram | None], None]) -> None:
        # Nobody need be asked before it is given up, when the project or QGIS is closed.
        flags = QgsTask.Flag.CanCancel | QgsTask.Flag.CancelWithoutPrompt
        super().__init__(tr("Histogram of {}").format(layer.name()), flags)
        self._source = layer.source()
        self._on_done = on_done
        self._pixel_m2 = None
        if layer.crs().isValid():
            metres = metres_per_unit(layer.crs(), layer.extent(), layer.transformContext())
            self._pixel_m2 = layer.rasterUnitsPerPixelX() * layer.rasterUnitsPerPixelY() * metres**2
        self._histogram: Histogram | None = None

    def run(self) -> bool:
        import numpy as np  # not before it is needed

        try:
            dataset = gdal.Open(self._source)
            band = dataset.GetRasterBand(1)
            width, height = dataset.RasterXSize, dataset.RasterYSize
            step = max(1.0, sqrt(width * height / _MOST_PIXELS))
            # Read smaller than it is, a raster comes from its overviews.
            values = band.ReadAsArray(buf_xsize=max(1, int(width / step)), buf_ysize=max(1, int(height / step)))
        except (RuntimeError, AttributeError):
            return False
        valid = values[~np.isnan(values)] if values.dtype.kind == "f" else values
        if band.GetNoDataValue() is not None:
            valid = valid[valid != band.GetNoDataValue()]
        scaled = valid * (band.GetScale() or 1) + (band.GetOffset() or 0)
        counts, _edges = np.histogram(np.clip(scaled, 0, 1), bins=BINS, range=(0, 1))
        area = None if self._pixel_m2 is None else width * height * valid.size / values.size * self._pixel_m2
        self._histogram = Histogram(tuple(int(count) for count in counts), area)
        return True

    def finished(self, result: bool) -> None:
        if not self.isCanceled():
            self._on_done(self._histogram)
