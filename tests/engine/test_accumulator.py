"""Blending in bounded memory is the same as blending on the whole scene."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.inference.accumulator import RowBandAccumulator, taper
from landslide_detector.models.inference.grid import dense_grid, patch_grid


def blend(grid, overlap, predictions):
    """What the engine does: tiles in rows, finished rows taken as soon as no later tile reaches them."""
    accumulator = RowBandAccumulator(grid, overlap)
    ends = [row for _, row in grid.rows[1:]] + [grid.height]
    bands = []
    for strip, end in zip(grid.strips(), ends, strict=True):
        for tile in strip:
            if (tile.row, tile.column) in predictions:
                accumulator.add(predictions[tile.row, tile.column], tile)
        bands += accumulator.take(end)
    return np.concatenate(bands)


def brute_force(grid, overlap, predictions):
    """Weighted mean over whole-scene float64 arrays."""
    tall, wide = grid.out_size
    weight = np.outer(taper(tall, overlap), taper(wide, overlap)).astype(np.float64)
    total = np.zeros((grid.height + tall, grid.width + wide))
    weights = np.zeros_like(total)
    for strip in grid.strips():
        for tile in strip:
            place = np.s_[tile.out_row : tile.out_row + tall, tile.out_column : tile.out_column + wide]
            if (tile.row, tile.column) in predictions:
                weights[place] += weight
                total[place] += weight * predictions[tile.row, tile.column]
    return (total / np.maximum(weights, 1e-12))[: grid.height, : grid.width]


def random_predictions(grid, left_out=()):
    rng = np.random.default_rng(1)
    places = [(tile.row, tile.column) for strip in grid.strips() for tile in strip]
    return {
        place: rng.random(grid.out_size, np.float32) for number, place in enumerate(places) if number not in left_out
    }


@pytest.mark.parametrize(
    ("height", "width", "size", "overlap"),
    [
        (150, 210, 64, 16), (90, 300, 64, 16), (64, 64, 64, 16), (40, 30, 64, 16), (150, 100, 64, 48),
        (100, 100, 32, 0), (65, 200, 64, 63),
    ],
)  # fmt: skip
def test_band_by_band_equals_the_whole_scene(height, width, size, overlap):
    grid = dense_grid(height, width, size, overlap)
    predictions = random_predictions(grid)
    assert np.allclose(blend(grid, overlap, predictions), brute_force(grid, overlap, predictions), atol=1e-5)


def test_tiles_may_be_left_out():
    grid = dense_grid(150, 210, 64, 16)
    predictions = random_predictions(grid, left_out={0, 3, 7, 8, 9})
    assert np.allclose(blend(grid, 16, predictions), brute_force(grid, 16, predictions), atol=1e-5)


def test_tiles_beside_those_that_are_left_out_count_alone():
    grid = dense_grid(150, 210, 64, 16)
    middle = grid.rows[1][1], grid.columns[1][1]
    blended = blend(grid, 16, {middle: np.full((64, 64), 0.7, np.float32)})
    place = tuple(slice(offset, offset + 64) for offset in middle)
    assert np.allclose(blended[place], 0.7)
    blended[place] = 0
    assert not blended.any()


def test_agreeing_tiles_give_their_value_everywhere():
    grid = dense_grid(150, 210, 64, 16)
    predictions = dict.fromkeys(random_predictions(grid), np.full((64, 64), 0.7, np.float32))
    assert np.allclose(blend(grid, 16, predictions), 0.7, atol=1e-6)


def test_patches_are_placed_without_blending():
    grid = patch_grid(150, 210, 64, 16, 32)
    assert (grid.height, grid.width, grid.step, grid.out_size) == (10, 14, 16, (3, 3))
    cells = np.arange(140, dtype=np.float32).reshape(10, 14) / 200
    tiles = [tile for strip in grid.strips() for tile in strip]
    predictions = {
        (tile.row, tile.column): cells[tile.out_row : tile.out_row + 3, tile.out_column : tile.out_column + 3]
        for tile in tiles
    }
    assert np.allclose(blend(grid, 0, predictions), cells)


def test_each_cell_lies_in_the_middle_of_its_patch():
    for tile in (tile for strip in patch_grid(150, 210, 64, 16, 32).strips() for tile in strip):
        assert (tile.row, tile.column) == (16 * tile.out_row - 8, 16 * tile.out_column - 8)


def test_memory_is_one_tile_row():
    grid = dense_grid(20000, 3000, 512, 64)
    accumulator = RowBandAccumulator(grid, 64)
    held = sum(array.nbytes for array in vars(accumulator).values() if isinstance(array, np.ndarray))
    assert held < 1.5 * 512 * 3000 * 4


@pytest.mark.parametrize(("size", "overlap"), [(64, 0), (64, 16), (64, 48), (32, 31), (1, 0)])
def test_taper_is_symmetric_and_never_zero(size, overlap):
    weight = taper(size, overlap)
    assert weight.shape == (size,)
    assert (weight > 0).all()
    assert (weight <= 1).all()
    assert np.allclose(weight, weight[::-1])


def test_two_tapers_overlap_to_one():
    weight = taper(64, 16)
    assert np.allclose(weight[-16:] + weight[:16], 1, atol=2e-3)
