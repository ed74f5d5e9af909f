"""What is done in the dock against a run: it is cancelled, loses what it needs, or the map is panned meanwhile."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import dock
import window
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QApplication, QMessageBox
from qgis.utils import iface


def cancel(scene: str) -> dict[str, Any]:
    """Press Cancel while a run is at work and another waits; the next one then begins."""
    dock.open_with(scene)
    dock.run()
    dock.run()
    window.wait_until(lambda: "tiles/s" in dock.part("Figures").text(), "progress")
    (engine,) = window.engine_processes()
    start = time.monotonic()
    window.press(dock.part("Cancel"))
    window.wait_until(lambda: engine not in window.engine_processes(), "the end of the engine")
    seconds = time.monotonic() - start
    window.wait_until(lambda: len(dock.desk().queue.runs) == 1 and window.engine_processes(), "the next run")
    dock.desk().queue.cancel_all()
    dock.wait_for_end()
    return {
        "seconds": seconds,
        "states": [run.state.value for run in dock.desk().history.runs],
        "groups": dock.groups(),
        "messages": dock.messages(),
    }


def losses(scene: str) -> dict[str, Any]:
    """Lose, in mid-run, the engine, then the scene, then the project."""
    seen = {}
    for name, lose in {
        "engine": lambda: os.kill(window.engine_processes()[0], signal.SIGKILL),
        "layer": lambda: QgsProject.instance().removeMapLayer(iface.activeLayer().id()),
        "project": lambda: iface.newProject(False),
    }.items():
        iface.messageBar().clearWidgets()
        dock.open_with(scene)
        dock.run()
        if name == "project":
            dock.run()
        window.wait_until(window.engine_processes, "the engine")
        lose()
        dock.wait_for_end(10)
        seen[name] = {
            "messages": dock.messages(),
            "engines": len(window.engine_processes()),
            "groups": dock.groups(),
            "modal": QApplication.activeModalWidget() is not None,
        }
    return seen


def forget(scene: str) -> dict[str, Any]:
    """Forget a run within polygons whose repetition is still to come, and then that one."""
    layer = dock.open_with(scene)
    polygons = QgsVectorLayer(f"Polygon?crs={layer.crs().authid()}", "valley", "memory")
    feature = QgsFeature()
    feature.setGeometry(QgsGeometry.fromRect(layer.extent()))
    polygons.dataProvider().addFeatures([feature])
    polygons.selectAll()
    QgsProject.instance().addMapLayer(polygons)
    dock.click("AreaPolygons")
    dock.choose("AreaLayer", "valley")
    dock.run()
    desk = dock.desk()
    desk.queue.cancel_all()
    dock.wait_for_end()
    (run,) = desk.history.runs
    area = Path(run.parameters["AOI"])
    desk.repeat(run)
    desk.history.remove(run)
    seen = {"while_it_waits": area.exists()}
    desk.queue.cancel_all()
    dock.wait_for_end()
    desk.history.remove(desk.history.runs[0])
    return {**seen, "in_the_end": area.exists()}


def removals(scenes: list[str], probabilities: list[str]) -> dict[str, Any]:
    """Remove the layer a page works with, while others are there and another one is active."""
    other = QgsVectorLayer("Polygon", "other", "memory")
    QgsProject.instance().addMapLayer(other)
    dock.open_with(None)
    seen: dict[str, Any] = {}
    for scene in scenes:
        dock.load(scene)
    iface.setActiveLayer(other)
    _remove(dock.dock().detect.scene.layer)
    page = dock.dock().detect.scene
    seen["scene"] = {"chosen": page.layer.name(), "facts": dock.part("SceneFacts").text().splitlines()[0]}
    dock.page("threshold")
    page = dock.dock().threshold
    for probability in probabilities:
        dock.load(probability)
    window.wait_until(lambda: "From" in dock.part("Share").text(), "the histogram")
    iface.setActiveLayer(other)
    _remove(page.layer)
    dock.part("Slider").setValue(700)
    window.wait_until(lambda: "From" in dock.part("Share").text(), "the next histogram")
    seen["threshold"] = page.layer.customProperty("landslide_detector/threshold")
    # While its pixels are counted, and the event loop has not seen the removal before the count is over.
    page._count(page.layer)
    task = page._task
    QgsProject.instance().removeMapLayer(page.layer.id())
    task.finished(True)
    seen["counting"] = page._task is task
    return seen


def _remove(layer: Any) -> None:
    QgsProject.instance().removeMapLayer(layer.id())
    dock.wait_for_map()


def leave(scene: str) -> dict[str, Any]:
    """Close QGIS in mid-run: QGIS asks, as for any task, gets Yes, cancels it, and can be closed."""
    dock.open_with(scene)
    dock.run()
    window.wait_until(window.engine_processes, "the engine")
    engines = window.engine_processes()
    answered = []

    def say_yes() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, QMessageBox):
            answered.append(box.text())
            box.button(QMessageBox.StandardButton.Yes).click()

    yes = QTimer()
    yes.timeout.connect(say_yes)
    yes.start(50)
    iface.actionExit().trigger()
    yes.stop()
    window.wait_until(lambda: not QgsApplication.taskManager().countActiveTasks(), "the end of the run")
    return {"engines": engines, "answered": answered}


def responsive(scene: str, cancel_after_s: float = 570) -> dict[str, Any]:
    """Pan the map, first idle, then while a large scene runs, and feel how long the main thread is blocked."""
    layer = dock.open_with(scene)
    canvas = iface.mapCanvas()
    view = QgsRectangle(layer.extent())
    view.scale(0.2)
    canvas.setExtent(view)
    pan = QTimer()
    steps = iter(range(10**6))
    pan.timeout.connect(lambda: canvas.setCenter(_around(layer.extent().center(), view.width(), next(steps))))
    pan.start(200)
    with dock.Heartbeat() as idle:
        clock = time.monotonic()
        window.wait_until(lambda: time.monotonic() - clock > 3, "three seconds")
    with dock.Heartbeat() as at_work:
        dock.run()
        QTimer.singleShot(int(1000 * cancel_after_s), dock.desk().queue.cancel_all)
        dock.wait_for_end(600)
    pan.stop()
    run = dock.desk().history.runs[0]
    return {
        "state": run.state.value,
        "message": run.message,
        "groups": dock.groups(),
        "idle_ms": idle.longest_ms,
        "at_work_ms": at_work.longest_ms,
        "busiest_ms": at_work.busiest_ms,
        "beats": len(at_work.beats),
        "pans": next(steps),
        "heavy_modules": dock.heavy_modules(),
    }


def _around(centre: Any, width: float, step: int) -> Any:
    offset = width * 0.2 * (step % 5 - 2)
    return type(centre)(centre.x() + offset, centre.y() + offset / 2)
