"""The second page: move the threshold of a probability layer and see at once what it does."""

from __future__ import annotations

from functools import partial

from qgis.core import Qgis, QgsApplication, QgsMapLayer, QgsRasterLayer
from qgis.gui import QgisInterface, QgsDoubleSpinBox
from qgis.PyQt.QtCore import QSignalBlocker, Qt
from qgis.PyQt.QtGui import QShowEvent
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QSlider, QVBoxLayout, QWidget

from ...processing.i18n import tr
from .histogram import Histogram, HistogramTask
from .histogram_view import HistogramView
from .polygons import PolygonMaker
from .probability_style import ProbabilityStyle
from .raster_choice import RasterChoice
from .scene_facts import square_metres
from .widgets import SPACING, heading, muted

_STEPS = 1000
_START = 0.5


def is_probability(layer: QgsMapLayer) -> bool:
    """Return whether a layer can be one of probabilities: a file with one band of floating-point numbers."""
    return (
        isinstance(layer, QgsRasterLayer)
        and layer.isValid()
        and layer.providerType() == "gdal"
        and layer.bandCount() == 1
        and layer.dataProvider().dataType(1) in (Qgis.DataType.Float32, Qgis.DataType.Float64)
    )


class ThresholdPage(QWidget):
    """A slider below the histogram. Nothing is computed anew: only the style of the layer changes."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__()
        self._iface = iface
        self._histogram: Histogram | None = None
        self._task: HistogramTask | None = None
        self._style: ProbabilityStyle | None = None
        self._maker = PolygonMaker(self._on_polygons)

        self._choice = RasterChoice(is_probability)
        self._choice.setObjectName("LandslideProbability")
        self._choice.setAccessibleName(tr("Probability layer"))
        self._choice.setToolTip(tr("The probability layer whose threshold is to be moved"))
        self._view = HistogramView()
        self._view.setObjectName("LandslideHistogram")
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("LandslideSlider")
        self._slider.setAccessibleName(tr("Threshold"))
        self._slider.setRange(0, _STEPS)
        self._slider.setPageStep(_STEPS // 20)
        self._value = QgsDoubleSpinBox()
        self._value.setObjectName("LandslideLiveThreshold")
        self._value.setAccessibleName(tr("Threshold"))
        self._value.setRange(0, 1)
        self._value.setDecimals(3)
        self._value.setSingleStep(0.01)
        self._value.setShowClearButton(False)
        self._share = QLabel()
        self._share.setObjectName("LandslideShare")
        self._share.setWordWrap(True)
        self._all = QPushButton(tr("Show &all"))
        self._all.setObjectName("LandslideShowAll")
        self._all.setToolTip(tr("Show all probabilities again"))
        self._polygons = QPushButton(
            QgsApplication.getThemeIcon("/algorithms/mAlgorithmPolygonToLine.svg"), tr("Make pol&ygons here")
        )
        self._polygons.setObjectName("LandslideMakePolygons")
        self._polygons.setToolTip(tr("Outline, in the background, what is at or above this threshold"))
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName(tr("Polygons are being made"))
        self._busy.hide()
        self._problem = muted()

        title = QHBoxLayout()
        title.addWidget(heading(tr("&Threshold"), self._slider), 1)
        title.addWidget(self._value)
        buttons = QHBoxLayout()
        buttons.addWidget(self._polygons)
        buttons.addWidget(self._all)
        buttons.addStretch()
        layout = QVBoxLayout(self)
        layout.setSpacing(SPACING)
        layout.addWidget(heading(tr("Pro&bability layer"), self._choice))
        layout.addWidget(self._choice)
        layout.addSpacing(SPACING)
        layout.addLayout(title)
        layout.addWidget(self._view)
        layout.addWidget(self._slider)
        layout.addWidget(self._share)
        layout.addSpacing(SPACING)
        layout.addLayout(buttons)
        layout.addWidget(self._busy)
        layout.addWidget(self._problem)
        layout.addStretch()

        iface.currentLayerChanged.connect(self._follow)
        self._choice.layerChanged.connect(self._on_layer)
        self._slider.valueChanged.connect(lambda step: self.set_threshold(step / _STEPS))
        self._value.valueChanged.connect(self.set_threshold)
        self._view.picked.connect(self.set_threshold)
        self._all.clicked.connect(self._show_all)
        self._polygons.clicked.connect(self._make)
        self._follow(iface.activeLayer())
        self._on_layer(self._choice.currentLayer())

    @property
    def layer(self) -> QgsRasterLayer | None:
        return self._choice.currentLayer()

    @property
    def threshold(self) -> float:
        return self._value.value()

    def set_threshold(self, threshold: float) -> None:
        """Restyle the layer to show what is at or above `threshold`."""
        self._show_threshold(threshold)
        if self._style is not None:
            self._style.show_above(self.threshold)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        # Not before the page is looked at: layers come and go with every run.
        if self._style is not None and self._histogram is None and self._task is None:
            self._count(self.layer)

    def disconnect_all(self) -> None:
        """Give up what is at work, and listen to QGIS no more."""
        self._maker.cancel()
        self._stop_counting()
        self._iface.currentLayerChanged.disconnect(self._follow)
        self._choice.disconnect_all()

    def _follow(self, layer: QgsMapLayer | None) -> None:
        if is_probability(layer):
            self._choice.setLayer(layer)

    def _on_layer(self, layer: QgsRasterLayer | None) -> None:
        layer = layer if is_probability(layer) else None
        self._stop_counting()
        self._histogram = None
        self._view.set_histogram(None)
        self._style = None if layer is None else ProbabilityStyle(layer)
        self._show_threshold(_START if self._style is None else self._style.threshold)
        self._enable()
        if layer is None:
            self._share.setText(tr("Run a detection first: it gives a probability layer."))
        elif self.isVisible():
            self._count(layer)

    def _count(self, layer: QgsRasterLayer) -> None:
        self._share.setText(tr("Counting pixels…"))
        self._task = HistogramTask(layer, partial(self._on_histogram, layer.id()))
        QgsApplication.taskManager().addTask(self._task)

    def _stop_counting(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _on_histogram(self, layer: str, histogram: Histogram | None) -> None:
        self._task = None
        if self.layer is None or self.layer.id() != layer:
            return
        self._histogram = histogram
        self._view.set_histogram(histogram)
        self._show_threshold(self.threshold)
        if histogram is None:
            self._share.setText(tr("The layer cannot be read."))

    def _show_threshold(self, threshold: float) -> None:
        with QSignalBlocker(self._slider), QSignalBlocker(self._value):
            self._value.setValue(threshold)
            self._slider.setValue(round(threshold * _STEPS))
        self._view.set_threshold(threshold)
        if self._histogram is None:
            return
        share = tr("{:.2%} of the scene").format(self._histogram.share_above(threshold))
        area = self._histogram.area_above(threshold)
        self._share.setText(
            tr("From {threshold:.3f} on: about {share}").format(threshold=threshold, share=share)
            + (f", {square_metres(area)}" if area is not None else "")
        )

    def _show_all(self) -> None:
        if self._style is not None:
            self._style.show_all()

    def _make(self) -> None:
        self._problem.setText("")
        self._maker.make(self.layer, self.threshold)
        self._enable()

    def _on_polygons(self, problem: str) -> None:
        self._problem.setText(tr("No polygons: {}").format(problem) if problem else "")
        self._enable()

    def _enable(self) -> None:
        for widget in (self._slider, self._value, self._view, self._all):
            widget.setEnabled(self._style is not None)
        self._busy.setVisible(self._maker.is_at_work)
        self._polygons.setEnabled(self._style is not None and not self._maker.is_at_work)
