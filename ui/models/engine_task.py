"""The engine's small jobs on the models (import, remove), as a background task of QGIS's."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.core import QgsProcessingFeedback, QgsTask

from ...processing.engine import Engine, EngineError, run_engine


class EngineTask(QgsTask):
    """Runs `landslides ...` in the background.

    Args:
        title: what QGIS's task list shows.
        engine: the engine.
        arguments: of its command line.
        reports_progress: whether this command knows `--progress`.
        on_end: called in the main thread with what went wrong (empty if nothing did) and the log.
    """

    def __init__(
        self,
        title: str,
        engine: Engine,
        arguments: Sequence[str],
        reports_progress: bool,
        on_end: Callable[[str, str], None],
    ) -> None:
        super().__init__(title)
        self._engine = engine
        self._arguments = list(arguments)
        self._reports_progress = reports_progress
        self._on_end: Callable[[str, str], None] | None = on_end
        # Not connected to anything: it is written in the worker thread and read when that has ended.
        self._feedback = QgsProcessingFeedback(False)
        self._fault = ""

    def run(self) -> bool:
        """Work in the worker thread."""
        try:
            run_engine(self._engine, self._arguments, self._feedback, self._reports_progress)
        except EngineError as error:
            self._fault = str(error)
            return False
        return not self._feedback.isCanceled()

    def cancel(self) -> None:
        """End the engine."""
        self._feedback.cancel()
        super().cancel()

    def forget(self) -> None:
        """Tell nobody any more: the window is going."""
        self._on_end = None

    def finished(self, result: bool) -> None:
        """Back in the main thread."""
        if self._on_end is not None and not self.isCanceled():
            self._on_end(self._fault, self._feedback.textLog())
