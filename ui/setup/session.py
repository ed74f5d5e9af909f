"""What goes on about the engine in this QGIS: at most one thing at a time, whether or not its page is open."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TYPE_CHECKING

from qgis.core import QgsApplication
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QElapsedTimer, QObject, QThread, pyqtSignal
from qgis.PyQt.QtWidgets import QDialog

from ...processing.engine.install import Size, managed_folder, plan_setup, remove_engine, set_up
from ...processing.i18n import tr
from .task import EngineTask, Work
from .trial import Trial

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

# Qt keeps a child of the window, but Python lets go of the half of it that is written in Python, unless it is held.
_sessions: list[SetupSession] = []

_MOST_LINES = 3000
_END_TIMEOUT_MS = 15_000
_POLL_MS = 10


class Activity(Enum):
    """What is going on."""

    NONE = "none"
    SETTING_UP = "setting up"
    REMOVING = "removing"
    TRYING = "trying"


class Outcome(Enum):
    """How the last thing ended."""

    NONE = "none"
    SUCCESS = "success"
    FAILURE = "failure"
    CANCELLED = "cancelled"


class SetupSession(QObject):
    """Sets up, tries and removes the engine in the background.

    Attributes:
        activity: what is going on.
        stage: the step it is at, in words.
        percent: how far it is.
        outcome: how the last thing ended.
        message: what to say about that.
        log: what the tools said.
        page: what shows it, once it was opened.

    Signals:
        changed: something began or ended.
        moved: stage or percent are new.
        logged: lines were added to the log.
    """

    changed = pyqtSignal()
    moved = pyqtSignal()
    logged = pyqtSignal(str)

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface.mainWindow())
        self.setObjectName("LandslideSetupSession")
        self.activity = Activity.NONE
        self.stage = ""
        self.percent = 0.0
        self.outcome = Outcome.NONE
        self.message = ""
        self.log: deque[str] = deque(maxlen=_MOST_LINES)
        self.page: QDialog | None = None
        self._iface = iface
        self._task: EngineTask | None = None
        self._trial: Trial | None = None
        self._is_to_be_tried = False

    @property
    def is_busy(self) -> bool:
        return self.activity is not Activity.NONE

    def set_up(self, size: Size, rebuild: bool = False, trial: bool = True) -> None:
        """Set up the engine, and try it then unless `trial` is false."""
        plan = plan_setup(size, rebuild)
        self._is_to_be_tried = trial
        self._start(Activity.SETTING_UP, tr("Setting up the landslide engine"), lambda report: set_up(plan, report))

    def remove(self) -> None:
        """Remove the engine the plugin has set up."""
        folder = managed_folder()
        self._is_to_be_tried = False
        self._start(Activity.REMOVING, tr("Removing the landslide engine"), lambda _report: remove_engine(folder))

    def try_out(self) -> None:
        """Detect the landslides of the sample scene and show them on the map."""
        self._begin(Activity.TRYING, tr("Detecting landslides in the sample scene"))
        self._trial = Trial(self)
        self._trial.ended.connect(self._on_tried)
        self._trial.logged.connect(self._on_log)
        self._trial.moved.connect(self._on_percent)
        self._trial.start()

    def cancel(self) -> None:
        """End what is going on."""
        if self._task is not None:
            self._task.cancel()
        if self._trial is not None:
            self._trial.cancel()

    def stop(self) -> None:
        """Cancel and wait for the end: before the plugin, or QGIS, goes."""
        self.cancel()
        clock = QElapsedTimer()
        clock.start()
        while self.is_busy and clock.elapsed() < _END_TIMEOUT_MS:
            QCoreApplication.processEvents()
            QThread.msleep(_POLL_MS)

    def _begin(self, activity: Activity, stage: str) -> None:
        self.activity, self.stage, self.percent = activity, stage, 0.0
        self.outcome, self.message = Outcome.NONE, ""
        self.changed.emit()

    def _end(self, outcome: Outcome, message: str) -> None:
        self.activity, self.outcome, self.message = Activity.NONE, outcome, message
        self.changed.emit()

    def _start(self, activity: Activity, title: str, work: Work) -> None:
        self._begin(activity, title)
        self._task = EngineTask(title, work)
        self._task.staged.connect(self._on_stage)
        self._task.logged.connect(self._on_log)
        self._task.progressChanged.connect(self._on_percent)
        self._task.ended.connect(self._on_task_ended)
        QgsApplication.taskManager().addTask(self._task)

    def _on_stage(self, text: str) -> None:
        self.stage = text
        self.moved.emit()

    def _on_percent(self, percent: float) -> None:
        self.percent = percent
        self.moved.emit()

    def _on_log(self, text: str) -> None:
        lines = text.splitlines()
        self.log.extend(lines)
        self.logged.emit("\n".join(lines))

    def _on_task_ended(self) -> None:
        task, activity = self._task, self.activity
        self._task = None
        assert task is not None  # nosec B101 (it has just ended)
        if task.was_cancelled:
            self._end(Outcome.CANCELLED, tr("Cancelled. Set up again to go on where it stopped."))
        elif task.message:
            self._end(Outcome.FAILURE, task.message)
        elif activity is Activity.REMOVING:
            self._end(Outcome.SUCCESS, tr("The engine is removed."))
        elif self._is_to_be_tried:
            self.try_out()
        else:
            self._end(Outcome.SUCCESS, self.stage)

    def _on_tried(self, count: int, message: str) -> None:
        trial, self._trial = self._trial, None
        if message:
            self._end(Outcome.FAILURE, message)
        elif count < 0:
            self._end(Outcome.CANCELLED, tr("Cancelled. The engine is ready all the same."))
        else:
            if trial is not None and trial.extent_layer is not None:
                self._iface.setActiveLayer(trial.extent_layer)
                self._iface.zoomToActiveLayer()
            message = tr("The engine works: {} landslides in the sample scene, see the map.")
            self._end(Outcome.SUCCESS, message.format(count))
        if trial is not None:
            trial.deleteLater()


def session_of(iface: QgisInterface) -> SetupSession:
    """Return the session of this QGIS, a new one if there is none yet."""
    if not _sessions:
        _sessions.append(SetupSession(iface))
    return _sessions[0]


def close_setup() -> None:
    """End what is going on about the engine, and the session with its page: when the plugin is unloaded."""
    for session in _sessions:
        session.stop()
        for owned in (session.page, session):
            if owned is not None:
                sip.delete(owned)
    _sessions.clear()
