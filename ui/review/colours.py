"""Colours of the decisions, on the map and in the panel: to be told apart by the colour-blind and on any imagery."""

from __future__ import annotations

from qgis.core import QgsCategorizedSymbolRenderer, QgsFillSymbol, QgsRendererCategory, QgsVectorLayer

from ...processing.i18n import tr
from .landslide import ACCEPTED, REJECTED

COLOURS = {"": "#ffb000", ACCEPTED: "#00b4ff", REJECTED: "#d9d9d9"}

_OUTLINES = {"": "solid", ACCEPTED: "solid", REJECTED: "dash"}


def name_of(status: str) -> str:
    """Return the words for a decision."""
    return {"": tr("To review"), ACCEPTED: tr("Accepted"), REJECTED: tr("Rejected")}.get(status, status)


def colour_by_status(layer: QgsVectorLayer) -> None:
    """Give the layer a style that shows the decisions; the one it had stays in its list of styles."""
    manager = layer.styleManager()
    name = tr("Review")
    if name in manager.styles():
        manager.setCurrentStyle(name)
        return
    manager.addStyleFromLayer(name)
    manager.setCurrentStyle(name)
    layer.setRenderer(QgsCategorizedSymbolRenderer("coalesce(\"status\", '')", _categories()))
    layer.triggerRepaint()
    layer.emitStyleChanged()


def _categories() -> list[QgsRendererCategory]:
    return [
        QgsRendererCategory(
            status,
            QgsFillSymbol.createSimple(
                {
                    "style": "no",
                    "outline_color": colour,
                    "outline_style": _OUTLINES[status],
                    "outline_width": "0.5",
                }
            ),
            name_of(status),
        )
        for status, colour in COLOURS.items()
    ]
