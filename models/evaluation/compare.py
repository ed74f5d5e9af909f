"""The three detectors against one inventory of one scene, in the tables of M. Kimura's poster (Ridge-i, JAXA)."""

from __future__ import annotations

from typing import Any

from .assess import Assessment
from .figures import LABELS, number
from .page import Table
from .parts import INDEX

#: Reported for scene A (20000 x 18957 px, one half to train on and the other to test): Table 1, ResNet50 on patches.
PAPER_PATCHES = {"accuracy": 0.890, "f1": 0.660, "precision": 0.542, "recall": 0.846}
#: Table 2, mean IoU of DeepLabv3+ and of the anomaly detection by a U-Net.
PAPER_MEAN_IOU = {"segmentation": 0.8105, "anomaly": 0.7102}
PAPER = "poster, scene A"
NOTE = "The poster's values are those of another scene, with detectors trained on half of it: a reference, not a goal."


def paper_tables(assessments: dict[str, Assessment]) -> list[Table]:
    """Table 1 and Table 2 for a scene, with the models' names, the poster's values and the colour index beside them.

    Args:
        assessments: by detector.
    """
    patches, index = assessments["patches"].figures()
    first = [
        [LABELS[name], number(patches[name]), number(index[name] if index else None), number(value)]
        for name, value in PAPER_PATCHES.items()
    ]
    second = []
    for detector, value in PAPER_MEAN_IOU.items():
        figures, index = assessments[detector].figures()
        simple = number(index["mean_iou"] if index else None)
        named = f"{detector.capitalize()} ({assessments[detector].name})"
        second.append([named, number(figures["mean_iou"]), simple, f"{value:.4f}"])
    heads = ["this scene", INDEX, PAPER]
    return [
        Table(f"Table 1: patches ({assessments['patches'].name})", ["", *heads], first, NOTE, (2, 3)),
        Table("Table 2: mean IoU of pixels", ["", *heads], second, NOTE, (2, 3)),
    ]


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
    """The models as ``detector_model``, the figures of both tables as ``detector_figure``, and the colour index's."""
    flat: dict[str, Any] = {}
    for detector, assessment in assessments.items():
        flat[f"{detector}_model"] = assessment.name
        figures, index = assessment.figures()
        for name in PAPER_PATCHES if detector == "patches" else ("mean_iou",):
            flat[f"{detector}_{name}"] = figures[name]
            flat[f"{detector}_{name}_colour_index"] = index[name] if index else None
    return flat
