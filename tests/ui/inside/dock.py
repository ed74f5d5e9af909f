"""What the scenarios do to the dock: find its parts, press, type, wait, look."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import window
from qgis.core import QgsLayerTreeGroup, QgsProject, QgsRasterLayer
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget, QTabWidget, QWidget
from qgis.utils import iface

HEAVY = {"torch", "rasterio", "openvino", "onnxruntime", "geopandas"}
_STILL = 20  # looks in a row
PAGES = {"detect": 0, "threshold": 1, "runs": 2}


def dock() -> QDockWidget | None:
    """Return the dock, if there is one yet."""
    return iface.mainWindow().findChild(QDockWidget, "LandslideDetectorDock")


def part(name: str) -> Any:
    """Return a part of the dock by its name without the `Landslide` in front."""
    found = dock().findChild(QWidget, f"Landslide{name}")
    assert found is not None, f"the dock has no {name}"
    return found


def desk() -> Any:
    """Return what goes on behind the dock."""
    return dock().desk


def open_with(scene: str | None) -> QgsRasterLayer | None:
    """Open the dock by the button, with a scene loaded and selected."""
    layer = load(scene) if scene else None
    if dock() is None or not dock().isVisible():
        window.click_button()
    window.wait_until(lambda: dock() is not None and dock().isVisible(), "the dock")
    return layer


def load(scene: str) -> QgsRasterLayer:
    """Add a raster layer to the project and select it."""
    layer = QgsRasterLayer(scene, Path(scene).stem)
    assert layer.isValid(), scene
    QgsProject.instance().addMapLayer(layer)
    iface.setActiveLayer(layer)
    wait_for_map()
    return layer


def wait_for_map() -> None:
    """Wait until the map is drawn, and not about to be drawn again."""
    looks: list[bool] = []

    def is_still() -> bool:
        if not all(looks[-_STILL:]) or len(looks) < _STILL:
            looks.append(not iface.mapCanvas().isDrawing())
        return len(looks) >= _STILL and all(looks[-_STILL:])

    window.wait_until(is_still, "the map")


def page(name: str) -> None:
    """Turn to a page."""
    tabs: QTabWidget = part("Pages")
    rectangle = tabs.tabBar().tabRect(PAGES[name])
    QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=rectangle.center())


def click(name: str) -> None:
    """Click on a part of the dock, at the left where a radio button has its mark."""
    widget = part(name)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(10, widget.height() // 2))


def choose(name: str, text: str) -> None:
    """Choose an entry of a combo box."""
    box = part(name)
    number = box.findText(text)
    assert number >= 0, f"{name} has no {text}, only {[box.itemText(n) for n in range(box.count())]}"
    box.setCurrentIndex(number)


def run() -> None:
    """Press Run."""
    assert part("Run").isEnabled()
    window.press(part("Run"))


def wait_for_end(seconds: float = 60) -> None:
    """Wait until no run is at work and none waits."""
    window.wait_until(lambda: not desk().is_busy, "the end of all runs", seconds)


def groups() -> dict[str, list[tuple[str, bool]]]:
    """Return the groups of the layer tree from the top, each with its layers and whether they are shown."""
    return {
        group.name(): [(node.name(), node.itemVisibilityChecked()) for node in group.children()]
        for group in QgsProject.instance().layerTreeRoot().children()
        if isinstance(group, QgsLayerTreeGroup)
    }


def messages() -> list[str]:
    """Return what the message bar says, newest first, without QGIS's own."""
    return [item.text() for item in iface.messageBar().items() if item.title() == "Landslide Detector"]


def heavy_modules() -> list[str]:
    return sorted(HEAVY & set(sys.modules))


def layer_named(name: str) -> Any:
    (layer,) = QgsProject.instance().mapLayersByName(name)
    return layer


class Heartbeat:
    """Feels how long the main thread is blocked: by a timer that should fire every few milliseconds.

    Attributes:
        beats: moment of each beat, and the processor time the main thread had used by then, s.
    """

    def __init__(self) -> None:
        self.beats: list[tuple[float, float]] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self.beats.append((time.monotonic(), time.thread_time())))

    def __enter__(self) -> Heartbeat:
        self._timer.start(5)
        return self

    def __exit__(self, *_error: object) -> None:
        self._timer.stop()

    @property
    def longest_ms(self) -> float:
        """The longest time between two beats; other programs that keep the processor busy count too."""
        return 1000 * max(after[0] - before[0] for before, after in zip(self.beats, self.beats[1:]))

    @property
    def busiest_ms(self) -> float:
        """The most that the main thread itself has worked between two beats."""
        return 1000 * max(after[1] - before[1] for before, after in zip(self.beats, self.beats[1:]))
