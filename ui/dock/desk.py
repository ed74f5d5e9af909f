"""What goes on behind the dock, whether it is open or not: runs, their history, their layers, what QGIS is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import (
    Qgis,
    QgsMapLayer,
    QgsMapLayerType,
    QgsProcessingContext,
    QgsProject,
    QgsSettings,
)
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QCoreApplication, QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QAction, QPushButton

from ...processing.i18n import tr
from ...processing.record import PROPERTY
from ..openers import Openers
from .history import RunHistory, runs_folder
from .queue import RunQueue
from .results import add_results, layers_of, reload_results
from .run import Run, RunState
from .run_property import record_of, run_of
from .run_words import outcome

if TYPE_CHECKING:
    from .dock import DetectorDock

_IS_OPEN = "landslide_detector/dock_is_open"
_NOTE_S = 8
_NO_MORE = object()


class Desk(QObject):
    """Owns the runs; opens the dock when it is first asked for.

    Args:
        iface: the QGIS window.
        openers: the ways to other parts of the plugin.

    Signals:
        dock_shown: the dock was opened (True) or closed.
    """

    dock_shown = pyqtSignal(bool)

    def __init__(self, iface: QgisInterface, openers: Openers) -> None:
        super().__init__(iface.mainWindow())
        self._iface = iface
        self._buttons: list[QPushButton] = []
        self._openers = openers
        self._dock: DetectorDock | None = None
        self.queue = RunQueue(self)
        self.history = RunHistory(runs_folder(), self.queue, self)
        self.queue.ended.connect(self._on_ended)
        # Runs whose layers are on their way to the map, one layer in each turn of the event loop.
        self._results: list[tuple[Run, QgsProcessingContext, Iterator[None]]] = []
        self._adding = QTimer(self)
        self._adding.setInterval(0)
        self._adding.timeout.connect(self._add_next)

        self._repeat = QAction(tr("Repeat this detection…"), self)
        self._repeat.setObjectName("LandslideRepeat")
        self._repeat.setToolTip(tr("Opens the dock with the settings this layer was made with"))
        self._repeat.triggered.connect(self._on_repeat_layer)
        for kind in (QgsMapLayerType.RasterLayer, QgsMapLayerType.VectorLayer):
            iface.addCustomActionForLayerType(self._repeat, "", kind, False)
        project = QgsProject.instance()
        self._on_layers_added(list(project.mapLayers().values()))
        project.layersAdded.connect(self._on_layers_added)
        project.layersWillBeRemoved.connect(self._on_layers_removed)
        project.removeAll.connect(self._on_project_closed)
        QCoreApplication.instance().aboutToQuit.connect(self.queue.stop)
        iface.initializationCompleted.connect(self._on_started)

    @property
    def dock(self) -> DetectorDock:
        """The dock, made when it is first asked for."""
        if self._dock is None:
            from .dock import DetectorDock

            self._dock = DetectorDock(self._iface, self, self._openers)
            self._iface.addTabifiedDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock, [], True)
            self._dock.toggleViewAction().toggled.connect(self.dock_shown)
            self._dock.closed.connect(partial(QgsSettings().setValue, _IS_OPEN, False))
        return self._dock

    @property
    def is_busy(self) -> bool:
        """Whether a run is at work or waits, or its layers are on their way to the map."""
        return bool(self.queue.runs or self._results)

    def show_dock(self, is_wanted: bool = True) -> None:
        """Open the dock, or close it; QGIS opens it again the next time it starts."""
        self.dock.setUserVisible(is_wanted)
        self.dock_shown.emit(is_wanted)
        QgsSettings().setValue(_IS_OPEN, is_wanted)

    def refresh(self) -> None:
        """Look for engine and models again: they may have come or gone."""
        if self._dock is not None:
            self._dock.detect.refresh()

    def start(self, run: Run) -> None:
        """Start a run, or let it wait for those before it."""
        self.queue.add(run)

    def repeat(self, run: Run) -> None:
        """Do a run again, as it was; its scene is loaded if it is not in the project."""
        if run.scene.load(QgsProject.instance()) is None:
            self._tell(
                Qgis.MessageLevel.Critical,
                tr("{} cannot be opened any more: {}").format(run.scene.name, run.scene.source),
            )
            return
        self.start(run.again())

    def show_layers(self, run: Run) -> None:
        """Bring the results of a run to the map: those in the project, else their files."""
        layers = layers_of(run)
        if not layers:
            layers = reload_results(run)
            if not layers:
                self._tell(Qgis.MessageLevel.Warning, tr("The files of this run are gone; repeat it to get new ones."))
                return
        for layer in layers:
            node = QgsProject.instance().layerTreeRoot().findLayer(layer)
            if node is not None:
                node.parent().setItemVisibilityCheckedParentRecursive(True)
        self._iface.setActiveLayer(layers[0])
        self._iface.zoomToActiveLayer()

    def unload(self) -> None:
        """Cancel what runs, wait for its end, and take everything out of QGIS."""
        QCoreApplication.instance().aboutToQuit.disconnect(self.queue.stop)
        project = QgsProject.instance()
        project.layersAdded.disconnect(self._on_layers_added)
        project.layersWillBeRemoved.disconnect(self._on_layers_removed)
        project.removeAll.disconnect(self._on_project_closed)
        self.queue.ended.disconnect(self._on_ended)
        self.queue.stop()
        self._adding.stop()
        self._iface.removeCustomActionForLayerType(self._repeat)
        if self._dock is not None:
            self._dock.disconnect_all()
            self._iface.removeDockWidget(self._dock)
            self._dock.deleteLater()
            self._dock = None
        self.deleteLater()

    def _on_started(self) -> None:
        if QgsSettings().value(_IS_OPEN, False, type=bool):
            self.show_dock()

    def _on_ended(self, run: Run, context: QgsProcessingContext | None) -> None:
        self.history.add(run)
        if context is not None:
            self._results.append((run, context, add_results(run, context)))
            self._adding.start()
        elif run.state is RunState.FAILED:
            self._tell(Qgis.MessageLevel.Critical, f"{run.title}: {run.message}", tr("Details"), self._show_runs)

    def _add_next(self) -> None:
        """Bring one more layer to the map."""
        run, _context, layers = self._results[0]
        if next(layers, _NO_MORE) is not _NO_MORE:
            return
        self._results.pop(0)
        if not self._results:
            self._adding.stop()
        self.history.save()
        self._tell(
            Qgis.MessageLevel.Success, f"{run.title}: {outcome(run)}", tr("Show"), partial(self.show_layers, run)
        )

    def _on_layers_added(self, layers: Sequence[QgsMapLayer]) -> None:
        for layer in layers:
            # A layer that Processing loads gets its record when it is in the project already.
            layer.customPropertyChanged.connect(self._on_property_changed)
            self._offer_repeat(layer)

    def _on_property_changed(self, key: str) -> None:
        if key == PROPERTY:
            self._offer_repeat(self.sender())

    def _offer_repeat(self, layer: QgsMapLayer) -> None:
        if record_of(layer) is not None:
            self._iface.addCustomActionForLayer(self._repeat, layer)

    def _on_layers_removed(self, layers: Sequence[str]) -> None:
        self._cancel(
            [run for run in self.queue.runs if run.scene.layer in layers],
            tr("{} was removed from the project; its detection has been cancelled."),
        )

    def _on_project_closed(self) -> None:
        self._cancel(self.queue.runs, tr("The project was closed; the detection of {} has been cancelled."))

    def _cancel(self, runs: list[Run], reason: str) -> None:
        """Cancel runs on account of something the user did, and say so once."""
        runs = [run for run in runs if run is not self.queue.current or not self.queue.is_ending]
        if not runs:
            return
        text = reason.format(", ".join(dict.fromkeys(run.scene.name for run in runs)))
        for run in reversed(runs):
            self.queue.cancel(run, text)
        self._tell(Qgis.MessageLevel.Warning, text)

    def _on_repeat_layer(self) -> None:
        layer = self._iface.activeLayer()
        run = run_of(layer) if layer is not None else None
        if run is None:
            self._tell(Qgis.MessageLevel.Warning, tr("This layer does not say how it was made."))
            return
        self.show_dock()
        self.dock.fill(run)

    def _show_runs(self) -> None:
        self.show_dock()
        self.dock.show_runs()

    def _tell(
        self, level: Qgis.MessageLevel, text: str, label: str = "", act: Callable[[], None] | None = None
    ) -> None:
        bar, title = self._iface.messageBar(), tr("Landslide Detector")
        if act is None:
            bar.pushMessage(title, text, level, _NOTE_S)
            return
        item = bar.createMessage(title, text)
        button = QPushButton(label, item)
        button.clicked.connect(lambda _checked: act())
        item.layout().addWidget(button)
        # Else Python lets go of the button, and of what its click calls, while the message is still there.
        self._buttons = [*(button for button in self._buttons if not sip.isdeleted(button)), button]
        # What went wrong stays until it is read.
        bar.pushWidget(item, level, 0 if level == Qgis.MessageLevel.Critical else _NOTE_S)
