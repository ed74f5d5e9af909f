"""The figures by name, for programs and for people."""

from __future__ import annotations

import math
from typing import Any

from .landslides import LandslideScores
from .metrics import BinaryScores

LABELS = {
    "f1": "F1",
    "iou": "IoU, landslide",
    "mean_iou": "Mean IoU",
    "precision": "Precision",
    "recall": "Recall",
    "accuracy": "Accuracy",
    "specificity": "Specificity",
    "iou_background": "IoU, background",
    "auroc": "AUROC",
    "average_precision": "Average precision",
    "ece": "Calibration error (ECE)",
    "brier": "Brier score",
}
HEADLINE = ("f1", "iou", "mean_iou", "precision", "recall", "auroc")
#: Not defined where the truth holds no landslide: all that can be measured there are false alarms.
OF_LANDSLIDES = ("f1", "iou", "mean_iou", "precision", "recall", "auroc", "average_precision")
CONFUSION = ("true_positives", "false_positives", "false_negatives", "true_negatives")

Figures = dict[str, float | None]
Intervals = dict[str, tuple[float, float]]  # 95 %, lower and upper limit


def figures_at(scores: BinaryScores, threshold: float, probabilities: bool = True) -> Figures:
    """The confusion matrix and all figures at a threshold.

    None are those that need probabilities without (a mask, or polygons), and those that are not defined: without
    landslides in the truth, most; without other ground, its share of false alarms.
    """
    ranked: Figures = dict.fromkeys(("auroc", "average_precision", "ece", "brier"))
    if probabilities:
        reliability = scores.reliability()
        ranked = {
            "auroc": _known(scores.auroc()),
            "average_precision": scores.average_precision(),
            "ece": reliability.ece,
            "brier": reliability.brier,
        }
    tp, fp, fn, tn = scores.confusion(threshold)
    ground = fp + tn
    found: Figures = {
        **scores.at(threshold),
        **dict(zip(CONFUSION, (tp, fp, fn, tn), strict=True)),
        "specificity": tn / ground if ground else None,
        "false_alarm_share": fp / ground if ground else None,
        **ranked,
    }
    return found if scores.has_landslides else {**found, **dict.fromkeys(OF_LANDSLIDES)}


def index_figures(scores: BinaryScores, threshold: float) -> Figures:
    """The figures of the colour index: it ranks, but what it gives is no probability, so it has no calibration."""
    return {**figures_at(scores, threshold), "ece": None, "brier": None}


def beside(figures: Figures, index: Figures | None) -> dict[str, float | None]:
    """The colour index's figures as ``figure_colour_index``, for each of a detector's; None where it is not known."""
    return {f"{name}_colour_index": index[name] if index is not None else None for name in figures}


def only_false_alarms(where: str) -> str:
    """The warning that a truth holds no landslide, in case that it is not meant; ``where`` says which truth."""
    return (
        f"{where}, so only false alarms are measured; F1, IoU, precision, recall, AUROC and average precision are not "
        "defined"
    )


def landslide_figures(scores: LandslideScores) -> dict[str, int]:
    """The counts of landslides at the lowest IoU, and at the others as ``landslides_found_iou30`` and so on."""
    everything = scores.by_size()[-1]
    counts = {"landslides_true": everything["landslides"]}
    for match, at in zip(scores.found, everything["at"].values(), strict=True):
        suffix = "" if match is scores.found[0] else f"_iou{100 * match.overlap:.0f}"
        counts[f"landslides_found{suffix}"] = at["found"]
        counts[f"landslides_missed{suffix}"] = at["missed"]
        counts[f"false_alarms{suffix}"] = at["false_alarms"]
    return counts


def figure_table(columns: dict[str, Figures]) -> str:
    """Figures side by side, in plain text."""
    names = [name for name in LABELS if any(column.get(name) is not None for column in columns.values())]
    width = max(len(LABELS[name]) for name in names)
    lines = [" " * width + "".join(f"  {heading:>18}" for heading in columns)]
    for name in ("threshold", *names):
        cells = "".join(f"  {number(column.get(name)):>18}" for column in columns.values())
        lines.append(f"{LABELS.get(name, 'Threshold'):<{width}}{cells}")
    return "\n".join(lines)


def confusion_table(figures: Figures, unit: str) -> str:
    """The confusion matrix in plain text; ``unit`` is what is counted: pixels, patches or chips."""
    tp, fp, fn, tn = (f"{figures[name]:,}" for name in CONFUSION)
    rows = [
        (unit, "predicted landslide", "predicted none"),
        ("truly landslide", f"TP {tp}", f"FN {fn}"),
        ("truly none", f"FP {fp}", f"TN {tn}"),
    ]
    return "\n".join(f"{head:<15}  {left:>22}  {right:>22}" for head, left, right in rows)


def landslide_table(scores: LandslideScores) -> str:
    """Landslides by size class, in plain text."""
    rows = scores.by_size()
    width = max(len(row["size"]) for row in rows)
    heads = [f"{'IoU >= ' + least:>32}" for least in rows[0]["at"]]
    lines = [f"{'':<{width}}  {'landslides':>10}{''.join(heads)}"]
    lines.append(" " * (width + 12) + f"{'found  missed  false alarms':>32}" * len(heads))
    for row in rows:
        cells = (f"{at['found']:>10}{at['missed']:>8}{at['false_alarms']:>14}" for at in row["at"].values())
        lines.append(f"{row['size']:<{width}}  {row['landslides']:>10}{''.join(cells)}")
    if scores.merged or scores.split:
        lines.append(
            f"predictions that hold several landslides: {scores.merged} (one of each counts as found); "
            f"landslides split into several predictions: {scores.split} (one of each counts as right)"
        )
    return "\n".join(lines)


def false_alarm_text(figures: Figures, index: Figures | None) -> str:
    """The share of false alarms in words, beside that of the colour index."""
    text = f"{percent(figures['false_alarm_share'])} of the landslide-free ground taken for landslide"
    return text if index is None else f"{text} (colour index: {percent(index['false_alarm_share'])})"


def percent(share: float | None) -> str:
    """A share for people; what is not known is a dash."""
    return "–" if share is None else f"{share:.2%}"


def percent_range(limits: tuple[float, float]) -> str:
    """An interval of a share for people."""
    return " to ".join(map(percent, limits))


def number(value: Any) -> str:
    """A figure for people; what is not known is a dash."""
    return "–" if value is None or math.isnan(value) else f"{value:.3f}"


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
