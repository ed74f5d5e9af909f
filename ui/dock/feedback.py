"""What a run says while it works, kept for the window to look at."""

from __future__ import annotations

from collections import deque

from qgis.core import QgsProcessingFeedback

from .meter import Reading, RunMeter

_MOST_LINES = 2000


class RunFeedback(QgsProcessingFeedback):
    """Collects in the worker thread what the window reads, when it has time, in the main thread.

    No signal crosses the threads, so nothing can arrive at a widget that is gone, and a flood of messages costs the
    window nothing.

    Attributes:
        errors: what was reported as an error.
    """

    def __init__(self) -> None:
        super().__init__(False)
        self.errors: list[str] = []
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)
        self._meter = RunMeter()

    @property
    def log(self) -> str:
        return "\n".join(list(self._lines))

    def reading(self) -> Reading:
        """Return how far the run is. Call in the main thread only."""
        return self._meter.read(self.progress() / 100)

    def pushInfo(self, info: str) -> None:
        self._meter.hear(info)
        self._lines.append(info)

    def pushCommandInfo(self, info: str) -> None:
        self._lines.append(info)

    def pushConsoleInfo(self, info: str) -> None:
        self._lines.append(info)

    def pushDebugInfo(self, info: str) -> None:
        self._lines.append(info)

    def pushWarning(self, warning: str) -> None:
        self._lines.append(warning)

    def setProgressText(self, text: str) -> None:
        self._lines.append(text)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)
        self._lines.append(error)
