"""The translation of the plugin's words, as long as the plugin is loaded."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

_FOLDER = Path(__file__).resolve().parent / "translations"


def install_translation() -> QTranslator | None:
    """Load the words in the language of the user's QGIS; call before any text is made.

    Returns:
        What has to be given to `remove_translation`; None if the plugin speaks English in this language.
    """
    locale = QgsApplication.instance().locale()
    for language in (locale, locale.split("_")[0]):
        path = _FOLDER / f"landslide_detector_{language}.qm"
        translator = QTranslator()
        if path.is_file() and translator.load(str(path)):
            QCoreApplication.installTranslator(translator)
            return translator
    return None


def remove_translation(translator: QTranslator | None) -> None:
    """Take the words out again."""
    if translator is not None:
        QCoreApplication.removeTranslator(translator)
