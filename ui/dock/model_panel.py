"""The model: which one, and its card."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import QSignalBlocker, Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ...processing.cards import AUTO, ModelCard, find_card, list_cards
from ...processing.i18n import tr
from .card_text import card_html
from .widgets import SPACING, Notice, heading, narrow

# Name of the model to begin with, for each detector: one that was improved by review, and taken.
_FIRST_MODEL = "landslide_detector/model/{}"


class ModelPanel(QWidget):
    """A list of the detector's models; the card of the chosen one folds out.

    Signals:
        changed: another model was chosen.
    """

    changed = pyqtSignal()

    def __init__(self, open_models: Callable[[], object]) -> None:
        super().__init__()
        self._detector = ""
        self._resolution: float | None = None
        self._choice = QComboBox()
        self._choice.setObjectName("LandslideModel")
        self._choice.setAccessibleName(tr("Model"))
        narrow(self._choice)
        self._choice.currentIndexChanged.connect(self._on_choice)
        self._missing = Notice(button=tr("Get models…"), on_click=open_models)
        self._missing.setObjectName("LandslideModelMissing")
        self._fold = QToolButton()
        self._fold.setObjectName("LandslideModelFold")
        self._fold.setText(tr("About this model"))
        self._fold.setToolTip(tr("What it was trained on, how well it does, and its licence"))
        self._fold.setAutoRaise(True)
        self._fold.setCheckable(True)
        self._fold.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._fold.toggled.connect(self._unfold)
        self._card = QLabel()
        self._card.setObjectName("LandslideModelCard")
        self._card.setTextFormat(Qt.TextFormat.RichText)
        self._card.setWordWrap(True)
        self._card.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._card.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading(tr("Model")))
        layout.addWidget(self._choice)
        layout.addWidget(self._missing)
        layout.addWidget(self._fold)
        layout.addWidget(self._card)
        self._unfold(False)

    @property
    def model(self) -> str:
        """Name or folder of the model, or `auto`."""
        return str(self._choice.currentData() or AUTO)

    @property
    def card(self) -> ModelCard | None:
        return find_card(self.model, self._detector, self._resolution)

    def set_detector(self, detector: str) -> None:
        """List the models of `detector`; what was chosen stays, for another detector it is the model made the first."""
        first = str(QgsSettings().value(_FIRST_MODEL.format(detector), AUTO))
        chosen = self.model if detector == self._detector else first
        self._detector = detector
        with QSignalBlocker(self._choice):
            self._choice.clear()
            default = find_card(AUTO, detector, self._resolution)
            self._choice.addItem(tr("Automatic ({})").format(default.name) if default else tr("Automatic"), AUTO)
            for card in list_cards(detector):
                self._choice.addItem(card.name, card.name)
            self._choice.setCurrentIndex(max(0, self._choice.findData(chosen)))
        self._on_choice()

    def set_resolution(self, resolution: float | None) -> None:
        """Take the scene's metres a pixel, by which the automatic choice goes; None where they are not known."""
        self._resolution = resolution
        self.refresh()

    def refresh(self) -> None:
        """Look for the models again: some may have come or gone."""
        self.set_detector(self._detector)

    def choose(self, model: str) -> None:
        """Choose a model by name or folder."""
        if self._choice.findData(model) < 0:
            self._choice.addItem(Path(model).name, model)
        self._choice.setCurrentIndex(self._choice.findData(model))

    def _on_choice(self) -> None:
        card = self.card
        self._card.setText(card_html(card) if card else tr("There is no card of this model on this machine."))
        self._missing.say(tr("The weights of this model are not on this machine.") if card and card.missing else "")
        self._choice.setToolTip(str(card.fields.get("description", "")) if card else "")
        self.changed.emit()

    def _unfold(self, is_open: bool) -> None:
        self._fold.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._card.setVisible(is_open)
