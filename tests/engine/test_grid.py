"""Tiles: every pixel is covered, every window is visited once."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.inference.grid import dense_grid, patch_grid

DENSE = [
    (512, 512, 512, 64),  # exactly one tile
    (513, 512, 512, 64),  # one row more
    (2000, 2000, 512, 64),
    (150, 210, 64, 16),  # width != height, last row and column partial
    (160, 64, 64, 16),  # exactly three tiles by one
    (64, 1000, 64, 0),
    (1000, 64, 64, 63),
    (40, 30, 512, 64),  # smaller than a tile
    (1, 1, 64, 16),
    (30, 200, 64, 16),  # smaller in one direction only
]


@pytest.mark.parametrize(("height", "width", "size", "overlap"), DENSE)
class TestDenseGrid:
    def test_every_pixel_is_covered(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        covered = np.zeros((height, width), bool)
        for strip in grid.strips():
            for tile in strip:
                covered[tile.out_row : tile.out_row + grid.out_size, tile.out_column :][:, : grid.out_size] = True
        assert covered.all()

    def test_each_window_comes_once_and_inside_the_scene(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        places = [(tile.row, tile.column) for strip in grid.strips() for tile in strip]
        assert len(places) == len(set(places)) == len(grid)
        assert all(row == 0 or row + grid.size <= height for row, _ in places)
        assert all(column == 0 or column + grid.size <= width for _, column in places)

    def test_no_tile_more_than_needed(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        step = grid.size - overlap
        needed = [1 if side <= grid.size else 1 + -(-(side - grid.size) // step) for side in (height, width)]
        assert (len(grid.rows), len(grid.columns)) == tuple(needed)

    def test_neighbours_overlap_at_least_as_asked(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        for offsets in (grid.rows, grid.columns):
            steps = np.diff([offset for offset, _ in offsets])
            assert (steps > 0).all()
            assert (steps <= grid.size - overlap).all()


def test_scene_of_exactly_one_tile_gets_one_tile():
    assert len(dense_grid(512, 512, 512, 64)) == 1


def test_scene_smaller_than_a_tile_gets_one_tile_of_the_next_multiple_of_32():
    grid = dense_grid(40, 70, 512, 64)
    assert (len(grid), grid.size) == (1, 96)


@pytest.mark.parametrize(("side", "expected"), [(1024, 416), (2048, 480), (20000, 512), (520, 416)])
def test_tiles_are_up_to_a_fifth_smaller_where_as_many_do(side, expected):
    grid = dense_grid(side, side, 512, 64)
    assert grid.size == expected
    assert len(grid) == len(dense_grid(side, side, 512, 64, is_fixed=True))


def test_a_network_of_one_size_gets_tiles_of_it():
    assert dense_grid(1024, 700, 512, 64, is_fixed=True).size == 512


def test_published_scene_has_no_superfluous_tiles():
    # 20000 x 18957 px at 512 / 64: the peers' loops run one too many in each direction.
    assert len(dense_grid(20000, 18957, 512, 64)) == 45 * 43


PATCHES = [
    (128, 128, 128, 64, 128),  # a tile is a patch
    (129, 127, 512, 64, 128),
    (2000, 1500, 1024, 64, 128),
    (150, 210, 64, 16, 32),
    (150, 210, 64, 0, 32),
    (1, 1, 512, 64, 128),
    (70, 90, 75, 8, 33),
]


@pytest.mark.parametrize(("height", "width", "size", "overlap", "patch"), PATCHES)
class TestPatchGrid:
    def test_every_cell_is_covered_and_each_tile_comes_once(self, height, width, size, overlap, patch):
        grid = patch_grid(height, width, size, overlap, patch)
        assert (grid.height, grid.width) == (-(-height // grid.step), -(-width // grid.step))
        covered = np.zeros((grid.height, grid.width), int)
        for strip in grid.strips():
            for tile in strip:
                covered[tile.out_row : tile.out_row + grid.out_size, tile.out_column :][:, : grid.out_size] += 1
        assert covered.min() == 1
        assert len({(tile.row, tile.column) for strip in grid.strips() for tile in strip}) == len(grid)

    def test_a_tile_is_no_larger_than_asked_and_its_patches_fill_it(self, height, width, size, overlap, patch):
        grid = patch_grid(height, width, size, overlap, patch)
        assert patch <= grid.size <= size
        assert grid.size == (grid.out_size - 1) * grid.step + patch

    def test_patch_is_centred_on_its_cell(self, height, width, size, overlap, patch):
        grid = patch_grid(height, width, size, overlap, patch)
        for tile in (tile for strip in grid.strips() for tile in strip):
            before = tile.out_row * grid.step - tile.row
            after = tile.row + patch - (tile.out_row + 1) * grid.step
            assert before + after == overlap
            assert abs(before - after) <= 1


def test_published_scene_has_no_superfluous_patches():
    # Tiles of 1024 px answer for 15 x 15 patches.
    assert len(patch_grid(20000, 18957, 1024, 64, 128)) == 21 * 20


def test_tiles_of_patches_are_no_larger_than_their_number_needs():
    # 16 cells do not fit into a tile of 15: two of 8, and not two of 15 that overlap almost wholly.
    grid = patch_grid(1024, 1024, 1024, 64, 128)
    assert (len(grid), grid.out_size, grid.size) == (4, 8, 576)
