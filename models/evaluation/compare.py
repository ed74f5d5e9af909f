"""The three detectors against one inventory of one scene, in the tables of M. Kimura's poster (Ridge-i, JAXA)."""

from __future__ import annotations

from typing import Any

from .assess import Assessment
from .figures import LABELS, landslide_figures, number, percent
from .page import Table
from .parts import INDEX

#: Reported for scene A (20000 x 18957 px, one half to train on and the other to test): Table 1, ResNet50 on patches.
PAPER_PATCHES = {"accuracy": 0.890, "f1": 0.660, "precision": 0.542, "recall": 0.846}
#: Table 2, mean IoU of DeepLabv3+ and of the anomaly detection by a U-Net.
PAPER_MEAN_IOU = {"segmentation": 0.8105, "anomaly": 0.7102}
PAPER = "poster, scene A"
NOTE = "The poster's values are those of another scene, with detectors trained on half of it: a reference, not a goal."


def comparison_tables(assessments: dict[str, Assessment]) -> list[Table]:
    """What compares the detectors on a scene, the models' names and the colour index beside it: the poster's tables,
    or where there is no landslide to be found, one of false alarms.

    Args:
        assessments: by detector.
    """
    if any(each.measured.scores.has_landslides for each in assessments.values()):
        return _paper_tables(assessments)
    return [_false_alarm_table(assessments)]


def _paper_tables(assessments: dict[str, Assessment]) -> list[Table]:
    """Table 1 and Table 2 with the poster's own values."""
    patches, index = assessments["patches"].figures()
    first = [
        [LABELS[name], number(patches[name]), number(index[name] if index else None), number(value)]
        for name, value in PAPER_PATCHES.items()
    ]
    second = []
    for detector, value in PAPER_MEAN_IOU.items():
        figures, index = assessments[detector].figures()
        simple = number(index["mean_iou"] if index else None)
        second.append([_named(detector, assessments), number(figures["mean_iou"]), simple, f"{value:.4f}"])
    heads = ["this scene", INDEX, PAPER]
    return [
        Table(f"Table 1: patches ({assessments['patches'].name})", ["", *heads], first, NOTE, (2, 3)),
        Table("Table 2: mean IoU of pixels", ["", *heads], second, NOTE, (2, 3)),
    ]


def _false_alarm_table(assessments: dict[str, Assessment]) -> Table:
    """The share of the ground, and the landslides, that are false alarms."""
    rows = []
    for detector, each in assessments.items():
        figures, index = each.figures()
        shares = [percent(figures["false_alarm_share"]), percent(index["false_alarm_share"] if index else None)]
        count = landslide_figures(each.measured.landslides)["false_alarms"]
        rows.append([_named(detector, assessments), shares[0], f"{count:,}", shares[1]])
    heads = ["", "share of the ground", "landslides", f"{INDEX}, share"]
    return Table("False alarms", heads, rows, "There is no landslide in the truth: each should be zero.", (3,))


def _named(detector: str, assessments: dict[str, Assessment]) -> str:
    return f"{detector.capitalize()} ({assessments[detector].name})"


def table_text(table: Table) -> str:
    """A table in plain text."""
    rows = [table.heads, *table.rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(table.heads))]
    lines = [
        "  ".join(cell.ljust(width) if column == 0 else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip
    return "\n".join([table.title, *lines])


def flat_figures(assessments: dict[str, Assessment]) -> dict[str, Any]:
    """The models as ``detector_model``, the figures of all tables as ``detector_figure``, and the colour index's."""
    flat: dict[str, Any] = {}
    for detector, assessment in assessments.items():
        flat[f"{detector}_model"] = assessment.name
        figures, index = assessment.figures()
        names = list(PAPER_PATCHES) if detector == "patches" else ["mean_iou"]
        for name in [*names, "false_alarm_share"]:
            flat[f"{detector}_{name}"] = figures[name]
            flat[f"{detector}_{name}_colour_index"] = index[name] if index else None
    return flat
