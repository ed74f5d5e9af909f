"""`landslides:checkenvironment`: which engine there is, and what it will run on."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from ..algorithm import EngineAlgorithm, is_given
from ..engine import settings
from ..i18n import tr
from ..parameters import with_help


class CheckEnvironment(EngineAlgorithm):
    """Says what is installed, which device and precision will be used and why: the first thing to put in a report."""

    NAME = "checkenvironment"
    REPORT = "REPORT"
    INFO = "INFO"
    DEVICE = "DEVICE"
    PRECISION = "PRECISION"

    def __init__(self) -> None:
        super().__init__()
        self._report: Path | None = None

    def displayName(self) -> str:
        return tr("Check environment")

    def shortDescription(self) -> str:
        return tr("Shows what is installed, and which device the detectors will use and why.")

    def group(self) -> str:
        return tr("Tools")

    def groupId(self) -> str:
        return "tools"

    def tags(self) -> list[str]:
        return tr("landslide,engine,device,gpu,cpu,install,version,support").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        report = QgsProcessingParameterFileDestination(
            self.REPORT, tr("Report"), "HTML (*.html)", optional=True, createByDefault=False
        )
        self.addParameter(with_help(report, tr("An HTML file for the same text, if you want one.")))
        self.addOutput(QgsProcessingOutputString(self.INFO, tr("Environment")))
        self.addOutput(QgsProcessingOutputString(self.DEVICE, tr("Device that will be used")))
        self.addOutput(QgsProcessingOutputString(self.PRECISION, tr("Precision that will be used")))

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        if is_given(parameters, self.REPORT):
            self._report = Path(self.parameterAsFileOutput(parameters, self.REPORT, context))
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        machine = ["--device", settings.DEVICE.value(), "--precision", settings.PRECISION.value()]
        output = self.run_engine(["environment", *machine, "--json"], feedback, reports_progress=False)
        if output.cancelled:
            return {}
        try:
            facts = json.loads(output.text)
            device, precision = str(facts["device"]), str(facts["precision"])
        except (ValueError, KeyError, TypeError):
            raise QgsProcessingException(
                tr("The landslide engine did not describe its environment, but said: {}").format(output.text)
            ) from None
        info = "\n".join(_lines(facts))
        feedback.pushInfo(info)
        results = {self.INFO: info, self.DEVICE: device, self.PRECISION: precision}
        if self._report is not None:
            try:
                self._report.write_text(f"<pre>{escape(info)}</pre>\n", encoding="utf-8")
            except OSError as error:
                raise QgsProcessingException(f"{self._report}: {error.strerror}") from None
            results[self.REPORT] = str(self._report)
        return results


def _lines(facts: dict[str, Any], indent: str = "") -> list[str]:
    """Lay out the engine's JSON object as indented text, one fact a line."""
    lines = []
    for name, value in facts.items():
        if isinstance(value, dict):
            lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{indent}{name}:")
            lines += [f"{indent}  {'; '.join(f'{key}: {entry}' for key, entry in item.items())}" for item in value]
        elif isinstance(value, list):
            lines.append(f"{indent}{name}: {', '.join(map(str, value))}")
        else:
            lines.append(f"{indent}{name}: {'-' if value is None else value}")
    return lines
