"""Streamed writing of probability and mask rows, and the figures counted on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .ground import Ground
from .rows import Band, Place, RowFile

MASK_NODATA = 255
LEVELS = 8192  # probabilities are rounded to 1/8192, which halves the size of the compressed file


@dataclass
class Totals:
    """Counts over all rows written."""

    rows: int = 0
    valid: int = 0
    landslide: int = 0
    area: float = 0.0


class RasterPair:
    """Probability (float32, nodata NaN) and mask (uint8 0 / 1, nodata 255), written by rows from the top.

    Args:
        folder: for ``probability.vrt``, ``mask.vrt`` and the files of their pixels.
        place: size and georeference of both.
        threshold: probability from which a pixel is landslide.
        tags: metadata for both.
        totals: of the rows that an interrupted run has written there.

    Raises:
        OutputError: the folder cannot be written.
    """

    def __init__(self, folder: Path, place: Place, threshold: float, tags: dict[str, str], totals: Totals) -> None:
        self.totals = totals
        self.probability, self.mask = folder / "probability.vrt", folder / "mask.vrt"
        self._threshold = threshold
        self._middle = place.width / 2
        placed = place.crs is not None and not place.transform.is_identity
        self._ground = Ground(place.crs.to_wkt(), place.transform) if placed else None
        bands = (
            (self.probability, Band("float32", np.nan, "landslide probability", tags)),
            (self.mask, Band("uint8", MASK_NODATA, "landslide mask", tags)),
        )
        self._files = [RowFile(path, place, band, totals.rows) for path, band in bands]

    def write(self, probability: NDArray[np.float32], valid: NDArray[np.bool_]) -> None:
        """Write the next rows ``(n, width)``, which are rounded in place; where not ``valid`` both get nodata.

        Raises:
            OutputError: the disk is full or the file cannot be written.
        """
        totals = self.totals
        probability *= LEVELS
        np.rint(probability, out=probability)
        probability *= np.float32(1 / LEVELS)
        landslide = probability >= self._threshold
        landslide &= valid
        count, known = int(np.count_nonzero(landslide)), int(np.count_nonzero(valid))
        mask = landslide.view(np.uint8)
        if known < valid.size:
            empty = ~valid
            probability[empty] = np.nan
            mask[empty] = MASK_NODATA
        self._files[0].append(probability)
        self._files[1].append(mask)
        if count and self._ground is not None:
            totals.area += count * self._ground.pixel_area(self._middle, totals.rows + len(valid) / 2)
        totals.valid += known
        totals.landslide += count
        totals.rows += len(valid)

    def close(self) -> None:
        """Close both files."""
        for file in self._files:
            file.close()
