"""A list of raster layers that tells of every change."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsMapLayer, QgsMapLayerProxyModel, QgsProject
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QTimer

from .widgets import narrow


class RasterChoice(QgsMapLayerComboBox):
    """The raster layers of the project that belong.

    QGIS's list shows another layer in place of one that is removed, or left out, and does not say so; this one emits
    `layerChanged` then too.

    Args:
        belongs: whether a layer is to be listed.
    """

    def __init__(self, belongs: Callable[[QgsMapLayer], bool]) -> None:
        super().__init__()
        self._belongs = belongs
        self._said: QgsMapLayer | None = None
        narrow(self)
        self.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.layerChanged.connect(self._remember)
        # Several layers come and go at once; one look afterwards is enough.
        self._tidying = QTimer(self)
        self._tidying.setSingleShot(True)
        self._tidying.timeout.connect(self._tidy)
        project = QgsProject.instance()
        project.layersAdded.connect(self._tidy_soon)
        project.layersRemoved.connect(self._tidy_soon)
        self._tidy()

    def disconnect_all(self) -> None:
        """Listen to QGIS no more."""
        QgsProject.instance().layersAdded.disconnect(self._tidy_soon)
        QgsProject.instance().layersRemoved.disconnect(self._tidy_soon)

    def _tidy_soon(self) -> None:
        self._tidying.start(0)

    def _tidy(self) -> None:
        layers = QgsProject.instance().mapLayers().values()
        self.setExceptedLayerList([layer for layer in layers if not self._belongs(layer)])
        if self.currentLayer() is not self._said:
            self.layerChanged.emit(self.currentLayer())

    def _remember(self, layer: QgsMapLayer | None) -> None:
        self._said = layer
