"""A reviewer at work: keys on the map, clicks on the panel. Each returns what it saw; the tests judge it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import window
from landslide_detector.ui.review import close_review, open_review
from qgis.core import QgsApplication, QgsMapLayer, QgsPointXY, QgsProject, QgsRasterLayer, QgsVectorLayer
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QLabel, QToolButton, QWidget
from qgis.utils import iface

KEYS = {
    "left": Qt.Key.Key_Left,
    "right": Qt.Key.Key_Right,
    "enter": Qt.Key.Key_Return,
    "esc": Qt.Key.Key_Escape,
}


def decide(scene: str, polygons: str, keys: list[str]) -> dict[str, Any]:
    """Press keys while the map has the focus; after each look at the panel."""
    dock = _open(scene, polygons)
    start = _state(dock)
    after = []
    for key in keys:
        press(key)
        after.append(_state(dock))
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.picture("review_decided")
    return {"start": start, "after": after, "renderer": dock._layer.renderer().type()}


def orders(scene: str, polygons: str) -> dict[str, Any]:
    """Go through the orders and the filters."""
    dock = _open(scene, polygons)
    controls = dock._controls
    seen = {}
    for index in range(controls.order.count()):
        controls.order.setCurrentIndex(index)
        seen[controls.order.itemText(index)] = [landslide.fid for landslide in dock._session.landslides]
    controls.order.setCurrentIndex(0)
    press("a")
    press("a")
    press("r")
    filters = {}
    for index in range(controls.shown.count()):
        controls.shown.setCurrentIndex(index)
        filters[controls.shown.itemText(index)] = [landslide.status for landslide in dock._session.landslides]
    controls.shown.setCurrentIndex(0)
    press("left")
    QgsApplication.setUITheme("Night Mapping")
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.picture("review_dark")
    certain = controls.order.model().item(1)
    return {"orders": seen, "filters": filters, "certainty_offered": certain.isEnabled()}


def draw(scene: str, polygons: str) -> dict[str, Any]:
    """Redraw the first polygon, add one, give one up, undo one."""
    dock = _open(scene, polygons)
    first = dock._session.current.fid
    centre = iface.mapCanvas().extent().center()
    press("d")
    drawing = _state(dock)
    _click_outline(centre, 20)
    window.picture("review_redrawing")
    _end_outline(centre)
    window.wait_until(lambda: not dock._drawing.is_active, "the end of the drawing")
    redrawn = _state(dock)

    press("n")
    centre = iface.mapCanvas().extent().center()
    _click_outline(centre, 12)
    _end_outline(centre)
    window.wait_until(lambda: not dock._drawing.is_active, "the end of the drawing")
    added = _state(dock)

    press("n")
    _click_outline(centre, 30)
    press("esc")
    given_up = _state(dock)

    press("n")
    _click_outline(centre, 30)
    _end_outline(centre)
    window.wait_until(lambda: not dock._drawing.is_active, "the end of the drawing")
    before_undo = _state(dock)
    press("u")
    return {
        "first": first,
        "drawing": drawing,
        "redrawn": redrawn,
        "added": added,
        "given_up": given_up,
        "before_undo": before_undo,
        "undone": _state(dock),
        "editable": dock._layer.isEditable(),
    }


def corners(scene: str, polygons: str) -> dict[str, Any]:
    """Move a corner of the first polygon with QGIS's vertex tool, keep it, then begin again and give up."""
    dock = _open(scene, polygons)
    layer, fid = dock._layer, dock._session.current.fid
    before = layer.getFeature(fid).geometry().area()
    press("v")
    moving = _state(dock)
    geometry = layer.getFeature(fid).geometry()
    layer.moveVertex(geometry.vertexAt(0).x() - 25, geometry.vertexAt(0).y() + 25, fid, 0)
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.picture("review_corners")
    press("enter")
    kept = {**_state(dock), "area": layer.getFeature(fid).geometry().area(), "editable": layer.isEditable()}

    second = dock._session.current.fid
    area = layer.getFeature(second).geometry().area()
    press("v")
    geometry = layer.getFeature(second).geometry()
    layer.moveVertex(geometry.vertexAt(0).x() - 25, geometry.vertexAt(0).y() + 25, second, 0)
    press("esc")
    given_up = {**_state(dock), "changed": layer.getFeature(second).geometry().area() - area}
    return {"before": before, "moving": moving, "kept": kept, "given_up": given_up, "fid": fid}


def note(scene: str, polygons: str) -> dict[str, Any]:
    """Type a remark, with all the keys in it that mean something on the map, and another name."""
    dock = _open(scene, polygons)
    first = dock._session.current.fid
    controls = dock._controls
    controls.note.setFocus()
    QTest.keyClicks(controls.note, "near a road, ravd nu")
    typed = {**_state(dock), "note": controls.note.text()}
    controls.reviewer.setFocus()
    controls.reviewer.selectAll()
    QTest.keyClicks(controls.reviewer, "Ada Lovelace")
    QTest.keyClick(controls.reviewer, Qt.Key.Key_Return)
    window.wait_until(iface.mapCanvas().hasFocus, "the focus on the map", 5)
    press("a")
    second = dock._session.current.fid
    QTest.keyClicks(controls.note, "left in the field")
    accept = next(b for b in controls.findChildren(QToolButton) if b.defaultAction() is dock._actions.accept)
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    return {"first": first, "second": second, "typed": typed, "after": _state(dock)}


def crash(scene: str, polygons: str) -> None:
    """Decide about four polygons and be killed."""
    _open(scene, polygons)
    for key in "arar":
        press(key)
    os.kill(os.getpid(), signal.SIGKILL)


def locked(scene: str, polygons: str) -> dict[str, Any]:
    """Decide while another program holds the GeoPackage, and again when it has let go."""
    dock = _open(scene, polygons)
    holding = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None); c.execute('BEGIN IMMEDIATE');"
        "print('held', flush=True); sys.stdin.read()"
    )
    python = Path(sys.base_prefix) / "bin" / "python3"
    holder = subprocess.Popen(
        [python, "-c", holding, polygons], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    holder.stdout.readline()
    press("a")
    held = _state(dock)
    window.picture("review_locked")
    holder.communicate("")
    press("a")
    return {"held": held, "free": _state(dock)}


def unasked(scene: str, polygons: str) -> dict[str, Any]:
    """Open the panel by the menu while a layer that no detection gave is the active one; then choose it."""
    _load(scene)
    layer = _layer(polygons)
    before = _columns(polygons)
    iface.setActiveLayer(layer)
    iface.mainWindow().findChild(QAction, "LandslideDetector_open_review").trigger()
    QApplication.processEvents()
    dock = open_review(iface)
    dock.close()
    dock.setUserVisible(True)
    QApplication.processEvents()
    opened = {"chosen": dock._controls.layers.currentLayer() is not None, "added": _columns(polygons) != before}
    dock._controls.layers.setLayer(layer)
    return {"opened": opened, "chosen": _state(dock), "added": _columns(polygons) != before}


def unsuitable(layers: dict[str, str]) -> dict[str, Any]:
    """Open the panel on layers it cannot review; say what it says."""
    said = {}
    for name, source in layers.items():
        layer = QgsVectorLayer(source, name, "memory" if source.startswith("Polygon") else "ogr")
        assert layer.isValid(), source
        if name == "locked by the user":
            layer.setReadOnly(True)
        QgsProject.instance().addMapLayer(layer)
        dock = open_review(iface, layer)
        said[name] = {**_state(dock), "enabled": dock._actions.add.isEnabled()}
    return said


def lost(scene: str, polygons: str, how: str) -> dict[str, Any]:
    """Lose the layer in mid-review, or meet it being edited."""
    dock = _open(scene, polygons)
    layer = dock._layer
    press("a")
    seen: dict[str, Any] = {}
    if how == "removed":
        QgsProject.instance().removeMapLayer(layer)
    elif how == "removed beside others":
        dock._open_improve()
        for name in ("parcels", "roads"):
            other = QgsVectorLayer(f"{polygons}|layername=landslides", name, "ogr")
            QgsProject.instance().addMapLayer(other)
        QgsProject.instance().removeMapLayer(layer.id())
        QApplication.processEvents()
        seen["after"] = {**_state(dock), "chosen": dock._controls.layers.currentLayer() is not None}
        dock.close()
        dock.setUserVisible(True)
        close_review()
        return seen
    elif how == "project closed":
        iface.newProject(False)
    elif how == "edited":
        layer.startEditing()
        seen["editing"] = _state(dock)
        press("a")
        seen["pressed"] = _state(dock)
        layer.deleteFeature(dock._session.current.fid)
        layer.commitChanges()
    elif how == "row deleted":
        # By another program, behind QGIS's back.
        delete = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()"
        drop = "DROP TRIGGER IF EXISTS rtree_landslides_geom_delete"
        statement = f"DELETE FROM landslides WHERE fid = {dock._session.current.fid}"
        python = Path(sys.base_prefix) / "bin" / "python3"
        for sql in (drop, statement):
            subprocess.run([python, "-c", delete, polygons, sql], check=True)
        press("r")
    elif how == "unloaded":
        close_review()
        QApplication.processEvents()
        docks = iface.mainWindow().findChildren(QWidget, "LandslideReview")
        press("a")
        return {"docks": sum(dock.isVisible() for dock in docks), "stored": stored(polygons)}
    QApplication.processEvents()
    seen["after"] = _state(dock)
    return seen


def menu(scene: str, polygons: str) -> dict[str, Any]:
    """Look for the entry in the menu of layers that can be reviewed."""
    _load(scene)
    layer = _layer(polygons)
    memory = QgsVectorLayer("Polygon?crs=EPSG:4326", "memory", "memory")
    QgsProject.instance().addMapLayer(memory)
    offered = {}
    view = iface.layerTreeView()
    for one in (layer, memory):
        iface.setActiveLayer(one)
        context_menu = view.menuProvider().createContextMenu()
        offered[one.name()] = [action.text() for action in context_menu.actions() if action.text()]
    iface.setActiveLayer(layer)
    iface.mainWindow().findChild(QAction, "LandslideDetector_review").trigger()
    docks = iface.mainWindow().findChildren(QWidget, "LandslideReview")
    return {"offered": offered, "opened": docks[0]._layer is layer}


def press(key: str) -> None:
    """Press a key as a person does whose hands are on the keyboard and whose eyes are on the map."""
    iface.mapCanvas().setFocus()
    QTest.keyClick(iface.mapCanvas(), KEYS.get(key) or getattr(Qt.Key, f"Key_{key.upper()}"))
    QApplication.processEvents()


def _open(scene: str, polygons: str) -> Any:
    raster = _load(scene)
    layer = _layer(polygons)
    layer.setCustomProperty(
        "landslide_detector/run",
        json.dumps(
            {
                "algorithm": "landslides:segmentlandslides",
                "parameters": {"INPUT": raster.source()},
                "model": "segmentation-deeplabv3plus",
                "threshold": 0.5,
            }
        ),
    )
    iface.setActiveLayer(layer)
    # QGIS takes the first layer's CRS and extent when it comes to it.
    QApplication.processEvents()
    dock = open_review(iface)
    QApplication.setActiveWindow(iface.mainWindow())
    QApplication.processEvents()
    assert dock._session is not None, dock._controls.notice.text()
    return dock


def _load(scene: str) -> QgsRasterLayer:
    raster = QgsRasterLayer(scene, "hillside")
    QgsProject.instance().addMapLayer(raster)
    return raster


def _layer(polygons: str) -> QgsMapLayer:
    layer = QgsVectorLayer(f"{polygons}|layername=landslides", "hillside: landslides", "ogr")
    assert layer.isValid(), polygons
    QgsProject.instance().addMapLayer(layer)
    return layer


def _state(dock: Any) -> dict[str, Any]:
    """Return what a person sees of the panel, and what is in the file at this moment."""
    QApplication.processEvents()
    session, controls = dock._session, dock._controls
    visible = [label.text() for label in controls.findChildren(QLabel) if label.isVisible()]
    return {
        "current": session.current.fid if session is not None and session.current is not None else None,
        "bar": bar.text() if (bar := iface.messageBar().currentItem()) is not None else "",
        "notice": controls.notice.text() if controls.notice.isVisible() else "",
        "texts": visible,
        "enabled": [
            name
            for name in ("accept", "reject", "redraw", "corners", "add", "undo", "previous", "next", "keep", "give_up")
            if getattr(dock._actions, name).isEnabled()
        ],
        "in_sight": _in_sight(dock),
        "lit": dock._spotlight.is_on,
        "stored": stored(dock._layer.source().split("|")[0]) if dock._layer is not None else None,
    }


def stored(polygons: str) -> list[list[Any]]:
    """Return fid, status, reviewer and note of all rows, read through a connection of its own."""
    # In a program of its own: to close the file here would take away the locks GDAL holds on it.
    read = (
        "import json, sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "print(json.dumps(c.execute('SELECT fid, status, reviewer, note FROM landslides ORDER BY fid').fetchall()))"
    )
    python = Path(sys.base_prefix) / "bin" / "python3"
    return json.loads(subprocess.run([python, "-c", read, polygons], check=True, capture_output=True).stdout)


def _columns(polygons: str) -> list[str]:
    layer = QgsVectorLayer(f"{polygons}|layername=landslides", "again", "ogr")
    return layer.fields().names()


def _in_sight(dock: Any) -> bool | None:
    """Return whether the map shows the current polygon with room around it."""
    if dock._session is None or dock._session.current is None:
        return None
    box = dock._session.table.feature(dock._session.current.fid).geometry().boundingBox()
    box.scale(1.5)
    return iface.mapCanvas().extent().contains(box)


def _click_outline(centre: QgsPointXY, metres: float) -> None:
    """Click three corners of a square and move on to the fourth."""
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        place = _pixel(QgsPointXY(centre.x() + x * metres, centre.y() + y * metres))
        QTest.mouseMove(iface.mapCanvas().viewport(), place)
        QTest.mouseClick(iface.mapCanvas().viewport(), Qt.MouseButton.LeftButton, pos=place)
        QApplication.processEvents()


def _end_outline(centre: QgsPointXY) -> None:
    QTest.mouseClick(iface.mapCanvas().viewport(), Qt.MouseButton.RightButton, pos=_pixel(centre))
    QApplication.processEvents()


def _pixel(point: QgsPointXY) -> QPoint:
    at = iface.mapCanvas().getCoordinateTransform().transform(point)
    return QPoint(round(at.x()), round(at.y()))
