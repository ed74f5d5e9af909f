"""The straight line: strips -> tiles -> network -> blending -> finished rows; each step works while the next does."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
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

BLOCK = 8192  # px: a row of tiles is read in blocks about as wide


@dataclass(frozen=True)
class Strip:
    """Neighbours in a row of tiles, as they were read.

    Attributes:
        index: of the row of tiles.
        top, left: first working row and column of ``pixels`` ``(C, rows, columns)``, not read where there is nothing to
            compute, and ``valid`` ``(rows, columns)``.
        tiles: those to compute.
        done: share of the row's tiles that are done before these.
        share: share of the row's tiles that these are.
        is_last: whether the row ends with them.
    """

    index: int
    top: int
    left: int
    pixels: NDArray[np.generic]
    valid: NDArray[np.bool_]
    tiles: list[Tile]
    done: float
    share: float
    is_last: bool


@dataclass(frozen=True)
class Batch:
    """Windows of one strip that are computed together, none where the strip has none.

    Attributes:
        share: of the row's tiles that are done after this one.
        is_first, is_last: whether it is the strip's first, and the row's last.
    """

    strip: Strip
    tiles: list[Tile]
    share: float
    is_first: bool
    is_last: bool


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
    wanted: Wanted,
    progress: Progress,
    first: int = 0,
) -> Generator[FinishedRows]:
    """Yield finished probability rows from top to bottom.

    Windows without a valid pixel, or wholly outside the area of interest, are never computed. Reading is a strip
    ahead; windows are cut, scaled and blended while the network computes others. The order of the sums is that of the
    tiles, so the result does not depend on how the steps fall together.

    Args:
        overlap: px over which neighbouring predictions are blended, on the output grid.
        batching: how many windows are computed together.
        wanted: which tiles to compute.
        progress: told the share of tiles that are done.
        first: output row to begin with; rows above it are done already.

    Raises:
        OutOfMemoryError: not even a single window fits.
    """
    strips = list(grid.strips())
    widest = max(batching.size, BLOCK // grid.size[1])
    # Rows from ``first`` on are made of these tiles alone, in the same order as in a whole run.
    start = next(index for index, (_, row) in enumerate(grid.rows) if row + grid.out_size[0] > first)
    accumulator = RowBandAccumulator(grid, overlap, grid.rows[start][1])

    def read() -> Generator[Strip]:
        for index in range(start, len(strips)):
            following = max(0, strips[index + 1][0].row) if index + 1 < len(strips) else None
            yield from _read_row(reader, strips[index], index, following, widest, grid, area, wanted)

    def compute(batch: Batch) -> NDArray[np.float32] | None:
        strip = batch.strip

        def predict(tiles: list[Tile]) -> NDArray[np.float32]:
            images = np.empty((len(tiles), len(strip.pixels), *grid.size), np.float32)
            known = np.empty((len(tiles), *grid.size), bool)
            for image, valid, tile in zip(images, known, tiles, strict=True):
                stretch(_mirror(strip.pixels, tile, grid.size, strip), into=image)
                valid[:] = _mirror(strip.valid, tile, grid.size, strip)
            return detector.predict(network, images, known)

        return batching.run(predict, batch.tiles) if batch.tiles else None

    valid = np.empty((0, reader.grid.width), bool)
    with (
        closing(ahead(read())) as read_ahead,
        closing(in_order(compute, _batches(read_ahead, batching), batching.workers)) as computed,
    ):
        for batch, predictions in computed:
            if predictions is not None:
                for prediction, tile in zip(predictions, batch.tiles, strict=True):
                    accumulator.add(prediction, tile)
            strip = batch.strip
            progress((strip.index + batch.share) / len(strips))
            if batch.is_first:
                if strip.left == 0:
                    valid = np.empty((len(strip.valid), reader.grid.width), bool)
                valid[:, strip.left : strip.left + strip.valid.shape[1]] = strip.valid
            if batch.is_last:
                until = grid.rows[strip.index + 1][1] if strip.index + 1 < len(strips) else grid.height
                yield from _finished(accumulator, valid, strip.top, until, grid, first)


def _read_row(
    reader: StripReader,
    row: list[Tile],
    index: int,
    following: int | None,
    widest: int,
    grid: TileGrid,
    area: AreaOfInterest | None,
    wanted: Wanted,
) -> Iterator[Strip]:
    """Read a row of tiles, ``widest`` at a time; ``following`` is the first working row of the next one."""
    top, bottom = max(0, row[0].row), min(reader.grid.height, row[0].row + grid.size[0])
    inside = None if area is None else area.rows(top, bottom, reader.grid)
    for begin in range(0, len(row), widest):
        tiles = row[begin : begin + widest]
        left, right = max(0, tiles[0].column), min(reader.grid.width, tiles[-1].column + grid.size[1])
        chosen = [tile for tile in tiles if wanted(tile)]
        if chosen or not reader.scene.always_valid:
            pixels, valid = reader.read(top, bottom, left, right, following)
        else:
            valid = np.ones((bottom - top, right - left), bool)
            pixels = np.empty((0, *valid.shape), reader.scene.dtype)
        done, share = begin / len(row), len(tiles) / len(row)
        strip = Strip(index, top, left, pixels, valid, [], done, share, begin + widest >= len(row))
        seen = valid if inside is None else valid & inside[:, left:right]
        strip.tiles.extend(tile for tile in chosen if _clip(seen, tile, grid.size, strip).any())
        yield strip


def _batches(strips: Iterator[Strip], batching: Batching) -> Iterator[Batch]:
    for strip in strips:
        end = strip.done + strip.share
        if not strip.tiles:
            yield Batch(strip, [], end, True, strip.is_last)
        done = 0
        while done < len(strip.tiles):
            tiles = strip.tiles[done : done + batching.size]
            is_first, done = done == 0, done + len(tiles)
            share = strip.done + strip.share * done / len(strip.tiles)
            yield Batch(strip, tiles, share, is_first, strip.is_last and done == len(strip.tiles))


def _finished(
    accumulator: RowBandAccumulator, valid: NDArray[np.bool_], top: int, until: int, grid: TileGrid, first: int
) -> Iterator[FinishedRows]:
    """The rows up to ``until``, without those above ``first``; ``valid`` begins with the working row ``top``."""
    end = accumulator.first
    for probability in accumulator.take(until):
        begin, end = end, end + len(probability)
        skipped = min(max(0, first - begin), len(probability))
        if skipped < len(probability):
            rows = slice((begin + skipped) * grid.step - top, end * grid.step - top)
            yield FinishedRows(probability[skipped:], valid[rows])


def _clip(array: NDArray[Any], tile: Tile, size: tuple[int, int], strip: Strip) -> NDArray[Any]:
    """The part of a strip's array ``(..., rows, columns)`` that a window covers, without what lies beyond the edge."""
    row, column = tile.row - strip.top, tile.column - strip.left
    return array[..., max(0, row) : row + size[0], max(0, column) : column + size[1]]


def _mirror(array: NDArray[Any], tile: Tile, size: tuple[int, int], strip: Strip) -> NDArray[Any]:
    """A window of a strip's array ``(..., *size)``; beyond the scene's edge the scene is mirrored."""
    part = _clip(array, tile, size, strip)
    before = (max(0, strip.top - tile.row), max(0, strip.left - tile.column))
    margins = [(b, side - b - n) for b, side, n in zip(before, size, part.shape[-2:], strict=True)]
    if not any(map(any, margins)):
        return part
    return np.pad(part, [(0, 0)] * (part.ndim - 2) + margins, mode="symmetric")
