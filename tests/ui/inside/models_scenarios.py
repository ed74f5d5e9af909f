"""What is done in the model manager, in a QGIS window."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import window
from landslide_detector.ui.models import close_models, open_models
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QLineEdit, QPushButton, QTextBrowser, QTreeWidget, QWidget
from qgis.utils import iface, unloadPlugin


class Pulse:
    """Measures how long QGIS's main thread does not answer at most."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.monotonic()
        self._timer = QTimer()
        self._timer.timeout.connect(self._beat)
        self._timer.start(5)

    def picture(self, name: str) -> None:
        """Take a picture, which is not the manager's time."""
        window.picture(name)
        self._last = time.monotonic()

    def _beat(self) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last)
        self._last = now


def tour(onnx: str, offered: str) -> dict[str, Any]:
    """Look at every model, download one that breaks off and goes on, import an ONNX model, remove it."""
    came: list[str] = []
    manager = open_models(iface, came.append)
    window.picture("models_list")
    seen: dict[str, Any] = {
        "groups": _groups(manager),
        "modal": manager.isModal(),
        "page": _widget(manager, QTextBrowser, "LandslideModelPage").toPlainText(),
    }

    _select(manager, offered)
    seen["offered_page"] = _widget(manager, QTextBrowser, "LandslideModelPage").toPlainText()
    window.picture("models_offered")
    pulse = Pulse()
    _press(manager, "LandslideModelDownload")
    window.wait_until(lambda: not manager.is_busy, "the broken download")
    seen["broken"] = _text(manager, "LandslideModelFault")
    pulse.picture("models_broken")
    _press(manager, "LandslideModelDownload")
    window.wait_until(lambda: not manager.is_busy, "the download")
    seen["downloaded"] = (_text(manager, "LandslideModelFault"), _text(manager, "LandslideModelNote"))
    pulse.picture("models_downloaded")

    manager.choose_import(Path(onnx))
    pulse.picture("models_import")
    _press(manager, "LandslideImportStart")
    window.wait_until(lambda: not manager.is_busy, "the refused import")
    seen["refused"] = _text(manager, "LandslideModelFault")
    pulse.picture("models_refused")
    QTest.keyClicks(_widget(manager, QLineEdit, "LandslideImportName"), "from-elsewhere")
    QTest.keyClicks(_widget(manager, QLineEdit, "LandslideImportClass"), "scar")
    _press(manager, "LandslideImportStart")
    window.wait_until(lambda: manager.is_busy, "the import")
    seen["busy"] = {"import": _widget(manager, QPushButton, "LandslideModelImport").isEnabled()}
    window.wait_until(lambda: not manager.is_busy, "the import's end")
    seen["imported"] = (_text(manager, "LandslideModelFault"), _text(manager, "LandslideModelNote"), manager.list.name)
    seen["in_algorithm"] = _models_of("landslides:segmentlandslides")
    pulse.picture("models_imported")

    _press(manager, "LandslideModelRemove")
    seen["question"] = _text(manager, "LandslideModelQuestion")
    pulse.picture("models_question")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    window.wait_until(lambda: not manager.is_busy and "from-elsewhere" not in manager.list.names(), "the removal")
    seen["removed_from_algorithm"] = _models_of("landslides:segmentlandslides")
    seen["came"] = came
    seen["longest_silence_s"] = pulse.longest

    QgsApplication.setUITheme("Night Mapping")
    window.picture("models_dark")
    manager.close()
    seen["same_again"] = open_models(iface) is manager
    close_models(iface)
    return seen


def cancelled(offered: str) -> dict[str, Any]:
    """Cancel a download half-way, begin it again, and unload the plugin while it is at work."""
    manager = open_models(iface)
    _select(manager, offered)
    _press(manager, "LandslideModelDownload")
    window.wait_until(lambda: _widget(manager, QWidget, "LandslideModelProgress").value() > 0, "progress")
    window.picture("models_at_work")
    incoming = Path(os.environ["LANDSLIDES_MODELS"], ".incoming")
    window.wait_until(lambda: len(list(incoming.glob("*.partial"))) == 2, "some of the weights, after the graph")
    _press(manager, "LandslideModelCancel")
    window.wait_until(lambda: not manager.is_busy, "the cancel")
    seen = {"cancelled": _text(manager, "LandslideModelFault")}
    _press(manager, "LandslideModelDownload")
    window.wait_until(lambda: _widget(manager, QWidget, "LandslideModelProgress").value() > 0, "progress again")
    close_models(iface)
    seen["unloaded"] = unloadPlugin("landslide_detector")
    return seen


def _groups(manager: QWidget) -> dict[str, list[str]]:
    tree = _widget(manager, QTreeWidget, "LandslideModels")
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return {group.text(0): [group.child(row).text(0) for row in range(group.childCount())] for group in groups}


def _select(manager: QWidget, name: str) -> None:
    tree = _widget(manager, QTreeWidget, "LandslideModels")
    (item,) = tree.findItems(name, Qt.MatchFlag.MatchExactly | Qt.MatchFlag.MatchRecursive, 0)
    tree.setCurrentItem(item)


def _models_of(algorithm: str) -> list[str]:
    found = QgsApplication.processingRegistry().createAlgorithmById(algorithm)
    return list(found.parameterDefinition("MODEL").metadata()["widget_wrapper"]["value_hints"])


def _text(manager: QWidget, name: str) -> str:
    return manager.findChild(QWidget, name).text


def _press(manager: QWidget, name: str) -> None:
    button = _widget(manager, QPushButton, name)
    assert button.isVisible(), name
    assert button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def _widget(manager: QWidget, kind: type, name: str) -> Any:
    return manager.findChild(kind, name)
