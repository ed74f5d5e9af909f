"""A model card as a person reads it."""

from __future__ import annotations

from html import escape
from typing import Any

from ...processing.cards import ModelCard
from ...processing.i18n import tr
from .scene_facts import band_names, metres_range

_FIGURES = (("f1", "F1"), ("iou", "IoU"), ("precision", "P"), ("recall", "R"), ("auroc", "AUROC"))


def card_html(card: ModelCard) -> str:
    """Return what a model was trained on, how well it does, and what one may do with it. No colours: the palette's."""
    fields = card.fields
    parts = [
        f"<p>{escape(str(fields.get('description', '')))}</p>",
        _row(tr("Looks at"), f"{', '.join(band_names(card))}; {metres_range(card)}"),
        _row(tr("Trained on"), "; ".join(_training(data) for data in fields.get("landslides:training_data", ()))),
        _measured(fields.get("landslides:metrics") or {}),
        _row(tr("Limits"), str(fields.get("landslides:limits", ""))),
        _row(tr("Licence"), f"{fields.get('license', '')}; {tr('version')} {fields.get('version', '')}"),
    ]
    return "".join(parts)


def _row(title: str, text: str) -> str:
    return f"<p><b>{escape(title)}:</b> {escape(text)}</p>" if text.strip() else ""


def _training(data: dict[str, Any]) -> str:
    facts = [str(data[key]) for key in ("citation", "licence") if data.get(key)]
    return f"{data.get('name', '?')} ({', '.join(facts)})" if facts else str(data.get("name", "?"))


def _measured(metrics: dict[str, dict[str, float]]) -> str:
    """Return a table with a row for each set of images the model was measured on."""
    tested = {name: figures for name, figures in metrics.items() if isinstance(figures, dict)}
    if not tested:
        return ""
    head = "".join(f"<td align='right'>&nbsp;&nbsp;{label}</td>" for _key, label in _FIGURES)
    rows = "".join(
        f"<tr><td>{escape(name.replace('_', ' '))}</td>"
        + "".join(f"<td align='right'>&nbsp;&nbsp;{_number(figures.get(key))}</td>" for key, _label in _FIGURES)
        + "</tr>"
        for name, figures in tested.items()
    )
    return f"<p><b>{escape(tr('Measured'))}</b></p><table><tr><td></td>{head}</tr>{rows}</table>"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
