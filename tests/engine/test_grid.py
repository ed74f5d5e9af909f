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
                covered[tile.out_row :, tile.out_column :][: grid.out_size[0], : grid.out_size[1]] = True
        assert covered.all()

    def test_each_window_comes_once_and_inside_the_scene(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        places = [(tile.row, tile.column) for strip in grid.strips() for tile in strip]
        assert len(places) == len(set(places)) == len(grid)
        assert all(row == 0 or row + grid.size[0] <= height for row, _ in places)
        assert all(column == 0 or column + grid.size[1] <= width for _, column in places)

    def test_no_tile_more_than_needed(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        for length, side, offsets in zip((height, width), grid.size, (grid.rows, grid.columns), strict=True):
            assert len(offsets) == (1 if length <= side else 1 + -(-(length - side) // (side - overlap)))

    def test_neighbours_overlap_at_least_as_asked(self, height, width, size, overlap):
        grid = dense_grid(height, width, size, overlap)
        for side, offsets in zip(grid.size, (grid.rows, grid.columns), strict=True):
            steps = np.diff([offset for offset, _ in offsets])
            assert (steps > 0).all()
            assert (steps <= side - overlap).all()

    def test_tiles_are_multiples_of_32_and_about_as_large_as_asked(self, height, width, size, overlap):
        for length, side in zip((height, width), dense_grid(height, width, size, overlap).size, strict=True):
            assert side % 32 == 0
            assert side <= size * 1.5
            assert side >= min(length, size * 0.8)


def cost(grid, height, width):
    """Work done for each pixel of the scene, less one."""
    return grid.work / (height * width) - 1


class TestCostOfOverlap:
    def test_of_usual_tiles_it_is_under_20_percent_for_all_scenes_of_1700_px_or_more(self):
        assert max(cost(dense_grid(side, side, 640, 32), side, side) for side in range(1700, 12000)) < 0.2

    def test_of_smaller_scenes_it_is_little_more_and_12_percent_on_average(self):
        costs = [cost(dense_grid(side, side, 640, 32), side, side) for side in range(330, 3000)]
        assert max(costs) < 0.22
        assert np.mean(costs) < 0.12

    @pytest.mark.parametrize(
        ("height", "width"), [(700, 700), (1000, 3000), (1024, 1024), (3000, 3000), (10980, 10980), (20000, 18957)]
    )
    def test_of_common_scenes_it_is_under_20_percent_for_every_detector(self, height, width):
        assert cost(dense_grid(height, width, 640, 32), height, width) < 0.2
        if height > 700:  # 11 x 11 cells, of which the last are partial
            assert cost(patch_grid(height, width, 1024, 64, 128), height, width) < 0.2

    def test_of_patches_which_overlap_by_half_it_is_under_20_percent_for_large_scenes(self):
        costs = {side: cost(patch_grid(side, side, 1024, 64, 128), side, side) for side in range(2000, 14000, 7)}
        assert max(share for side, share in costs.items() if side >= 11000) < 0.2
        assert np.mean(list(costs.values())) < 0.2

    def test_a_long_scene_has_tiles_that_fit_its_width(self):
        grid = dense_grid(1000, 3000, 640, 32)
        assert (grid.size, len(grid.rows), len(grid.columns)) == ((544, 640), 2, 5)


def test_scene_of_up_to_one_and_a_half_tiles_gets_one():
    assert dense_grid(940, 700, 640, 32).size == (960, 704)
    assert len(dense_grid(960, 960, 640, 32)) == 1
    assert len(dense_grid(961, 961, 640, 32)) == 4


def test_scene_smaller_than_a_tile_gets_one_tile_of_the_next_multiple_of_32():
    grid = dense_grid(40, 70, 512, 64)
    assert (len(grid), grid.size) == (1, (64, 96))


def test_a_network_of_one_size_gets_tiles_of_it():
    assert dense_grid(1024, 700, 512, 64, is_fixed=True).size == (512, 512)


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
                covered[tile.out_row :, tile.out_column :][: grid.out_size[0], : grid.out_size[1]] += 1
        assert covered.min() == 1
        assert len({(tile.row, tile.column) for strip in grid.strips() for tile in strip}) == len(grid)

    def test_a_tile_is_about_as_large_as_asked_and_its_patches_fill_it(self, height, width, size, overlap, patch):
        grid = patch_grid(height, width, size, overlap, patch)
        for side, count in zip(grid.size, grid.out_size, strict=True):
            assert patch <= side <= size * 1.5
            assert side == (count - 1) * grid.step + patch

    def test_patch_is_centred_on_its_cell(self, height, width, size, overlap, patch):
        grid = patch_grid(height, width, size, overlap, patch)
        for tile in (tile for strip in grid.strips() for tile in strip):
            before = tile.out_row * grid.step - tile.row
            after = tile.row + patch - (tile.out_row + 1) * grid.step
            assert before + after == overlap
            assert abs(before - after) <= 1


def test_scene_of_16_patches_is_one_tile_of_them():
    # Not two that overlap almost wholly.
    grid = patch_grid(1024, 1024, 1024, 64, 128)
    assert (len(grid), grid.out_size, grid.size) == (1, (16, 16), (1088, 1088))
