"""The training report: how the run went, what the model reaches, and examples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.registry import build_detector
from ..evaluation.chips import suspicion
from ..evaluation.colour import CHIP_THRESHOLD, PIXEL_THRESHOLD, colour_index
from ..evaluation.figures import LABELS, number
from ..evaluation.metrics import BinaryScores
from ..evaluation.page import Case, Chart, Page, Part, Sheet, Table, write_report
from ..evaluation.parts import INDEX, both_figures, cards, charts, confusion, figure_rows, verdict
from ..evaluation.pictures import embedded, outlined
from ..inference.backends import load_network
from ..inference.device import choose
from ..library.card import Card
from .curves import run_chart
from .platt import CALIBRATION
from .scores import Answer, images, weighed
from .windows import IGNORED, LANDSLIDE, RGB, HeldOut, Labelled, some

EXAMPLES = 12
UNITS = {"patches": "patch", "segmentation": "pixel", "anomaly": "pixel"}


def write_training_report(
    target: Path,
    card: Card,
    rows: list[dict[str, Any]],
    scores: BinaryScores,
    held_out: HeldOut,
    compared: dict[str, float] | None = None,
) -> None:
    """Write a report that stands alone.

    Args:
        target: HTML file.
        card: the model, as it is on disk.
        rows: the run's curve, a row for each validation.
        scores: of the model on what was held out.
        held_out: what examples are taken from.
        compared: figures of the base model on the same, as ``base_f1`` and so on.

    Raises:
        OutputError: it cannot be written.
    """
    sheet = Sheet(
        "Examples that were held out",
        "Blue: the outline of the truth. Orange: what the model finds at its threshold.",
        examples(card, some(held_out.items, EXAMPLES).items),
    )
    write_report(
        Page(
            title=f"Training of {card.name}",
            subtitle=f"{card.architecture} {card.encoder}: {card.fields.get('landslides:training', '')}",
            parts=[_part(card, scores, index_scores(card, held_out))] if scores.has_landslides else [],
            facts=facts(card),
            tables=[_comparison(card, compared)] if compared else [],
            charts=run_charts(rows),
            sheets=[sheet],
        ),
        target,
    )


def run_charts(rows: list[dict[str, Any]]) -> list[Chart]:
    """Loss, validation score and learning rate over the run."""
    steps = [float(row["step"]) for row in rows]
    score = [float(row["score"]) for row in rows]
    best = int(np.argmax(score))
    return [
        Chart(
            "Loss",
            run_chart("Training loss", "loss", steps, [float(row["loss"]) for row in rows]),
            "Mean of the steps since the validation before. It should fall; once it falls no further, more time "
            "brings little.",
        ),
        Chart(
            "Validation",
            run_chart("Validation score", "score", steps, score, best),
            f"What the averaged network reaches on what is held out; best {score[best]:.4f} after {steps[best]:.0f} "
            "steps (dot), which is what was kept. A curve that turns down is learning its training data by heart.",
        ),
        Chart(
            "Learning rate",
            run_chart("Learning rate", "learning rate", steps, [float(row["learning_rate"]) for row in rows]),
            "Rises, then falls to almost nothing by the end of the budget.",
        ),
    ]


def examples(card: Card, items: Sequence[Labelled]) -> list[Case]:
    """Pictures of held-out windows with the truth and what the model finds."""
    detector = build_detector(card)
    network = load_network(card, choose("cpu", "fp32"), card.patch_size)
    cases = []
    for item, (batch, valid, truth) in zip(items, images(card, items), strict=True):
        probability = detector.predict(network, batch, valid)[0]
        image, mask = item.read(plain=True)
        found: NDArray[np.bool_] | None = None
        if card.detector == "patches":
            said = "landslide" if float(probability.max()) >= card.threshold else "none"
            caption = f"truth: {'landslide' if truth.any() else 'none'}; said: {said}, {float(probability.max()):.2f}"
        else:
            found = probability[: truth.shape[0], : truth.shape[1]] >= card.threshold
            caption = f"landslide {truth.mean():.1%}, found {found.mean():.1%}"
        cases.append(Case(embedded(outlined(image, mask == LANDSLIDE, found)), item.name, caption))
    return cases


def facts(card: Card) -> dict[str, str]:
    """Settings and data, for people."""
    told = {"model": card.name, "description": card.description}
    for source in card.fields.get("landslides:training_data", []):
        about = [f"{source['windows']} windows to train on", f"{source['held_out']} held out"]
        if source.get("labels"):
            about.append(f"labels {source['labels']}")
        about += [text for text in (source.get("split"), _metres(source.get("resolution_m"))) if text]
        told[str(source["name"])] = ", ".join(about)
    low, high = card.resolution
    told |= {"bands": ", ".join(card.bands), "for imagery of": f"{low:g} to {high:g} m a pixel"}
    told["known limits"] = str(card.fields.get("landslides:limits", ""))
    if scaling := card.fields.get(CALIBRATION):
        told["calibration"] = _calibration(scaling)
    told["starts from"] = str(card.fields.get("mlm:pretrained_source") or "random weights")
    settings = card.fields.get("landslides:settings", {})
    told |= {name.replace("_", " "): str(value) for name, value in settings.items() if name not in ("bands", "sources")}
    return told


def _metres(resolution: float | list[float] | None) -> str:
    """A ground resolution, or its finest and coarsest."""
    if not resolution:
        return ""
    ends = resolution if isinstance(resolution, list) else [resolution]
    return f"resolution {' to '.join(f'{end:g}' for end in ends)} m"


def _calibration(scaling: dict[str, Any]) -> str:
    """What Platt scaling did, in words."""
    done = f"logits x {scaling['slope']:.3g} {scaling['offset']:+.3g} (Platt scaling)"
    if "skipped" in scaling:
        done = f"none: {scaling['skipped']}"
    changes = (
        f"{name} {number(scaling[f'{key}_after'])} (before {number(scaling[f'{key}_before'])})"
        for key, name in (("ece", LABELS["ece"]), ("brier", LABELS["brier"]))
    )
    return "; ".join([done, *changes])


def index_scores(card: Card, held_out: HeldOut) -> BinaryScores | None:
    """What the colour index reaches on the same windows; None where they have no true colour."""
    return weighed(_index_answers(card, held_out)) if set(RGB) <= set(card.bands) else None


def _index_answers(card: Card, held_out: HeldOut) -> Iterator[Answer]:
    bands = [card.bands.index(name) for name in RGB]
    for weight, item in zip(held_out.weights, held_out.items, strict=True):
        image, mask = item.read(plain=True)
        index, known = colour_index(image[bands]), mask != IGNORED
        if card.detector == "patches":
            yield weight, np.array([suspicion(index[known])]), np.array([item.has_landslide])
        else:
            yield weight, index[known], mask[known] == LANDSLIDE


def _part(card: Card, scores: BinaryScores, baseline: BinaryScores | None) -> Part:
    at = CHIP_THRESHOLD if card.detector == "patches" else PIXEL_THRESHOLD
    figures, index = both_figures(scores, card.threshold, baseline, at)
    return Part(
        name=card.name,
        unit=UNITS[card.detector],
        threshold=number(card.threshold),
        confusion=confusion(scores, card.threshold),
        cards=cards(figures, index),
        tables=[figure_rows({card.name: figures, **({INDEX: index} if index is not None else {})})],
        charts=charts(card.name, scores, card.threshold, baseline, at),
        has_baseline=baseline is not None,
        verdict=verdict(card.name, figures, index),
    )


def _comparison(card: Card, compared: dict[str, float]) -> Table:
    found = card.fields["landslides:metrics"]["val"]
    names = [name.removeprefix("base_") for name in compared]
    rows = [[name, number(found[name]), number(compared[f"base_{name}"])] for name in names]
    note = "Both on the same held-out windows, each at the threshold of its own card."
    return Table("Against the model it started from", ["", card.name, "before"], rows, note)
