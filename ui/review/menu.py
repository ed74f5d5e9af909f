"""“Review landslides…” in the menu of layers that can be reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from qgis.core import QgsApplication, QgsMapLayer, QgsMapLayerType, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QAction

from ...processing.i18n import tr
from .suitable import obstacle

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class ReviewMenu:
    """The entry in the Layers panel's context menu.

    Args:
        iface: the QGIS window.
        open_review: is called with the layer.
    """

    def __init__(self, iface: QgisInterface, open_review: Callable[[QgisInterface, QgsVectorLayer], object]) -> None:
        self._iface = iface
        icon = QgsApplication.getThemeIcon("/mActionToggleEditing.svg")
        self._action = QAction(icon, tr("Review landslides…"), iface.mainWindow())
        self._action.setObjectName("LandslideDetector_review")
        self._action.triggered.connect(lambda: open_review(iface, iface.activeLayer()))
        iface.addCustomActionForLayerType(self._action, "", QgsMapLayerType.VectorLayer, False)
        project = QgsProject.instance()
        project.layersAdded.connect(self._offer)
        self._offer(project.mapLayers().values())

    def unload(self) -> None:
        """Take the entry out of QGIS."""
        QgsProject.instance().layersAdded.disconnect(self._offer)
        self._iface.removeCustomActionForLayerType(self._action)
        # QGIS lists every action of its window among the keyboard shortcuts.
        self._iface.unregisterMainWindowAction(self._action)
        self._action.deleteLater()

    def _offer(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if isinstance(layer, QgsVectorLayer) and not obstacle(layer):
                self._iface.addCustomActionForLayer(self._action, layer)
