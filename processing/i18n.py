"""Translation of the provider's words."""

from __future__ import annotations

from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate `text` into the language of the user's QGIS."""
    return QCoreApplication.translate("LandslideDetector", text)
