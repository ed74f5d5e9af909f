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
    """Windows of one size, in rows from top to bottom.

    Attributes:
        size: height and width of a window, working px.
        out_size: height and width of a window's prediction, output px.
        rows, columns: positions as (window, prediction) offsets along each axis.
        height, width: size of the output grid, px.
        step: working px from one output pixel to the next.
    """

    size: tuple[int, int]
    out_size: tuple[int, int]
    step: int
    rows: tuple[tuple[int, int], ...]
    columns: tuple[tuple[int, int], ...]
    height: int
    width: int

    def __len__(self) -> int:
        return len(self.rows) * len(self.columns)

    @property
    def work(self) -> int:
        """Px that the network computes, what tiles share counted as often as it is computed."""
        return len(self) * self.size[0] * self.size[1]

    def strips(self) -> Iterator[list[Tile]]:
        """Yield the tiles row by row."""
        for row, out_row in self.rows:
            yield [Tile(row, column, out_row, out_column) for column, out_column in self.columns]


def dense_grid(height: int, width: int, size: int, overlap: int, is_fixed: bool = False) -> TileGrid:
    """Overlapping tiles for networks that answer for every pixel.

    Tiles are about ``size`` px high and wide (exactly, for a network that takes no other size: ``is_fixed``), in
    multiples of 32 px; see ``tile_side``. The last tile of an axis is moved back to end on the scene's edge, so that it
    is full of real context; a tile that is larger than the scene is mirrored beyond the edge.
    """
    sides = tuple(size if is_fixed else tile_side(length, size, overlap, 32) for length in (height, width))
    rows, columns = (
        tuple((offset, offset) for offset in _offsets(length, side, overlap))
        for length, side in zip((height, width), sides, strict=True)
    )
    return TileGrid((sides[0], sides[1]), (sides[0], sides[1]), 1, rows, columns, height, width)


def patch_grid(height: int, width: int, size: int, overlap: int, patch: int) -> TileGrid:
    """Tiles for networks that answer for every patch of ``patch`` px in them; neighbours share ``overlap`` px.

    Each patch is centred on its cell, a square of ``patch - overlap`` px. One output pixel is one cell; cells cover the
    whole scene, the last of a row or column partly. Tiles are about ``size`` px high and wide, whole patches; see
    ``tile_side``. The last of an axis is moved back to end with the last cell.
    """
    step = patch - overlap
    cells = (-(-height // step), -(-width // step))
    sides = tuple(tile_side(count * step + overlap, size, overlap, step, overlap) for count in cells)
    counts = tuple((side - overlap) // step for side in sides)
    rows, columns = (
        tuple((offset * step - overlap // 2, offset) for offset in _offsets(length, count, 0))
        for length, count in zip(cells, counts, strict=True)
    )
    return TileGrid((sides[0], sides[1]), (counts[0], counts[1]), step, rows, columns, *cells)


def tile_side(length: int, size: int, overlap: int, unit: int, over: int = 0) -> int:
    """Side of the tiles along an axis, px: that with which the network has the fewest px to compute.

    The time goes by px, whatever the tiles' size (384 to 1344 px, measured on a CPU). So a length of up to 3/2 of the
    usual side is one tile, and others are cut into tiles of 4/5 to 6/5 of it: with less ground in view DeepLabv3+ is
    worse (F1 on Bijie chips side by side 0.76 on average from 448 to 1280 px, 0.71 at 320 and 384 px), and larger ones
    need more memory. To compile a size that is new takes OpenVINO 0.4 s longer, once, than to find it in its cache.

    Args:
        length: of the axis, px.
        size: usual side, px.
        overlap: of neighbours, px.
        unit, over: sides are multiples of ``unit`` and ``over``.
    """
    whole = _multiple(length - over, unit) + over
    if whole <= size * 3 // 2:
        return whole
    most = max(1, (size * 6 // 5 - over) // unit)
    least = min(most, _multiple(size * 4 // 5 - over, unit) // unit)
    sides = [number * unit + over for number in range(least, most + 1)]
    # Of equals the largest: fewer seams.
    return min(sides, key=lambda side: (_count(length, side, overlap) * side, -side))


def _count(length: int, size: int, overlap: int) -> int:
    """How many tiles cover a length."""
    return 1 if length <= size else 1 + -(-(length - size) // (size - overlap))


def _offsets(length: int, size: int, overlap: int) -> list[int]:
    last = max(0, length - size)
    return [min(k * (size - overlap), last) for k in range(_count(length, size, overlap))]


def _multiple(value: int, of: int) -> int:
    return -(-value // of) * of
