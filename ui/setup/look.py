"""A look at this machine that would keep the window waiting: the GPU's driver is asked, and the engine is weighed."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...processing.engine.install import find_gpu, managed_folder, size_on_disk, tool_environment


class Look(QObject):
    """Looks once, in a thread of its own.

    No `QgsTask`: QGIS would list it, and ask about it before it closes.

    Signals:
        done: the `Gpu` or None, and the bytes the engine takes.
    """

    done = pyqtSignal(object, object)

    def start(self) -> None:
        arguments = tool_environment(), managed_folder()
        threading.Thread(target=self._look, args=arguments, daemon=True).start()

    def _look(self, environment: dict[str, str], folder: Path) -> None:
        found = find_gpu(environment), size_on_disk(folder)
        # Meanwhile the page may have gone.
        with suppress(RuntimeError):
            self.done.emit(*found)
