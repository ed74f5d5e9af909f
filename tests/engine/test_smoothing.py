"""Means around the cells of an image, and the way back to its pixels."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.detectors.smoothing import Smoothing


def means(values, size, valid=None):
    valid = np.ones(values.shape, bool) if valid is None else valid
    return Smoothing(size).means(values[None, None].astype(np.float32), valid[None])[0, 0]


def test_means_of_three_pixels_are_those_of_the_valid_neighbours():
    valid = np.ones((5, 5), bool)
    valid[2, 2] = False
    found = means(np.arange(25).reshape(5, 5), 3, valid)
    assert found.shape == (5, 5)
    assert found[0, 0] == pytest.approx(np.mean([0, 1, 5, 6]))
    assert found[1, 1] == pytest.approx(np.mean([0, 1, 2, 5, 6, 7, 10, 11]))


@pytest.mark.parametrize(("height", "width"), [(96, 96), (97, 64), (50, 70), (2, 200)])
def test_each_cell_has_the_mean_of_the_box_around_its_middle(height, width):
    values = np.random.default_rng(0).random((height, width))
    found = means(values, 9)
    assert found.shape == (-(-height // 3), -(-width // 3))
    for row, column in np.ndindex(found.shape):
        box = np.s_[max(0, 3 * row - 3) : 3 * row + 6, max(0, 3 * column - 3) : 3 * column + 6]
        assert found[row, column] == pytest.approx(values[box].mean(), abs=1e-5)


def test_an_even_box_shares_the_pixels_at_its_ends():
    assert means(np.arange(12)[None], 2)[0] == pytest.approx([1 / 3, *range(1, 11), 10 + 2 / 3])


def test_where_nothing_is_valid_the_mean_is_zero():
    assert not means(np.full((9, 9), np.nan), 5, np.zeros((9, 9), bool)).any()


@pytest.mark.parametrize(("height", "width"), [(96, 96), (97, 64), (50, 70), (2, 200)])
def test_a_slope_comes_back_between_the_middles_of_the_outer_cells(height, width):
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    smoothing = Smoothing(9)
    cells = (rows + 2 * columns)[1::3, 1::3]
    cells = np.pad(cells, [(0, -(-side // 3) - there) for side, there in zip((height, width), cells.shape)], "edge")
    found = smoothing.enlarged(cells, height, width)
    inside = np.s_[1 : (height - 2) // 3 * 3 + 2, 1 : (width - 2) // 3 * 3 + 2]
    assert found.shape == (height, width)
    assert found[inside] == pytest.approx((rows + 2 * columns)[inside], abs=1e-3)


def test_a_smoothing_of_one_pixel_changes_nothing():
    values = np.random.default_rng(0).random((7, 9)).astype(np.float32)
    assert means(values, 1) == pytest.approx(values)
    assert Smoothing(1).enlarged(values, 7, 9) == pytest.approx(values)
