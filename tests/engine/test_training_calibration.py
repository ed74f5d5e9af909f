"""Probabilities that come true: Platt scaling, and windows that stand for others."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.evaluation.metrics import BinaryScores
from landslide_detector.models.training.platt import Scaling, fit, reliability
from landslide_detector.models.training.scores import weighed
from landslide_detector.models.training.windows import some
from sklearn.linear_model import LogisticRegression


def drawn(slope, offset, count=20_000, seed=0):
    """Logits, and a truth that follows them scaled."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(-1, 3, count)
    return logits, rng.random(count) < 1 / (1 + np.exp(-(slope * logits + offset)))


class TestPlattScaling:
    @pytest.mark.parametrize(("slope", "offset"), [(0.4, -1.0), (2.5, 0.7), (1.0, -3.0)])
    def test_is_the_logistic_regression_on_the_logits(self, slope, offset):
        logits, truth = drawn(slope, offset)
        weights = np.random.default_rng(1).choice([1.0, 7.5], len(truth))
        expected = LogisticRegression(C=np.inf).fit(logits[:, None], truth, weights)
        found = fit(logits, truth, weights)
        assert not found.skipped
        assert (found.slope, found.offset) == pytest.approx(
            (float(expected.coef_[0, 0]), float(expected.intercept_[0])), abs=0.01
        )

    def test_probabilities_come_true(self):
        logits, truth = drawn(0.3, -1.0)
        ones = np.ones(len(truth))
        found = fit(logits, truth, ones)
        before, after = reliability(logits, truth, ones), reliability(found.slope * logits + found.offset, truth, ones)
        assert before.ece > 0.1
        assert after.ece < 0.01
        assert after.brier < before.brier

    def test_far_off_start_is_no_trouble(self):
        logits, truth = drawn(0.5, 0)
        found = fit(4 * logits + 60, truth, np.ones(len(truth)))
        assert found.slope == pytest.approx(0.5 / 4, rel=0.05)

    def test_logits_that_tell_all_apart_have_a_finite_slope(self):
        truth = np.repeat([False, True], 40)
        found = fit(np.where(truth, 2.0, -2.0), truth, np.ones(80))
        assert 1 < found.slope < 10

    @pytest.mark.parametrize(
        ("logits", "truth", "reason"),
        [
            (np.arange(9.0), np.zeros(9, bool), "validation has one class only"),
            (np.arange(9.0), np.ones(9, bool), "validation has one class only"),
            (-drawn(1, 0)[0], drawn(1, 0)[1], "the logits tell too little"),
            (np.random.default_rng(5).normal(size=20_000), drawn(1, 0)[1], "the logits tell too little"),
            (drawn(1, 0)[0] / 1000, drawn(1, 0)[1], "the logits tell too little"),
            # Three in four of those that are said to be so: what is calibrated already stays.
            (np.log(3) * np.repeat([1.0, -1.0], 4), np.array([1, 1, 1, 0, 0, 0, 0, 1], bool), "would not fall"),
        ],
    )
    def test_what_cannot_be_mended_is_left_alone_with_a_reason(self, logits, truth, reason):
        found = fit(logits, truth, np.ones(len(truth)))
        assert (found.slope, found.offset) == (1, 0)
        assert reason in found.skipped
        assert found == Scaling(skipped=found.skipped)


class Item:
    def __init__(self, has_landslide):
        self.has_landslide = has_landslide


class TestWindowsThatStandForOthers:
    def test_weights_add_up_to_all_that_is_held_out(self):
        held_out = some([Item(False)] * 900 + [Item(True)] * 90, 100)
        for has_landslide, count in ((True, 90), (False, 900)):
            found = [
                weight
                for item, weight in zip(held_out.items, held_out.weights, strict=True)
                if item.has_landslide == has_landslide
            ]
            assert len(found) == 50
            assert sum(found) == pytest.approx(count)

    def test_scores_are_those_of_all_windows(self):
        rng = np.random.default_rng(0)
        parts = [(weight, rng.random(997), rng.random(997) < 0.3) for weight in (1.0, 3.0, 3.0)]
        repeated = BinaryScores()
        for weight, probability, truth in parts:
            for _ in range(int(weight)):
                repeated.update(probability, truth)
        found = weighed(parts)
        assert np.array_equal(found.positive, repeated.positive)
        assert np.array_equal(found.negative, repeated.negative)

    def test_broken_weights_lose_no_count(self):
        answers = [(1.4, np.array([at]), np.array([at > 0.5])) for at in np.linspace(0, 1, 101)]
        found = weighed(answers)
        assert found.positive.sum() == round(1.4 * 50)
        assert found.negative.sum() == round(1.4 * 51)

    def test_rare_landslides_are_as_rare_in_what_is_calibrated(self):
        # Half of the windows looked at have landslides, of all one in eleven: probabilities are those of all.
        held_out = some([Item(False)] * 1000 + [Item(True)] * 100, 100)
        truth = np.array([item.has_landslide for item in held_out.items])
        logits = np.random.default_rng(0).normal(np.where(truth, 1.0, -1.0), 2)
        found = fit(logits, truth, np.array(held_out.weights))
        said = 1 / (1 + np.exp(-(found.slope * logits + found.offset)))
        assert np.average(said, weights=held_out.weights) == pytest.approx(1 / 11, abs=0.02)
