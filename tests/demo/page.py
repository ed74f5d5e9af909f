"""The sheet the demo's map is drawn on: maps in rows and columns, words, legend and scale bar. Lengths are in mm."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsLayout,
    QgsLayoutExporter,
    QgsLayoutItem,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPage,
    QgsLayoutItemScaleBar,
    QgsLayoutMeasurement,
    QgsLayoutPoint,
    QgsLayoutSize,
    QgsLegendStyle,
    QgsMapLayer,
    QgsMapLayerLegendUtils,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsUnitTypes,
)
from qgis.PyQt.QtCore import QSizeF
from qgis.PyQt.QtGui import QColor, QFont

MAP_SIDE = 94.0
GAP = 3.0
LEFT = 6.0
TOP = 32.0
HEAD = 8.0
ROW_HEIGHT = HEAD + MAP_SIDE + 4.0
FOOT = 48.0
RAMP = QSizeF(6, 24)
WIDTH = 2 * LEFT + 4 * MAP_SIDE + 3 * GAP
DOTS_PER_INCH = 96
FONT = "DejaVu Sans"
INK = QColor("#20262c")
FRAME = QColor("#8a949c")


class Page:
    """A sheet.

    Args:
        project: the project whose layers are drawn.
        extent: what every map shows.
        rows: number of rows of maps.
    """

    def __init__(self, project: QgsProject, extent: QgsRectangle, rows: int) -> None:
        self._layout = QgsLayout(project)
        self._layout.initializeDefaults()
        self._layout.renderContext().setDpi(DOTS_PER_INCH)
        self._height = TOP + rows * ROW_HEIGHT + FOOT
        page: QgsLayoutItemPage = self._layout.pageCollection().page(0)
        page.setPageSize(QgsLayoutSize(WIDTH, self._height))
        self._extent = extent
        self._map: QgsLayoutItemMap | None = None

    def text(self, text: str, x: float, y: float, size: float, bold: bool = False, align: str = "center") -> None:
        """Write one line; `x` is its middle, or its left or right end."""
        label = QgsLayoutItemLabel(self._layout)
        label.setText(text)
        label.setFont(_font(size, bold))
        label.setFontColor(INK)
        label.adjustSizeToText()
        width = label.rect().width() + 2
        left = {"left": x, "center": x - width / 2, "right": x - width}[align]
        self._add(label, left, y, width, label.rect().height())

    def row_title(self, title: str, score: str, y: float) -> None:
        """Write what a row shows, and to the right how good it is."""
        self.text(title, LEFT - 1, y, size=12, bold=True, align="left")
        self.text(score, WIDTH - LEFT + 1, y, size=12, align="right")

    def map(self, layers: list[QgsMapLayer], x: float, y: float) -> None:
        """Draw `layers`, the first on top."""
        drawn = QgsLayoutItemMap(self._layout)
        self._add(drawn, x, y, MAP_SIDE, MAP_SIDE)
        drawn.setLayers(layers)
        drawn.setKeepLayerSet(True)
        drawn.setCrs(layers[-1].crs())
        drawn.setExtent(self._extent)
        drawn.setBackgroundColor(QColor("#e9ecee"))
        drawn.setFrameEnabled(True)
        drawn.setFrameStrokeColor(FRAME)
        drawn.setFrameStrokeWidth(QgsLayoutMeasurement(0.2))
        self._map = drawn

    def footer(self, columns: list[list[tuple[QgsMapLayer, str]]]) -> None:
        """Write the legend, in columns of layers each with its title, and the scale bar."""
        y = self._height - FOOT
        step = (WIDTH - 2 * LEFT) / (len(columns) + 1)
        for column, entries in enumerate(columns):
            self._legend(entries, LEFT + column * step, y)
        self._scale_bar(LEFT + len(columns) * step, y)

    def save(self, path: Path) -> None:
        """Write the sheet as an image."""
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = DOTS_PER_INCH
        result = QgsLayoutExporter(self._layout).exportToImage(str(path), settings)
        if result != QgsLayoutExporter.ExportResult.Success:
            raise SystemExit(f"{path}: cannot be written ({result})")

    def _legend(self, entries: list[tuple[QgsMapLayer, str]], x: float, y: float) -> None:
        legend = QgsLayoutItemLegend(self._layout)
        legend.setAutoUpdateModel(False)
        legend.model().rootGroup().clear()
        for layer, title in entries:
            entry = legend.model().rootGroup().addLayer(layer)
            entry.setName(title)
            if isinstance(layer, QgsRasterLayer):
                nodes = legend.model().layerLegendNodes(entry)
                # The first names the band.
                QgsMapLayerLegendUtils.setLegendNodeOrder(entry, list(range(1, len(nodes))))
                QgsMapLayerLegendUtils.setLegendNodeSymbolSize(entry, 1, RAMP if len(nodes) == 2 else QSizeF())
                legend.model().refreshLayerLegend(entry)
        legend.setStyleFont(QgsLegendStyle.Style.Subgroup, _font(10, bold=True))
        legend.setStyleFont(QgsLegendStyle.Style.SymbolLabel, _font(9))
        legend.setFontColor(INK)
        legend.setBackgroundEnabled(False)
        self._add(legend, x, y, 60, FOOT)
        legend.adjustBoxSize()

    def _scale_bar(self, x: float, y: float) -> None:
        bar = QgsLayoutItemScaleBar(self._layout)
        bar.setStyle("Single Box")
        bar.setLinkedMap(self._map)
        bar.setUnits(QgsUnitTypes.DistanceUnit.DistanceMeters)
        bar.setUnitLabel("m")
        bar.setUnitsPerSegment(200)
        bar.setNumberOfSegments(2)
        bar.setNumberOfSegmentsLeft(0)
        bar.setFont(_font(9))
        bar.setFontColor(INK)
        self._add(bar, x, y, 50, 12)

    def _add(self, item: QgsLayoutItem, x: float, y: float, width: float, height: float) -> None:
        self._layout.addLayoutItem(item)
        item.attemptMove(QgsLayoutPoint(x, y))
        item.attemptResize(QgsLayoutSize(width, height))


def _font(size: float, bold: bool = False) -> QFont:
    font = QFont(FONT)
    font.setPointSizeF(size)
    font.setBold(bold)
    return font
