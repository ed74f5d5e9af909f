"""The plugin object QGIS talks to: registers the Processing provider and, in a QGIS with a window, button and dock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsApplication

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .processing.provider import LandslideProvider
    from .ui.dialogs import AlgorithmDialogs
    from .ui.dock.desk import Desk
    from .ui.toolbar import DetectorToolbar


class LandslideDetectorPlugin:
    """Landslide Detector inside QGIS.

    Args:
        iface: the QGIS window, or None inside `qgis_process`, which has none.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._provider: LandslideProvider | None = None
        self._dialogs: AlgorithmDialogs | None = None
        self._desk: Desk | None = None
        self._toolbar: DetectorToolbar | None = None

    def initProcessing(self) -> None:
        """Register the algorithms; all that `qgis_process` asks for."""
        self._register_provider()

    def initGui(self) -> None:
        """Register the algorithms and put the button on the toolbar and in the Raster menu; it opens the dock."""
        from .ui.dialogs import AlgorithmDialogs
        from .ui.dock.desk import Desk
        from .ui.openers import Openers
        from .ui.toolbar import DetectorToolbar

        provider = self._register_provider()
        self._dialogs = AlgorithmDialogs()
        self._desk = Desk(
            self._iface,
            Openers(
                setup=partial(self._dialogs.open, "landslides:checkenvironment", {}),
                models=partial(self._dialogs.open, "landslides:checkenvironment", {}),
                sample=partial(self._dialogs.open, "landslides:createsamplescene", {}),
            ),
        )
        self._toolbar = DetectorToolbar(self._iface, provider, self._desk, self._dialogs)

    def unload(self) -> None:
        """Take everything back out of QGIS; what still runs is cancelled."""
        if self._toolbar is not None:
            self._toolbar.unload()
            self._toolbar = None
        if self._desk is not None:
            self._desk.unload()
            self._desk = None
        if self._dialogs is not None:
            self._dialogs.close_all()
            self._dialogs = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None

    def _register_provider(self) -> LandslideProvider:
        from .processing.provider import LandslideProvider

        self._provider = LandslideProvider()
        QgsApplication.processingRegistry().addProvider(self._provider)
        return self._provider
