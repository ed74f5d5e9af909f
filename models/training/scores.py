"""What a model answers for what is held out, and how good that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..detectors.registry import build_detector
from ..evaluation.chips import as_patch
from ..evaluation.metrics import BinaryScores
from ..inference.backends import load_network
from ..inference.device import Choice
from ..library.card import Card
from .windows import IGNORED, LANDSLIDE, HeldOut, Labelled

#: Images ``(1, C, H', W')`` in [0, 1], where they hold data ``(1, H', W')``, and the truth ``(H, W)``.
Image = tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]
#: For how many windows a window stands, and of its pixels, or of it as a patch, probability and truth ``(n,)``.
Answer = tuple[float, NDArray[np.floating], NDArray[np.bool_]]


def images(card: Card, items: Iterable[Labelled]) -> Iterator[Image]:
    """Held-out images as a detector takes them: one patch each, or mirrored to a multiple of 32 px."""
    for item in items:
        image, mask = item.read()
        valid, truth = mask != IGNORED, mask == LANDSLIDE
        if card.patch_size is not None:
            image, valid = as_patch(image, card.patch_size), np.ones((card.patch_size,) * 2, bool)
        else:
            margins = [(0, -side % 32) for side in mask.shape]
            image, valid = np.pad(image, [(0, 0), *margins], mode="symmetric"), np.pad(valid, margins)
        yield image[None].astype(np.float32) / np.float32(255), valid[None], truth


def answers(card: Card, held_out: HeldOut, choice: Choice) -> Iterator[Answer]:
    """What a model says of each window; ignored pixels are left out."""
    detector = build_detector(card)
    network = load_network(card, choice, card.patch_size)
    for weight, (batch, valid, truth) in zip(held_out.weights, images(card, held_out.items), strict=True):
        probability = detector.predict(network, batch, valid)[0]
        if card.detector == "patches":
            yield weight, probability.ravel(), np.array([truth.any()])
        else:
            known = valid[0, : truth.shape[0], : truth.shape[1]]
            yield weight, probability[: truth.shape[0], : truth.shape[1]][known], truth[known]


def score(card: Card, held_out: HeldOut, choice: Choice) -> BinaryScores:
    """Scores of a model on all that is held out, by pixel, or by window for ``patches``."""
    return weighed(answers(card, held_out, choice))


def weighed(found: Iterable[Answer]) -> BinaryScores:
    """Scores in which each window counts for as many as it stands for."""
    alike: defaultdict[float, BinaryScores] = defaultdict(BinaryScores)
    for weight, probability, truth in found:
        alike[weight].update(probability, truth)
    total = BinaryScores()
    for weight, scores in alike.items():
        total.positive += _multiplied(scores.positive, weight)
        total.negative += _multiplied(scores.negative, weight)
    return total


def _multiplied(counts: NDArray[np.int64], weight: float) -> NDArray[np.int64]:
    """Counts times a weight, rounded in such a way that running totals are off by no more than a half."""
    return np.diff(np.rint(weight * np.cumsum(counts)), prepend=0).astype(np.int64)


def figures(scores: BinaryScores, threshold: float) -> dict[str, float]:
    """What a model reaches at a threshold; nothing but the threshold where there is no landslide to find."""
    if not scores.has_landslides:
        return {"threshold": threshold}
    found = {**scores.at(threshold), "auroc": scores.auroc(), "average_precision": scores.average_precision()}
    return {name: round(value, 4) for name, value in found.items() if np.isfinite(value)}
