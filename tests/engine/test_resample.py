"""Streamed resampling is the resampling of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.inference.resample import RowResampler, triangle_taps

SHAPES = [
    ((50, 40), (125, 100)),
    ((50, 40), (20, 16)),
    ((50, 40), (51, 39)),
    ((7, 5), (1, 1)),
    ((1, 1), (9, 4)),
    ((30, 30), (301, 11)),
]


def whole(values, target):
    """The same filter as a pair of matrices."""

    def matrix(source, size):
        index, weight = triangle_taps(source, size)
        result = np.zeros((size, source))
        np.add.at(result, (np.arange(size)[:, None], index), weight)
        return result

    return matrix(values.shape[0], target[0]) @ values @ matrix(values.shape[1], target[1]).T


@pytest.mark.parametrize(("source", "target"), SHAPES)
@pytest.mark.parametrize("chunks", [1, 3, 16, 1000])
def test_any_chunks_give_the_whole(source, target, chunks):
    values = np.random.default_rng(0).random(source, np.float32)
    resampler = RowResampler(source, target)
    out = np.concatenate([resampler.push(values[start : start + chunks]) for start in range(0, len(values), chunks)])
    assert out.shape == target
    assert np.allclose(out, whole(values, target), atol=1e-5)


@pytest.mark.parametrize(("source", "target"), SHAPES)
def test_constant_stays_constant(source, target):
    out = RowResampler(source, target).push(np.full(source, 0.3, np.float32))
    assert np.allclose(out, 0.3, atol=1e-6)


def test_finer_target_is_linear_interpolation():
    values = np.arange(10, dtype=np.float32)[:, None] * np.ones((1, 3), np.float32)
    out = RowResampler((10, 3), (20, 3)).push(values)
    inside = (np.arange(20) + 0.5) / 2 - 0.5
    assert np.allclose(out[1:-1, 0], inside[1:-1], atol=1e-6)


def test_coarser_target_is_a_mean():
    values = np.random.default_rng(0).random((100, 100), np.float32)
    out = RowResampler((100, 100), (10, 10)).push(values)
    assert out.mean() == pytest.approx(values.mean(), abs=0.01)
    assert out.std() < values.std() / 5


def test_rows_are_given_as_soon_as_they_are_complete_and_not_kept():
    resampler = RowResampler((1000, 8), (2000, 8))
    given = held = 0
    for _ in range(100):
        given += len(resampler.push(np.zeros((10, 8), np.float32)))
        held = max(held, len(resampler._rows))
    assert given == 2000
    assert held < 15
