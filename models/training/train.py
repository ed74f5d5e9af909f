"""A whole training: from data and a base model to a package that validation has found the best."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from ..errors import InputError, OutputError
from ..inference.device import choose
from ..library.card import CARD, Card, read_card
from .budget import Budget
from .callbacks import Listener, read_history
from .package import calibrate_package, card_fields, default_normalisation, write_package
from .pretrained import starting_network
from .recipes import Recipe
from .report import write_training_report
from .scores import figures, score
from .trainer import METRICS, VALIDATION_WINDOWS, Machine, fit
from .windows import HeldOut, TrainingData, some

JUDGED = 600  # held-out windows that the finished model is judged on, at most
TRAINING = "training"  # folder in the package for checkpoint and curve
SETTINGS = "settings.json"
REPORT = "report.html"
FIXED = (
    "detector", "architecture", "encoder", "base", "stretch", "window", "batch_size", "learning_rate", "bands",
    "sources", "held_out", "seed",
)  # fmt: skip
COMPARED = ("f1", "iou", "precision", "recall")


def train(
    detector: str,
    recipe: Recipe,
    data: TrainingData,
    output: Path,
    base: Card | None,
    budget: Budget,
    machine: Machine,
    listener: Listener,
    *,
    resume: bool = False,
    seed: int = 0,
    name: str | None = None,
    description: str | None = None,
    licence: str | None = None,
) -> dict[str, Any] | None:
    """Train a model and keep the best as a package in ``output``.

    Each time validation improves, the package and its report are written anew, so that an interrupted run leaves a
    model that can be used. ``output/training`` holds what ``resume`` needs.

    Returns:
        Name, folder, threshold and figures on what was held out; those of the base model too, as ``base_f1`` and so on.
        None in all but the first of processes that train together.

    Raises:
        InputError: nothing to resume, or with other settings.
        OutputError: ``output`` cannot be written, or is the base model.
        ModelError: the base model cannot be used.
    """
    work = output / TRAINING
    if base is not None and base.folder.resolve() == output.resolve():
        raise OutputError(f"{output}: is the model to start from, and would be overwritten; choose another folder")
    settings = _settings(detector, recipe, data, base, budget, seed)
    try:
        work.mkdir(parents=True, exist_ok=True)
        _compare_settings(work / SETTINGS, settings, resume)
    except OSError as error:
        raise OutputError(f"{output}: cannot be written ({error})") from None
    torch.manual_seed(seed)  # of the weights that start at random
    network, origin = starting_network(recipe, len(data.bands), base)
    listener.log(f"Training {recipe.architecture} ({recipe.encoder}) from {origin}")
    listener.log(
        f"{len(data.windows)} windows to train on, {len(data.held_out)} held out; "
        f"{machine.choice.device}, {machine.choice.precision} ({machine.choice.reason})"
    )
    is_base_comparable = base is not None and base.bands == data.bands
    normalisation = (base.mean, base.stddev) if base and is_base_comparable else default_normalisation(
        detector, len(data.bands), data.stretch
    )  # fmt: skip
    fields = card_fields(
        name or output.name, detector, recipe, data, normalisation, sum(p.numel() for p in network.parameters())
    )
    is_pretrained = base is not None or origin.startswith("ImageNet")
    fields |= {"mlm:pretrained": is_pretrained, "mlm:pretrained_source": origin if is_pretrained else None}
    fields["landslides:settings"] = settings
    fields |= {field: text for field, text in (("description", description), ("license", licence)) if text}
    watched = some(data.held_out, VALIDATION_WINDOWS)

    def improved(averaged: nn.Module, rows: list[dict[str, Any]]) -> None:
        trained = f"{rows[-1]['step']} steps of {recipe.batch_size} windows from {origin}"
        fields["landslides:training"] = trained
        _, scores = write_package(averaged, output, fields, watched, data.is_clean)
        write_training_report(output / REPORT, read_card(output), rows, scores, watched)

    is_first = fit(
        detector, recipe, data, network, normalisation, budget, machine, work, listener, improved,
        resume=resume, fine_tuning=base is not None, pretrained=origin.startswith("ImageNet"), seed=seed,
    )  # fmt: skip
    if not is_first:
        return None
    if not (output / CARD).exists():
        raise InputError(f"{output}: the training to resume was done, but its model is gone; train without --resume")
    listener.progress(1.0)  # training may have ended before its budget
    judged = some(data.held_out, JUDGED)
    card_now, scores = calibrate_package(output, judged, data.is_clean)
    compared = _base_figures(base, judged) if base and is_base_comparable else {}
    write_training_report(output / REPORT, read_card(output), read_history(work / METRICS), scores, judged, compared)
    found = card_now["landslides:metrics"]["val"]
    return {"model": card_now["name"], "folder": str(output), **found, **compared, "report": str(output / REPORT)}


def _base_figures(base: Card, judged: HeldOut) -> dict[str, float]:
    """What the base model reaches on the same windows at its own threshold."""
    found = figures(score(base, judged, choose("cpu", "fp32")), base.threshold)
    return {f"base_{name}": found[name] for name in COMPARED if name in found}


def _settings(
    detector: str, recipe: Recipe, data: TrainingData, base: Card | None, budget: Budget, seed: int
) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(recipe).items() if name != "steps"}
    length = f"{budget.steps} steps" if budget.steps else f"{budget.minutes:g} minutes"
    sources = [source["name"] for source in data.sources]
    return {
        "detector": detector, **kept, "base": base and base.name, "stretch": dict(data.stretch), "budget": length,
        "bands": list(data.bands), "sources": sources, "held_out": len(data.held_out), "seed": seed,
    }  # fmt: skip


def _compare_settings(path: Path, settings: dict[str, Any], resume: bool) -> None:
    """Note the settings of a new run; make sure that a resumed one has those it began with."""
    now = json.loads(json.dumps(settings))
    if resume and path.exists():
        before = json.loads(path.read_text(encoding="utf-8"))
        for key in FIXED:
            if before.get(key) != now[key]:
                raise InputError(f"{path.parent.parent}: cannot resume, {key} was {before.get(key)} and is {now[key]}")
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
