"""The straight line: strips -> tiles -> network -> blending -> finished rows; each step works while the next does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import Detector, Network
from ..raster.area import AreaOfInterest
from ..raster.reader import StripReader
from ..raster.stretch import Stretch
from .accumulator import RowBandAccumulator
from .batching import Batching
from .grid import Tile, TileGrid
from .overlap import ahead, in_order

Progress = Callable[[float], None]
Wanted = Callable[[Tile], bool]


@dataclass(frozen=True)
class Strip:
    """A row of tiles as it was read.

    Attributes:
        index: of the row of tiles.
        top: first working row of ``pixels`` ``(C, rows, W)`` and ``valid`` ``(rows, W)``.
        tiles: those to compute.
    """

    index: int
    top: int
    pixels: NDArray[np.generic]
    valid: NDArray[np.bool_]
    tiles: list[Tile]


@dataclass(frozen=True)
class Batch:
    """Windows of one strip that are computed together, none where the strip has none.

    Attributes:
        share: of the strip's tiles that are done after this one; 1 for its last.
    """

    strip: Strip
    tiles: list[Tile]
    share: float


@dataclass(frozen=True)
class FinishedRows:
    """Rows of the output grid that no later tile changes.

    Attributes:
        probability: ``(n, grid.width)``; zero where nothing was computed, for the caller to mask.
        valid: where the working rows under them hold data, ``(n * grid.step, W)``, fewer at the scene's end.
    """

    probability: NDArray[np.float32]
    valid: NDArray[np.bool_]


def predict_rows(
    detector: Detector,
    network: Network,
    reader: StripReader,
    stretch: Stretch,
    grid: TileGrid,
    *,
    overlap: int,
    batching: Batching,
    area: AreaOfInterest | None,
    wanted: Wanted | None,
    progress: Progress,
    first: int = 0,
) -> Iterator[FinishedRows]:
    """Yield finished probability rows from top to bottom.

    Windows without a valid pixel, or wholly outside the area of interest, are never computed. Reading is a strip
    ahead; windows are cut, scaled and blended while the network computes others. The order of the sums is that of the
    tiles, so the result does not depend on how the steps fall together.

    Args:
        overlap: px over which neighbouring predictions are blended, on the output grid.
        batching: how many windows are computed together.
        wanted: which tiles to compute; None is all.
        progress: told the share of tiles that are done.
        first: output row to begin with; rows above it are done already.

    Raises:
        OutOfMemoryError: not even a single window fits.
    """
    strips = list(grid.strips())
    # Rows from ``first`` on are made of these tiles alone, in the same order as in a whole run.
    start = next(index for index, (_, row) in enumerate(grid.rows) if row + grid.out_size > first)
    accumulator = RowBandAccumulator(grid, overlap, grid.rows[start][1])

    def read() -> Iterator[Strip]:
        for index in range(start, len(strips)):
            yield _read_strip(reader, strips[index], index, grid, area, wanted)

    def compute(batch: Batch) -> NDArray[np.float32] | None:
        strip = batch.strip

        def predict(tiles: list[Tile]) -> NDArray[np.float32]:
            images = np.stack([stretch(_mirror(strip.pixels, tile, grid.size, strip.top)) for tile in tiles])
            known = np.stack([_mirror(strip.valid, tile, grid.size, strip.top) for tile in tiles])
            return detector.predict(network, images, known, tiles)

        return batching.run(predict, batch.tiles) if batch.tiles else None

    for batch, predictions in in_order(compute, _batches(ahead(read()), batching), batching.workers):
        if predictions is not None:
            for prediction, tile in zip(predictions, batch.tiles, strict=True):
                accumulator.add(prediction, tile)
        strip = batch.strip
        progress((strip.index + batch.share) / len(strips))
        if batch.share == 1:
            until = grid.rows[strip.index + 1][1] if strip.index + 1 < len(strips) else grid.height
            yield from _finished(accumulator, strip, until, grid, first)


def _read_strip(
    reader: StripReader,
    tiles: list[Tile],
    index: int,
    grid: TileGrid,
    area: AreaOfInterest | None,
    wanted: Wanted | None,
) -> Strip:
    top = max(0, tiles[0].row)
    bottom = min(reader.grid.height, tiles[0].row + grid.size)
    pixels, valid = reader.read(top, bottom)
    inside = valid if area is None else valid & area.rows(top, bottom, reader.grid)
    chosen = [tile for tile in tiles if (wanted is None or wanted(tile)) and _clip(inside, tile, grid.size, top).any()]
    return Strip(index, top, pixels, valid, chosen)


def _batches(strips: Iterator[Strip], batching: Batching) -> Iterator[Batch]:
    for strip in strips:
        if not strip.tiles:
            yield Batch(strip, [], 1)
        done = 0
        while done < len(strip.tiles):
            tiles = strip.tiles[done : done + batching.size]
            done += len(tiles)
            yield Batch(strip, tiles, done / len(strip.tiles))


def _finished(
    accumulator: RowBandAccumulator, strip: Strip, until: int, grid: TileGrid, first: int
) -> Iterator[FinishedRows]:
    """The rows up to ``until``, without those above ``first``."""
    end = accumulator.first
    for probability in accumulator.take(until):
        begin, end = end, end + len(probability)
        skipped = min(max(0, first - begin), len(probability))
        if skipped < len(probability):
            rows = slice((begin + skipped) * grid.step - strip.top, end * grid.step - strip.top)
            yield FinishedRows(probability[skipped:], strip.valid[rows])


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
