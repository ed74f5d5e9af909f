"""The model manager: the models on this machine and those to be had, with their cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qgis.PyQt import sip

from .manager import NAME, ModelManager

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


def open_models(iface: QgisInterface, on_change: Callable[[str], None] | None = None) -> ModelManager:
    """Show the model manager, the one that is there already if there is one, and return at once.

    Args:
        iface: the QGIS window.
        on_change: called with the name of a model that has come, or empty when one has gone.
    """
    manager = _manager(iface)
    if manager is None:
        manager = ModelManager(iface.mainWindow())
        if on_change is not None:
            manager.changed.connect(on_change)
    manager.refresh()
    manager.show()
    manager.raise_()
    manager.activateWindow()
    return manager


def close_models(iface: QgisInterface) -> None:
    """Close the model manager and end what it does: before the plugin goes."""
    manager = _manager(iface)
    if manager is not None:
        manager.stop()
        manager.close()
        sip.delete(manager)


def _manager(iface: QgisInterface) -> ModelManager | None:
    return iface.mainWindow().findChild(ModelManager, NAME)
