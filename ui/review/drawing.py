"""Outlines by hand: a polygon drawn anew with QGIS's own digitising tool, or corners moved with its vertex tool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer
from qgis.gui import QgsMapTool, QgsMapToolCapture, QgsMapToolDigitizeFeature
from qgis.PyQt.QtCore import QObject, pyqtSignal

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class Drawing(QObject):
    """One polygon at a time, digitised on the map: with snapping, tracing and streaming as set in QGIS.

    Nothing is added to the layer, which is not put into edit mode.

    Args:
        iface: the QGIS window.
    """

    drawn = pyqtSignal(QgsGeometry)  # in the layer's CRS
    ended = pyqtSignal()  # the tool was put away, with a polygon drawn or without

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._tool = QgsMapToolDigitizeFeature(
            self._canvas, iface.cadDockWidget(), QgsMapToolCapture.CaptureMode.CapturePolygon
        )
        self._previous: QgsMapTool | None = None
        self._sheet: QgsVectorLayer | None = None
        self._tool.digitizingCompleted.connect(self._on_completed)
        self._tool.deactivated.connect(self._on_deactivated)

    @property
    def is_active(self) -> bool:
        """Whether a click on the map sets a corner."""
        return bool(self._canvas.mapTool() is self._tool)

    def start(self, layer: QgsVectorLayer) -> None:
        """Let the person draw a polygon: clicks set its corners, a right click ends it."""
        self._previous = self._canvas.mapTool()
        # The tool draws on layers in edit mode only, and the reviewed one is to stay out of it.
        self._sheet = QgsVectorLayer("Polygon", layer.name(), "memory")
        self._sheet.setCrs(layer.crs())
        self._sheet.startEditing()
        self._tool.setLayer(self._sheet)
        self._canvas.setMapTool(self._tool)
        self._canvas.setFocus()

    def stop(self) -> None:
        """Put the tool away and take up the one used before."""
        if not self.is_active:
            return
        self._canvas.unsetMapTool(self._tool)
        if self._previous is not None:
            self._canvas.setMapTool(self._previous)

    def _on_completed(self, feature: QgsFeature) -> None:
        geometry = QgsGeometry(feature.geometry())
        self.stop()
        self.drawn.emit(geometry)

    def _on_deactivated(self) -> None:
        # Else the corners set so far stay on the map.
        self._tool.stopCapturing()
        self.ended.emit()


class CornerEditing:
    """Moves corners of outlines with QGIS's vertex tool, in an edit session of the layer that begins and ends here.

    Attributes:
        is_ending: whether it is about to end by our own doing.

    Args:
        iface: the QGIS window.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._layer: QgsVectorLayer | None = None
        self._previous: QgsMapTool | None = None
        self.is_ending = False

    @property
    def is_active(self) -> bool:
        """Whether an edit session of ours is open."""
        return self._layer is not None

    def start(self, layer: QgsVectorLayer) -> bool:
        """Take up the vertex tool; return False when the layer cannot be edited now."""
        if not layer.startEditing():
            return False
        self._layer = layer
        self._previous = self._iface.mapCanvas().mapTool()
        self._iface.setActiveLayer(layer)
        self._iface.actionVertexToolActiveLayer().trigger()
        self._iface.mapCanvas().setFocus()
        return True

    def finish(self) -> dict[int, QgsGeometry]:
        """End the session and return the outlines that were changed; writing them is left to the caller."""
        layer = self._layer
        assert layer is not None, "there is no session to finish"
        buffer = layer.editBuffer()
        changed = {fid: QgsGeometry(outline) for fid, outline in buffer.changedGeometries().items()} if buffer else {}
        self.give_up()
        return changed

    def give_up(self) -> None:
        """End the session and leave every outline as it was."""
        if self._layer is None:
            return
        self.is_ending = True
        self._layer.rollBack()
        self.is_ending = False
        self.forget()
        if self._previous is not None:
            self._iface.mapCanvas().setMapTool(self._previous)

    def forget(self) -> None:
        """Take note that the session was ended by somebody else."""
        self._layer = None
