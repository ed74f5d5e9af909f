"""The page of a model: its card, and where it is."""

from __future__ import annotations

from html import escape

from ...processing.cards import DOWNLOADED, ModelCard
from ...processing.i18n import tr
from ..dock.card_text import card_html
from .shelf_list import detector_name, size


def page_html(card: ModelCard) -> str:
    """Return the page; no colours, so that it suits light and dark themes."""
    return "".join(
        [
            f"<h3>{escape(card.name)}</h3>",
            f"<p>{escape(_origin(card))}</p>",
            card_html(card),
            f"<p><b>{escape(tr('Works on'))}:</b> {escape(_device(card))}</p>",
            _files(card),
        ]
    )


def _origin(card: ModelCard) -> str:
    detector = detector_name(card.detector)
    if card.missing:
        return tr("{}. Not on this computer yet: download it to use it.").format(detector)
    if DOWNLOADED in card.fields:
        return tr("{}. Downloaded and checked.").format(detector)
    return tr("{}. Your own.").format(detector) if card.is_own else tr("{}. Shipped with the plugin.").format(detector)


def _device(card: ModelCard) -> str:
    if card.fields.get("mlm:architecture") == "ONNX":
        return tr("the processor (imported from ONNX)")
    return tr("processor and graphics card")


def _files(card: ModelCard) -> str:
    facts = [size(card), "" if card.missing else str(card.folder)]
    text = "<br>".join(escape(fact) for fact in facts if fact)
    return f"<p><b>{escape(tr('Files'))}:</b> {text}</p>" if text else ""
