"""The whole plugin in one go, as in the tutorial: from a profile without an engine to a better model.

Every step leaves a picture, which the tutorial and the README show.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import dock
import review_scenarios
import setup_scenarios
import window
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QApplication, QPushButton, QWidget
from qgis.utils import iface

# Each detector's name in the dock, and a word of its groups' titles.
_DETECTORS = {"patches": "patches", "anomaly": "anomalies", "segmentation": "Segment"}


def tour(folder: str) -> dict[str, Any]:
    """Set up, make a scene, detect, move the threshold, review, improve the model, repeat a run."""
    seen: dict[str, Any] = {"seconds": {}}
    started = time.monotonic()

    def step(name: str) -> None:
        dock.wait_for_map()
        window.picture(name)
        seen["seconds"][name] = round(time.monotonic() - started)

    _set_up(step)
    scene = _make_scene(Path(folder), step)
    seen["groups"] = _detect(step)
    seen["polygons_here"] = _move_threshold(scene, step)
    seen["reviewed"] = _review(scene, step)
    seen["models"] = _improve(step)
    _repeat(step)
    seen["groups_after_repeat"] = len(QgsProject.instance().layerTreeRoot().findGroups())
    seen["heavy_modules"] = dock.heavy_modules()
    return seen


def _set_up(step: Any) -> None:
    offer = iface.messageBar().findChild(QPushButton, "LandslideOfferSetup")
    step("01_offer")
    window.press(offer)
    window.wait_until(setup_scenarios.page, "the page of the set-up")
    window.wait_until(lambda: setup_scenarios.find("gpu").text(), "a look at the machine")
    step("02_set_up")
    # Training is part of the tour.
    setup_scenarios.find("torch").setChecked(True)
    setup_scenarios.click("set_up")
    session = setup_scenarios.session()
    window.wait_until(lambda: not session.is_busy, "the end of the set-up", 1200)
    assert setup_scenarios.has_engine(), setup_scenarios.state()
    step("03_engine_works")
    setup_scenarios.page().close()
    QgsProject.instance().clear()


def _make_scene(folder: Path, step: Any) -> str:
    action = iface.mainWindow().findChild(QAction, "LandslideDetector_createsamplescene")
    window.pick(action, "04_menu")
    dialog = window.algorithm_dialog()
    scene = folder / "valley.tif"
    dialog.mainWidget().setParameters({"SCENE": str(scene), "SIZE": 1536})
    window.press(dialog.runButton())
    window.wait_until(lambda: QgsProject.instance().count() >= 1 and not dialog.cancelButton().isEnabled(), "a scene")
    dialog.close()
    QgsProject.instance().clear()
    dock.open_with(str(scene))
    step("05_dock")
    return scene.stem


def _detect(step: Any) -> dict[str, Any]:
    for name in _DETECTORS:
        dock.click(f"Detector_{name}")
        dock.run()
    window.wait_until(lambda: dock.part("Figures").isVisible() and dock.part("Figures").text(), "progress")
    step("06_running")
    dock.wait_for_end(600)
    iface.messageBar().clearWidgets()
    for number, (name, word) in enumerate(_DETECTORS.items()):
        _show_only(word)
        step(f"07_{number}_{name}")
    return dock.groups()


def _show_only(word: str) -> None:
    for group in QgsProject.instance().layerTreeRoot().findGroups():
        group.setItemVisibilityChecked(word in group.name())


def _outlines(name: str) -> Any:
    """A layer of the segmentation."""
    root = QgsProject.instance().layerTreeRoot()
    (group,) = [one for one in root.findGroups() if _DETECTORS["segmentation"] in one.name()]
    (layer,) = [node.layer() for node in group.findLayers() if node.name() == name]
    return layer


def _move_threshold(scene: str, step: Any) -> int:
    dock.page("threshold")
    iface.setActiveLayer(_outlines(f"{scene}: landslide probability"))
    window.wait_until(lambda: "From" in dock.part("Share").text(), "the histogram")
    histogram = dock.part("Histogram")
    QTest.mouseClick(histogram, Qt.MouseButton.LeftButton, pos=QPoint(histogram.width() // 3, 20))
    before = set(QgsProject.instance().mapLayers())
    window.press(dock.part("MakePolygons"))
    window.wait_until(lambda: set(QgsProject.instance().mapLayers()) - before, "the polygons", 120)
    step("08_threshold")
    (made,) = set(QgsProject.instance().mapLayers()) - before
    return QgsProject.instance().mapLayer(made).featureCount()


def _review(scene: str, step: Any) -> int:
    layer = _outlines(f"{scene}: landslides")
    iface.setActiveLayer(layer)
    dock.dock().close()
    iface.mainWindow().findChild(QAction, "LandslideDetector_open_review").trigger()
    QApplication.processEvents()
    review_scenarios.press("a")
    step("09_review")
    for key in "raaraaraa":
        review_scenarios.press(key)
    step("10_reviewed")
    return sum(1 for feature in layer.getFeatures() if feature["status"] in ("accepted", "rejected"))


def _improve(step: Any) -> list[str]:
    from landslide_detector.processing.cards import list_cards

    panel = iface.mainWindow().findChild(QWidget, "LandslideReview")
    pages = panel._improve
    window.press(panel._controls.improve)
    pages._form._minutes.setValue(2)
    step("11_improve")
    window.press(pages._form.train)
    window.wait_until(lambda: pages.currentWidget() is pages._progress, "the training")
    step("12_training")
    window.wait_until(lambda: pages.currentWidget() is not pages._progress, "the end of the training", 900)
    assert pages.currentWidget() is pages._comparison, pages._form.message.text()
    step("13_comparison")
    window.press(pages._comparison.use)
    panel.close()
    return sorted(card.name for card in list_cards("segmentation"))


def _repeat(step: Any) -> None:
    window.click_button()
    dock.page("runs")
    dock.part("Runs").setCurrentItem(dock.part("Runs").topLevelItem(0))
    step("14_history")
    window.press(dock.part("RunRepeat"))
    dock.wait_for_end(300)
    step("15_repeated")
