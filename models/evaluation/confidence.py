"""Confidence intervals by bootstrap over chips: how far the figures depend on which chips were drawn."""

from __future__ import annotations

import numpy as np

from .metrics import BinaryScores

RESAMPLES = 1000
TAILS = (2.5, 97.5)  # percent
FIGURES = ("f1", "iou", "mean_iou", "auroc")


def confidence_intervals(parts: list[BinaryScores], threshold: float, seed: int = 0) -> dict[str, tuple[float, float]]:
    """95 % intervals of F1, IoU, mean IoU and AUROC of all chips together.

    Whole chips are drawn with replacement, because the pixels of one chip are not independent (percentile bootstrap,
    Efron and Tibshirani 1993). A draw without landslide has no AUROC and does not count for it.

    Args:
        parts: the counts of each chip.
        threshold: probability from which a pixel or chip counts as landslide.
    """
    counts = np.array([(part.positive, part.negative) for part in parts], np.float64)
    draws = np.random.default_rng(seed).multinomial(len(parts), np.full(len(parts), 1 / len(parts)), RESAMPLES)
    drawn = np.tensordot(draws.astype(np.float64), counts, axes=1).round().astype(np.int64)
    figures = []
    for positive, negative in drawn:
        resample = BinaryScores()
        resample.positive, resample.negative = positive, negative
        figures.append([{**resample.at(threshold), "auroc": resample.auroc()}[name] for name in FIGURES])
    known = np.ma.masked_invalid(figures)
    columns = [column.compressed() for column in known.T]
    limits = [np.percentile(column, TAILS) if len(column) else (np.nan, np.nan) for column in columns]
    return {name: (float(low), float(high)) for name, (low, high) in zip(FIGURES, limits, strict=True)}
