"""Runs one after another, each as a background task of QGIS's."""

from __future__ import annotations

from functools import partial
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProcessingOutputLayerDefinition,
    QgsProject,
)
from qgis.PyQt.QtCore import QCoreApplication, QElapsedTimer, QObject, QThread, pyqtSignal

from ...processing.i18n import tr
from .destinations import destinations
from .feedback import RunFeedback
from .run import Run, RunState

# An engine ends within 2 s of being told to; the rest is QGIS taking note of it.
_END_TIMEOUT_MS = 6000
_POLL_MS = 10


class RunQueue(QObject):
    """The runs that wait and the one at work.

    Signals:
        changed: a run was added, has started, or is over.
        ended: a run is over; with the run, and the context that holds its layers if it is done, else None.
    """

    changed = pyqtSignal()
    ended = pyqtSignal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Run] = []
        self._current: Run | None = None
        self._task: QgsProcessingAlgRunnerTask | None = None
        self._context: QgsProcessingContext | None = None
        self._feedback: RunFeedback | None = None

    @property
    def runs(self) -> list[Run]:
        """The run at work, then those that wait."""
        return [*([self._current] if self._current else []), *self._waiting]

    @property
    def current(self) -> Run | None:
        return self._current

    @property
    def feedback(self) -> RunFeedback | None:
        """What the run at work says."""
        return self._feedback

    @property
    def is_ending(self) -> bool:
        """Whether the run at work has been cancelled and is about to end."""
        return self._feedback is not None and self._feedback.isCanceled()

    def add(self, run: Run) -> None:
        """Start a run, or let it wait for those before it."""
        self._waiting.append(run)
        self.changed.emit()
        self._start_next()

    def cancel(self, run: Run, reason: str = "") -> None:
        """Take a run out of the queue, or end it if it is at work; its engine is gone within some 2 seconds."""
        run.message = reason
        if run in self._waiting:
            self._waiting.remove(run)
            self._close(run, RunState.CANCELLED)
        elif run is self._current and self._task is not None:
            self._task.cancel()
            self.changed.emit()

    def cancel_all(self, reason: str = "") -> None:
        """Cancel every run, those that wait first."""
        for run in reversed(self.runs):
            self.cancel(run, reason)

    def stop(self) -> None:
        """Cancel every run and wait for the end of the one at work: before the plugin, or QGIS, goes."""
        self.cancel_all()
        clock = QElapsedTimer()
        clock.start()
        # No event loop of its own: there may be none any more while QGIS closes.
        while self._current is not None and clock.elapsed() < _END_TIMEOUT_MS:
            QCoreApplication.processEvents()
            QThread.msleep(_POLL_MS)

    def _start_next(self) -> None:
        if self._current is not None or not self._waiting:
            return
        run = self._current = self._waiting.pop(0)
        run.state = RunState.RUNNING
        self._feedback = RunFeedback()
        project = QgsProject.instance()
        self._context = QgsProcessingContext()
        self._context.setProject(project)
        self._context.setTransformContext(project.transformContext())
        self._context.setEllipsoid(project.ellipsoid())
        self._context.setFeedback(self._feedback)
        scene = run.scene.find(project)
        algorithm = QgsApplication.processingRegistry().algorithmById(run.algorithm)
        if scene is None or algorithm is None:
            run.message = (
                tr("{} is not in the project any more.").format(run.scene.name)
                if algorithm is not None
                else tr("QGIS knows no algorithm {}.").format(run.algorithm)
            )
            self._over(run, False, {})
            return
        self._task = QgsProcessingAlgRunnerTask(
            algorithm, _parameters(run, scene.id(), project), self._context, self._feedback
        )
        # What an algorithm refuses to begin with ends the task before QGIS could report its end.
        if self._task.isCanceled():
            self._over(run, False, {})
            return
        self._task.setDescription(run.title)
        self._task.executed.connect(partial(self._over, run))
        QgsApplication.taskManager().addTask(self._task)
        self.changed.emit()

    def _over(self, run: Run, succeeded: bool, results: dict[str, Any]) -> None:
        feedback, context = self._feedback, self._context
        assert feedback is not None  # nosec B101 (a run at work has one)
        self._current = self._task = self._context = self._feedback = None
        if feedback.isCanceled() and not feedback.errors:
            state = RunState.CANCELLED
        elif succeeded:
            state = RunState.DONE
            run.results = dict(results)
        else:
            state = RunState.FAILED
            run.message = run.message or (feedback.errors[-1] if feedback.errors else tr("The run failed."))
        run.log = feedback.log
        self._close(run, state, context if state is RunState.DONE else None)
        self._start_next()

    def _close(self, run: Run, state: RunState, context: QgsProcessingContext | None = None) -> None:
        run.state = state
        self.ended.emit(run, context)
        self.changed.emit()


def _parameters(run: Run, scene: str, project: QgsProject) -> dict[str, Any]:
    """Return the parameters for the algorithm; its layers are to be loaded into `project`."""
    return {
        **run.parameters,
        "INPUT": scene,
        **{
            name: QgsProcessingOutputLayerDefinition(destination, project)
            for name, destination in destinations(run).items()
        },
    }
