"""What is done in the dock, one function a scenario. Each returns what it saw; the tests judge it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import dock
import window
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAbstractButton, QAction, QApplication, QWidget
from qgis.utils import iface


def look(scene: str, misfit: str) -> dict[str, Any]:
    """Open the dock, look at every page in a light and a dark theme, and go through it by the keyboard."""
    seen: dict[str, Any] = {"dock_before": dock.dock() is not None}
    dock.open_with(None)
    seen["without_scene"] = {"facts": dock.part("SceneFacts").text(), "run": dock.part("Run").isEnabled()}
    dock.load(scene)
    seen["scene"] = dock.part("Scene").currentText()
    seen["facts"] = dock.part("SceneFacts").text().splitlines()
    seen["misfit"] = dock.part("Misfit").text
    seen["run"] = dock.part("Run").isEnabled()
    thumbnail = dock.dock().detect.scene._thumbnail
    window.wait_until(lambda: thumbnail.pixmap() is not None and not thumbnail.pixmap().isNull(), "the thumbnail")
    dock.click("ModelFold")
    seen["card"] = dock.part("ModelCard").text()
    seen["models"] = [dock.part("Model").itemText(number) for number in range(dock.part("Model").count())]
    for name in ("patches", "anomaly", "segmentation"):
        dock.click(f"Detector_{name}")
        seen.setdefault("detectors", {})[name] = [
            dock.part(f"Detector_{name}").isChecked(),
            dock.part("Model").itemText(0),
            dock.part("ThresholdAuto").text(),
        ]
    window.picture("dock_card")
    dock.click("ModelFold")
    seen["tab_order"] = _walk(dock.part("Scene"))
    seen["nameless"] = _nameless()
    for number, name in enumerate(dock.PAGES):
        dock.page(name)
        window.picture(f"dock_{number}_{name}")
    dock.page("detect")
    dock.load(misfit)
    seen["misfit_of_another"] = dock.part("Misfit").text
    window.picture("dock_misfit")
    QgsApplication.instance().setUITheme("Night Mapping")
    for number, name in enumerate(dock.PAGES):
        dock.page(name)
        window.picture(f"dock_{number}_{name}_dark")
    seen["heavy_modules"] = dock.heavy_modules()
    return seen


def runs(scene: str, folder: str) -> dict[str, Any]:
    """Start three runs, watch them, repeat one, and look at what they leave."""
    seen: dict[str, Any] = {"texts": [], "most_engines": 0}
    dock.open_with(scene)
    dock.dock().detect._folder.setFilePath(folder)
    for name in ("segmentation", "patches"):
        dock.click(f"Detector_{name}")
        dock.run()
    dock.click("ThresholdFixed")
    dock.part("ThresholdValue").setValue(0.25)
    dock.run()
    seen["queued"] = [(run.title, run.state.value) for run in dock.desk().queue.runs]

    def watch() -> bool:
        seen["most_engines"] = max(seen["most_engines"], len(window.engine_processes()))
        if dock.part("Figures").isVisible():
            seen["texts"].append(dock.part("Figures").text())
        if len(seen["texts"]) == 60:
            window.picture("dock_running")
        return not dock.desk().is_busy

    window.wait_until(watch, "the end of all runs")
    seen["groups"] = dock.groups()
    seen["messages"] = dock.messages()
    seen["files"] = sorted(path.name for path in Path(folder).iterdir())
    layer = QgsProject.instance().mapLayersByName("hillside: landslides")[0]
    seen["record"] = json.loads(layer.customProperty("landslide_detector/run"))
    seen["shows_result_as_scene"] = dock.part("Scene").findText("hillside: landslide probability") >= 0
    dock.wait_for_map()
    window.picture("dock_results")

    dock.part("ThresholdAuto").setChecked(True)
    iface.setActiveLayer(layer)
    iface.mainWindow().findChild(QAction, "LandslideRepeat").trigger()
    seen["filled"] = {
        "detector": dock.dock().detect.detector.choice.name,
        "threshold": dock.dock().detect.threshold.parameters(),
    }
    dock.page("runs")
    names = [dock.part("Runs").topLevelItem(row).text(0) for row in range(dock.part("Runs").topLevelItemCount())]
    seen["listed"] = names
    seen["details"] = dock.part("RunDetails").toPlainText()
    window.picture("dock_runs")
    window.press(dock.part("RunRepeat"))
    dock.wait_for_end()
    seen["groups_after_repeat"] = len(QgsProject.instance().layerTreeRoot().findGroups())
    seen["heavy_modules"] = dock.heavy_modules()
    return seen


def next_start() -> dict[str, Any]:
    """Look at the past runs after QGIS was started anew; show one, remove it."""
    window.wait_until(lambda: dock.dock() is not None and dock.dock().isVisible(), "the dock, open as it was")
    dock.page("runs")
    before = dock.part("Runs").topLevelItemCount()
    window.press(dock.part("RunShow"))
    groups = dock.groups()
    window.press(dock.part("RunRemove"))
    return {"before": before, "groups": groups, "after": dock.part("Runs").topLevelItemCount()}


def areas(scene: str) -> dict[str, Any]:
    """Search the whole layer, the visible map, selected polygons and a rectangle drawn with the mouse."""
    layer = dock.open_with(scene)
    extent = layer.extent()
    canvas = iface.mapCanvas()
    commands = []

    def run() -> None:
        dock.run()
        dock.wait_for_end()
        commands.append(dock.desk().history.runs[0].record["command"])

    run()
    part = QgsRectangle(extent)
    part.scale(0.5)
    canvas.setExtent(part)
    visible = canvas.extent().intersect(extent)
    dock.click("AreaVisible")
    run()
    polygons = QgsVectorLayer(f"Polygon?crs={layer.crs().authid()}", "valley", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(part))
    polygons.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(polygons)
    dock.click("AreaPolygons")
    dock.choose("AreaLayer", "valley")
    dock.run()
    nothing_selected = dock.part("Problem").text
    polygons.selectAll()
    run()
    canvas.setExtent(extent)
    dock.wait_for_map()
    dock.click("AreaRectangle")
    drawing = dock.part("Draw").isChecked()
    tool = type(canvas.mapTool()).__name__
    middle = canvas.viewport().rect().center()
    ends = [middle - QPoint(60, 40), middle + QPoint(60, 40)]
    QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(canvas.viewport(), ends[1])
    QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=ends[1])
    corners = [canvas.getCoordinateTransform().toMapCoordinates(end) for end in ends]
    drawn = QgsRectangle(*corners)
    window.picture("dock_rectangle")
    run()
    canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    dock.click("AreaVisible")
    dock.run()
    return {
        "commands": commands,
        "visible": _corners(visible),
        "drawn": _corners(drawn.intersect(extent)),
        "drawing": [drawing, tool, dock.part("Draw").isChecked(), type(canvas.mapTool()).__name__ != tool],
        "nothing_selected": nothing_selected,
        "elsewhere": dock.part("Problem").text,
        "pixel": layer.rasterUnitsPerPixelX(),
    }


def repeats(scene: str, parameters: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Fill the dock by results of runs with these parameters; what would it run now, and what does it say?"""
    layer = dock.open_with(scene)
    result = QgsVectorLayer("Polygon", "result", "memory")
    QgsProject.instance().addMapLayer(result)
    seen = {}
    for name, of_run in parameters.items():
        record = {"algorithm": "landslides:segmentlandslides", "parameters": {"INPUT": layer.source(), **of_run}}
        result.setCustomProperty("landslide_detector/run", json.dumps(record))
        iface.setActiveLayer(result)
        iface.mainWindow().findChild(QAction, "LandslideRepeat").trigger()
        page = dock.dock().detect
        seen[name] = {"parameters": page.run().parameters, "problem": dock.part("Problem").text}
    return seen


def screening(scene: str) -> dict[str, Any]:
    """Run with screening, then take another detector, and then the first run's settings."""
    dock.open_with(scene)
    box = dock.part("Screen")
    dock.click("Screen")
    window.picture("dock_screen")
    seen: dict[str, Any] = {"tip": box.toolTip()}
    dock.run()
    dock.wait_for_end()
    seen["command"] = dock.desk().history.runs[0].record["command"]
    dock.click("Detector_patches")
    seen["of_patches"] = [box.isEnabled(), box.toolTip(), dock.dock().detect.run().parameters]
    window.picture("dock_screen_of_patches")
    dock.click("Detector_segmentation")
    dock.click("Screen")
    seen["without"] = dock.dock().detect.run().parameters
    iface.setActiveLayer(dock.layer_named("hillside: landslides"))
    iface.mainWindow().findChild(QAction, "LandslideRepeat").trigger()
    seen["repeated"] = [box.isChecked(), dock.dock().detect.run().parameters, dock.part("Kept").text()]
    return seen


def threshold(scene: str, cut: float) -> dict[str, Any]:
    """Move the threshold by mouse and keyboard, and make polygons."""
    dock.open_with(scene)
    dock.run()
    dock.wait_for_end()
    dock.page("threshold")
    dock.choose("Probability", "hillside: landslide probability")
    window.wait_until(lambda: "From" in dock.part("Share").text(), "the histogram")
    layer = dock.layer_named("hillside: landslide probability")
    seen: dict[str, Any] = {"at_first": dock.part("LiveThreshold").value()}
    histogram, slider = dock.part("Histogram"), dock.part("Slider")
    start = time.monotonic()
    QTest.mouseClick(histogram, Qt.MouseButton.LeftButton, pos=QPoint(histogram.width() // 4, 20))
    seen["restyled_ms"] = 1000 * (time.monotonic() - start)
    seen["by_mouse"] = [dock.part("LiveThreshold").value(), _alphas(layer)]
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_PageUp)
    seen["by_key"] = [dock.part("LiveThreshold").value(), _alphas(layer)]
    seen["share"] = dock.part("Share").text()
    seen["engines"] = len(window.engine_processes())
    dock.wait_for_map()
    window.picture("dock_threshold")
    window.press(dock.part("ShowAll"))
    seen["all"] = _alphas(layer)
    dock.part("LiveThreshold").setValue(cut)
    window.press(dock.part("MakePolygons"))
    window.wait_until(dock.part("MakePolygons").isEnabled, "the polygons")
    made = dock.layer_named(f"hillside: landslides from {cut:.3f}")
    own = dock.layer_named("hillside: landslides")
    seen["made"], seen["own"] = _table(made), _table(own)
    seen["record"] = json.loads(made.customProperty("landslide_detector/run"))
    seen["groups"] = dock.groups()
    dock.wait_for_map()
    window.picture("dock_polygons")
    return seen


def no_engine(scene: str) -> dict[str, Any]:
    """Open the dock where no engine is installed, and press the banner's button."""
    dock.open_with(scene)
    banner = dock.part("NoEngine")
    seen = {"banner": banner.text, "visible": banner.isVisible(), "run": dock.part("Run").isEnabled()}
    window.picture("dock_no_engine")
    before = set(QApplication.topLevelWidgets())
    window.press(banner.button)
    window.wait_until(lambda: [w for w in set(QApplication.topLevelWidgets()) - before if w.isVisible()], "the set-up")
    window.picture("dock_set_up")
    return seen


def _corners(rectangle: QgsRectangle) -> list[float]:
    return [rectangle.xMinimum(), rectangle.yMinimum(), rectangle.xMaximum(), rectangle.yMaximum()]


def _alphas(layer: Any) -> list[int]:
    """Return how opaque a probability layer shows 0.1, 0.27, 0.6 and 0.95."""
    function = layer.renderer().shader().rasterShaderFunction()
    return [function.shade(value)[4] for value in (0.1, 0.27, 0.6, 0.95)]


def _table(layer: QgsVectorLayer) -> list[list[float]]:
    names = ("area_m2", "mean_probability", "max_probability")
    return sorted([float(feature[name]) for name in names] for feature in layer.getFeatures())


def _walk(first: QWidget) -> list[str]:
    """Return the names of what the Tab key reaches, from `first` on."""
    # No window manager gives the window its focus here.
    QApplication.setActiveWindow(iface.mainWindow())
    first.setFocus()
    names: list[str] = []
    for _step in range(60):
        widget = QApplication.focusWidget()
        name = widget.objectName() or widget.parentWidget().objectName()
        if name in names[:-1]:
            break
        names.append(name)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    first.setFocus()
    return names


def _nameless() -> list[str]:
    """Return the controls of the dock that have neither a text nor a name for a screen reader, or no tooltip."""
    found = []
    for name in ("Scene", "Model", "AreaLayer", "Probability", "Slider", "LiveThreshold", "Runs", "ThresholdValue"):
        if not dock.part(name).accessibleName():
            found.append(name)
    for button in dock.dock().detect.findChildren(QAbstractButton):
        if button.objectName().startswith("Landslide") and not (button.text() and button.toolTip()):
            found.append(button.objectName())
    return found
