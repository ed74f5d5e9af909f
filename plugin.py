"""The plugin object QGIS talks to: registers the Processing provider and, in a QGIS with a window, what is clicked."""

from __future__ import annotations

import traceback
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsApplication, QgsMessageLog

from .processing.i18n import tr
from .processing.translation import install_translation, remove_translation

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.gui import QgisInterface

    from .processing.provider import LandslideProvider


class LandslideDetectorPlugin:
    """Landslide Detector inside QGIS.

    Args:
        iface: the QGIS window, or None inside `qgis_process`, which has none.
    """

    def __init__(self, iface: QgisInterface | None) -> None:
        self._iface = iface
        self._translation = install_translation()
        # What takes each part out of QGIS again, in the order in which they came.
        self._unloaders: list[Callable[[], object]] = []

    def initProcessing(self) -> None:
        """Register the algorithms; all that `qgis_process` asks for."""
        self._register_provider()

    def initGui(self) -> None:
        """Register the algorithms, put the button on the toolbar and the entries into the menus; offer the set-up."""
        from .ui.dialogs import AlgorithmDialogs
        from .ui.dock.desk import Desk
        from .ui.models import close_models, open_models
        from .ui.openers import Openers
        from .ui.options.page import register_options, unregister_options
        from .ui.review import ReviewMenu, close_review, open_review
        from .ui.setup.dialog import open_setup
        from .ui.setup.offer import offer_setup
        from .ui.setup.session import close_setup
        from .ui.toolbar import DetectorToolbar
        from .ui.tutorial import open_tutorial

        iface = self._iface
        provider = self._register_provider()
        dialogs = AlgorithmDialogs()
        self._unloaders.append(dialogs.close_all)
        openers = Openers(
            setup=partial(open_setup, iface),
            models=lambda: open_models(iface, lambda _name: desk.refresh()),
            sample=partial(dialogs.open, "landslides:createsamplescene", {}),
        )
        desk = Desk(iface, openers)
        self._unloaders.append(desk.unload)
        toolbar = DetectorToolbar(iface, provider, desk, dialogs)
        self._unloaders.append(toolbar.unload)
        entries = {}
        for name, text, tip, icon, open_it in [
            ("open_review", tr("&Review landslides…"), tr("Accept, reject and redraw what was detected"),
             "/mActionToggleEditing.svg", partial(open_review, iface)),
            ("open_models", tr("&Models…"), tr("The models on this machine, and those to be had"),
             "/processingModel.svg", openers.models),
            ("open_setup", tr("Set &up engine…"), tr("Install, repair or remove what the detectors run on"),
             "/mActionOptions.svg", openers.setup),
            ("open_tutorial", tr("&Tutorial"), tr("From an empty QGIS to a reviewed landslide map, step by step"),
             "/mActionHelpContents.svg", open_tutorial),
        ]:  # fmt: skip
            entries[name] = toolbar.add_entry(name, text, tip, QgsApplication.getThemeIcon(icon), open_it)
        self._unloaders += [close_review, partial(close_models, iface), close_setup]
        self._unloaders.append(ReviewMenu(iface).unload)
        self._unloaders.append(partial(unregister_options, iface, register_options(iface)))
        offer_setup(iface, entries["open_setup"])

    def unload(self) -> None:
        """Take everything back out of QGIS; what still runs is cancelled."""
        while self._unloaders:
            try:
                self._unloaders.pop()()
            except Exception:
                # What else is registered has to go all the same.
                QgsMessageLog.logMessage(traceback.format_exc(), "Landslide Detector", Qgis.MessageLevel.Critical)
        remove_translation(self._translation)

    def _register_provider(self) -> LandslideProvider:
        from .processing.provider import LandslideProvider

        provider = LandslideProvider()
        registry = QgsApplication.processingRegistry()
        registry.addProvider(provider)
        self._unloaders.append(partial(registry.removeProvider, provider))
        return provider
