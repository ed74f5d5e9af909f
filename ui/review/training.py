"""The training of an improved model, as a background task of QGIS's."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication, QgsProcessingAlgRunnerTask, QgsProcessingContext, QgsProject
from qgis.PyQt.QtCore import QCoreApplication, QElapsedTimer, QObject, QThread, pyqtSignal

from ...processing.i18n import tr
from ..dock.feedback import RunFeedback

# An engine ends within 2 s of being told to; the rest is QGIS taking note of it.
_END_TIMEOUT_MS = 6000
_POLL_MS = 10


class Training(QObject):
    """Runs one training algorithm at a time.

    Signals:
        ended: it is over: with its results, empty if there are none, and why not.
    """

    ended = pyqtSignal(dict, str)

    def __init__(self) -> None:
        super().__init__()
        self._task: QgsProcessingAlgRunnerTask | None = None
        self._context: QgsProcessingContext | None = None
        self.feedback: RunFeedback | None = None

    @property
    def is_running(self) -> bool:
        return self._task is not None

    def start(self, algorithm_id: str, parameters: dict[str, Any], description: str) -> None:
        """Begin; `ended` follows in any case."""
        self.feedback = RunFeedback()
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        if algorithm is None:
            self.ended.emit({}, tr("QGIS knows no algorithm {}.").format(algorithm_id))
            return
        self._context = QgsProcessingContext()
        self._context.setProject(QgsProject.instance())
        self._context.setFeedback(self.feedback)
        can_run, reason = algorithm.checkParameterValues(parameters, self._context)
        if not can_run:
            self.ended.emit({}, reason)
            return
        task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self.feedback)
        # What an algorithm refuses to begin with ends the task before QGIS could report its end.
        if task.isCanceled():
            self._on_executed(False, {})
            return
        self._task = task
        task.setDescription(description)
        task.executed.connect(self._on_executed)
        QgsApplication.taskManager().addTask(task)

    def cancel(self) -> None:
        """End it; the engine is gone within some 2 seconds."""
        if self._task is not None:
            self._task.cancel()

    def stop(self) -> None:
        """Cancel and wait for the end: before the plugin, or QGIS, goes."""
        self.cancel()
        clock = QElapsedTimer()
        clock.start()
        while self._task is not None and clock.elapsed() < _END_TIMEOUT_MS:
            QCoreApplication.processEvents()
            QThread.msleep(_POLL_MS)

    def _on_executed(self, succeeded: bool, results: dict[str, Any]) -> None:
        feedback = self.feedback
        assert feedback is not None  # nosec B101 (a training at work has one)
        self._task = self._context = None
        if succeeded and results and not feedback.isCanceled():
            self.ended.emit(dict(results), "")
        elif feedback.isCanceled() and not feedback.errors:
            self.ended.emit({}, tr("The training was cancelled."))
        else:
            self.ended.emit({}, feedback.errors[-1] if feedback.errors else tr("The training failed."))
