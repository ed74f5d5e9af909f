"""A histogram to look at and to point into."""

from __future__ import annotations

from math import log1p

from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ...processing.i18n import tr
from .histogram import Histogram

_HEIGHT = 110


class HistogramView(QWidget):
    """Bars, those above the threshold in the palette's highlight; a click or drag moves the threshold.

    The heights are logarithmic: landslides are a few pixels among very many.

    Signals:
        picked: the threshold pointed at, 0 to 1.
    """

    picked = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self._histogram: Histogram | None = None
        self._threshold = 0.5
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(tr("Histogram of the probability"))
        self.setToolTip(tr("How many pixels have which probability (logarithmic); drag to move the threshold"))

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def set_histogram(self, histogram: Histogram | None) -> None:
        self._histogram = histogram
        self.update()

    def set_threshold(self, threshold: float) -> None:
        self._threshold = threshold
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pick(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pick(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.brush(QPalette.ColorRole.Base))
        if self._histogram is None:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("no histogram yet"))
        else:
            counts = self._histogram.counts
            tallest = log1p(max(counts)) or 1.0
            width = self.width() / len(counts)
            for number, count in enumerate(counts):
                height = (self.height() - 4) * log1p(count) / tallest
                is_above = (number + 0.5) / len(counts) >= self._threshold
                role = QPalette.ColorRole.Highlight if is_above else QPalette.ColorRole.Mid
                bar = QRectF(number * width, self.height() - height, width + 0.3, height)
                painter.fillRect(bar, palette.color(role))
        x = self._threshold * (self.width() - 1)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1.5))
        painter.drawLine(int(x), 0, int(x), self.height())
        painter.end()

    def _pick(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.picked.emit(min(1.0, max(0.0, event.pos().x() / max(1, self.width() - 1))))
