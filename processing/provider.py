"""The Processing provider `landslides`."""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsProcessingProvider, QgsVectorFileWriter
from qgis.PyQt.QtGui import QIcon

from .algorithms import ALGORITHMS
from .engine import EngineNotFoundError, find_engine
from .i18n import tr

_ICON = Path(__file__).parent / "icons" / "landslides.svg"


class LandslideProvider(QgsProcessingProvider):
    """Registers the algorithms. It loads with no engine installed; running one then says what to do."""

    def id(self) -> str:
        return "landslides"

    def name(self) -> str:
        return tr("Landslide Detector")

    def icon(self) -> QIcon:
        return QIcon(str(_ICON))

    def svgIconPath(self) -> str:
        return str(_ICON)

    def loadAlgorithms(self) -> None:
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())

    def warningMessage(self) -> str:
        try:
            find_engine()
        except EngineNotFoundError as error:
            return str(error)
        return ""

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        return ["tif", "tiff"]

    def supportedOutputVectorLayerExtensions(self) -> list[str]:
        others = [extension for extension in QgsVectorFileWriter.supportedFormatExtensions() if extension != "gpkg"]
        return ["gpkg", *others]

    def supportsNonFileBasedOutput(self) -> bool:
        return False
