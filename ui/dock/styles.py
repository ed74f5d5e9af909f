"""The styles of results, which the algorithms give to theirs too."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsMapLayer

_STYLES = Path(__file__).parents[2] / "processing" / "styles"


def style_of(output: str, algorithm: str) -> str:
    """Return the style of an output (`POLYGONS`, `MASK`, `PROBABILITY`) of a detection."""
    if output != "PROBABILITY":
        return output.lower()
    return getattr(QgsApplication.processingRegistry().algorithmById(algorithm), "PROBABILITY_STYLE", "probability")


def load_style(layer: QgsMapLayer, style: str) -> None:
    """Give a layer one of the styles."""
    layer.loadNamedStyle(str(_STYLES / f"{style}.qml"))
    layer.triggerRepaint()
