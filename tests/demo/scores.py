"""How well a mask meets the ground truth of the sample scene."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from osgeo import gdal

gdal.UseExceptions()
# Else reading leaves statistics beside each raster.
gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")

NODATA = 255
# A patch counts as landslide in the truth if more than this share of it is: as in the training of the patch network.
PATCH_SHARE = 0.02


@dataclass(frozen=True)
class Score:
    """Agreement of a mask with the truth, for the class landslide; each figure is 0..1."""

    f1: float
    precision: float
    recall: float
    unit: str

    def __str__(self) -> str:
        return f"F1 {self.f1:.2f} per {self.unit} (precision {self.precision:.2f}, recall {self.recall:.2f})"


def pixel_score(mask: Path, truth: Path) -> Score:
    """Score a mask on the grid of the truth, pixel by pixel, where both have data."""
    found, expected = _read(mask), _read(truth)
    valid = (found != NODATA) & (expected != NODATA)
    return _score(found[valid] == 1, expected[valid] == 1, "pixel")


def patch_score(mask: Path, truth: Path) -> Score:
    """Score the decisions of the patch network, each against what lies in its patch.

    A patch is centred on its cell of the mask, but larger: neighbouring patches overlap.
    """
    found, expected = _read(mask), _read(truth)
    cell = round(_pixel_size(mask) / _pixel_size(truth))
    card = _card(gdal.Info(str(mask), format="json")["metadata"][""]["LANDSLIDES_MODEL"])
    tile, overlap = card["landslides:tile_size"], card["landslides:overlap"]
    share = _patch_shares(expected, found.shape, cell, round(cell * tile / (tile - overlap)))
    valid = (found != NODATA) & ~np.isnan(share)
    return _score(found[valid] == 1, share[valid] > PATCH_SHARE, "patch")


def _patch_shares(truth: np.ndarray, cells: tuple[int, int], cell: int, patch: int) -> np.ndarray:
    """Return the share of landslide in each patch `(rows, columns)`, NaN in a patch without data.

    Args:
        truth: `(height, width)` uint8.
        cells: number of rows and columns of cells.
        cell: side of a cell in px.
        patch: side of the patch centred on it in px.
    """
    margin = (patch - cell) // 2
    shares = np.full(cells, np.nan)
    for row, column in np.ndindex(cells):
        top, left = row * cell - margin, column * cell - margin
        window = truth[max(top, 0) : top + patch, max(left, 0) : left + patch]
        window = window[window != NODATA]
        if window.size:
            shares[row, column] = (window == 1).mean()
    return shares


def _score(found: np.ndarray, expected: np.ndarray, unit: str) -> Score:
    hits = int((found & expected).sum())
    precision, recall = hits / max(int(found.sum()), 1), hits / max(int(expected.sum()), 1)
    return Score(2 * hits / max(int(found.sum() + expected.sum()), 1), precision, recall, unit)


def _card(model: str) -> dict:
    command = [os.environ["LANDSLIDES_ENGINE"], "models", "show", model, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _read(path: Path) -> np.ndarray:
    return gdal.Open(str(path)).ReadAsArray()


def _pixel_size(path: Path) -> float:
    return abs(gdal.Open(str(path)).GetGeoTransform()[1])
