"""The language of the user's QGIS: words through Qt's translation, pages as files in a folder for each language."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translate `text` into the language of the user's QGIS."""
    return QCoreApplication.translate("LandslideDetector", text)


def localised(folder: Path, name: str) -> Path:
    """Return a file in the user's language (`folder/ja/name`), else the English one (`folder/name`)."""
    locale = QgsApplication.instance().locale()
    for language in (locale, locale.split("_")[0]):
        path = folder / language / name
        if language and path.is_file():
            return path
    return folder / name
