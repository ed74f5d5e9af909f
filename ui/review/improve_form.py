"""What a training needs to know beside the review itself; filled in as far as the detection left it in the layer."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsMapLayerProxyModel
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from ...processing.cards import find_card, list_cards
from ...processing.i18n import tr
from .candidate import free_name
from .evidence import Evidence
from .origin import TRAINERS, Origin
from .session import Progress

_MINUTES = 15
_LONGEST = 24 * 60
_FEW = 5


class ImproveForm(QWidget):
    """Scene, detector, model to start from, time to spend, name of the new model."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[int, ...] = ()
        self._summary = QLabel()
        self._summary.setWordWrap(True)
        self._scene = QgsMapLayerComboBox()
        self._scene.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self._scene.setToolTip(tr("The imagery the polygons were detected in."))
        self._detector = QComboBox()
        for detector, text in (
            ("segmentation", tr("Segmentation")),
            ("patches", tr("Patches")),
            ("anomaly", tr("Anomaly")),
        ):
            self._detector.addItem(text, detector)
        self._model = QComboBox()
        self._model.setToolTip(tr("The model that made the polygons; training goes on from it."))
        self._minutes = QSpinBox()
        self._minutes.setRange(1, _LONGEST)
        self._minutes.setValue(_MINUTES)
        self._minutes.setSuffix(tr(" min"))
        self._minutes.setToolTip(tr("Time to train, beside reading and measuring. It runs in the background."))
        self._name = QLineEdit()
        self._name.setToolTip(
            tr("Under this name the new model will be in the list of models, if you decide to use it.")
        )
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.train = QPushButton(tr("&Train"))
        self.back = QPushButton(tr("&Back to the review"))
        self._detector.currentIndexChanged.connect(lambda: self._list_models("auto"))
        self._model.currentIndexChanged.connect(self._suggest_name)

        form = QFormLayout()
        form.addRow(tr("&Scene"), self._scene)
        form.addRow(tr("&Detector"), self._detector)
        form.addRow(tr("Start &from"), self._model)
        form.addRow(tr("Ti&me"), self._minutes)
        form.addRow(tr("&Name"), self._name)
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.train)
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(f"<b>{tr('Improve the model')}</b>"))
        layout.addWidget(self._summary)
        layout.addLayout(form)
        layout.addWidget(self.message)
        layout.addLayout(buttons)
        layout.addStretch()

    @property
    def detector(self) -> str:
        return str(self._detector.currentData())

    @property
    def base(self) -> str:
        """Name or folder of the model to start from."""
        return str(self._model.currentData() or "")

    @property
    def name(self) -> str:
        return self._name.text().strip()

    def fill(self, progress: Progress, origin: Origin) -> None:
        """Show what was reviewed, and what is known of the detection."""
        self._bands = origin.bands
        rejected = progress.reviewed - progress.accepted
        words = tr(
            "Accepted: {accepted}, rejected: {rejected}. The model learns from both, and from the ground between them; "
            "polygons nobody has decided about ({left}) are left out."
        ).format(accepted=progress.accepted, rejected=rejected, left=progress.left)
        if progress.reviewed < _FEW:
            words += " " + tr("That is little to learn from: review some more first.")
        self._summary.setText(words)
        if origin.scene is not None:
            self._scene.setLayer(origin.scene)
        if origin.detector is not None:
            self._detector.setCurrentIndex(self._detector.findData(origin.detector))
        self._list_models(origin.model)
        self.message.clear()

    def obstacle(self) -> str:
        """Say what is missing; empty if the training can begin."""
        if self._scene.currentLayer() is None:
            return tr("Load the scene first: the imagery the polygons were detected in.")
        if not self.base:
            return tr("There is no model to start from.")
        if not self.name or any(letter in self.name for letter in '/\\:*?"<>|') or self.name.startswith("."):
            return tr("Give the new model a name that can be the name of a folder.")
        return ""

    def parameters(self, evidence: Evidence, folder: str) -> tuple[str, dict[str, Any]]:
        """Return the training algorithm and its parameters; the model is to be written to `folder`."""
        parameters: dict[str, Any] = {
            "INPUT": [self._scene.currentLayer().id()],
            "LABELS": evidence.source,
            "BASE": self.base,
            "EXTENT": evidence.extent,
            "BUDGET_TYPE": "minutes",
            "BUDGET": self._minutes.value(),
            "NAME": self.name,
            "MODEL": folder,
        }
        if self._bands:
            parameters["BANDS"] = list(self._bands)
        return TRAINERS[self.detector], parameters

    def _list_models(self, chosen: str) -> None:
        self._model.clear()
        cards = list_cards(self.detector)
        for card in cards:
            self._model.addItem(card.name, card.name)
        card = find_card(chosen, self.detector)
        if card is not None and self._model.findData(card.name) < 0:
            self._model.addItem(card.name, chosen)  # a folder outside of the shelves
        if card is not None:
            self._model.setCurrentText(card.name)

    def _suggest_name(self) -> None:
        if self._model.currentText():
            self._name.setText(free_name(self._model.currentText()))
