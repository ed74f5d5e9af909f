"""The list of runs: those at work, and those of the past, to be shown, repeated or forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QLocale, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...processing.i18n import tr
from .history import RunHistory
from .queue import RunQueue
from .run import Run, RunState
from .run_words import describe
from .widgets import heading

_ICONS = {
    RunState.QUEUED: "/mActionHistory.svg",
    RunState.RUNNING: "/mActionStart.svg",
    RunState.DONE: "/mIconSuccess.svg",
    RunState.FAILED: "/mIconCritical.svg",
    RunState.CANCELLED: "/mTaskCancel.svg",
}
_RUN = Qt.ItemDataRole.UserRole


class RunsPage(QWidget):
    """Runs, newest first, with what the chosen one gave and said.

    Signals:
        repeat: a run is to be done again.
        show_layers: the layers of a run are wanted on the map.
    """

    repeat = pyqtSignal(object)
    show_layers = pyqtSignal(object)

    def __init__(self, queue: RunQueue, history: RunHistory) -> None:
        super().__init__()
        self._queue = queue
        self._history = history
        self._list = QTreeWidget()
        self._list.setObjectName("LandslideRuns")
        self._list.setAccessibleName(tr("Runs"))
        self._list.setHeaderLabels([tr("Run"), tr("When")])
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._details = QPlainTextEdit()
        self._details.setObjectName("LandslideRunDetails")
        self._details.setAccessibleName(tr("What the run gave and said"))
        self._details.setReadOnly(True)
        self._repeat = self._button("Repeat", tr("Repea&t"), "/mActionRefresh.svg", tr("Do this run again, as it was"))
        self._show = self._button(
            "Show", tr("Show la&yers"), "/mActionShowAllLayers.svg", tr("Bring the results of this run to the map")
        )
        self._remove = self._button(
            "Remove", tr("Remove"), "/mActionDeleteSelected.svg", tr("Cancel this run, or forget it; files are kept")
        )

        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self._list)
        splitter.addWidget(self._details)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        buttons = QHBoxLayout()
        for button in (self._repeat, self._show, self._remove):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.addWidget(heading(tr("R&uns"), self._list))
        layout.addWidget(splitter, 1)
        layout.addLayout(buttons)

        self._repeat.clicked.connect(lambda: self._with_chosen(self.repeat.emit))
        self._show.clicked.connect(lambda: self._with_chosen(self.show_layers.emit))
        self._remove.clicked.connect(lambda: self._with_chosen(self._forget))
        self._list.itemActivated.connect(lambda: self._with_chosen(self.show_layers.emit))
        self._list.currentItemChanged.connect(self._on_chosen)
        queue.changed.connect(self._refresh)
        history.changed.connect(self._refresh)
        self._refresh()

    @property
    def chosen(self) -> Run | None:
        item = self._list.currentItem()
        return item.data(0, _RUN) if item is not None else None

    def _button(self, name: str, text: str, icon: str, tip: str) -> QPushButton:
        button = QPushButton(QgsApplication.getThemeIcon(icon), text)
        button.setObjectName(f"LandslideRun{name}")
        button.setToolTip(tip)
        return button

    def _with_chosen(self, act: Callable[[Run], object]) -> None:
        if self.chosen is not None:
            act(self.chosen)

    def _forget(self, run: Run) -> None:
        if run.state.is_over:
            self._history.remove(run)
        else:
            self._queue.cancel(run)

    def _refresh(self) -> None:
        chosen = self.chosen.identifier if self.chosen else None
        self._list.clear()
        for run in [*reversed(self._queue.runs), *self._history.runs]:
            item = QTreeWidgetItem([run.title, _when(run)])
            item.setData(0, _RUN, run)
            item.setIcon(0, QgsApplication.getThemeIcon(_ICONS[run.state]))
            item.setToolTip(0, f"{run.title}: {run.state.label}")
            item.setToolTip(1, run.created)
            self._list.addTopLevelItem(item)
            if run.identifier == chosen:
                self._list.setCurrentItem(item)
        if self.chosen is None and self._list.topLevelItemCount():
            self._list.setCurrentItem(self._list.topLevelItem(0))
        self._on_chosen()

    def _on_chosen(self) -> None:
        run = self.chosen
        self._details.setPlainText(describe(run) if run else tr("No run yet."))
        self._repeat.setEnabled(run is not None)
        self._show.setEnabled(run is not None and run.state is RunState.DONE)
        self._remove.setEnabled(run is not None)


def _when(run: Run) -> str:
    if not run.state.is_over:
        return run.state.label
    moment = datetime.fromisoformat(run.created).astimezone()
    return QLocale().toString(moment.replace(tzinfo=None), tr("d MMM hh:mm"))
