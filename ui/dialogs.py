"""Opens the dialogs of the Processing algorithms, and closes them before their provider goes."""

from __future__ import annotations

from typing import Any

from qgis.PyQt import sip
from qgis.PyQt.QtCore import QEventLoop, QTimer

# An engine ends within 2 s of being told to; the rest is QGIS taking note of it.
_CANCEL_TIMEOUT_MS = 5000
_POLL_MS = 20


class AlgorithmDialogs:
    """The algorithm dialogs this plugin has opened.

    An algorithm's dialog holds on to its provider, so QGIS would crash on a dialog that outlives the plugin.
    """

    def __init__(self) -> None:
        self._dialogs: list[Any] = []

    def open(self, algorithm: str, parameters: dict[str, Any]) -> None:
        """Show the dialog of `algorithm` with `parameters` filled in, and return at once.

        Raises:
            RuntimeError: QGIS knows no such algorithm.
        """
        import processing  # QGIS's own plugin; not there yet when QGIS starts

        dialog = processing.createAlgorithmDialog(algorithm, parameters)
        if dialog is None:
            raise RuntimeError(f"QGIS knows no algorithm {algorithm}")
        # Escape only hides a dialog. Closing lets QGIS delete it, at once or when its running task ends.
        dialog.rejected.connect(dialog.close)
        self._dialogs = [*self._alive(), dialog]
        dialog.show()

    def close_all(self) -> None:
        """Close every dialog; cancel first what is still running and wait for its end."""
        for dialog in self._alive():
            if dialog.cancelButton().isEnabled():
                _cancel(dialog)
            dialog.close()
            # QGIS deletes a closed dialog when control returns to it, which would be after the provider is gone.
            sip.delete(dialog)
        self._dialogs = []

    def _alive(self) -> list[Any]:
        return [dialog for dialog in self._dialogs if not sip.isdeleted(dialog)]


def _cancel(dialog: Any) -> None:
    ended = QEventLoop()
    # QGIS sends no signal when a cancelled algorithm has ended; it only lets it be run again.
    poll = QTimer()
    poll.timeout.connect(lambda: ended.quit() if dialog.runButton().isEnabled() else None)
    poll.start(_POLL_MS)
    QTimer.singleShot(_CANCEL_TIMEOUT_MS, ended.quit)
    dialog.cancelButton().click()
    ended.exec()
    poll.stop()
