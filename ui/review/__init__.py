"""Review of detected landslides: accept, reject, redraw; and the better model that comes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .menu import ReviewMenu as _ReviewMenu

if TYPE_CHECKING:
    from qgis.core import QgsMapLayer
    from qgis.gui import QgisInterface

    from .dock import ReviewDock

_dock: ReviewDock | None = None


def open_review(iface: QgisInterface, layer: QgsMapLayer | None = None) -> ReviewDock:
    """Show the review panel, made when first asked for.

    Args:
        iface: the QGIS window.
        layer: to review; None for the active one, if a detection gave it. A review adds columns to its layer, so any
            other has to be chosen.
    """
    global _dock
    from qgis.core import QgsVectorLayer
    from qgis.PyQt.QtCore import Qt

    from ..dock.run_property import record_of
    from .dock import ReviewDock

    if _dock is None:
        _dock = ReviewDock(iface)
        iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, _dock, ["LandslideDetectorDock"], True)
    _dock.setUserVisible(True)
    if layer is None and record_of(iface.activeLayer()) is not None:
        layer = iface.activeLayer()
    if isinstance(layer, QgsVectorLayer):
        _dock.review(layer)
    iface.mapCanvas().setFocus()
    return _dock


def close_review() -> None:
    """Take the review panel out of QGIS, if there is one; a training is cancelled."""
    global _dock
    if _dock is not None:
        _dock.remove()
        _dock = None


class ReviewMenu(_ReviewMenu):
    """“Review landslides…” in the context menu of layers that can be reviewed."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(iface, open_review)
