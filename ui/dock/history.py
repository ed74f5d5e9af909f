"""The runs of the past, kept in the user's QGIS profile."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...processing.i18n import tr
from .queue import RunQueue
from .run import Run

_MOST_RUNS = 100


def runs_folder() -> Path:
    """Return the folder in the profile that belongs to the runs."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "landslides" / "runs"


class RunHistory(QObject):
    """The latest runs that are over, newest first, in a JSON file; the areas they searched lie beside it.

    Args:
        folder: of the file.
        queue: the runs that are not over yet.

    Signals:
        changed: a run was added or removed.
    """

    changed = pyqtSignal()

    def __init__(self, folder: Path, queue: RunQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._folder = folder
        self._file = folder / "runs.json"
        self.runs: list[Run] = self._read()

    def add(self, run: Run) -> None:
        """Put a run on top; the oldest is forgotten where there are too many."""
        self.runs.insert(0, run)
        for forgotten in self.runs[_MOST_RUNS:]:
            self.remove(forgotten)
        self.save()

    def remove(self, run: Run) -> None:
        """Forget a run; its results stay where they are, and its area if another run, also one to come, needs it."""
        self.runs.remove(run)
        area = run.parameters.get("AOI")
        is_ours = isinstance(area, str) and Path(area).parent == self._folder
        others = [*self.runs, *self._queue.runs]
        if is_ours and not any(other.parameters.get("AOI") == area for other in others):
            Path(area).unlink(missing_ok=True)
        self.save()

    def _read(self) -> list[Run]:
        if not self._file.exists():
            return []
        # A file that is broken, or of another version, must not keep the plugin from loading.
        try:
            return [Run.from_dict(values) for values in json.loads(self._file.read_text(encoding="utf-8"))]
        except (OSError, ValueError, KeyError, TypeError) as error:
            _warn(tr("{path}: the list of past runs cannot be read: {error}").format(path=self._file, error=error))
            return []

    def save(self) -> None:
        """Write the list, after a run in it has changed."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new = self._file.with_suffix(".new")
            new.write_text(json.dumps([run.to_dict() for run in self.runs], indent=1, default=str), encoding="utf-8")
            new.replace(self._file)
        except OSError as error:
            _warn(tr("{path}: the list of past runs cannot be written: {error}").format(path=self._file, error=error))
        self.changed.emit()


def _warn(message: str) -> None:
    QgsMessageLog.logMessage(message, "Landslide Detector", Qgis.MessageLevel.Warning)
