"""The button on the toolbar, with its drop-down, and the same entries in the Raster menu."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsMapLayer, QgsRasterLayer, QgsSettings
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction, QMenu, QToolButton

from ..processing.i18n import tr
from .dialogs import AlgorithmDialogs

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from ..processing.provider import LandslideProvider

# The algorithms in the drop-down: the detectors, the one to begin with first, and what needs no layer.
_DETECTORS = ("segmentlandslides", "detectpatches", "detectanomalies")
_TOOLS = ("createsamplescene", "checkenvironment")

_LAST_DETECTOR = "landslide_detector/last_detector"


class DetectorToolbar:
    """A button for the detector used last, with all three in its drop-down.

    The detectors are enabled while the active layer is a raster layer, which their dialog opens with.

    Args:
        iface: the QGIS window.
        provider: the registered algorithms, which give the entries their words and icons.
    """

    def __init__(self, iface: QgisInterface, provider: LandslideProvider) -> None:
        self._iface = iface
        self._provider = provider
        self._dialogs = AlgorithmDialogs()
        self._detectors = {name: self._action(name) for name in _DETECTORS}
        self._tools = {name: self._action(name) for name in _TOOLS}

        self._menu = QMenu(tr("Landslide &Detector"), iface.mainWindow())
        self._menu.setObjectName("LandslideDetectorMenu")
        self._menu.setIcon(provider.icon())
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

    def _action(self, name: str) -> QAction:
        algorithm = self._provider.algorithm(name)
        action = QAction(algorithm.icon(), tr("{}…").format(algorithm.displayName()), self._iface.mainWindow())
        action.setObjectName(f"LandslideDetector_{name}")
        action.setToolTip(algorithm.shortDescription())
        action.triggered.connect(partial(self._open, name))
        # Lists the entry among QGIS's keyboard shortcuts, with none set.
        self._iface.registerMainWindowAction(action, "")
        return action

    def _last_detector(self) -> QAction:
        name = QgsSettings().value(_LAST_DETECTOR, "", type=str)
        return self._detectors.get(name, self._detectors[_DETECTORS[0]])

    def _open(self, name: str, _checked: bool = False) -> None:
        parameters = {}
        if name in self._detectors:
            QgsSettings().setValue(_LAST_DETECTOR, name)
            self._button.setDefaultAction(self._detectors[name])
            parameters["INPUT"] = self._iface.activeLayer()
        self._dialogs.open(self._provider.algorithm(name).id(), parameters)

    def _follow(self, layer: QgsMapLayer | None) -> None:
        usable = isinstance(layer, QgsRasterLayer) and layer.isValid()
        for name, action in self._detectors.items():
            hint = self._provider.algorithm(name).shortDescription()
            action.setEnabled(usable)
            action.setToolTip(hint if usable else f"{hint}\n{tr('Select a raster layer in the Layers panel first.')}")
