"""Shows the polygon under review: the map goes there, and a bright line with a dark edge runs round it."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsGeometry, QgsProject, QgsVectorLayer, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

# Of the polygon's own size: enough of its surroundings to tell a landslide from a field.
_ROOM = 3.0
_CLOSEST_SCALE = 1000.0
_EDGE, _LINE = QColor(0, 0, 0, 190), QColor(255, 234, 0)


class Spotlight:
    """A rubber band round one polygon. It sees the imagery, and light and dark ground, alike.

    Args:
        canvas: the map.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._bands = []
        for colour, width in ((_EDGE, 6), (_LINE, 3)):
            band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
            band.setStrokeColor(colour)
            band.setFillColor(QColor(0, 0, 0, 0))
            band.setWidth(width)
            band.setBrushStyle(Qt.BrushStyle.NoBrush)
            self._bands.append(band)

    @property
    def is_on(self) -> bool:
        """Whether a polygon is marked."""
        return bool(self._bands[0].numberOfVertices() > 0)

    def show(self, geometry: QgsGeometry, layer: QgsVectorLayer) -> None:
        """Mark a polygon of `layer` and move the map there."""
        for band in self._bands:
            band.setToGeometry(geometry, layer)
            band.show()
        settings = self._canvas.mapSettings()
        try:
            to_map = QgsCoordinateTransform(layer.crs(), settings.destinationCrs(), QgsProject.instance())
            extent = to_map.transformBoundingBox(geometry.boundingBox())
        except QgsCsException:
            return  # beyond what the map's projection can show
        extent.scale(_ROOM)
        self._canvas.setExtent(extent)
        if self._canvas.scale() < _CLOSEST_SCALE:
            self._canvas.zoomScale(_CLOSEST_SCALE)
        self._canvas.refresh()

    def off(self) -> None:
        """Mark nothing."""
        for band in self._bands:
            band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)

    def remove(self) -> None:
        """Take the rubber bands off the map for good."""
        for band in self._bands:
            self._canvas.scene().removeItem(band)
        self._bands = []
