"""What the scenarios do to the QGIS window: find, click, wait, look."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

from qgis.PyQt.QtCore import QEventLoop, QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog, QMenu, QPushButton, QToolButton
from qgis.utils import iface

# Where pictures go; set when a scenario starts.
PICTURES = Path()


def wait_until(condition: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Let QGIS run until `condition` holds.

    Raises:
        AssertionError: it does not hold in time.
    """
    held, in_vain = 0, 1
    loop = QEventLoop()
    poll = QTimer()
    # Asked once: what holds now may hold no more when the loop has ended, as it first does what is due.
    poll.timeout.connect(lambda: loop.exit(held) if condition() else None)
    poll.start(10)
    QTimer.singleShot(int(seconds * 1000), lambda: loop.exit(in_vain))
    ended = loop.exec()
    poll.stop()
    assert ended == held, f"waited {seconds} s in vain for {what}"


def picture(name: str) -> None:
    """Save what is on the screen as `NAME.png`."""
    QApplication.processEvents()
    QApplication.primaryScreen().grabWindow(0).save(str(PICTURES / f"{name}.png"))


def button() -> QToolButton | None:
    """Return the plugin's button."""
    return iface.mainWindow().findChild(QToolButton, "LandslideDetectorButton")


def menu() -> QMenu | None:
    """Return the button's drop-down."""
    return iface.mainWindow().findChild(QMenu, "LandslideDetectorMenu")


def click_button() -> None:
    """Click on the button itself."""
    QTest.mouseClick(button(), Qt.MouseButton.LeftButton, pos=QPoint(8, button().height() // 2))


def pick(action: QAction, picture_name: str) -> None:
    """Open the button's drop-down by its arrow and click on `action`."""

    def click() -> None:
        wait_until(menu().isVisible, "the drop-down")
        picture(picture_name)
        QTest.mouseClick(menu(), Qt.MouseButton.LeftButton, pos=menu().actionGeometry(action).center())

    QTimer.singleShot(0, click)
    arrow = QPoint(button().width() - 4, button().height() // 2)
    QTest.mouseClick(button(), Qt.MouseButton.LeftButton, pos=arrow)


def algorithm_dialog() -> QDialog:
    """Return the algorithm dialog on the screen, waiting for it to appear."""
    wait_until(algorithm_dialogs, "an algorithm's dialog")
    (dialog,) = algorithm_dialogs()
    return dialog


def press(pushed: QPushButton) -> None:
    """Click on a button of a dialog, some time after it has appeared."""
    # What only Python held on to is gone by then.
    gc.collect()
    QTest.mouseClick(pushed, Qt.MouseButton.LeftButton)


def algorithm_dialogs() -> list[QDialog]:
    """Return the algorithm dialogs on the screen."""
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog) and hasattr(widget, "algorithm") and widget.isVisible()
    ]


def engine_processes() -> list[int]:
    """Return the ids of the engine processes this QGIS has started and that have not ended."""
    return [int(status.parent.name) for status in Path("/proc").glob("[0-9]*/stat") if _is_engine(status)]


def _is_engine(status: Path) -> bool:
    try:
        _name, _, fields = status.read_text().rpartition(")")
        state, parent = fields.split()[:2]
        command = status.with_name("cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return False
    return int(parent) == os.getpid() and state != "Z" and b"landslides" in command
