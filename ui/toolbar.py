"""The button on the toolbar, with its drop-down, and the same entries in the Raster menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsMapLayer, QgsRasterLayer, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolButton

from .dialogs import AlgorithmDialogs
from .entries import Entry, detectors, icon, tools, tr

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_LAST_DETECTOR = "landslide_detector/last_detector"


class DetectorToolbar:
    """A button for the detector used last, with all three in its drop-down.

    The detectors are enabled while the active layer is a raster layer, which their dialog opens with.

    Args:
        iface: the QGIS window.
    """

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface
        self._dialogs = AlgorithmDialogs()
        self._detectors = {entry.name: self._action(entry) for entry in detectors()}
        self._tools = {entry.name: self._action(entry) for entry in tools()}
        self._hints = {entry.name: entry.hint for entry in detectors()}

        self._menu = QMenu(tr("Landslide &Detector"), iface.mainWindow())
        self._menu.setObjectName("LandslideDetectorMenu")
        self._menu.setIcon(icon("landslide"))
        self._menu.setToolTipsVisible(True)
        self._menu.addActions(list(self._detectors.values()))
        self._menu.addSeparator()
        self._menu.addActions(list(self._tools.values()))
        iface.rasterMenu().addMenu(self._menu)

        self._button = QToolButton()
        self._button.setObjectName("LandslideDetectorButton")
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.setIconSize(iface.iconSize())
        self._button.setMenu(self._menu)
        self._button.setDefaultAction(self._last_detector())
        # The Raster toolbar is hidden in a fresh QGIS, the Plugins toolbar is not.
        self._button_action = iface.addToolBarWidget(self._button)
        iface.pluginToolBar().iconSizeChanged.connect(self._button.setIconSize)

        iface.currentLayerChanged.connect(self._follow)
        self._follow(iface.activeLayer())

    def unload(self) -> None:
        """Take button, menu and actions out of QGIS, close the dialogs and cancel what still runs."""
        self._iface.currentLayerChanged.disconnect(self._follow)
        self._dialogs.close_all()
        self._iface.removeToolBarIcon(self._button_action)
        self._iface.rasterMenu().removeAction(self._menu.menuAction())
        for action in (*self._detectors.values(), *self._tools.values()):
            self._iface.unregisterMainWindowAction(action)
            action.deleteLater()
        self._button.deleteLater()
        self._menu.deleteLater()

    def _action(self, entry: Entry) -> QAction:
        action = QAction(icon(entry.icon), entry.text, self._iface.mainWindow())
        action.setObjectName(f"LandslideDetector_{entry.name}")
        action.setToolTip(entry.hint)
        action.triggered.connect(partial(self._open, entry))
        # Lists the entry among QGIS's keyboard shortcuts, with none set.
        self._iface.registerMainWindowAction(action, "")
        return action

    def _last_detector(self) -> QAction:
        name = QgsSettings().value(_LAST_DETECTOR, "", type=str)
        return self._detectors.get(name, next(iter(self._detectors.values())))

    def _open(self, entry: Entry) -> None:
        if entry.name not in self._detectors:
            self._dialogs.open(entry.algorithm, {})
            return
        QgsSettings().setValue(_LAST_DETECTOR, entry.name)
        self._button.setDefaultAction(self._detectors[entry.name])
        self._dialogs.open(entry.algorithm, {"INPUT": self._iface.activeLayer()})

    def _follow(self, layer: QgsMapLayer | None) -> None:
        usable = isinstance(layer, QgsRasterLayer) and layer.isValid()
        for name, action in self._detectors.items():
            action.setEnabled(usable)
            hint = self._hints[name]
            action.setToolTip(hint if usable else f"{hint}\n" + tr("Select a raster layer in the Layers panel first."))
