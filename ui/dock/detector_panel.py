"""The three detectors, each described in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsSettings
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QMouseEvent
from qgis.PyQt.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QVBoxLayout, QWidget

from ...processing.i18n import tr
from .widgets import SPACING, heading, muted

_LAST_DETECTOR = "landslide_detector/last_detector"


@dataclass(frozen=True)
class DetectorChoice:
    """A detector to choose.

    Attributes:
        name: of the engine: `patches`, `segmentation` or `anomaly`.
        algorithm: identifier of its algorithm.
        title: what it does, in two words.
        sentence: what it is good for.
    """

    name: str
    algorithm: str
    title: str
    sentence: str


def detector_choices() -> list[DetectorChoice]:
    """Return the detectors, the one to begin with first."""
    return [
        DetectorChoice(
            "segmentation",
            "landslides:segmentlandslides",
            tr("O&utlines"),
            tr("Which pixels are landslide? The outline to put on a map; the one to begin with. (DeepLabv3+)"),
        ),
        DetectorChoice(
            "patches",
            "landslides:detectpatches",
            tr("Pa&tches"),
            tr("Is there a landslide in this patch? A grid of probabilities, to scan a large area. (ResNet50)"),
        ),
        DetectorChoice(
            "anomaly",
            "landslides:detectanomalies",
            tr("&Anomalies"),
            tr("What does not look like normal terrain? Learned without any landslide labels. (U-Net)"),
        ),
    ]


class _Card(QFrame):
    """A radio button with a sentence below; a click anywhere chooses it."""

    def __init__(self, choice: DetectorChoice) -> None:
        super().__init__()
        self.setObjectName("LandslideDetectorCard")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.radio = QRadioButton(choice.title)
        self.radio.setObjectName(f"LandslideDetector_{choice.name}")
        font = self.radio.font()
        font.setBold(True)
        self.radio.setFont(font)
        self.radio.setToolTip(choice.sentence)
        self.radio.setAccessibleDescription(choice.sentence)
        self.radio.toggled.connect(self._mark)
        sentence = muted(choice.sentence)
        sentence.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, SPACING, 8, SPACING)
        layout.setSpacing(2)
        layout.addWidget(self.radio)
        layout.addWidget(sentence)
        self._mark(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.radio.setChecked(True)
        self.radio.setFocus()
        super().mousePressEvent(event)

    def _mark(self, is_chosen: bool) -> None:
        edge = "2px solid palette(highlight)" if is_chosen else "1px solid palette(mid)"
        margin = 0 if is_chosen else 1
        self.setStyleSheet(
            f"QFrame#LandslideDetectorCard {{ border: {edge}; border-radius: 4px; margin: {margin}px; }}"
        )


class DetectorPanel(QWidget):
    """Three cards to choose from; the choice is remembered.

    Signals:
        changed: another detector was chosen.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._choices = detector_choices()
        self._group = QButtonGroup(self)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading(tr("Detector")), 0, 0)
        for number, choice in enumerate(self._choices):
            card = _Card(choice)
            self._group.addButton(card.radio, number)
            layout.addWidget(card, number + 1, 0)
        self.choose(str(QgsSettings().value(_LAST_DETECTOR, "")) or self._choices[0].algorithm)
        self._group.buttonToggled.connect(self._on_toggled)

    @property
    def choice(self) -> DetectorChoice:
        return self._choices[self._group.checkedId()]

    def choose(self, algorithm: str) -> None:
        """Choose the detector of an algorithm, the first one if there is none."""
        numbers = [number for number, choice in enumerate(self._choices) if choice.algorithm == algorithm]
        self._group.button(numbers[0] if numbers else 0).setChecked(True)

    def _on_toggled(self, _button: QRadioButton, is_checked: bool) -> None:
        if is_checked:
            QgsSettings().setValue(_LAST_DETECTOR, self.choice.algorithm)
            self.changed.emit()
