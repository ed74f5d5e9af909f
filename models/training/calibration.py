"""Threshold, calibration and figures of a model package, from what was held out in training."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.anomaly import AnomalyDetector
from ..detectors.registry import build_detector
from ..evaluation.chips import as_patch
from ..evaluation.metrics import BinaryScores
from ..inference.backends import load_network
from ..inference.device import Choice, choose
from ..library.card import CARD, Card, read_card
from .windows import IGNORED, LANDSLIDE, Labelled

FALSE_ALARMS = 0.05  # at most, as a share of the landslide-free validation patches or pixels
NORMAL_QUANTILES = (0.75, 0.95)  # of the scores of landslide-free ground: where the probability is 0.1 and 0.5
#: What the anomaly detector's terms count for, each in units of its deviation on landslide-free ground. What the U-Net
#: does not restore tells most where landslides are few, and less where they fill its view.
BALANCE = np.array([0.5, 0.5, 1.0, 1.0])
EVERY = 4  # px: the quantiles of a part of the pixels are as good
SUSPECT = 0.2  # share of windows, the most anomalous, that do not count as normal where landslides are not known

#: Images ``(1, C, H', W')`` in [0, 1], where they hold data ``(1, H', W')``, and the truth ``(H, W)``.
Image = tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]


def calibrate(folder: Path, held_out: Sequence[Labelled], is_clean: bool = True) -> tuple[dict[str, Any], BinaryScores]:
    """Choose a package's threshold, note what it reaches, and rewrite its card.

    ``anomaly`` looks at landslide-free windows only: its probability is 0.5 at the score that 95 % of normal ground
    stays below, and no label is used.

    Args:
        folder: the package.
        held_out: what it was not trained on.
        is_clean: whether all landslides are known; otherwise the most anomalous windows do not count as normal.

    Returns:
        The card's fields, and the scores by patch or pixel.
    """
    path = folder / CARD
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    choice = choose("cpu", "fp32")
    if fields["detector"] == "anomaly":
        normal = [item for item in held_out if not item.has_landslide] or list(held_out)
        card = read_card(folder)
        fields["landslides:anomaly"].update(normal_ground(card, images(card, normal), choice))
        write_card(path, fields)
        if not is_clean:
            card = read_card(folder)
            normal = most_normal(card, normal, choice)
            fields["landslides:anomaly"].update(normal_ground(card, images(card, normal), choice))
            write_card(path, fields)
    scores = score(read_card(folder), held_out, choice)
    if fields["detector"] != "anomaly":
        # Scenes hold far more landslide-free ground than validation does.
        cautious = scores.threshold_for_false_alarms(FALSE_ALARMS)
        fields["landslides:threshold"] = max(scores.best_threshold(), cautious)
    fields["landslides:metrics"] = {"val": figures(scores, fields["landslides:threshold"])}
    write_card(path, fields)
    return fields, scores


def figures(scores: BinaryScores, threshold: float) -> dict[str, float]:
    """What a model reaches at a threshold; nothing but the threshold where there is no landslide to find."""
    if not scores.positive.sum():
        return {"threshold": threshold}
    found = {**scores.at(threshold), "auroc": scores.auroc(), "average_precision": scores.average_precision()}
    return {name: round(value, 4) for name, value in found.items() if np.isfinite(value)}


def normal_ground(card: Card, ground: Iterable[Image], choice: Choice) -> dict[str, Any]:
    """What the anomaly detector's terms are like on landslide-free ground: weights, and quantiles of the score."""
    detector = AnomalyDetector(card)
    network = load_network(card, choice, None)
    columns = []
    for batch, valid, _ in ground:
        terms = [
            smoothing.enlarged(terms, *valid.shape[1:])
            for smoothing, terms in zip(detector.smoothings, detector.terms(network, batch, valid), strict=True)
        ]
        columns.append(np.concatenate(terms, axis=1)[0, :, ::EVERY, ::EVERY][:, valid[0, ::EVERY, ::EVERY]])
    sample = np.concatenate(columns, axis=1).astype(np.float64)
    spread = sample.std(axis=1)
    balance = np.tile(BALANCE, len(detector.smoothings))
    weights = np.where(spread > 0, balance / np.maximum(spread, 1e-6), 0)
    low, high = np.quantile(weights @ sample, NORMAL_QUANTILES)
    return {
        "weights": [[float(f"{weight:.5g}") for weight in row] for row in weights.reshape(-1, len(BALANCE))],
        "midpoint": round(float(high), 5),
        "slope": round(float(np.log(9) / max(high - low, 1e-6)), 4),
    }


def most_normal(card: Card, items: Sequence[Labelled], choice: Choice) -> list[Labelled]:
    """Leave out the windows with the largest anomalies: landslides that no label tells of are rare."""
    detector = AnomalyDetector(card)
    network = load_network(card, choice, None)
    largest = []
    for batch, valid, _ in images(card, items):
        scores = detector.scores(network, batch, valid)
        largest.append(float(np.quantile(scores[valid], 0.98)) if valid.any() else np.inf)
    kept = np.argsort(largest)[: max(1, round((1 - SUSPECT) * len(items)))]
    return [items[index] for index in kept]


def score(card: Card, held_out: Sequence[Labelled], choice: Choice) -> BinaryScores:
    """Scores of a model on what is held out, by pixel, or by window for ``patches``; ignored pixels do not count."""
    detector = build_detector(card)
    network = load_network(card, choice, card.patch_size)
    scores = BinaryScores()
    for batch, valid, truth in images(card, held_out):
        probability = detector.predict(network, batch, valid)[0]
        if card.detector == "patches":
            scores.update(probability.ravel(), np.array([truth.any()]))
        else:
            known = valid[0, : truth.shape[0], : truth.shape[1]]
            scores.update(probability[: truth.shape[0], : truth.shape[1]][known], truth[known])
    return scores


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


def write_card(path: Path, fields: dict[str, Any]) -> None:
    """Write a card's fields, over what is there at once."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
