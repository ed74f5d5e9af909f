"""Threshold, calibration and figures of a model package, from what was held out in training."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..detectors.anomaly import AnomalyDetector
from ..evaluation.metrics import BinaryScores
from ..inference.backends import load_network
from ..inference.device import Choice, choose
from ..library.card import CARD, Card, read_card
from .platt import CALIBRATION, scale
from .scores import Image, figures, images, score
from .windows import HeldOut, Labelled

FALSE_ALARMS = 0.05  # at most, as a share of the landslide-free validation patches or pixels
NORMAL_QUANTILES = (0.75, 0.95)  # of the scores of landslide-free ground: where the probability is 0.1 and 0.5
#: What the anomaly detector's terms count for, each in units of its deviation on landslide-free ground. What the U-Net
#: does not restore tells most where landslides are few, and less where they fill its view.
BALANCE = np.array([0.5, 0.5, 1.0, 1.0])
EVERY = 4  # px: the quantiles of a part of the pixels are as good
SUSPECT = 0.2  # share of windows, the most anomalous, that do not count as normal where landslides are not known


def calibrate(folder: Path, held_out: HeldOut, is_clean: bool = True) -> tuple[dict[str, Any], BinaryScores]:
    """Calibrate a package's probabilities, choose its threshold, note what it reaches, and rewrite its card.

    ``anomaly`` looks at landslide-free windows only: its probability is 0.5 at the score that 95 % of normal ground
    stays below, and no label is used. The logits of the others are scaled (``platt``).

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
        normal = [item for item in held_out.items if not item.has_landslide] or held_out.items
        card = read_card(folder)
        fields["landslides:anomaly"].update(normal_ground(card, images(card, normal), choice))
        write_card(path, fields)
        if not is_clean:
            card = read_card(folder)
            normal = most_normal(card, normal, choice)
            fields["landslides:anomaly"].update(normal_ground(card, images(card, normal), choice))
            write_card(path, fields)
    else:
        fields |= scale(read_card(folder), held_out, choice)
        write_card(path, fields)
    scores = score(read_card(folder), held_out, choice)
    if fields["detector"] != "anomaly":
        after = scores.reliability()
        fields[CALIBRATION] |= {"ece_after": round(after.ece, 4), "brier_after": round(after.brier, 4)}
        # Scenes hold far more landslide-free ground than validation does.
        cautious = scores.threshold_for_false_alarms(FALSE_ALARMS)
        fields["landslides:threshold"] = max(scores.best_threshold(), cautious)
    fields["landslides:metrics"] = {"val": figures(scores, fields["landslides:threshold"])}
    write_card(path, fields)
    return fields, scores


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


def write_card(path: Path, fields: dict[str, Any]) -> None:
    """Write a card's fields, over what is there at once."""
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(path)
