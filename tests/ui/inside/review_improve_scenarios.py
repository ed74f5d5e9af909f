"""From reviewed polygons to a better model, by clicks on the panel. Each returns what it saw; the tests judge it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import review_scenarios
import window
from landslide_detector.processing.cards import list_cards, user_folder
from landslide_detector.ui.review import close_review
from qgis.core import QgsSettings
from qgis.PyQt.QtWidgets import QApplication, QLabel
from qgis.utils import iface


def improve(scene: str, polygons: str, keys: str, choose: str) -> dict[str, Any]:
    """Review, train, look at both models' figures, and choose."""
    dock, pages = _reviewed(scene, polygons, keys)
    window.wait_until(lambda: not iface.mapCanvas().isDrawing(), "the map")
    window.press(dock._controls.improve)
    form = pages._form
    window.picture("review_improve_form")
    filled = {
        "scene": form._scene.currentLayer().name(),
        "detector": form.detector,
        "base": form.base,
        "name": form.name,
        "words": _words(form),
    }
    window.press(form.train)
    window.wait_until(lambda: pages.currentWidget() is not pages._progress, "the end of the training")
    assert pages.currentWidget() is pages._comparison, _words(form)
    window.picture("review_comparison")
    comparison = _words(pages._comparison)
    told = iface.messageBar().currentItem().text() if iface.messageBar().currentItem() else ""
    window.press(getattr(pages._comparison, choose))
    QApplication.processEvents()
    return {
        "filled": filled,
        "comparison": comparison,
        "told": told,
        "back_at_review": dock._pages.currentWidget() is dock._controls,
        "models": sorted(card.name for card in list_cards("segmentation")),
        "chosen": QgsSettings().value("landslide_detector/model/segmentation", ""),
        "left_over": _files(user_folder() / ".candidates"),
    }


def later(scene: str, polygons: str, keys: str) -> dict[str, Any]:
    """Train, put the decision off; the next session offers it again (`resume_later`)."""
    dock, pages = _reviewed(scene, polygons, keys)
    window.press(dock._controls.improve)
    window.press(pages._form.train)
    window.wait_until(lambda: pages.currentWidget() is pages._comparison, "the end of the training")
    window.press(pages._comparison.back)
    return {"back_at_review": dock._pages.currentWidget() is dock._controls}


def resume_later(scene: str, polygons: str) -> dict[str, Any]:
    """In another QGIS: is the model still waiting?"""
    dock, pages = _reviewed(scene, polygons, "")
    window.press(dock._controls.improve)
    offered = pages.currentWidget() is pages._comparison
    words = _words(pages._comparison)
    window.press(pages._comparison.use)
    return {"offered": offered, "words": words, "models": sorted(card.name for card in list_cards("segmentation"))}


def failing(scene: str, polygons: str, keys: str) -> dict[str, Any]:
    """Train with an engine that fails."""
    dock, pages = _reviewed(scene, polygons, keys)
    window.press(dock._controls.improve)
    window.press(pages._form.train)
    window.wait_until(lambda: pages.currentWidget() is not pages._progress, "the end of the training")
    return {"form": pages.currentWidget() is pages._form, "message": pages._form.message.text(), **_left()}


def cancelling(scene: str, polygons: str, how: str) -> dict[str, Any]:
    """Begin to train, review on meanwhile, then cancel, or unload the panel."""
    dock, pages = _reviewed(scene, polygons, "ar")
    window.press(dock._controls.improve)
    window.press(pages._form.train)
    window.wait_until(window.engine_processes, "the engine")
    window.wait_until(lambda: pages._progress._bar.value() > 0, "progress")
    window.picture("review_training")
    window.press(pages._progress.back)
    before = review_scenarios._state(dock)["current"]
    review_scenarios.press("a")
    moved_on = review_scenarios._state(dock)["current"] != before
    if how == "unload":
        close_review()
    else:
        window.press(dock._controls.improve)
        at_progress = pages.currentWidget() is pages._progress
        window.press(pages._progress.cancel)
        window.wait_until(lambda: pages.currentWidget() is pages._form, "the end")
        return {"moved_on": moved_on, "at_progress": at_progress, "message": pages._form.message.text(), **_left()}
    return {"moved_on": moved_on, **_left()}


def _reviewed(scene: str, polygons: str, keys: str) -> tuple[Any, Any]:
    dock = review_scenarios._open(scene, polygons)
    for key in keys:
        review_scenarios.press(key)
    return dock, dock._improve


def _words(page: Any) -> list[str]:
    return [label.text() for label in page.findChildren(QLabel) if label.text()]


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def _left() -> dict[str, Any]:
    return {"engines": len(window.engine_processes()), "left_over": _files(user_folder() / ".candidates")}
