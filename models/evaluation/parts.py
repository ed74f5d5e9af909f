"""From figures to the parts of a report that scenes and chips have in common."""

from __future__ import annotations

from typing import Any

from .charts import Line, curve_chart, reliability_chart
from .figures import HEADLINE, LABELS, Figures, Intervals, false_alarm_text, figures_at, index_figures, number
from .metrics import BinaryScores
from .page import Card, Chart, Table

INDEX = "colour index"

NOTES = {
    "figures": (
        "Precision is the share of what was reported that is landslide, recall the share of the landslides that was "
        "reported; F1 balances the two, and IoU is what both have in common over what either covers. Specificity is "
        "the share of the other ground that was left alone. "
        "The colour index is one line of arithmetic, (R − G) / (R + G + B), with a threshold fixed once: a detector "
        "that does not beat it has no business on a map."
    ),
    "landslide_free": (
        "Specificity is the share of what is no landslide that was left alone; the rest are false alarms. Without "
        "landslides in the truth, precision, recall, F1, IoU and the areas under curves are not defined."
    ),
    "precision_recall": (
        "Lowering the threshold walks along the curve to the right: more landslides are found, and more of what is "
        "reported is none. The farther the curve keeps to the top right, the better; the dashed line is guessing."
    ),
    "roc": (
        "How many landslides are found (up) for how much other ground is wrongly reported (right), at every threshold. "
        "The area under it (AUROC) is 1 for a perfect order and 0.5 for guessing, and says nothing of the threshold."
    ),
    "reliability": (
        "On the dashed line a probability means what it says: of all that is said to be 70 % landslide, 70 % is. "
        "Below the line the detector is too sure of itself, above it too timid; the bars (logarithmic) show how much "
        "was given each probability."
    ),
}


def verdict(name: str, figures: Figures, baseline: Figures | None) -> dict[str, Any] | None:
    """Whether it beats the colour index, in a sentence; where there is no landslide to be found, by false alarms."""
    if figures["f1"] is None:
        text = f"The truth holds no landslide, so only false alarms are measured. {name}: "
        good = baseline is None or (figures["specificity"] or 0.0) > (baseline["specificity"] or 0.0)
        return {"good": good, "text": f"{text}{false_alarm_text(figures, baseline)}."}
    if baseline is None:
        return None
    ours, theirs = figures["f1"] or 0.0, baseline["f1"] or 0.0
    verb = "beats" if ours > theirs else "does not beat"
    text = f"{name} {verb} the colour index: F1 {ours:.3f} against {theirs:.3f}"
    if figures["auroc"] is not None and baseline["auroc"] is not None:
        text += f", AUROC {figures['auroc']:.3f} against {baseline['auroc']:.3f}"
    return {"good": ours > theirs, "text": f"{text}."}


def cards(figures: Figures, baseline: Figures | None, intervals: Intervals | None = None) -> list[Card]:
    """The headline figures."""
    return [
        Card(
            LABELS[name],
            number(figures[name]),
            _range(intervals, name),
            number(baseline[name]) if baseline is not None else "",
        )
        for name in HEADLINE
        if figures[name] is not None
    ]


def figure_rows(
    columns: dict[str, Figures],
    intervals: Intervals | None = None,
    title: str = "All figures",
    note: str | None = None,
) -> Table:
    """All figures side by side; the first column with its intervals; ``note`` stands in for how to read them."""
    if note is None:
        note = NOTES["landslide_free" if next(iter(columns.values()))["f1"] is None else "figures"]
    rows = []
    for name in ("threshold", *LABELS):
        values = [number(column.get(name)) for column in columns.values()]
        if set(values) == {number(None)}:
            continue
        spread = _range(intervals, name)
        rows.append([LABELS.get(name, "Threshold"), *values, *([spread] if intervals else [])])
    heads = ["", *columns, *(["95 % interval"] if intervals else [])]
    reference = tuple(index for index, head in enumerate(heads) if head in (INDEX, "95 % interval"))
    return Table(title, heads, rows, note, reference)


def confusion(scores: BinaryScores, threshold: float) -> dict[str, Any]:
    """The confusion matrix, as counts and shares."""
    counts = dict(zip(("tp", "fp", "fn", "tn"), scores.confusion(threshold), strict=True))
    whole = max(1, sum(counts.values()))
    return {**counts, "share": {name: f"{count / whole:.2%}" for name, count in counts.items()}}


def charts(
    name: str, scores: BinaryScores, threshold: float, baseline: BinaryScores | None, baseline_threshold: float
) -> list[Chart]:
    """Precision-recall, ROC and reliability; none where the truth holds no landslide."""
    if not scores.has_landslides:
        return []
    recalls, operating = [], []
    for label, style, counts, at in (
        (name, "detector", scores, threshold),
        (INDEX, "baseline", baseline, baseline_threshold),
    ):
        if counts is not None:
            tp, fp, fn, tn = counts.confusion(at)
            figures = counts.at(at)
            place = (figures["recall"], figures["precision"])
            recalls.append(Line(label, style, counts.precision_recall(), place if tp + fp else None))
            operating.append(Line(label, style, counts.roc(), (fp / max(1, fp + tn), tp / max(1, tp + fn))))
    positive = float(scores.positive.sum() / max(1, scores.positive.sum() + scores.negative.sum()))
    return [
        Chart(
            "Precision and recall",
            curve_chart("Precision over recall", "recall", "precision", recalls, positive),
            NOTES["precision_recall"],
        ),
        Chart(
            "ROC curve",
            curve_chart("ROC", "false alarms (share of other ground)", "recall", operating, float("nan")),
            NOTES["roc"],
        ),
        Chart("Reliability", reliability_chart("Reliability diagram", scores.reliability()), NOTES["reliability"]),
    ]


def both_figures(
    scores: BinaryScores,
    threshold: float,
    baseline: BinaryScores | None,
    baseline_threshold: float,
    probabilities: bool = True,
) -> tuple[Figures, Figures | None]:
    """The figures of what is measured, and of the colour index."""
    index = None if baseline is None else index_figures(baseline, baseline_threshold)
    return figures_at(scores, threshold, probabilities), index


def _range(intervals: Intervals | None, name: str) -> str:
    if not intervals or name not in intervals:
        return ""
    low, high = intervals[name]
    return f"{number(low)} to {number(high)}"
