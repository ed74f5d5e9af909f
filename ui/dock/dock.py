"""The dock itself: its pages, and the strip that shows the run at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import QEvent, QTimer
from qgis.PyQt.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from ...processing.i18n import tr
from ..openers import Openers
from .detect_page import DetectPage
from .history import runs_folder
from .run import Run
from .run_strip import RunStrip
from .runs_page import RunsPage
from .threshold_page import ThresholdPage

if TYPE_CHECKING:
    from .desk import Desk

_WIDTH = 380
_LOOK_AGAIN_MS = 3000


class DetectorDock(QgsDockWidget):
    """Three pages: detect, threshold, runs."""

    def __init__(self, iface: QgisInterface, desk: Desk, openers: Openers) -> None:
        super().__init__(tr("Landslide Detector"), iface.mainWindow())
        self.setObjectName("LandslideDetectorDock")
        self.desk = desk
        self.detect = DetectPage(iface, runs_folder(), openers)
        self.threshold = ThresholdPage(iface)
        self.runs = RunsPage(desk.queue, desk.history)
        self._pages = QTabWidget()
        self._pages.setObjectName("LandslidePages")
        self._pages.setDocumentMode(True)
        self._pages.addTab(self.detect, tr("Detect"))
        self._pages.addTab(self.threshold, tr("Threshold"))
        self._pages.addTab(self.runs, tr("Runs"))
        contents = QWidget()
        contents.setMinimumWidth(_WIDTH)
        layout = QVBoxLayout(contents)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        layout.addWidget(RunStrip(desk.queue))
        self.setWidget(contents)

        self.detect.wanted.connect(desk.start)
        self.runs.repeat.connect(desk.repeat)
        self.runs.show_layers.connect(desk.show_layers)
        # An engine set up meanwhile, or lost, shows without the dock being opened anew.
        self._look_again = QTimer(self)
        self._look_again.timeout.connect(self.detect.check)
        self._look_again.setInterval(_LOOK_AGAIN_MS)

    def add_page(self, page: QWidget, title: str) -> None:
        """Add a page of another part of the plugin."""
        self._pages.addTab(page, title)

    def fill(self, run: Run) -> None:
        """Show the first page with the settings of an earlier run."""
        self._pages.setCurrentWidget(self.detect)
        self.detect.fill(run)

    def show_runs(self) -> None:
        self._pages.setCurrentWidget(self.runs)

    def disconnect_all(self) -> None:
        """Listen to QGIS no more."""
        self._look_again.stop()
        self.detect.disconnect_all()
        self.threshold.disconnect_all()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self.detect.refresh()
        self._look_again.start()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self._look_again.stop()
