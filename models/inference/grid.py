"""Where tiles lie: windows that cover a grid, each predicted once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """One window and the place of its prediction.

    Attributes:
        row, column: top left of the window on the working grid, px; may lie outside it (mirrored there).
        out_row, out_column: top left of the prediction on the output grid, px.
    """

    row: int
    column: int
    out_row: int
    out_column: int


@dataclass(frozen=True)
class TileGrid:
    """Windows of ``size`` x ``size`` px, in rows from top to bottom.

    Attributes:
        size: window side, working px.
        out_size: side of a window's prediction, output px.
        rows, columns: positions as (window, prediction) offsets along each axis.
        height, width: size of the output grid, px.
        step: working px from one output pixel to the next.
    """

    size: int
    out_size: int
    step: int
    rows: tuple[tuple[int, int], ...]
    columns: tuple[tuple[int, int], ...]
    height: int
    width: int

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    def strips(self) -> Iterator[list[Tile]]:
        """Yield the tiles row by row."""
        for row, out_row in self.rows:
            yield [Tile(row, column, out_row, out_column) for column, out_column in self.columns]


def dense_grid(height: int, width: int, size: int, overlap: int, is_fixed: bool = False) -> TileGrid:
    """Overlapping tiles for networks that answer for every pixel.

    Tiles are at most ``size`` px, in multiples of 32 px, and up to a fifth less where as many cover the grid all the
    same (unless the network takes no other size: ``is_fixed``); with much less ground in view DeepLabv3+ is worse. The
    last tile of an axis is moved back to end on the scene's edge, so that it is full of real context; a scene smaller
    than a tile gets one that is hardly larger, mirrored beyond the edge.
    """
    if not is_fixed:
        needed = max(_needed(length, size, overlap) for length in (height, width))
        if max(height, width) > size:
            needed = max(needed, size * 4 // 5)
        size = min(size, _multiple(needed, 32))
    rows = tuple((offset, offset) for offset in _offsets(height, size, overlap))
    columns = tuple((offset, offset) for offset in _offsets(width, size, overlap))
    return TileGrid(size, size, 1, rows, columns, height, width)


def patch_grid(height: int, width: int, size: int, overlap: int, patch: int) -> TileGrid:
    """Tiles for networks that answer for every patch of ``patch`` px in them; neighbours share ``overlap`` px.

    Each patch is centred on its cell, a square of ``patch - overlap`` px. One output pixel is one cell; cells cover the
    whole scene, the last of a row or column partly. Tiles are at most ``size`` px, no larger than their number needs;
    the last of an axis is moved back to end with the last cell.
    """
    step = patch - overlap
    cells = (-(-height // step), -(-width // step))
    count = _needed(max(cells), (size - overlap) // step, 0)
    rows, columns = (
        tuple((offset * step - overlap // 2, offset) for offset in _offsets(length, count, 0)) for length in cells
    )
    return TileGrid(count * step + overlap, count, step, rows, columns, *cells)


def _count(length: int, size: int, overlap: int) -> int:
    """How many tiles cover a length."""
    return 1 if length <= size else 1 + -(-(length - size) // (size - overlap))


def _needed(length: int, size: int, overlap: int) -> int:
    """Side of the smallest tiles of which as many cover a length as do of ``size``."""
    count = _count(length, size, overlap)
    return -(-(length + (count - 1) * overlap) // count)


def _offsets(length: int, size: int, overlap: int) -> list[int]:
    last = max(0, length - size)
    return [min(k * (size - overlap), last) for k in range(_count(length, size, overlap))]


def _multiple(value: int, of: int) -> int:
    return -(-value // of) * of
