"""Accuracy from counts is the accuracy of the textbook."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from landslide_detector.models.evaluation.metrics import BinaryScores
from torchmetrics.functional.classification import binary_auroc, binary_average_precision


@pytest.fixture
def sample():
    """Probabilities in thousandths (what the counts resolve), and a truth they know something about."""
    rng = np.random.default_rng(0)
    truth = rng.random((50, 60)) < 0.2
    probability = np.clip(rng.normal(0.35 + 0.25 * truth, 0.2), 0, 1).round(3).astype(np.float32)
    return probability, truth


def scores_of(probability, truth):
    scores = BinaryScores()
    scores.update(probability, truth)
    return scores


@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.47, 0.5, 0.501, 0.999, 1.0])
def test_figures_at_a_threshold(sample, threshold):
    probability, truth = sample
    found = probability >= np.float32(threshold)
    tp, fp = (found & truth).sum(), (found & ~truth).sum()
    fn, tn = (~found & truth).sum(), (~found & ~truth).sum()
    scores = scores_of(*sample)
    assert scores.confusion(threshold) == (tp, fp, fn, tn)
    figures = scores.at(threshold)
    assert figures["accuracy"] == (tp + tn) / truth.size
    assert figures["precision"] == (tp / (tp + fp) if tp + fp else 0)
    assert figures["recall"] == tp / (tp + fn)
    assert figures["f1"] == pytest.approx(2 * tp / (2 * tp + fp + fn))
    assert figures["iou"] == tp / (tp + fp + fn)
    assert figures["mean_iou"] == pytest.approx((tp / (tp + fp + fn) + tn / (tn + fp + fn)) / 2)


def test_curves(sample):
    probability, truth = (torch.from_numpy(array.ravel()) for array in sample)
    scores = scores_of(*sample)
    assert scores.auroc() == pytest.approx(float(binary_auroc(probability, truth.int())), abs=1e-5)
    expected = float(binary_average_precision(probability, truth.int()))
    assert scores.average_precision() == pytest.approx(expected, abs=1e-5)


def test_best_threshold_has_the_highest_f1(sample):
    probability, truth = sample
    scores = scores_of(*sample)

    def f1(threshold):
        found = probability >= np.float32(threshold)
        return 2 * (found & truth).sum() / (found.sum() + truth.sum())

    best = max(f1(number / 1000) for number in range(1, 1000))
    assert f1(scores.best_threshold()) == pytest.approx(best)


def test_parts_add_up_to_the_whole(sample):
    parts = BinaryScores()
    for rows in np.array_split(np.arange(50), 7):
        parts.update(sample[0][rows], sample[1][rows])
    assert parts.at(0.4) == scores_of(*sample).at(0.4)
    assert parts.auroc() == scores_of(*sample).auroc()


def test_nodata_is_left_out(sample):
    probability, truth = sample
    holed = probability.copy()
    holed[10:20] = np.nan
    keep = np.r_[0:10, 20:50]
    assert scores_of(holed, truth).at(0.4) == scores_of(probability[keep], truth[keep]).at(0.4)


def test_without_any_landslide_nothing_divides_by_zero(sample):
    scores = scores_of(sample[0], np.zeros_like(sample[1]))
    assert scores.at(0.4)["f1"] == 0
    assert scores.at(0.4)["recall"] == 0
    assert np.isnan(scores.auroc())
    assert scores.average_precision() == 0
