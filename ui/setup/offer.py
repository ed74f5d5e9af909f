"""What the plugin does about its engine when QGIS starts: offer to set it up, once, or bring it up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import Qgis, QgsSettings
from qgis.PyQt.QtWidgets import QAction, QPushButton

from ...processing.engine.find import EngineNotFoundError, find_engine
from ...processing.engine.install import is_outdated, managed_folder, read_marker
from ...processing.engine.managed import PLUGIN, program_of
from ...processing.i18n import tr
from .session import Outcome, session_of

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_OFFERED = "landslide_detector/setup_offered"


def offer_setup(iface: QgisInterface, open_setup: QAction) -> None:
    """Offer the set-up in the message bar where there is no engine, the first time only; never modal.

    After a plugin update, bring the engine the plugin has set up to the same version, in the background.

    Args:
        iface: the QGIS window.
        open_setup: opens the set-up's page.
    """
    try:
        engine = find_engine()
    except EngineNotFoundError:
        if not QgsSettings().value(_OFFERED, False, type=bool):
            QgsSettings().setValue(_OFFERED, True)
            _push(iface, tr("The detectors need their engine, which is set up in a minute or two."), open_setup)
        return
    if engine.program == program_of(managed_folder()) and is_outdated(managed_folder(), PLUGIN):
        _bring_up_to_date(iface, open_setup)


def _bring_up_to_date(iface: QgisInterface, open_setup: QAction) -> None:
    installed = read_marker(managed_folder())
    session = session_of(iface)
    if installed is None or session.is_busy:
        return

    def report() -> None:
        if session.is_busy:
            return
        session.changed.disconnect(report)
        if session.outcome is Outcome.FAILURE:
            _push(iface, tr("The engine could not follow the plugin's update. {}").format(session.message), open_setup)

    session.changed.connect(report)
    session.set_up(installed.size, trial=False)


def _push(iface: QgisInterface, text: str, open_setup: QAction) -> None:
    item = iface.messageBar().createMessage(tr("Landslide Detector"), text)
    button = QPushButton(tr("Set up the engine…"), item)
    button.setObjectName("LandslideOfferSetup")
    # Both are Qt's own: Python may let go of what belongs to a message long before the message is gone.
    button.clicked.connect(open_setup.trigger)
    button.clicked.connect(item.dismiss)
    item.layout().addWidget(button)
    iface.messageBar().pushWidget(item, Qgis.MessageLevel.Info)
