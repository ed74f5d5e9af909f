"""The proof that an engine works: a real detection on the synthetic sample scene, shown on the map."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessing,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...processing.i18n import tr
from ..dock.feedback import RunFeedback
from ..dock.queue import RunQueue
from ..dock.results import add_results
from ..dock.run import Run, RunState, SceneReference

_SAMPLE = "landslides:createsamplescene"
_DETECTION = "landslides:segmentlandslides"
# A few landslides, in a few seconds.
_SIDE_PX = 768


class Trial(QObject):
    """Makes the sample scene and detects its landslides, through the algorithms a person would use.

    Signals:
        ended: with the number of landslides found, or -1, and with why it failed: empty if it was cancelled.
        logged: some lines for the log.
        moved: percent done.
    """

    ended = pyqtSignal(int, str)
    logged = pyqtSignal(str)
    moved = pyqtSignal(float)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = RunQueue(self)
        self._queue.ended.connect(self._on_detected)
        self._task: QgsProcessingAlgRunnerTask | None = None
        self._context: QgsProcessingContext | None = None
        self._feedback: RunFeedback | None = None
        self.extent_layer: QgsRasterLayer | None = None

    def start(self) -> None:
        self._feedback = RunFeedback()
        self._context = QgsProcessingContext()
        self._context.setFeedback(self._feedback)
        algorithm = QgsApplication.processingRegistry().algorithmById(_SAMPLE)
        parameters = {"SIZE": _SIDE_PX, "SEED": 0, "SCENE": QgsProcessing.TEMPORARY_OUTPUT}
        parameters["TRUTH"] = QgsProcessing.TEMPORARY_OUTPUT
        self._task = QgsProcessingAlgRunnerTask(algorithm, parameters, self._context, self._feedback)
        # What an algorithm refuses to begin with ends the task before QGIS could report its end.
        if self._task.isCanceled():
            self._on_sample(False, {})
            return
        self._task.executed.connect(self._on_sample)
        QgsApplication.taskManager().addTask(self._task)

    def cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._queue.cancel_all()

    def stop(self) -> None:
        """Cancel, and wait for the end of what runs: before the plugin goes."""
        self.cancel()
        self._queue.stop()

    def _on_sample(self, succeeded: bool, results: dict[str, Any]) -> None:
        feedback = self._feedback
        assert feedback is not None  # nosec B101 (it was started)
        self._task = self._context = None
        self.logged.emit(feedback.log)
        layer = QgsRasterLayer(str(results.get("SCENE", "")), tr("sample scene (synthetic)")) if succeeded else None
        if layer is None or not layer.isValid():
            cancelled = feedback.isCanceled() and not feedback.errors
            self.ended.emit(-1, "" if cancelled else _why(feedback.errors))
            return
        self.moved.emit(30)
        self.extent_layer = layer
        QgsProject.instance().addMapLayer(layer)
        label = QgsApplication.processingRegistry().algorithmById(_DETECTION).displayName()
        self._queue.add(Run(_DETECTION, label, SceneReference.of(layer), {}))

    def _on_detected(self, run: Run, context: QgsProcessingContext | None) -> None:
        self.logged.emit(run.log)
        if run.state is RunState.DONE and context is not None:
            # All at once: they are small.
            for _step in add_results(run, context):
                pass
            self.ended.emit(int(run.results["COUNT"]), "")
        else:
            self.ended.emit(-1, "" if run.state is RunState.CANCELLED else _why([run.message]))


def _why(errors: list[str]) -> str:
    return tr("The engine is installed, but the detection on the sample scene failed: {}").format(
        errors[-1] if errors else tr("no reason was given")
    )
