"""Platt scaling: the slope and offset of a network's logits with which its probabilities come true (Platt 1999).

Both go into the network's last layer, so that detection need not know of them, whatever computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import sigmoid
from ..evaluation.metrics import Reliability
from ..inference.device import Choice
from ..library.card import WEIGHTS, Card
from .export import scale_logits
from .scores import answers, weighed
from .windows import HeldOut

CALIBRATION = "landslides:calibration"  # field of a card
EVERY = 61  # pixels: a part of them is as good, and a prime does not fall on the same columns of each row
CERTAIN = 1e-7  # from 0 and 1; float32 knows no probability that is nearer
SLOPES = (0.1, 10.0)  # beyond them the logits tell too little of landslides, or hardly differ
STEPS, ENOUGH = 100, 1e-9  # of Newton's method: how many at most, and how small the last one
RIDGE = 1e-12  # added to the curvature, which is none where all logits are alike

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Scaling:
    """``slope * logit + offset``.

    Attributes:
        skipped: why the logits are left as they are; empty where they are not.
    """

    slope: float = 1.0
    offset: float = 0.0
    skipped: str = ""


def scale(card: Card, held_out: HeldOut, choice: Choice) -> dict[str, Any]:
    """Calibrate a package: fit the scaling to what is held out, and fold it into the weights.

    The network's own logits are fitted, without what has been folded in before: however often this is done, the outcome
    depends on what is held out alone.

    Returns:
        The card's fields: the scaling, with calibration error and Brier score before it, and the checksums.
    """
    folded = card.fields.get(CALIBRATION, {"slope": 1.0, "offset": 0.0})
    logits, truth, weights = _sampled(card, held_out, choice)
    logits = (logits - folded["offset"]) / folded["slope"]
    scaling, before = fit(logits, truth, weights), reliability(logits, truth, weights)
    factor = scaling.slope / folded["slope"]
    checksum = scale_logits(card, factor, scaling.offset - factor * folded["offset"])
    told = {"slope": scaling.slope, "offset": scaling.offset}
    told |= {"ece_before": round(before.ece, 4), "brier_before": round(before.brier, 4)}
    skipped = {"skipped": scaling.skipped} if scaling.skipped else {}
    return {CALIBRATION: told | skipped, "landslides:sha256": {**card.sha256, WEIGHTS: checksum}}


def fit(logits: Column, truth: NDArray[np.bool_], weights: Column) -> Scaling:
    """The scaling with the lowest log loss, by Newton's method with halved steps (Lin, Lin and Weng 2007).

    What is true counts as a little less than certain, as Platt has it, which keeps the slope finite where the logits
    tell landslides and other ground apart without fault.

    Args:
        logits, truth, weights: ``(n,)`` each.
    """
    if truth.all() or not truth.any():
        return Scaling(skipped="validation has one class only")
    positives, negatives = int(truth.sum()), int((~truth).sum())
    targets = np.where(truth, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    shares = weights / weights.sum()

    def loss(terms: Column, wanted: Column) -> float:
        scaled = terms[0] * logits + terms[1]
        return float(shares @ (np.logaddexp(0, scaled) - wanted * scaled))

    terms = np.array([1.0, 0.0])
    for _ in range(STEPS):
        said = 0.5 + 0.5 * np.tanh(0.5 * (terms[0] * logits + terms[1]))
        error, spread = shares * (said - targets), shares * said * (1 - said)
        gradient = np.array([error @ logits, error.sum()])
        mixed = spread @ logits
        curvature = np.array([[spread @ logits**2, mixed], [mixed, spread.sum()]]) + RIDGE * np.eye(2)
        step, now = np.linalg.solve(curvature, gradient), loss(terms, targets)
        while np.abs(step).max() > ENOUGH and loss(terms - step, targets) > now:
            step /= 2
        terms = terms - step
        if np.abs(step).max() <= ENOUGH:
            break
    slope, offset = (float(f"{term:.6g}") for term in terms)
    certain = truth.astype(np.float64)
    # What is not finite falls through both.
    if not SLOPES[0] <= slope <= SLOPES[1]:
        return Scaling(skipped="the logits tell too little")
    if not loss(terms, certain) < loss(np.array([1.0, 0.0]), certain):
        return Scaling(skipped="the log loss would not fall")
    return Scaling(slope, offset)


def reliability(logits: Column, truth: NDArray[np.bool_], weights: Column) -> Reliability:
    """How far the probabilities come true, ``(n,)`` each."""
    groups = ((weight, weights == weight) for weight in np.unique(weights))
    return weighed((weight, sigmoid(logits[there]), truth[there]) for weight, there in groups).reliability()


def _sampled(card: Card, held_out: HeldOut, choice: Choice) -> tuple[Column, NDArray[np.bool_], Column]:
    """Logits, truth and weights ``(n,)`` of a part of the pixels, or of all patches."""
    parts = []
    for weight, probability, truth in answers(card, held_out, choice):
        said = np.clip(probability[::EVERY].astype(np.float64), CERTAIN, 1 - CERTAIN)
        parts.append((np.log(said / (1 - said)), truth[::EVERY].copy(), np.full(len(said), weight)))
    logits, truths, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    return logits, truths, weights
