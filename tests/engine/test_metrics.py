"""Accuracy from counts is the accuracy of the textbook, which is scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.evaluation.confidence import confidence_intervals
from landslide_detector.models.evaluation.figures import figures_at
from landslide_detector.models.evaluation.metrics import BinaryScores
from sklearn import metrics as textbook
from sklearn.calibration import calibration_curve


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
    probability, truth = (array.ravel() for array in sample)
    found = probability >= np.float32(threshold)
    scores = scores_of(*sample)
    tn, fp, fn, tp = textbook.confusion_matrix(truth, found).ravel()
    assert scores.confusion(threshold) == (tp, fp, fn, tn)
    background, landslide = textbook.jaccard_score(truth, found, average=None, labels=[False, True])
    expected = {
        "threshold": threshold,
        "accuracy": textbook.accuracy_score(truth, found),
        "precision": textbook.precision_score(truth, found, zero_division=0),
        "recall": textbook.recall_score(truth, found),
        "f1": textbook.f1_score(truth, found),
        "iou": landslide,
        "iou_background": background,
        "mean_iou": (landslide + background) / 2,
    }
    assert scores.at(threshold) == pytest.approx(expected)


def test_areas_under_the_curves(sample):
    probability, truth = (array.ravel() for array in sample)
    scores = scores_of(*sample)
    assert scores.auroc() == pytest.approx(textbook.roc_auc_score(truth, probability))
    assert scores.average_precision() == pytest.approx(textbook.average_precision_score(truth, probability))


def test_curves(sample):
    probability, truth = (array.ravel() for array in sample)
    scores = scores_of(*sample)
    false_positive, recall, _ = textbook.roc_curve(truth, probability, drop_intermediate=False)
    curve = scores.roc()
    assert np.interp(false_positive, curve.x, curve.y) == pytest.approx(
        np.interp(false_positive, false_positive, recall)
    )
    precision, recall, _ = textbook.precision_recall_curve(truth, probability)
    curve = scores.precision_recall()
    points = {(round(x, 9), round(y, 9)) for x, y in zip(curve.x.tolist(), curve.y.tolist(), strict=True)}
    expected = {(round(x, 9), round(y, 9)) for x, y in zip(recall[:-1].tolist(), precision[:-1].tolist(), strict=True)}
    assert points == expected


def test_calibration(sample):
    probability, truth = (array.ravel() for array in sample)
    reliability = scores_of(*sample).reliability()
    assert reliability.brier == pytest.approx(textbook.brier_score_loss(truth, probability), abs=1e-3)
    edge = np.isclose(probability * 10 % 1, 0)  # scikit-learn puts what lies on an edge into the lower bin
    reliability = scores_of(probability[~edge], truth[~edge]).reliability()
    share, said = calibration_curve(truth[~edge], probability[~edge], n_bins=10)
    known = reliability.count > 0
    assert reliability.found[known] == pytest.approx(share)
    assert reliability.said[known] == pytest.approx(said, abs=1e-3)
    expected = np.average(np.abs(share - said), weights=reliability.count[known])
    assert reliability.ece == pytest.approx(expected, abs=1e-3)


def test_a_perfectly_honest_forecast_has_no_calibration_error():
    probability = np.repeat(np.array([0.25, 0.75], np.float32), 400)
    truth = np.concatenate([np.arange(400) < 100, np.arange(400) < 300])
    assert scores_of(probability, truth).reliability().ece == pytest.approx(0, abs=1e-3)


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
    halves = [scores_of(*(array[rows] for array in sample)) for rows in (slice(20), slice(20, 50))]
    assert BinaryScores.total(halves).auroc() == parts.auroc() == scores_of(*sample).auroc()


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
    assert BinaryScores().reliability().ece == 0


def test_specificity_and_the_share_of_false_alarms(sample):
    probability, truth = (array.ravel() for array in sample)
    figures = figures_at(scores_of(*sample), 0.4)
    expected = textbook.recall_score(~truth, probability < np.float32(0.4))
    assert figures["specificity"] == pytest.approx(expected)
    assert figures["false_alarm_share"] == pytest.approx(1 - expected)


def test_figures_that_one_class_alone_does_not_define_are_none(sample):
    nothing_true = figures_at(scores_of(sample[0], np.zeros_like(sample[1])), 0.4)
    defined = {name for name, value in nothing_true.items() if value is not None}
    assert {"threshold", "accuracy", "specificity", "false_alarm_share", "brier"} <= defined
    assert not defined & {"f1", "iou", "mean_iou", "precision", "recall", "auroc", "average_precision"}
    all_true = figures_at(scores_of(sample[0], np.ones_like(sample[1])), 0.4)
    assert {name for name, value in all_true.items() if value is None} == {"specificity", "false_alarm_share", "auroc"}


class TestConfidence:
    def test_intervals_hold_the_figure_and_narrow_with_more_chips(self, sample):
        probability, truth = sample
        rows = [scores_of(probability[row], truth[row]) for row in range(50)]
        few, many = (confidence_intervals(parts, 0.5) for parts in (rows[:12], rows * 4))
        figures = {**scores_of(*sample).at(0.5), "auroc": scores_of(*sample).auroc()}
        for name, (low, high) in many.items():
            assert low < figures[name] < high
            assert high - low < few[name][1] - few[name][0]

    def test_of_any_figure(self, sample):
        probability, truth = sample
        rows = [scores_of(probability[row], np.zeros_like(truth[row])) for row in range(50)]
        intervals = confidence_intervals(rows, 0.5, ("false_alarm_share",))
        low, high = intervals.pop("false_alarm_share")
        assert low < (probability >= 0.5).mean() < high
        assert intervals == {}

    def test_whole_chips_are_drawn_not_pixels(self):
        right, wrong = (scores_of(np.full(100, p, np.float32), np.full(100, True)) for p in (1.0, 0.0))
        low, high = confidence_intervals([right, wrong], 0.5)["iou"]
        assert (low, high) == (0, 1)

    def test_one_class_alone_has_no_auroc(self):
        parts = [scores_of(np.array([0.5], np.float32), np.array([True]))] * 3
        assert "auroc" not in confidence_intervals(parts, 0.5)

    def test_a_draw_without_landslide_does_not_count(self):
        right = scores_of(np.full(100, 1.0, np.float32), np.full(100, True))
        free = scores_of(np.zeros(100, np.float32), np.full(100, False))
        assert confidence_intervals([right, free], 0.5)["f1"] == (1, 1)
        assert confidence_intervals([free, free], 0.5) == {}
