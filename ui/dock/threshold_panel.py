"""The threshold of a detection: the model's own, or a fixed one."""

from __future__ import annotations

from qgis.gui import QgsDoubleSpinBox
from qgis.PyQt.QtWidgets import QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from ...processing.cards import ModelCard
from ...processing.i18n import tr
from .widgets import SPACING, heading


class ThresholdPanel(QWidget):
    """From which probability on something counts as landslide."""

    def __init__(self) -> None:
        super().__init__()
        self._auto = QRadioButton(tr("Automat&ic"))
        self._auto.setObjectName("LandslideThresholdAuto")
        self._auto.setChecked(True)
        self._fixed = QRadioButton(tr("&Fixed:"))
        self._fixed.setObjectName("LandslideThresholdFixed")
        self._value = QgsDoubleSpinBox()
        self._value.setObjectName("LandslideThresholdValue")
        self._value.setAccessibleName(tr("Fixed threshold"))
        self._value.setRange(0, 1)
        self._value.setDecimals(3)
        self._value.setSingleStep(0.05)
        self._value.setValue(0.5)
        self._value.setShowClearButton(False)
        self._value.setEnabled(False)
        tip = tr(
            "From this probability on, a pixel counts as landslide. It can be moved afterwards, without a new run."
        )
        for widget in (self._auto, self._fixed, self._value):
            widget.setToolTip(tip)
        self._fixed.toggled.connect(self._value.setEnabled)
        row = QHBoxLayout()
        row.addWidget(self._auto)
        row.addWidget(self._fixed)
        row.addWidget(self._value)
        row.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(heading(tr("Threshold")))
        layout.addLayout(row)

    def set_card(self, card: ModelCard | None) -> None:
        """Say what the model's own threshold is."""
        own = card.fields.get("landslides:threshold") if card else None
        self._auto.setText(tr("Automat&ic") if own is None else tr("Automat&ic ({:.3g})").format(float(own)))
        if own is not None and not self._fixed.isChecked():
            self._value.setValue(float(own))

    def parameters(self) -> dict[str, float]:
        return {"THRESHOLD": round(self._value.value(), 4)} if self._fixed.isChecked() else {}

    def fill(self, threshold: float | None) -> None:
        """Take the threshold of an earlier run."""
        self._auto.setChecked(threshold is None)
        self._fixed.setChecked(threshold is not None)
        if threshold is not None:
            self._value.setValue(float(threshold))
