"""The area: the whole layer, what the map shows, selected polygons, or a rectangle drawn on the map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsMapLayerProxyModel,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgisInterface, QgsMapLayerComboBox, QgsMapToolExtent, QgsRubberBand
from qgis.PyQt import sip
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtGui import QPalette
from qgis.PyQt.QtWidgets import QGridLayout, QPushButton, QRadioButton, QWidget

from ...processing.i18n import tr
from .area import AreaError, extent_parameter, parse_extent, polygons_parameter
from .widgets import SPACING, heading, muted, narrow


class AreaPanel(QWidget):
    """Four ways to say where to search.

    Signals:
        changed: another area was chosen.
    """

    changed = pyqtSignal()

    def __init__(self, iface: QgisInterface, folder: Path) -> None:
        super().__init__()
        self._canvas = iface.mapCanvas()
        self._folder = folder
        self._rectangle = QgsRectangle()
        self._rectangle_crs = QgsCoordinateReferenceSystem()
        self._kept_area = ""
        self._tool: QgsMapToolExtent | None = None
        self._tool_before: Any = None
        self._band = QgsRubberBand(self._canvas, QgsWkbTypes.GeometryType.PolygonGeometry)

        self.whole = self._radio("Whole", tr("Whole layer"), tr("Search all of the scene"))
        self.visible = self._radio("Visible", tr("Visi&ble map"), tr("Search what the map shows now"))
        self.polygons = self._radio("Polygons", tr("Selected pol&ygons of"), tr("Search within the selected polygons"))
        self.rectangle = self._radio("Rectangle", tr("Rectan&gle"), tr("Search a rectangle drawn on the map"))
        self.layers = QgsMapLayerComboBox()
        self.layers.setObjectName("LandslideAreaLayer")
        self.layers.setAccessibleName(tr("Layer of the selected polygons"))
        narrow(self.layers)
        self.layers.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.draw = QPushButton(tr("Draw on the map"))
        self.draw.setObjectName("LandslideDraw")
        self.draw.setCheckable(True)
        self.draw.setToolTip(tr("Drag a rectangle on the map"))
        self._figure = muted()
        self._figure.setObjectName("LandslideAreaFigure")

        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.setColumnStretch(1, 1)
        layout.addWidget(heading(tr("Area")), 0, 0, 1, 2)
        layout.addWidget(self.whole, 1, 0)
        layout.addWidget(self.visible, 1, 1)
        layout.addWidget(self.polygons, 2, 0)
        layout.addWidget(self.layers, 2, 1)
        layout.addWidget(self.rectangle, 3, 0)
        layout.addWidget(self.draw, 3, 1)
        layout.addWidget(self._figure, 4, 0, 1, 2)
        self.whole.setChecked(True)

        for radio in (self.whole, self.visible, self.polygons, self.rectangle):
            radio.toggled.connect(self._on_choice)
        self.draw.toggled.connect(self._draw)
        self.layers.layerChanged.connect(self._on_choice)
        iface.currentLayerChanged.connect(self._follow)
        self._canvas.selectionChanged.connect(self._on_selection)
        self._iface = iface
        self._on_choice()

    def parameters(self, scene: QgsRasterLayer) -> dict[str, str]:
        """Return the area as it is now, as parameters of a detection.

        Raises:
            AreaError: there is nothing to search.
        """
        if self.visible.isChecked():
            crs = self._canvas.mapSettings().destinationCrs()
            return {"EXTENT": extent_parameter(self._canvas.extent(), crs, scene)}
        if self.rectangle.isChecked():
            return {"EXTENT": extent_parameter(self._rectangle, self._rectangle_crs, scene)}
        if self.polygons.isChecked():
            if self._kept_area and self.layers.currentLayer() is None:
                return {"AOI": self._kept_area}
            return {"AOI": polygons_parameter(self.layers.currentLayer(), self._folder)}
        return {}

    def fill(self, parameters: dict[str, Any], crs: QgsCoordinateReferenceSystem) -> None:
        """Take the area of an earlier run, whose scene has `crs`.

        Raises:
            AreaError: it cannot be had any more; the whole layer is chosen then.
        """
        area = parameters.get("AOI")
        selected = QgsProject.instance().mapLayer(area["source"]) if isinstance(area, dict) else None
        self._kept_area = area if isinstance(area, str) else ""
        self.whole.setChecked(True)
        if selected is not None or self._kept_area:
            self.layers.setAllowEmptyLayer(bool(self._kept_area))
            self.layers.setLayer(selected)
            self.polygons.setChecked(True)
        elif area:
            raise AreaError(tr("The polygons of the earlier run are not in the project any more."))
        elif parameters.get("EXTENT"):
            extent = parse_extent(str(parameters["EXTENT"]), crs)
            self._take_rectangle(extent, extent.crs())
        self._on_choice()

    def close_tools(self) -> None:
        """Take what this panel has put on the map off it, and listen to QGIS no more."""
        self.draw.setChecked(False)
        self._canvas.scene().removeItem(self._band)
        self._iface.currentLayerChanged.disconnect(self._follow)
        self._canvas.selectionChanged.disconnect(self._on_selection)

    def _radio(self, name: str, text: str, tip: str) -> QRadioButton:
        radio = QRadioButton(text)
        radio.setObjectName(f"LandslideArea{name}")
        radio.setToolTip(tip)
        return radio

    def _follow(self, layer: Any) -> None:
        if layer is not None and self.layers.findText(layer.name()) >= 0 and not self.polygons.isChecked():
            self.layers.setLayer(layer)

    def _on_selection(self, _layer: QgsVectorLayer) -> None:
        if self.polygons.isChecked():
            self._on_choice()

    def _on_choice(self) -> None:
        self.layers.setEnabled(self.polygons.isChecked())
        if not self.rectangle.isChecked():
            self.draw.setChecked(False)
        elif self._rectangle.isEmpty():
            self.draw.setChecked(True)
        self._show_rectangle()
        layer = self.layers.currentLayer()
        if not self.polygons.isChecked():
            self._figure.setText("")
        elif layer is not None:
            self._figure.setText(tr("{} polygons are selected").format(layer.selectedFeatureCount()))
        else:
            self._figure.setText(tr("The polygons of the earlier run") if self._kept_area else tr("No polygon layer"))
        self._figure.setVisible(bool(self._figure.text()))
        self.changed.emit()

    def _draw(self, is_drawing: bool) -> None:
        if is_drawing:
            self.rectangle.setChecked(True)
            self._tool_before = self._canvas.mapTool()
            self._tool = QgsMapToolExtent(self._canvas)
            self._tool.extentChanged.connect(self._on_drawn)
            self._canvas.setMapTool(self._tool)
            self._canvas.mapToolSet.connect(self._on_other_tool)
        elif self._tool is not None:
            tool, self._tool = self._tool, None
            self._canvas.mapToolSet.disconnect(self._on_other_tool)
            if self._canvas.mapTool() is tool:
                self._canvas.unsetMapTool(tool)
                if self._tool_before is not None and not sip.isdeleted(self._tool_before):
                    self._canvas.setMapTool(self._tool_before)
            tool.deleteLater()

    def _on_drawn(self, rectangle: QgsRectangle) -> None:
        if not rectangle.isEmpty():
            self._take_rectangle(rectangle, self._canvas.mapSettings().destinationCrs())

    def _take_rectangle(self, rectangle: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> None:
        self._rectangle, self._rectangle_crs = QgsRectangle(rectangle), crs
        self.rectangle.setChecked(True)
        self.draw.setChecked(False)
        self._show_rectangle()
        self.changed.emit()

    def _on_other_tool(self, tool: Any) -> None:
        if tool is not self._tool:
            self.draw.setChecked(False)

    def _show_rectangle(self) -> None:
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        if not self.rectangle.isChecked() or self._rectangle.isEmpty() or not self.isVisible():
            return
        colour = self.palette().color(QPalette.ColorRole.Highlight)
        self._band.setStrokeColor(colour)
        self._band.setWidth(2)
        colour.setAlpha(40)
        self._band.setFillColor(colour)
        self._band.setToGeometry(QgsGeometry.fromRect(self._rectangle), self._rectangle_crs)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._show_rectangle()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        # While QGIS closes, the map goes before the dock.
        if not sip.isdeleted(self._band):
            self._show_rectangle()
