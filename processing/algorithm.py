"""What all algorithms of the provider share: each is a small class that declares parameters and a command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
)
from qgis.PyQt.QtGui import QIcon

from .engine import Engine, EngineError, EngineNotFoundError, EngineOutput, find_engine, run_engine
from .i18n import tr

_FOLDER = Path(__file__).parent


class EngineAlgorithm(QgsProcessingAlgorithm):
    """Base of the algorithms: finds the engine, runs it, and brings help and icon from the files of that name.

    A subclass gives `NAME`, which is fixed for ever, and overrides what QGIS asks an algorithm for.
    """

    NAME = ""

    def __init__(self) -> None:
        super().__init__()
        self._engine: Engine | None = None

    def createInstance(self) -> EngineAlgorithm:
        return type(self)()

    def name(self) -> str:
        return self.NAME

    def icon(self) -> QIcon:
        return QIcon(self.svgIconPath())

    def svgIconPath(self) -> str:
        return str(_FOLDER / "icons" / f"{self.NAME}.svg")

    def shortHelpString(self) -> str:
        text = (_FOLDER / "help" / f"{self.NAME}.html").read_text(encoding="utf-8")
        # QGIS takes the end of a line for the end of a paragraph.
        return " ".join(text.split())

    def canExecute(self) -> tuple[bool, str]:
        try:
            find_engine()
        except EngineNotFoundError as error:
            return False, str(error)
        return True, ""

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        try:
            self._engine = find_engine()
        except EngineNotFoundError as error:
            raise QgsProcessingException(str(error)) from None
        return True

    def run_engine(
        self, arguments: list[str], feedback: QgsProcessingFeedback, reports_progress: bool = True
    ) -> EngineOutput:
        """Run the engine found by `prepareAlgorithm`.

        Raises:
            QgsProcessingException: it failed; the message is one line.
        """
        assert self._engine is not None, "QGIS prepares an algorithm before it runs it"  # nosec B101
        try:
            return run_engine(self._engine, arguments, feedback, reports_progress)
        except EngineError as error:
            raise QgsProcessingException(str(error)) from None

    def add_advanced(self, parameter: QgsProcessingParameterDefinition) -> None:
        """Add a parameter that is rarely needed."""
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        self.addParameter(parameter)

    def tr(self, text: str) -> str:
        return tr(text)


def is_given(parameters: dict[str, Any], name: str) -> bool:
    """Return whether an optional parameter has a value."""
    return parameters.get(name) not in (None, "", [])


def only_result(output: EngineOutput) -> dict[str, Any]:
    """Return the one `result` event of a run that succeeded.

    Raises:
        QgsProcessingException: there is none, or more than one.
    """
    if len(output.results) != 1:
        raise QgsProcessingException(tr("The landslide engine gave {} results, not one.").format(len(output.results)))
    return output.results[0]
