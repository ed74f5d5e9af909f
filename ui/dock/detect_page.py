"""The first page: from the scene to Run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProject, QgsSettings
from qgis.gui import QgisInterface, QgsFileWidget, QgsScrollArea
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QFrame, QPushButton, QStyle, QVBoxLayout, QWidget

from ...processing.cards import AUTO
from ...processing.engine import EngineNotFoundError, find_engine
from ...processing.i18n import tr
from ..openers import Openers
from .area import AreaError
from .area_panel import AreaPanel
from .detector_panel import DetectorPanel
from .model_panel import ModelPanel
from .run import Run, SceneReference
from .scene_panel import ScenePanel
from .screening_box import ScreeningBox
from .threshold_panel import ThresholdPanel
from .widgets import SECTION_SPACING, SPACING, Notice, heading, muted, section

_FOLDER = "landslide_detector/results_folder"
# Parameters this page has a place for; others of an earlier run are kept as they are.
_SHOWN = ("MODEL", "THRESHOLD", "EXTENT", "AOI", "SCREEN")


class DetectPage(QWidget):
    """All that a detection needs, in the order a person decides it.

    Signals:
        wanted: Run was pressed; with the run.
    """

    wanted = pyqtSignal(object)

    def __init__(
        self,
        iface: QgisInterface,
        areas_folder: Path,
        openers: Openers,
    ) -> None:
        super().__init__()
        self._kept: dict[str, Any] = {}
        self._banner = Notice("/mIconCritical.svg", tr("Set up the engine…"), openers.setup)
        self._banner.setObjectName("LandslideNoEngine")
        self.scene = ScenePanel(iface, openers.sample)
        self.detector = DetectorPanel()
        self.model = ModelPanel(openers.models)
        self.area = AreaPanel(iface, areas_folder)
        self.screening = ScreeningBox()
        self.threshold = ThresholdPanel()
        self._folder = QgsFileWidget()
        self._folder.setObjectName("LandslideFolder")
        self._folder.setStorageMode(QgsFileWidget.StorageMode.GetDirectory)
        self._folder.setFilePath(str(QgsSettings().value(_FOLDER, "")))
        self._folder.lineEdit().setPlaceholderText(tr("temporary files"))
        self._folder.lineEdit().setAccessibleName(tr("Folder for the results"))
        self._folder.setToolTip(tr("The folder for the results; left empty, they are gone when QGIS closes."))
        self._kept_note = muted()
        self._kept_note.setObjectName("LandslideKept")
        self._problem = Notice()
        self._problem.setObjectName("LandslideProblem")
        self._run = QPushButton(QgsApplication.getThemeIcon("/mActionStart.svg"), tr("Ru&n"))
        self._run.setObjectName("LandslideRun")
        self._run.setToolTip(tr("Detect in the background; several runs wait for each other."))

        form = QWidget()
        column = QVBoxLayout(form)
        column.setSpacing(SECTION_SPACING)
        column.addWidget(self._banner)
        for panel in (self.scene, self.detector, self.model, self.area, self.screening, self.threshold):
            column.addWidget(panel)
        column.addLayout(section(heading(tr("Save to")), self._folder, self._kept_note))
        column.addStretch()
        scrolled = QgsScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(form)
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        scrolled.setMinimumWidth(form.minimumSizeHint().width() + bar)
        foot = QVBoxLayout()
        foot.setContentsMargins(9, SPACING, 9, SPACING)
        foot.addWidget(self._problem)
        foot.addWidget(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scrolled, 1)
        layout.addLayout(foot)

        self.scene.changed.connect(self._on_scene)
        self.detector.changed.connect(self._on_detector)
        self.model.changed.connect(self._on_model)
        self.area.changed.connect(lambda: self._problem.say(""))
        self._run.clicked.connect(self._on_run)
        self._on_detector()
        self._on_scene()

    def refresh(self) -> None:
        """Look for engine and models again."""
        self.model.refresh()
        self.check()

    def fill(self, run: Run) -> bool:
        """Take the settings of an earlier run; return whether its scene could be found."""
        scene = run.scene.load(QgsProject.instance())
        if scene is None:
            self._problem.say(tr("{} cannot be opened any more: {}").format(run.scene.name, run.scene.source))
            return False
        self.scene.set_layer(scene)
        self.detector.choose(run.algorithm)
        self.model.choose(str(run.parameters.get("MODEL") or AUTO))
        self.screening.fill(run.parameters)
        self.threshold.fill(run.parameters.get("THRESHOLD"))
        try:
            self.area.fill(run.parameters, scene.crs())
        except AreaError as error:
            self._problem.say(str(error))
        if run.folder:
            self._folder.setFilePath(run.folder)
        self._keep({name: value for name, value in run.parameters.items() if name not in _SHOWN and value is not None})
        return True

    def run(self) -> Run:
        """Return a run of what the page says now.

        Raises:
            AreaError: there is nothing to search.
        """
        scene = self.scene.layer
        choice = self.detector.choice
        algorithm = QgsApplication.processingRegistry().algorithmById(choice.algorithm)
        parameters = {
            **self._kept,
            **({} if self.model.model == AUTO else {"MODEL": self.model.model}),
            **self.screening.parameters(),
            **self.threshold.parameters(),
            **self.area.parameters(scene),
        }
        return Run(choice.algorithm, algorithm.displayName(), SceneReference.of(scene), parameters, self.folder)

    @property
    def folder(self) -> str:
        return self._folder.filePath().strip()

    def disconnect_all(self) -> None:
        """Listen to QGIS no more."""
        self.scene.disconnect_all()
        self.area.close_tools()

    def _on_run(self) -> None:
        self._problem.say("")
        if self.folder and not Path(self.folder).is_dir():
            self._problem.say(tr("There is no folder {}.").format(self.folder))
            return
        QgsSettings().setValue(_FOLDER, self.folder)
        try:
            self.wanted.emit(self.run())
        except AreaError as error:
            self._problem.say(tr("Nothing to search. {}").format(error))

    def _on_scene(self) -> None:
        self._problem.say("")
        facts = self.scene.facts()
        self.model.set_resolution(facts.resolution if facts else None)
        self.check()

    def _on_detector(self) -> None:
        self._keep({})
        self.screening.set_algorithm(self.detector.choice.algorithm)
        self.model.set_detector(self.detector.choice.name)

    def _on_model(self) -> None:
        card = self.model.card
        self.scene.set_card(card)
        self.threshold.set_card(card)

    def _keep(self, parameters: dict[str, Any]) -> None:
        self._kept = parameters
        words = ", ".join(f"{name} = {value}" for name, value in parameters.items())
        self._kept_note.setText(tr("As in the earlier run: {}").format(words) if words else "")
        self._kept_note.setVisible(bool(words))

    def check(self) -> None:
        """See whether there is all that a run needs."""
        try:
            find_engine()
            self._banner.say("")
        except EngineNotFoundError as error:
            self._banner.say(str(error))
        self._run.setEnabled(self.scene.facts() is not None and not self._banner.text)
