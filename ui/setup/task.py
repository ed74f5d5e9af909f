"""Work on the engine as a background task of QGIS's, which its task manager shows and can cancel."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsTask
from qgis.PyQt.QtCore import pyqtSignal

from ...processing.engine.install import Report, SetupCancelled, SetupError
from ...processing.i18n import tr

Work = Callable[[Report], object]


class EngineTask(QgsTask):
    """Does some work on the engine and reports.

    Args:
        title: for the task manager.
        work: gets this task as its report; raises `SetupError` or `SetupCancelled`.

    Attributes:
        message: why it failed, in one line; empty otherwise.
        was_cancelled: whether it ended because it was told to.

    Signals:
        staged: what is being done now.
        logged: a line for the log.
        ended: it is over, one way or another.
    """

    staged = pyqtSignal(str)
    logged = pyqtSignal(str)
    ended = pyqtSignal()

    def __init__(self, title: str, work: Work) -> None:
        super().__init__(title, QgsTask.Flag.CanCancel)
        self.message = ""
        self.was_cancelled = False
        self._work = work

    def stage(self, text: str) -> None:
        self.staged.emit(text)

    def log(self, line: str) -> None:
        self.logged.emit(line)

    def progress(self, percent: float) -> None:
        self.setProgress(percent)

    def is_cancelled(self) -> bool:
        return self.isCanceled()

    def run(self) -> bool:
        try:
            self._work(self)
        except SetupCancelled:
            self.was_cancelled = True
        except SetupError as error:
            self.message = str(error)
        except Exception as error:
            # An exception in a task is lost, and with it the only hint at a fault of ours.
            self.message = tr("The set-up failed: {}").format(repr(error))
        return not self.message and not self.was_cancelled

    def finished(self, result: bool) -> None:
        # Cancelled before it could begin, it was never run.
        self.was_cancelled = self.was_cancelled or (not result and not self.message)
        self.ended.emit()
