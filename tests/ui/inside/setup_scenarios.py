"""What is done on the page that sets up the engine, and on the options page, one function a scenario."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import window
from landslide_detector.processing.engine import EngineNotFoundError, find_engine, managed_folder, settings
from landslide_detector.processing.engine.install import read_marker
from landslide_detector.ui.dock.widgets import Notice
from landslide_detector.ui.options import PAGE
from landslide_detector.ui.setup import close_setup, offer_setup, open_setup
from landslide_detector.ui.setup.session import Outcome, SetupSession
from qgis.core import QgsProject
from qgis.gui import QgsFileWidget, QgsMessageBar
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import (
    QAction,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from qgis.utils import iface
from scenarios import _heavy_modules


def page() -> QDialog:
    """The set-up's page."""
    return iface.mainWindow().findChild(QDialog, "LandslideSetup")


def find(name: str, kind: type = QWidget) -> Any:
    """A part of the set-up's page."""
    return page().findChild(kind, name)


def session() -> SetupSession:
    return iface.mainWindow().findChild(SetupSession)


def message() -> str:
    """What the page tells of what has ended; empty if it tells nothing."""
    return "".join(find(outcome.value, Notice).text for outcome in Outcome if outcome is not Outcome.NONE)


def has_engine() -> bool:
    try:
        find_engine()
    except EngineNotFoundError:
        return False
    return True


def state() -> dict[str, Any]:
    """What a person reads off the page."""
    names = ("set_up", "cancel", "try", "repair", "remove")
    buttons = {name: find(name, QPushButton) for name in names}
    return {
        "headline": find("headline", QLabel).text(),
        "details": find("details", QLabel).text(),
        "message": message(),
        "set_up": find("set_up", QPushButton).text().replace("&", ""),
        "enabled": [name for name, button in buttons.items() if button.isVisible() and button.isEnabled()],
        "engine": has_engine(),
    }


def is_offered() -> bool:
    """Whether QGIS's message bar has the offer of a set-up among its messages."""
    return any(item.findChild(QPushButton, "LandslideOfferSetup") for item in iface.messageBar().items())


def click(name: str) -> None:
    window.press(find(name, QPushButton))


def from_nothing(wheels: str) -> dict[str, Any]:
    """Accept the offer, set up, look at the result on the map, remove the engine again."""
    seen: dict[str, Any] = {}
    window.picture("setup_offer")
    offer = iface.messageBar().findChild(QPushButton, "LandslideOfferSetup")
    seen["offered"] = offer is not None
    window.press(offer)
    window.wait_until(page, "the page")
    window.wait_until(lambda: find("gpu", QLabel).text(), "a look at the machine")
    seen["first"] = state()
    seen["modal"] = page().isModal()
    window.picture("setup_first")

    click("set_up")
    window.wait_until(lambda: find("log", QPlainTextEdit).toPlainText().count("\n") > 3, "the log")
    seen["working"] = state()
    find("log_box").setCollapsed(False)
    window.picture("setup_working")
    window.wait_until(lambda: session().activity.value == "trying", "the end of the set-up", 200)
    window.picture("setup_trying")
    window.wait_until(lambda: not session().is_busy, "the end of the trial", 120)
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.wait_until(lambda: "MB" in find("details", QLabel).text(), "the size")
    find("log_box").setCollapsed(True)
    window.picture("setup_done")
    seen["done"] = state()
    seen["log"] = find("log", QPlainTextEdit).toPlainText()
    seen["layers"] = sorted(layer.name() for layer in QgsProject.instance().mapLayers().values())
    page().hide()
    window.picture("setup_map")
    open_setup(iface)

    click("remove")
    window.picture("setup_remove")
    seen["asked"] = page().findChild(QgsMessageBar).currentItem().text()
    window.press(find("really_remove", QPushButton))
    window.wait_until(lambda: "removed" in message(), "the removal")
    window.wait_until(lambda: page().findChild(QLabel, "gpu").text(), "another look")
    seen["removed"] = state()
    seen["left"] = [path.name for path in managed_folder().parent.iterdir()]
    offer_setup(iface, iface.mainWindow().findChild(QAction, "LandslideDetector_open_setup"))
    seen["offered_again"] = is_offered()
    seen["heavy_modules"] = _heavy_modules()
    close_setup()
    return seen


def failing() -> dict[str, Any]:
    """Set up where it cannot succeed, and cancel where it can."""
    open_setup(iface)
    click("set_up")
    window.wait_until(lambda: not session().is_busy, "the failure", 60)
    window.picture("setup_failed")
    failed = state()
    settings.INDEX_URL.store("")
    return {"failed": failed}


def cancelling() -> dict[str, Any]:
    """Cancel as soon as pip runs; then unload with a second attempt at work."""
    open_setup(iface)
    click("set_up")
    window.wait_until(lambda: "pip install" in find("log", QPlainTextEdit).toPlainText(), "pip", 60)
    window.picture("setup_before_cancel")
    click("cancel")
    window.wait_until(lambda: not session().is_busy, "the end", 10)
    window.picture("setup_cancelled")
    cancelled = {**state(), "processes": _tools()}
    click("set_up")
    window.wait_until(lambda: _tools(), "another attempt", 60)
    close_setup()
    return {"cancelled": cancelled, "unloaded": {"page": page() is not None, "processes": _tools()}}


def _tools() -> list[str]:
    """Command lines of the processes at work in the engine's folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(managed_folder()) in command:
            found.append(command)
    return found


def existing(program: str) -> dict[str, Any]:
    """Name an engine that is there, and one that is not."""
    open_setup(iface)
    find("existing").setCollapsed(False)
    window.wait_until(find("use").isVisible, "the place to name an engine")
    before = has_engine()
    _type(find("engine_path", QgsFileWidget).lineEdit(), "/nowhere/landslides")
    click("use")
    refused = find("engine_note", QLabel).text()
    _type(find("engine_path", QgsFileWidget).lineEdit(), program)
    click("use")
    window.picture("setup_existing")
    seen = {"before": before, "refused": refused, "stored": settings.ENGINE.stored(), "after": state()}
    close_setup()
    return seen


def update() -> dict[str, Any]:
    """Start as after a plugin update: with an engine of an older version."""
    window.wait_until(lambda: session() and not session().is_busy, "the update", 150)
    installed = read_marker(managed_folder())
    seen = {
        "version": installed.version if installed else None,
        "offered": is_offered(),
        "pages": page() is not None,
    }
    close_setup()
    return seen


def options(changes: dict[str, str]) -> dict[str, Any]:
    """Open QGIS's options at the plugin's page, change some, press OK, and open them again."""
    first: dict[str, Any] = {}
    second: dict[str, Any] = {}

    def change(form: QWidget) -> None:
        first.update(_form(form))
        for name, text in changes.items():
            _fill(form.findChild(QWidget, name), text)
        window.picture("options")

    _in_options(change, QDialogButtonBox.StandardButton.Ok)
    _in_options(lambda form: second.update(_form(form)), QDialogButtonBox.StandardButton.Cancel)
    return {
        "first": first,
        "second": second,
        "stored": {option.name: option.stored() for option in settings.OPTIONS},
        "values": {option.name: option.value() for option in settings.OPTIONS},
    }


def options_to_setup() -> dict[str, Any]:
    """Press the button on the options page that leads to the set-up."""
    _in_options(lambda form: window.press(form.findChild(QPushButton, "open_setup")), None)
    window.wait_until(page, "the page of the set-up")
    shown = page().isVisible()
    close_setup()
    return {"shown": shown}


def _in_options(act: Any, button: Any) -> None:
    """Open the Options dialog at the plugin's page, act on it and press a button of the dialog."""

    def work() -> None:
        window.wait_until(lambda: _options_dialog() is not None, "the options")
        dialog = _options_dialog()
        act(dialog.findChild(QWidget, PAGE))
        if button is not None:
            window.press(dialog.findChild(QDialogButtonBox, "buttonBox").button(button))

    QTimer.singleShot(0, work)
    iface.showOptionsDialog(iface.mainWindow(), PAGE)


def _options_dialog() -> QDialog | None:
    shown = [
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, QDialog) and widget.isVisible() and widget.findChild(QWidget, PAGE) is not None
    ]
    return shown[0] if shown else None


def _form(form: QWidget) -> dict[str, Any]:
    return {
        option.name: {
            "text": _read(form.findChild(QWidget, option.name)),
            "enabled": form.findChild(QWidget, option.name).isEnabled(),
            "tip": form.findChild(QWidget, option.name).toolTip(),
        }
        for option in settings.OPTIONS
    }


def _read(widget: QWidget) -> str:
    if isinstance(widget, QgsFileWidget):
        return widget.filePath()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QCheckBox):
        return json.dumps(widget.isChecked())
    return widget.text()


def _fill(widget: QWidget, text: str) -> None:
    if isinstance(widget, QgsFileWidget):
        _type(widget.lineEdit(), text)
    elif isinstance(widget, QComboBox):
        widget.setCurrentText(text)
    elif isinstance(widget, QCheckBox):
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_Space)
    else:
        _type(widget, text)


def _type(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
