"""The button on the toolbar, with its drop-down, and the same entries in the Raster menu."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsMapLayer, QgsRasterLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolButton

from ..processing.i18n import tr
from .dialogs import AlgorithmDialogs

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from ..processing.provider import LandslideProvider
    from .dock.desk import Desk

# The algorithms in the drop-down, section by section; the detectors first, the one to begin with on top.
_DETECTORS = ("segmentlandslides", "detectpatches", "detectanomalies")
_TRAINING = ("trainsegmentation", "trainpatchclassifier", "trainanomalydetector")
_ACCURACY = ("assessaccuracy", "comparedetectors")
_TOOLS = ("createsamplescene", "checkenvironment")
_SECTIONS = (_DETECTORS, _TRAINING, _ACCURACY, _TOOLS)


class DetectorToolbar:
    """A button that opens and closes the dock; its drop-down has the dialogs of the algorithms, for experts.

    The dialogs of the detectors are enabled while the active layer is a raster layer, which they open with.

    Args:
        iface: the QGIS window.
        provider: the registered algorithms, which give the entries their words and icons.
        desk: has the dock.
        dialogs: open the algorithms.
    """

    def __init__(
        self, iface: QgisInterface, provider: LandslideProvider, desk: Desk, dialogs: AlgorithmDialogs
    ) -> None:
        self._iface = iface
        self._provider = provider
        self._dialogs = dialogs
        self._dock = self._action("dock", tr("&Landslide Detector"), provider.icon())
        self._dock.setCheckable(True)
        self._dock.setToolTip(tr("Detect landslides in a raster layer: open or close the dock"))
        self._dock.triggered.connect(desk.show_dock)
        desk.dock_shown.connect(self._dock.setChecked)
        self._algorithms = {name: self._algorithm(name) for section in _SECTIONS for name in section}
        self._entries: list[QAction] = []

        self._menu = QMenu(tr("Landslide &Detector"), iface.mainWindow())
        self._menu.setObjectName("LandslideDetectorMenu")
        self._menu.setIcon(provider.icon())
        self._menu.setToolTipsVisible(True)
        self._menu.addAction(self._dock)
        self._end_of_entries = self._menu.addSeparator()
        for section in _SECTIONS:
            self._menu.addActions([self._algorithms[name] for name in section])
            self._menu.addSeparator()
        iface.rasterMenu().addMenu(self._menu)

        self._button = QToolButton()
        self._button.setObjectName("LandslideDetectorButton")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setIconSize(iface.iconSize())
        self._button.setMenu(self._menu)
        self._button.setDefaultAction(self._dock)
        # The Raster toolbar is hidden in a fresh QGIS, the Plugins toolbar is not.
        self._button_action = iface.addToolBarWidget(self._button)
        iface.pluginToolBar().iconSizeChanged.connect(self._button.setIconSize)

        iface.currentLayerChanged.connect(self._follow)
        self._follow(iface.activeLayer())

    def add_entry(self, name: str, text: str, tip: str, icon: QIcon, open_it: Callable[[], object]) -> QAction:
        """Add an entry of another part of the plugin to the drop-down, below the dock's own, and return it.

        Args:
            name: of the entry among QGIS's keyboard shortcuts.
            text: shown in the menu.
            tip: its tooltip.
            icon: its icon.
            open_it: called when it is picked.
        """
        action = self._action(name, text, icon)
        action.setToolTip(tip)
        action.triggered.connect(lambda _checked: open_it())
        self._entries.append(action)
        self._menu.insertAction(self._end_of_entries, action)
        return action

    def unload(self) -> None:
        """Take button, menu and actions out of QGIS."""
        self._iface.currentLayerChanged.disconnect(self._follow)
        self._iface.removeToolBarIcon(self._button_action)
        self._iface.rasterMenu().removeAction(self._menu.menuAction())
        for action in (self._dock, *self._entries, *self._algorithms.values()):
            self._iface.unregisterMainWindowAction(action)
            action.deleteLater()
        self._button.deleteLater()
        self._menu.deleteLater()

    def _action(self, name: str, text: str, icon: QIcon) -> QAction:
        action = QAction(icon, text, self._iface.mainWindow())
        action.setObjectName(f"LandslideDetector_{name}")
        # Lists the entry among QGIS's keyboard shortcuts, with none set.
        self._iface.registerMainWindowAction(action, "")
        return action

    def _algorithm(self, name: str) -> QAction:
        algorithm = self._provider.algorithm(name)
        action = self._action(name, tr("{}…").format(algorithm.displayName()), algorithm.icon())
        action.setToolTip(algorithm.shortDescription())
        action.triggered.connect(partial(self._open, name))
        return action

    def _open(self, name: str, _checked: bool = False) -> None:
        parameters = {"INPUT": self._iface.activeLayer()} if name in _DETECTORS else {}
        self._dialogs.open(self._provider.algorithm(name).id(), parameters)

    def _follow(self, layer: QgsMapLayer | None) -> None:
        usable = isinstance(layer, QgsRasterLayer) and layer.isValid()
        for name in _DETECTORS:
            action = self._algorithms[name]
            hint = self._provider.algorithm(name).shortDescription()
            action.setEnabled(usable)
            action.setToolTip(hint if usable else f"{hint}\n{tr('Select a raster layer in the Layers panel first.')}")
