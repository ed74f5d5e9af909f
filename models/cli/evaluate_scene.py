"""``landslides evaluate --probability | --mask | --polygons``: a prediction of a scene against an inventory."""

from __future__ import annotations

from pathlib import Path

from ..evaluation.assess import Assessment, Settings, assess, card_facts, facts
from ..evaluation.figures import (
    beside,
    confusion_table,
    false_alarm_text,
    figure_table,
    landslide_figures,
    landslide_table,
)
from ..evaluation.page import Page, check_report, write_report
from ..evaluation.parts import INDEX
from ..evaluation.scene_report import scene_part
from ..library.shelf import scan_shelves
from .outcome import Outcome
from .progress import Reporter


def evaluate_prediction(
    path: str, kind: str, truth: str, settings: Settings, report: Path | None, reporter: Reporter
) -> Outcome:
    """Measure a prediction, and write the report where one is asked for; see ``assess``."""
    if report is not None:
        check_report(report)
    assessment = assess(path, kind, truth, settings, reporter)
    if report is not None:
        _write_report(assessment, settings, report)
    reporter.progress(1.0)
    figures, baseline = assessment.figures()
    columns = {"prediction": figures, **({INDEX: baseline} if baseline else {})}
    landslides = assessment.measured.landslides
    unit = "pixels" if assessment.measured.fine == 1 else "patches"
    tables = [
        figure_table(columns),
        confusion_table(figures, unit),
        false_alarm_text(figures, baseline),
        landslide_table(landslides),
    ]
    return Outcome(
        {
            "input": path,
            **figures,
            **landslide_figures(landslides),
            **beside(figures, baseline),
            "report": None if report is None else str(report),
        },
        {
            "colour_index": baseline,
            "landslides": landslides.by_size(),
            "merged": landslides.merged,
            "split": landslides.split,
        },
        "\n\n".join([f"{path} against {truth}", *tables, *([f"report: {report}"] if report else [])]),
    )


def _write_report(assessment: Assessment, settings: Settings, target: Path) -> None:
    card = scan_shelves()[0].get(assessment.name)
    part = scene_part(
        assessment.name, assessment.measured, assessment.grid, assessment.imagery,
        probabilities=assessment.probabilities,
    )  # fmt: skip
    page = Page(
        title=f"How good is {Path(assessment.path).name}?",
        subtitle=f"Measured against the inventory {Path(assessment.truth.partition('|')[0]).name}",
        parts=[part],
        facts={**facts(assessment, settings), **(card_facts(card) if card else {})},
    )
    write_report(page, target)
