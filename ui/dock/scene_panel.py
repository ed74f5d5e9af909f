"""The scene: which raster layer, a picture of it, its figures, and where it does not suit the model."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgisInterface
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ...processing.cards import ModelCard
from ...processing.i18n import tr
from .raster_choice import RasterChoice
from .run_property import record_of
from .scene_facts import SceneFacts
from .thumbnail import Thumbnail
from .widgets import SPACING, Notice, heading, muted


class ScenePanel(QWidget):
    """Follows the active layer of the map, as long as that is a raster and no result.

    Signals:
        changed: another scene was chosen.
    """

    changed = pyqtSignal()

    def __init__(self, iface: QgisInterface, create_sample: Callable[[], object]) -> None:
        super().__init__()
        self._iface = iface
        self._card: ModelCard | None = None
        self._choice = RasterChoice(lambda layer: record_of(layer) is None)
        self._choice.setObjectName("LandslideScene")
        self._choice.setAccessibleName(tr("Scene"))
        self._choice.setToolTip(tr("The raster layer to search; follows the layer selected in the Layers panel."))
        self._thumbnail = Thumbnail()
        self._figures = muted()
        self._figures.setObjectName("LandslideSceneFacts")
        self._misfit = Notice()
        self._misfit.setObjectName("LandslideMisfit")
        self._sample = QPushButton(tr("Create sample scene…"))
        self._sample.setToolTip(tr("Makes a synthetic scene with known landslides, to try the detectors on."))
        self._sample.clicked.connect(lambda _checked: create_sample())

        facts = QVBoxLayout()
        facts.addWidget(self._choice)
        facts.addWidget(self._figures)
        row = QHBoxLayout()
        row.addWidget(self._sample)
        row.addStretch()
        facts.addLayout(row)
        facts.addStretch()
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.setColumnStretch(1, 1)
        layout.addWidget(heading(tr("Scene")), 0, 0, 1, 2)
        layout.addWidget(self._thumbnail, 1, 0)
        layout.addLayout(facts, 1, 1)
        layout.addWidget(self._misfit, 2, 0, 1, 2)

        iface.currentLayerChanged.connect(self.follow)
        self._choice.layerChanged.connect(self._on_layer)
        self.follow(iface.activeLayer())
        self._on_layer(self._choice.currentLayer())

    @property
    def layer(self) -> QgsRasterLayer | None:
        return self._choice.currentLayer()

    def set_layer(self, layer: QgsRasterLayer) -> None:
        self._choice.setLayer(layer)

    def facts(self) -> SceneFacts | None:
        """Return the scene's figures, None without a scene."""
        if self.layer is None or not self.layer.isValid():
            return None
        return SceneFacts.of(self.layer, QgsProject.instance().transformContext())

    def set_card(self, card: ModelCard | None) -> None:
        """Say where the scene does not suit the model of `card`."""
        self._card = card
        facts = self.facts()
        self._misfit.say("\n".join(facts.misfits(card)) if facts and card else "")

    def follow(self, layer: QgsMapLayer | None) -> None:
        """Take `layer` for the scene if it can be one."""
        if isinstance(layer, QgsRasterLayer) and layer.isValid() and record_of(layer) is None:
            self._choice.setLayer(layer)

    def disconnect_all(self) -> None:
        """Listen to QGIS no more."""
        self._thumbnail.stop()
        self._iface.currentLayerChanged.disconnect(self.follow)
        self._choice.disconnect_all()

    def _on_layer(self, layer: QgsRasterLayer | None) -> None:
        facts = self.facts()
        self._figures.setText("\n".join(facts.lines()) if facts else tr("Add a raster layer to begin."))
        self._sample.setVisible(facts is None)
        self._thumbnail.show_layer(layer)
        self.set_card(self._card)
        self.changed.emit()
