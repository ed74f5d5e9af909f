"""Screening: whether a coarse look at the scene comes first."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtWidgets import QCheckBox

from ...processing.i18n import tr

_SCREEN = "SCREEN"


class ScreeningBox(QCheckBox):
    """Only what looks suspicious at a coarse look is searched; for algorithms with that parameter."""

    def __init__(self) -> None:
        super().__init__(tr("Screen first (few landslides)"))
        self.setObjectName("LandslideScreen")

    def set_algorithm(self, identifier: str) -> None:
        """Be of use to an algorithm that can screen, and say why not to another."""
        algorithm = QgsApplication.processingRegistry().algorithmById(identifier)
        parameter = algorithm.parameterDefinition(_SCREEN)
        self.setEnabled(parameter is not None)
        self.setToolTip(parameter.help() if parameter else tr("Only Outlines can be screened first."))

    def parameters(self) -> dict[str, bool]:
        return {_SCREEN: True} if self.isEnabled() and self.isChecked() else {}

    def fill(self, parameters: dict[str, Any]) -> None:
        """Do as an earlier run did."""
        self.setChecked(bool(parameters.get(_SCREEN)))
