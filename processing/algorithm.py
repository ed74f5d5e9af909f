"""What all algorithms of the provider share: each is a small class that declares parameters and a command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtGui import QIcon

from .engine import Engine, EngineError, EngineNotFoundError, EngineOutput, find_engine, run_engine
from .help_pages import help_page
from .i18n import tr

_ICONS = Path(__file__).parent / "icons"


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
        return str(_ICONS / f"{self.NAME}.svg")

    def shortHelpString(self) -> str:
        return help_page(self)

    def canExecute(self) -> tuple[bool, str]:
        try:
            self.find_engine()
        except EngineNotFoundError as error:
            return False, str(error)
        return True, ""

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        try:
            self._engine = self.find_engine()
        except EngineNotFoundError as error:
            raise QgsProcessingException(str(error)) from None
        return True

    def find_engine(self) -> Engine:
        """Find an engine that can do what this algorithm asks of it.

        Raises:
            EngineNotFoundError: there is none; the message says what to do.
        """
        return find_engine()

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
