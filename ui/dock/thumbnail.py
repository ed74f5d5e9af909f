"""A small picture of a layer, drawn by QGIS in the background."""

from __future__ import annotations

from functools import partial

from qgis.core import QgsMapLayer, QgsMapRendererSequentialJob, QgsMapSettings, QgsProject
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtGui import QColor, QPixmap
from qgis.PyQt.QtWidgets import QFrame, QLabel

_SIDE = 96


class Thumbnail(QLabel):
    """Shows the layer it is given; the drawing of one that is replaced meanwhile is given up."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SIDE, _SIDE)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._job: QgsMapRendererSequentialJob | None = None
        # A job that was given up lives until it has noticed.
        self._ending: set[QgsMapRendererSequentialJob] = set()

    def show_layer(self, layer: QgsMapLayer | None) -> None:
        """Draw `layer` as soon as QGIS has the time; clear the picture for None."""
        self.clear()
        self.stop()
        if layer is None or layer.extent().isEmpty():
            return
        ratio = self.devicePixelRatioF()
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setDestinationCrs(layer.crs())
        settings.setTransformContext(QgsProject.instance().transformContext())
        settings.setExtent(layer.extent())
        settings.setBackgroundColor(QColor(Qt.GlobalColor.transparent))
        settings.setOutputSize(QSize(round(_SIDE * ratio), round(_SIDE * ratio)))
        self._job = QgsMapRendererSequentialJob(settings)
        self._job.finished.connect(partial(self._on_finished, self._job, ratio))
        self._job.start()

    def stop(self) -> None:
        """Give up a drawing that is not finished."""
        if self._job is not None:
            self._ending.add(self._job)
            self._job.cancelWithoutBlocking()
            self._job = None

    def _on_finished(self, job: QgsMapRendererSequentialJob, ratio: float) -> None:
        self._ending.discard(job)
        if job is not self._job:
            return
        picture = QPixmap.fromImage(job.renderedImage())
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)
        self._job = None
