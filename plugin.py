"""The plugin object QGIS talks to: registers the Processing provider and, in a QGIS with a window, the button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import QgsApplication

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .processing.provider import LandslideProvider
    from .ui.toolbar import DetectorToolbar


class LandslideDetectorPlugin:
    """Landslide Detector inside QGIS.

    Args:
        iface: the QGIS window, or None inside `qgis_process`, which has none.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._provider: LandslideProvider | None = None
        self._toolbar: DetectorToolbar | None = None

    def initProcessing(self) -> None:
        """Register the algorithms; all that `qgis_process` asks for."""
        self._register_provider()

    def initGui(self) -> None:
        """Register the algorithms and put the button on the toolbar and in the Raster menu."""
        from .ui.toolbar import DetectorToolbar

        self._toolbar = DetectorToolbar(self._iface, self._register_provider())

    def unload(self) -> None:
        """Take everything back out of QGIS; a detection still running is cancelled."""
        if self._toolbar is not None:
            self._toolbar.unload()
            self._toolbar = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None

    def _register_provider(self) -> LandslideProvider:
        from .processing.provider import LandslideProvider

        self._provider = LandslideProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        return self._provider
