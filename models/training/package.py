"""From a trained network to a model package: threshold and calibration on validation chips, then the card."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from ..detectors.anomaly import AnomalyDetector
from ..evaluation.chips import WHOLE, chip_batch, score_chips
from ..inference.backends import load_network
from ..inference.device import Choice, choose
from ..library.card import CARD, Card, read_card
from .chips import Chip
from .export import export_package
from .recipes import Recipe
from .tasks import IMAGENET_MEAN, IMAGENET_STD, TASKS

TASK_NAMES = {
    "patches": "scene-classification",
    "segmentation": "semantic-segmentation",
    "anomaly": "anomaly-detection",
}
FALSE_ALARMS = 0.05  # at most, as a share of the landslide-free validation patches or pixels
NORMAL_QUANTILES = (0.75, 0.98)  # of the scores of landslide-free ground: where the probability is 0.1 and 0.5


def write_package(
    network: nn.Module,
    folder: Path,
    detector: str,
    recipe: Recipe,
    training: list[Chip],
    validation: list[Chip],
    resolution: tuple[float, float],
) -> dict[str, Any]:
    """Export a network, choose its threshold on ``validation`` and write the card; return the card's fields."""
    fields: dict[str, Any] = {
        "name": folder.name,
        "detector": detector,
        "description": f"{recipe.architecture} trained on {len(training)} chips",
        "version": "1.0.0",
        "mlm:name": folder.name,
        "mlm:architecture": recipe.architecture,
        "mlm:framework": "pytorch",
        "mlm:tasks": [TASK_NAMES[detector]],
        "mlm:total_parameters": sum(parameter.numel() for parameter in network.parameters()),
        "mlm:input": [
            {
                "name": "image",
                "bands": ["red", "green", "blue"],
                "input": {
                    "shape": [-1, 3, recipe.tile_size, recipe.tile_size],
                    "dim_order": ["batch", "bands", "height", "width"],
                    "data_type": "float32",
                },
                "value_scaling": [
                    {"type": "z-score", "mean": mean, "stddev": std * TASKS[detector].unit}
                    for mean, std in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)
                ],
            }
        ],
        "mlm:output": [_output(detector, recipe)],
        "landslides:encoder": recipe.encoder,
        "landslides:stretch": {"percentiles": [1, 99], "range": [0.05, 0.6]},
        "landslides:resolution": list(resolution),
        "landslides:tile_size": recipe.tile_size,
        "landslides:overlap": recipe.overlap,
        "landslides:threshold": 0.5,
        "landslides:training_chips": dict(Counter(chip.source or "unnamed" for chip in training)),
    }
    if detector == "anomaly":
        fields["landslides:anomaly"] = {"draws": 2, "smoothing": 15, "midpoint": 1.0, "slope": 1.0}
        fields["landslides:anomaly"]["covariance"] = np.eye(3).tolist()
    export_package(network, folder, fields, 3, recipe.tile_size)
    return calibrate(folder, validation)


def calibrate(folder: Path, validation: list[Chip]) -> dict[str, Any]:
    """Choose a package's threshold on validation chips, note what it reaches there, and rewrite its card.

    ``anomaly`` looks at landslide-free chips only: its probability is 0.5 at the score that 98 % of normal ground stays
    below, and no label is used.
    """
    path = folder / CARD
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    choice = choose("cpu", "fp32")
    if fields["detector"] == "anomaly":
        _write(path, fields)
        normal = [chip for chip in validation if not chip.has_landslide]
        fields["landslides:anomaly"].update(normal_ground(read_card(folder), normal, choice))
        _write(path, fields)
    pixels, whole = score_chips(read_card(folder), validation, choice, lambda done: None)
    scores = whole if fields["detector"] == "patches" else pixels
    if fields["detector"] != "anomaly":
        # Scenes hold far more landslide-free ground than validation chips do.
        cautious = scores.threshold_for_false_alarms(FALSE_ALARMS)
        fields["landslides:threshold"] = max(scores.best_threshold(), cautious)
    figures = {**scores.at(fields["landslides:threshold"]), "auroc": scores.auroc()}
    fields["landslides:metrics"] = {"val": {name: round(value, 4) for name, value in figures.items()}}
    _write(path, fields)
    return fields


def normal_ground(card: Card, chips: list[Chip], choice: Choice) -> dict[str, Any]:
    """What the anomaly detector's residual is like on landslide-free chips: covariance, and quantiles of the score."""
    detector = AnomalyDetector(card)
    network = load_network(card, choice, None)
    columns = []
    for chip in chips:
        batch, valid, truth = chip_batch(card, chip)
        residual = detector.residuals(network, batch, valid, [WHOLE])[0, :, : truth.shape[0], : truth.shape[1]]
        columns.append(residual[:, ::4, ::4].reshape(len(card.bands), -1))
    sample = np.concatenate(columns, axis=1).astype(np.float64)
    covariance = sample @ sample.T / sample.shape[1]
    scores = np.einsum("in,ij,jn->n", sample, np.linalg.inv(covariance), sample)
    low, high = np.quantile(scores, NORMAL_QUANTILES)
    slope = float(np.log(9) / (np.log(high) - np.log(low)))
    return {
        "covariance": [[float(f"{value:.6g}") for value in row] for row in covariance],
        "midpoint": round(float(high), 5),
        "slope": round(slope, 4),
    }


def _output(detector: str, recipe: Recipe) -> dict[str, Any]:
    shapes = {
        "patches": [-1, 1],
        "segmentation": [-1, 1, recipe.tile_size, recipe.tile_size],
        "anomaly": [-1, 3, recipe.tile_size, recipe.tile_size],
    }
    names = {"patches": "landslide logit", "segmentation": "landslide logit", "anomaly": "restored image"}
    order = ["batch", "bands", "height", "width"]
    shape = shapes[detector]
    return {
        "name": names[detector],
        "tasks": [TASK_NAMES[detector]],
        "result": {"shape": shape, "dim_order": order[: len(shape)], "data_type": "float32"},
        "classification:classes": [{"value": 0, "name": "background"}, {"value": 1, "name": "landslide"}],
    }


def _write(path: Path, fields: dict[str, Any]) -> None:
    path.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
