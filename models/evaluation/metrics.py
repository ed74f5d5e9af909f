"""Accuracy of probabilities against a binary truth, from counts that add up over any number of images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BINS = 1000


class BinaryScores:
    """Histograms of the probabilities of landslide and of other pixels (or patches); memory does not grow.

    Thresholds are resolved to 1/1000.
    """

    def __init__(self) -> None:
        self.positive = np.zeros(BINS + 1, np.int64)
        self.negative = np.zeros(BINS + 1, np.int64)

    def update(self, probability: NDArray[np.floating], truth: NDArray[np.bool_]) -> None:
        """Count pixels of one image; NaN probabilities are left out. Any shape, the same for both."""
        known = np.isfinite(probability)
        # Rounded down, so that a bin counts as landslide exactly when its probabilities reach the threshold; the slack
        # is that of float32, in which 0.47 is a little less.
        bins = np.floor(probability[known].astype(np.float64) * BINS + 1e-4).astype(np.int64).clip(0, BINS)
        flags = truth[known]
        self.positive += np.bincount(bins[flags], minlength=BINS + 1)
        self.negative += np.bincount(bins[~flags], minlength=BINS + 1)

    def confusion(self, threshold: float) -> tuple[int, int, int, int]:
        """True positives, false positives, false negatives and true negatives at a threshold."""
        first = int(np.ceil(threshold * BINS - 1e-9))
        tp, fp = int(self.positive[first:].sum()), int(self.negative[first:].sum())
        return tp, fp, int(self.positive.sum()) - tp, int(self.negative.sum()) - fp

    def at(self, threshold: float) -> dict[str, float]:
        """Accuracy, precision, recall, F1, IoU of both classes, their mean, at a threshold."""
        tp, fp, fn, tn = self.confusion(threshold)
        iou, background = _ratio(tp, tp + fp + fn), _ratio(tn, tn + fp + fn)
        return {
            "threshold": threshold,
            "accuracy": _ratio(tp + tn, tp + fp + fn + tn),
            "precision": _ratio(tp, tp + fp),
            "recall": _ratio(tp, tp + fn),
            "f1": _ratio(2 * tp, 2 * tp + fp + fn),
            "iou": iou,
            "iou_background": background,
            "mean_iou": (iou + background) / 2,
        }

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


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
