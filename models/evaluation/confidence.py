"""Confidence intervals by bootstrap over chips: how far the figures depend on which chips were drawn."""

from __future__ import annotations

import numpy as np

from .figures import HEADLINE, Intervals, figures_at
from .metrics import BinaryScores

RESAMPLES = 1000
TAILS = (2.5, 97.5)  # percent


def confidence_intervals(
    parts: list[BinaryScores], threshold: float, names: tuple[str, ...] = HEADLINE, seed: int = 0
) -> Intervals:
    """95 % intervals of figures of all chips together, as far as they are defined.

    Whole chips are drawn with replacement, because the pixels of one chip are not independent (percentile bootstrap,
    Efron and Tibshirani 1993). A draw in which a figure is not defined does not count for it.

    Args:
        parts: the counts of each chip.
        threshold: probability from which a pixel or chip counts as landslide.
        names: of the figures; of those that need probabilities, AUROC only.
    """
    counts = np.array([(part.positive, part.negative) for part in parts], np.float64)
    draws = np.random.default_rng(seed).multinomial(len(parts), np.full(len(parts), 1 / len(parts)), RESAMPLES)
    drawn = np.tensordot(draws.astype(np.float64), counts, axes=1).round().astype(np.int64)
    figures = []
    for positive, negative in drawn:
        resample = BinaryScores()
        resample.positive, resample.negative = positive, negative
        figures.append({**figures_at(resample, threshold, probabilities=False), "auroc": resample.auroc()})
    intervals = {}
    for name in names:
        values = np.array([each[name] for each in figures], np.float64)  # None becomes NaN
        if np.isfinite(values).any():
            low, high = np.nanpercentile(values, TAILS)
            intervals[name] = (float(low), float(high))
    return intervals
