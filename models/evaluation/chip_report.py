"""A chip folder's part of a report."""

from __future__ import annotations

import numpy as np

from ..library.card import Card
from .chip_scores import ChipEvaluation, wrongness
from .chips import Answer
from .figures import figures_at, number, percent, percent_range
from .page import Card as HeadlineCard
from .page import Case, Part, Sheet, Table
from .parts import INDEX, both_figures, cards, charts, confusion, figure_rows, verdict
from .pictures import embedded, outlined

TURNED = "with test-time augmentation"
BY_CHIP = (
    "Here each chip is counted once: it is taken for landslide when its most suspicious hundredth reaches the "
    "threshold. That is how well the detector would sort chips, not how well it draws."
)


def chip_part(card: Card, measured: ChipEvaluation) -> Part:
    """The part of a report that shows a model on labelled chips."""
    unit = "pixel" if "pixel" in measured.levels else "chip"
    level = measured.levels[unit]
    figures, baseline = both_figures(level.scores, level.threshold, level.baseline, level.baseline_threshold)
    tables = []
    for name, each in measured.levels.items():
        ours, index = both_figures(each.scores, each.threshold, each.baseline, each.baseline_threshold)
        columns = {card.name: ours}
        if each.turned is not None:
            columns[TURNED] = figures_at(each.turned, each.threshold)
        if index is not None:
            columns[INDEX] = index
        note = None if name == unit else BY_CHIP
        tables.append(figure_rows(columns, each.intervals, f"All figures, by {name}", note))
    return Part(
        name=card.name,
        unit=unit,
        threshold=number(level.threshold),
        confusion=confusion(level.scores, level.threshold),
        cards=[*cards(figures, baseline, level.intervals), *_false_alarms(measured)],
        tables=[*tables, *_false_alarm_table(measured)],
        charts=charts(card.name, level.scores, level.threshold, level.baseline, level.baseline_threshold),
        has_baseline=baseline is not None,
        verdict=verdict(card.name, figures, baseline),
        sheets=[_sheet(measured)],
    )


def _false_alarms(measured: ChipEvaluation) -> list[HeadlineCard]:
    found = measured.false_alarms.get("chip")
    if found is None:
        return []
    return [HeadlineCard("False alarms, landslide-free chips", percent(found.share), percent_range(found.interval))]


def _false_alarm_table(measured: ChipEvaluation) -> list[Table]:
    rows = [
        [f"share of {name}s", percent(found.share), percent_range(found.interval)]
        for name, found in measured.false_alarms.items()
    ]
    note = (
        f"Measured on the {measured.landslide_free} of {measured.chips} chips that hold no landslide: each share "
        "should be zero. A chip counts as a false alarm when its most suspicious hundredth reaches the threshold."
    )
    heads = ["", "taken for landslide", "95 % interval"]
    return [Table("False alarms on landslide-free chips", heads, rows, note, (2,))] if rows else []


def _sheet(measured: ChipEvaluation) -> Sheet:
    note = (
        "Blue: the truth. Orange: the prediction. The chips with the largest share of wrong pixels (of patches: the "
        "probability farthest from the truth), the worst first."
    )
    cases = [_case(answer, measured.threshold) for answer in measured.worst]
    return Sheet(f"The {len(cases)} worst cases", note, cases)


def _case(answer: Answer, threshold: float) -> Case:
    if answer.probability.size == 1:
        picture = outlined(answer.image, answer.mask)
        said = float(answer.probability.max())
        caption = f"{'landslide' if answer.chip.has_landslide else 'no landslide'}; probability {said:.2f}"
    else:
        found = answer.probability >= np.float32(threshold)
        picture = outlined(answer.image, answer.mask, found)
        caption = (
            f"{wrongness(answer, threshold):.1%} of its pixels wrong; "
            f"landslide {answer.mask.mean():.1%}, predicted {found.mean():.1%}"
        )
    return Case(embedded(picture), answer.chip.name, caption)
