"""The tutorial, in the browser."""

from __future__ import annotations

from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QDesktopServices

from ..processing.help_pages import tutorial_page


def open_tutorial() -> None:
    """Show the tutorial in the user's browser."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(tutorial_page())))
