"""The foot of the dock: the run at work, how far it is, and the way to end it."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QSizePolicy, QToolButton

from ...processing.i18n import tr
from .queue import RunQueue
from .widgets import SPACING, muted

_POLL_MS = 250


class RunStrip(QFrame):
    """Shown while a run is at work."""

    def __init__(self, queue: RunQueue) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._queue = queue
        self._title = QLabel()
        self._title.setObjectName("LandslideRunning")
        self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bar = QProgressBar()
        self._bar.setObjectName("LandslideProgress")
        self._bar.setAccessibleName(tr("Progress of the run"))
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._figures = muted()
        self._figures.setObjectName("LandslideFigures")
        self._cancel = QToolButton()
        self._cancel.setObjectName("LandslideCancel")
        self._cancel.setIcon(QgsApplication.getThemeIcon("/mTaskCancel.svg"))
        self._cancel.setText(tr("Cancel"))
        self._cancel.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._cancel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._cancel.setToolTip(tr("End this run now; nothing half-written is left"))
        self._cancel.clicked.connect(self._on_cancel)
        layout = QGridLayout(self)
        layout.setSpacing(SPACING)
        layout.setColumnStretch(0, 1)
        layout.addWidget(self._title, 0, 0)
        layout.addWidget(self._cancel, 0, 1)
        layout.addWidget(self._bar, 1, 0, 1, 2)
        layout.addWidget(self._figures, 2, 0, 1, 2)
        self._poll = QTimer(self)
        self._poll.timeout.connect(self._look)
        queue.changed.connect(self._on_queue)
        self._on_queue()

    def _on_queue(self) -> None:
        run = self._queue.current
        self.setVisible(run is not None)
        if run is None:
            self._poll.stop()
            return
        self._title.setText(run.title)
        self._title.setToolTip(run.title)
        self._cancel.setEnabled(not self._queue.is_ending)
        self._poll.start(_POLL_MS)
        self._look()

    def _look(self) -> None:
        feedback = self._queue.feedback
        if feedback is None:
            return
        reading = feedback.reading()
        # Until the first tile is done nobody knows how long it will take.
        self._bar.setRange(0, 1000 if reading.done > 0 else 0)
        self._bar.setValue(round(1000 * reading.done))
        waiting = len(self._queue.runs) - 1
        text = tr("being cancelled…") if self._queue.is_ending else reading.text()
        self._figures.setText(text + (tr("; {} waiting").format(waiting) if waiting else ""))

    def _on_cancel(self) -> None:
        if self._queue.current is not None:
            self._queue.cancel(self._queue.current)
