"""``landslides evaluate DETECTOR --chips``: a model on labelled chips."""

from __future__ import annotations

from pathlib import Path

from ..errors import InputError
from ..evaluation.assess import card_facts
from ..evaluation.chip_report import chip_part
from ..evaluation.chip_scores import ChipEvaluation, Level, evaluate_chips
from ..evaluation.confidence import RESAMPLES
from ..evaluation.figures import (
    HEADLINE,
    Figures,
    beside,
    confusion_table,
    figure_table,
    figures_at,
    number,
    only_false_alarms,
    percent,
    percent_range,
)
from ..evaluation.page import Page, check_report, write_report
from ..evaluation.parts import INDEX, both_figures
from ..library.card import Card
from ..library.shelf import check_files, find_model
from ..training.chips import read_chip_folder
from .options import choose_device
from .outcome import Outcome
from .progress import Reporter

TURNED = "with TTA"


def evaluate_chip_folder(
    detector: str,
    folder: Path,
    split: str | None,
    sources: tuple[str, ...],
    model: str,
    threshold: float | None,
    turned: bool,
    side: int | None,
    machine: tuple[str, str],
    report: Path | None,
    reporter: Reporter,
) -> Outcome:
    """Measure a model, without a ``threshold`` at its card's; ``machine`` is a device and a precision. Writes a report
    if asked to.
    """
    if report is not None:
        check_report(report)
    card = find_model(model, detector)
    check_files(card)
    chips = [chip for chip in read_chip_folder(folder, split) if not sources or chip.source in sources]
    if not chips:
        raise InputError(f"{folder}: no chip of source {' or '.join(repr(source) for source in sources)}")
    choice = choose_device(*machine, reporter)
    if not any(chip.has_landslide for chip in chips):
        reporter.warning(only_false_alarms(f"{folder}: none of the {len(chips)} chips holds a landslide"))
    measured = evaluate_chips(
        card, chips, choice, threshold=threshold, turned=turned, side=side, progress=reporter.progress
    )
    if report is not None:
        _write_report(card, measured, folder, split, sources, side, report)
    columns = {name: _columns(level) for name, level in measured.levels.items()}
    headline = next(iter(columns.values()))
    false_alarms = {f"false_alarm_{name}s": measured.false_alarms.get(name) for name in ("pixel", "chip")}
    text = [f"{card.name} on {measured.chips} chips of {folder}, {measured.landslide_free} of them without landslide"]
    if side is not None:
        text[0] += f", all resized to {side} x {side} px"
    text.append(f"threshold {_threshold(card, measured)}")
    for name, level in measured.levels.items():
        matrix = confusion_table(columns[name]["model"], f"{name}s")
        text += ["", f"by {name}", figure_table(columns[name]), *_interval_text(level), "", matrix]
    text += ["", _false_alarm_text(measured), *([f"report: {report}"] if report else [])]
    return Outcome(
        {
            "model": card.name,
            "chips": measured.chips,
            **headline["model"],
            **beside(headline["model"], headline.get(INDEX)),
            "card_threshold": card.threshold,
            "landslide_free_chips": measured.landslide_free,
            **{name: found.share if found else None for name, found in false_alarms.items()},
            "report": None if report is None else str(report),
        },
        {
            **{name: column["model"] for name, column in columns.items()},
            "colour_index": {name: column.get(INDEX) for name, column in columns.items()},
            "test_time_augmentation": {name: column.get(TURNED) for name, column in columns.items()},
            "intervals_95": {
                **{
                    name: {figure: level.intervals.get(figure) for figure in HEADLINE}
                    for name, level in measured.levels.items()
                },
                **{name: found.interval if found else None for name, found in false_alarms.items()},
            },
            "worst": [answer.chip.name for answer in measured.worst],
        },
        "\n".join(text),
    )


def _threshold(card: Card, measured: ChipEvaluation) -> str:
    """The threshold that was used, and whether it is the card's."""
    if measured.threshold == card.threshold:
        return f"{card.threshold:g}, the card's"
    return f"{measured.threshold:g}, not the {card.threshold:g} of the card"


def _columns(level: Level) -> dict[str, Figures]:
    figures, baseline = both_figures(level.scores, level.threshold, level.baseline, level.baseline_threshold)
    columns = {"model": figures}
    if level.turned is not None:
        columns[TURNED] = figures_at(level.turned, level.threshold)
    if baseline is not None:
        columns[INDEX] = baseline
    return columns


def _interval_text(level: Level) -> list[str]:
    ranges = [f"{name} {number(low)} to {number(high)}" for name, (low, high) in level.intervals.items()]
    return ["95 % intervals over chips: " + ", ".join(ranges)] if ranges else []


def _false_alarm_text(measured: ChipEvaluation) -> str:
    shares = [
        f"{percent(found.share)} of {name}s (95 %: {percent_range(found.interval)})"
        for name, found in measured.false_alarms.items()
    ]
    if not shares:
        return "no chip without landslide: false alarms on other ground are not known"
    return f"false alarms on landslide-free chips: {', '.join(shares)}"


def _write_report(
    card: Card,
    measured: ChipEvaluation,
    folder: Path,
    split: str | None,
    sources: tuple[str, ...],
    side: int | None,
    target: Path,
) -> None:
    chosen = {"Chips": f"{measured.chips:,} in {folder}", "Split": split or "", "Source": ", ".join(sources)}
    chosen["Threshold"] = _threshold(card, measured)
    chosen["Resized to"] = f"{side} x {side} px" if side is not None else ""
    chosen["Confidence"] = f"95 % intervals by bootstrap, {RESAMPLES:,} draws of whole chips"
    page = Page(
        title=f"How good is {card.name}?",
        subtitle=f"Measured on {measured.chips:,} labelled chips" + (f", split '{split}'" if split else ""),
        parts=[chip_part(card, measured)],
        facts={**{name: value for name, value in chosen.items() if value}, **card_facts(card)},
    )
    write_report(page, target)
