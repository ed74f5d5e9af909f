"""What is done in the QGIS window, one function a scenario. Each returns what it saw; the tests judge it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import window
from qgis.core import QgsApplication, QgsProcessingUtils, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.gui import QgsGui
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QDockWidget, QProgressBar, QTextEdit
from qgis.utils import iface, plugins, unloadPlugin

PLUGIN = "landslide_detector"
HEAVY = {"torch", "rasterio", "openvino", "onnxruntime", "geopandas"}


def button(scene: str) -> dict[str, Any]:
    """Look at the button and its menu while the active layer changes."""
    project = QgsProject.instance()
    heavy = _heavy_modules()
    detector = _entry("segmentlandslides")
    enabled = {"no layer": detector.isEnabled()}
    tooltip = {"no layer": detector.toolTip()}

    vector = QgsVectorLayer("Polygon?crs=EPSG:4326", "outlines", "memory")
    project.addMapLayer(vector)
    iface.setActiveLayer(vector)
    enabled["vector layer"] = detector.isEnabled()
    actions = [action for action in window.menu().actions() if not action.isSeparator()]
    without_raster = [action.text() for action in actions if action.isEnabled()]

    raster = _load(scene)
    enabled["raster layer"] = detector.isEnabled()
    tooltip["raster layer"] = detector.toolTip()
    window.picture("button")

    project.removeMapLayer(raster)
    enabled["raster layer removed"] = detector.isEnabled()
    window.click_button()
    opened = [_dock().isVisible(), window.button().isChecked()]
    window.click_button()
    closed = [_dock().isVisible(), window.button().isChecked()]

    return {
        "enabled": enabled,
        "tooltip": tooltip,
        "entries": [action.text() for action in actions],
        "entries_without_raster": without_raster,
        "entries_without_icon": [action.text() for action in actions if action.icon().pixmap(16, 16).isNull()],
        "visible": window.button().isVisible(),
        "in_raster_menu": window.menu().menuAction() in iface.rasterMenu().actions(),
        "among_keyboard_shortcuts": [
            action.text() for action in actions if action in QgsGui.shortcutsManager().listActions()
        ],
        "takes_focus_by_tab": bool(window.button().focusPolicy() & Qt.FocusPolicy.TabFocus),
        "opened": opened,
        "closed": closed,
        "heavy_modules": heavy,
    }


def choice(scene: str, pick: str) -> dict[str, Any]:
    """Pick an entry from the drop-down and look at the dialog that opens."""
    layer = _load(scene)
    window.pick(_entry(pick), "drop_down")
    dialog = window.algorithm_dialog()
    window.picture(f"dialog_{dialog.algorithm().name()}")
    return {
        "algorithm": dialog.algorithm().id(),
        "input": dialog.createProcessingParameters().get("INPUT"),
        "layer": layer.id(),
        "modal": dialog.isModal(),
        "message": dialog.messageBar().currentItem().text() if dialog.messageBar().currentItem() else "",
    }


def detection(scene: str) -> dict[str, Any]:
    """Pick a detector, press Run in its dialog as it stands, and wait for the layers."""
    raster = _load(scene)
    window.pick(_entry("segmentlandslides"), "drop_down")
    dialog = window.algorithm_dialog()
    window.press(dialog.runButton())
    window.wait_until(window.engine_processes, "the engine")
    seen_at_work = {
        "engines": len(window.engine_processes()),
        "button_enabled": window.button().isEnabled(),
        "cancel_enabled": dialog.cancelButton().isEnabled(),
    }
    window.wait_until(dialog.runButton().isEnabled, "the detection's end")
    log = dialog.findChild(QTextEdit, "txtLog").toPlainText()
    window.picture("detection_log")
    dialog.close()
    layers = _layers_besides(raster)
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.picture("detection")
    return {
        "seen_at_work": seen_at_work,
        "log": log,
        "scene": {"crs": raster.crs().authid(), "extent": raster.extent().toString(3)},
        "layers": [
            {
                "name": layer.name(),
                "kind": type(layer).__name__,
                "valid": layer.isValid(),
                "crs": layer.crs().authid(),
                "extent": layer.extent().toString(3),
                "renderer": layer.renderer().type(),
                "shown": QgsProject.instance().layerTreeRoot().findLayer(layer).isVisible(),
            }
            for layer in layers
        ],
        "heavy_modules": _heavy_modules(),
    }


def cancel(scene: str) -> dict[str, Any]:
    """Press Cancel in the dialog as soon as the engine reports progress."""
    raster = _load(scene)
    folder = Path(QgsProcessingUtils.tempFolder())
    before = set(folder.rglob("*"))
    window.pick(_entry("segmentlandslides"), "drop_down")
    dialog = window.algorithm_dialog()
    window.press(dialog.runButton())
    window.wait_until(lambda: dialog.findChild(QProgressBar).value() > 0, "progress")
    engines = window.engine_processes()
    start = time.monotonic()
    window.press(dialog.cancelButton())
    window.wait_until(lambda: dialog.runButton().isEnabled() and not window.engine_processes(), "the end")
    seconds = time.monotonic() - start
    window.picture("cancelled")
    return {
        "engines": len(engines),
        "seconds": seconds,
        "layers": [layer.name() for layer in _layers_besides(raster)],
        "files": [str(path) for path in set(folder.rglob("*")) - before if path.is_file()],
    }


def unload(scene: str, running: bool, failing: bool = False) -> dict[str, Any]:
    """Unload the plugin with dock and dialog open, idle or at work."""
    _load(scene)
    window.click_button()
    window.pick(_entry("segmentlandslides"), "drop_down")
    dialog = window.algorithm_dialog()
    if running:
        window.press(dialog.runButton())
        window.wait_until(window.engine_processes, "the engine")
    if failing:
        plugins[PLUGIN]._unloaders.append(lambda: 1 / 0)
    unloaded = unloadPlugin(PLUGIN)
    left = {
        "button": window.button() is not None and window.button().isVisible(),
        "raster_menu": [action.text() for action in iface.rasterMenu().actions() if "Landslide" in action.text()],
        "shortcuts": [
            action.text()
            for action in QgsGui.shortcutsManager().listActions()
            if action.objectName().startswith("LandslideDetector")
        ],
        "provider": QgsApplication.processingRegistry().providerById("landslides") is not None,
        "dock": _dock() is not None and _dock().isVisible(),
        "dialogs": len(window.algorithm_dialogs()),
        "engines": len(window.engine_processes()),
    }
    window.picture("unloaded")
    return {"unloaded": unloaded, "left": left}


def _entry(name: str) -> QAction:
    """Return the entry of the drop-down for an algorithm."""
    return next(entry for entry in window.menu().actions() if entry.objectName().endswith(f"_{name}"))


def _dock() -> QDockWidget | None:
    return iface.mainWindow().findChild(QDockWidget, "LandslideDetectorDock")


def _load(scene: str) -> QgsRasterLayer:
    layer = QgsRasterLayer(scene, Path(scene).stem)
    assert layer.isValid(), scene
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    return layer


def _layers_besides(raster: QgsRasterLayer) -> list[Any]:
    layers = QgsProject.instance().mapLayers().values()
    return sorted((layer for layer in layers if layer is not raster), key=lambda layer: layer.name())


def _heavy_modules() -> list[str]:
    return sorted(HEAVY & set(sys.modules))
