"""Accuracy of probabilities against a binary truth, from counts that add up over any number of images."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 1000


@dataclass(frozen=True)
class Curve:
    """Points of a curve, from the highest threshold to the lowest.

    Attributes:
        x, y: ROC: false positive rate and recall; precision-recall: recall and precision.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]


@dataclass(frozen=True)
class Reliability:
    """What came true of what was said, by tenths of probability; empty tenths are NaN.

    Attributes:
        said: mean probability ``(10,)``.
        found: share that is landslide ``(10,)``.
        count: pixels, patches or chips ``(10,)``.
        ece: expected calibration error, the mean distance of said and found, weighed by count (Naeini et al. 2015).
        brier: mean squared distance of probability and truth (Brier 1950).
    """

    said: NDArray[np.float64]
    found: NDArray[np.float64]
    count: NDArray[np.int64]
    ece: float
    brier: float


class BinaryScores:
    """Histograms of the probabilities of landslide and of other pixels (or patches); memory does not grow.

    Thresholds are resolved to 1/1000.
    """

    def __init__(self) -> None:
        self.positive = np.zeros(BINS + 1, np.int64)
        self.negative = np.zeros(BINS + 1, np.int64)

    @classmethod
    def total(cls, parts: Iterable[BinaryScores]) -> BinaryScores:
        """The counts of many together."""
        whole = cls()
        for part in parts:
            whole.positive += part.positive
            whole.negative += part.negative
        return whole

    def update(self, probability: NDArray[np.floating], truth: NDArray[np.bool_]) -> None:
        """Count pixels of one image; NaN probabilities are left out. Any shape, the same for both."""
        known = np.isfinite(probability)
        # Rounded down, so that a bin counts as landslide exactly when its probabilities reach the threshold; the slack
        # is that of float32, in which 0.47 is a little less.
        bins = np.floor(probability[known].astype(np.float64) * BINS + 1e-4).astype(np.int64).clip(0, BINS)
        flags = truth[known]
        self.positive += np.bincount(bins[flags], minlength=BINS + 1)
        self.negative += np.bincount(bins[~flags], minlength=BINS + 1)

    @property
    def has_landslides(self) -> bool:
        """Whether the truth holds any."""
        return bool(self.positive.any())

    def confusion(self, threshold: float) -> tuple[int, int, int, int]:
        """True positives, false positives, false negatives and true negatives at a threshold."""
        first = int(np.ceil(threshold * BINS - 1e-9))
        tp, fp = int(self.positive[first:].sum()), int(self.negative[first:].sum())
        return tp, fp, int(self.positive.sum()) - tp, int(self.negative.sum()) - fp

    def at(self, threshold: float) -> dict[str, float]:
        """Accuracy, precision, recall, F1, IoU of both classes, their mean, at a threshold."""
        return {"threshold": threshold, **figures_of(*self.confusion(threshold))}

    def best_threshold(self) -> float:
        """The threshold of the highest F1."""
        thresholds = np.arange(1, BINS) / BINS
        return float(thresholds[int(np.argmax([self.at(float(t))["f1"] for t in thresholds]))])

    def threshold_for_false_alarms(self, share: float) -> float:
        """The lowest threshold that no more than a share of the negatives reaches."""
        above = np.cumsum(self.negative[::-1])[::-1]
        allowed = np.flatnonzero(above <= share * self.negative.sum())
        return float(allowed[0] / BINS) if len(allowed) else 1.0

    def auroc(self) -> float:
        """Area under the receiver operating characteristic."""
        positives, negatives = self.positive.sum(), self.negative.sum()
        if not positives or not negatives:
            return float("nan")
        below = np.cumsum(self.negative) - self.negative
        return float((self.positive * (below + 0.5 * self.negative)).sum() / positives / negatives)

    def average_precision(self) -> float:
        """Area under the precision-recall curve, by steps."""
        tp, fp = np.cumsum(self.positive[::-1]), np.cumsum(self.negative[::-1])
        steps = np.diff(tp, prepend=0) / max(1, tp[-1])
        return float((steps * tp / np.maximum(tp + fp, 1)).sum())

    def roc(self) -> Curve:
        """Receiver operating characteristic."""
        tp, fp = self._reached()
        return Curve(fp / max(1, fp[-1]), tp / max(1, tp[-1]))

    def precision_recall(self) -> Curve:
        """Precision over recall, where anything is found."""
        tp, fp = self._reached()
        any_found = tp + fp > 0
        return Curve((tp / max(1, tp[-1]))[any_found], (tp / np.maximum(tp + fp, 1))[any_found])

    def reliability(self) -> Reliability:
        """Reliability diagram, expected calibration error and Brier score."""
        # A bin's probabilities lie between it and the next; the last is exactly 1.
        middle = np.minimum((np.arange(BINS + 1) + 0.5) / BINS, 1.0)
        both = self.positive + self.negative
        tenth = np.minimum(np.arange(BINS + 1) * 10 // BINS, 9)
        count, hits, said = (np.bincount(tenth, weights) for weights in (both, self.positive, both * middle))
        total = max(1.0, float(count.sum()))
        with np.errstate(invalid="ignore"):
            mean, share = said / count, hits / count
        error = float((self.positive * (1 - middle) ** 2 + self.negative * middle**2).sum())
        ece = float(np.abs(said - hits).sum() / total)
        return Reliability(mean, share, count.astype(np.int64), ece, error / total)

    def _reached(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """True and false positives at falling thresholds, from none."""
        tp, fp = (np.concatenate([[0], np.cumsum(counts[::-1])]) for counts in (self.positive, self.negative))
        return tp, fp


def figures_of(tp: float, fp: float, fn: float, tn: float) -> dict[str, float]:
    """Accuracy, precision, recall, F1, IoU of both classes and their mean, of a confusion matrix."""
    iou, background = _ratio(tp, tp + fp + fn), _ratio(tn, tn + fp + fn)
    return {
        "accuracy": _ratio(tp + tn, tp + fp + fn + tn),
        "precision": _ratio(tp, tp + fp),
        "recall": _ratio(tp, tp + fn),
        "f1": _ratio(2 * tp, 2 * tp + fp + fn),
        "iou": iou,
        "iou_background": background,
        "mean_iou": (iou + background) / 2,
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
