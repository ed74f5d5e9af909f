"""The straight line: strips -> tiles -> network -> blending -> finished rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import Detector, Network
from ..raster.area import AreaOfInterest
from ..raster.reader import StripReader
from ..raster.stretch import Stretch
from .accumulator import RowBandAccumulator
from .grid import Tile, TileGrid

Progress = Callable[[float], None]


def predict_rows(
    detector: Detector,
    network: Network,
    reader: StripReader,
    stretch: Stretch,
    grid: TileGrid,
    *,
    overlap: int,
    batch_size: int,
    area: AreaOfInterest | None,
    progress: Progress,
) -> Iterator[NDArray[np.float32]]:
    """Yield bands of finished probability rows ``(n, grid.width)`` from top to bottom.

    Windows without a valid pixel, or wholly outside the area of interest, are never computed; their rows hold zeros
    and are for the caller to mask.

    Args:
        overlap: px over which neighbouring predictions are blended, on the output grid.
        batch_size: windows computed together.
        progress: told the share of tiles that are done.
    """
    accumulator = RowBandAccumulator(grid, overlap)
    ends = [row for _, row in grid.rows[1:]] + [grid.height]
    for index, (strip, end) in enumerate(zip(grid.strips(), ends, strict=True)):
        top = max(0, strip[0].row)
        bottom = min(reader.grid.height, strip[0].row + grid.size)
        pixels, valid = reader.read(top, bottom)
        wanted = valid if area is None else valid & area.rows(top, bottom, reader.grid)
        tiles = [tile for tile in strip if _clip(wanted, tile, grid.size, top).any()]
        for start in range(0, len(tiles), batch_size):
            batch = tiles[start : start + batch_size]
            images = np.stack([stretch(_mirror(pixels, tile, grid.size, top)) for tile in batch])
            known = np.stack([_mirror(valid, tile, grid.size, top) for tile in batch])
            for prediction, tile in zip(detector.predict(network, images, known, batch), batch, strict=True):
                accumulator.add(prediction, tile)
            progress((index + (start + len(batch)) / len(tiles)) / len(grid.rows))
        progress((index + 1) / len(grid.rows))
        yield accumulator.take(end)


def _clip(array: NDArray[Any], tile: Tile, size: int, top: int) -> NDArray[Any]:
    """The part of a strip ``(..., rows, W)`` that a window covers, without what lies beyond the scene's edge."""
    rows = slice(max(0, tile.row - top), tile.row - top + size)
    return array[..., rows, max(0, tile.column) : tile.column + size]


def _mirror(array: NDArray[Any], tile: Tile, size: int, top: int) -> NDArray[Any]:
    """A window of a strip ``(..., size, size)``; beyond the scene's edge the scene is mirrored."""
    part = _clip(array, tile, size, top)
    before = (max(0, top - tile.row), max(0, -tile.column))
    margins = [(b, size - b - n) for b, n in zip(before, part.shape[-2:], strict=True)]
    if not any(map(any, margins)):
        return part
    return np.pad(part, [(0, 0)] * (part.ndim - 2) + margins, mode="symmetric")
