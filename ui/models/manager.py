"""The model manager's window: list, card, and what can be done with a model. It never blocks what else goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings
from qgis.PyQt.QtCore import Qt, QUrl, pyqtSignal
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from ...processing.cards import user_folder
from ...processing.engine import EngineNotFoundError, find_engine
from ...processing.i18n import tr
from ..dock.widgets import Notice
from .card_page import page_html
from .engine_task import EngineTask
from .import_form import FILES, ImportForm
from .model_download import ModelDownload
from .question import Question
from .shelf_list import ShelfList

_LAST_FOLDER = "landslide_detector/import_folder"
NAME = "LandslideModelManager"


class ModelManager(QDialog):
    """Shows the models and brings or removes them, one job at a time.

    Args:
        parent: QGIS's window.

    Signals:
        changed: there is a model more or less; with its name, empty if it went.
    """

    changed = pyqtSignal(str)

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(NAME)
        self.setWindowTitle(tr("Landslide models"))
        self.setModal(False)
        self._download: ModelDownload | None = None
        self._task: EngineTask | None = None

        self.list = ShelfList()
        self.list.chosen.connect(self._show)
        self._card = QTextBrowser()
        self._card.setObjectName("LandslideModelPage")
        self._card.setAccessibleName(tr("About this model"))
        self._card.setOpenExternalLinks(True)
        self._fault = Notice("/mIconCritical.svg")
        self._fault.setObjectName("LandslideModelFault")
        self._note = Notice("/mIconSuccess.svg")
        self._note.setObjectName("LandslideModelNote")
        self._question = Question(tr("&Remove it"), self._remove, tr("&Keep it"))
        self._question.setObjectName("LandslideModelQuestion")
        self._bar = QProgressBar()
        self._bar.setObjectName("LandslideModelProgress")
        self._bar.setRange(0, 100)
        self._form = ImportForm()
        self._form.wanted.connect(self._import)
        self._form.closed.connect(self._follow)

        self._fetch = self._button(tr("&Download"), "LandslideModelDownload", self.download)
        self._fetch.setToolTip(tr("Download the model's weights and check them; an earlier download goes on"))
        self._stop = self._button(tr("&Cancel"), "LandslideModelCancel", self.cancel)
        self._stop.setToolTip(tr("Stop; what is downloaded so far is kept"))
        self._drop = self._button(tr("R&emove…"), "LandslideModelRemove", self._ask_to_remove)
        self._drop.setToolTip(tr("Delete this model of your own from this computer"))
        self._bring = self._button(tr("&Import…"), "LandslideModelImport", self._choose_file)
        self._bring.setToolTip(
            tr("A model package (its zip, or card.json in its folder), or a segmentation model in ONNX")
        )
        self._open = self._button(tr("Open &folder"), "LandslideModelFolder", self._open_folder)
        self._open.setToolTip(tr("Show the model's files"))
        self._lay_out()
        self._follow()

    def refresh(self, choose: str = "") -> None:
        """List what there is now."""
        self.list.refresh(choose)

    def choose_import(self, source: Path) -> None:
        """Ask what is to be known of a file before it is imported."""
        self._say()
        self._form.ask(source)
        self._follow()

    def download(self) -> None:
        """Download the current model."""
        offer = self.list.offer(self.list.name)
        if offer is None or self.is_busy:
            return
        self._say()
        self._download = ModelDownload(offer, self)
        self._download.progressed.connect(self._on_progress)
        self._download.ended.connect(self._on_downloaded)
        self._bar.setValue(0)
        self._follow()
        self._download.start()

    def cancel(self) -> None:
        """Stop what is at work."""
        if self._download is not None:
            self._download.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._follow()

    @property
    def is_busy(self) -> bool:
        """Whether a model is on its way."""
        return self._download is not None or self._task is not None

    def stop(self) -> None:
        """End what is at work and tell nobody: before the plugin goes."""
        if self._task is not None:
            self._task.forget()
        self.blockSignals(True)
        self.cancel()

    def _import(self, arguments: list[str]) -> None:
        self._form.hide()
        before = set(self.list.names())
        self._run(tr("Import a landslide model"), arguments, True, partial(self._on_imported, before))

    def _ask_to_remove(self) -> None:
        self._say()
        self._question.say(tr("Delete '{}' from this computer? It cannot be undone.").format(self.list.name))
        self._question.button.setFocus()

    def _remove(self) -> None:
        self._run(tr("Remove a landslide model"), ["models", "remove", self.list.name], False, self._on_removed)

    def _run(
        self, title: str, arguments: list[str], reports_progress: bool, on_end: Callable[[str, str], None]
    ) -> None:
        self._say()
        try:
            engine = find_engine()
        except EngineNotFoundError as error:
            self._fault.say(str(error))
            return
        self._task = EngineTask(title, engine, arguments, reports_progress, on_end)
        self._bar.setRange(0, 0)
        QgsApplication.taskManager().addTask(self._task)
        self._follow()

    def _on_imported(self, before: set[str], fault: str, _log: str) -> None:
        self._task = None
        self.refresh()
        new = next((name for name in self.list.names() if name not in before), "")
        if fault:
            self._fault.say(fault)
            self._form.ask_again()
        else:
            self.refresh(new)
            self._note.say(tr("Imported. It is in the lists of models now."))
            self.changed.emit(new)
        self._follow()

    def _on_removed(self, fault: str, _log: str) -> None:
        self._task = None
        self.refresh()
        self._fault.say(fault)
        if not fault:
            self._note.say(tr("Removed."))
            self.changed.emit("")
        self._follow()

    def _on_progress(self, share: float) -> None:
        assert self._download is not None  # nosec B101 (it is what tells)
        self._bar.setValue(round(100 * share))
        self.list.show_state(self._download.name, tr("{:.0f} %").format(100 * share))

    def _on_downloaded(self, fault: str) -> None:
        assert self._download is not None  # nosec B101
        name = self._download.name
        self._download.deleteLater()
        self._download = None
        self.refresh(name)
        self._fault.say(fault)
        if not fault:
            self._note.say(tr("'{}' is here and checked.").format(name))
            self.changed.emit(name)
        self._follow()

    def _show(self, name: str) -> None:
        card = self.list.card(name)
        self._card.setHtml(page_html(card) if card is not None else "")
        self._question.say("")
        self._follow()

    def _follow(self) -> None:
        """Enable what can be done now."""
        name, is_free = self.list.name, not self.is_busy
        card = self.list.card(name)
        can_fetch = self.list.offer(name) is not None
        self._fetch.setVisible(can_fetch or self._download is not None)
        self._fetch.setEnabled(can_fetch and is_free)
        self._drop.setVisible(not can_fetch)
        self._drop.setEnabled(is_free and card is not None and card.is_own and not card.missing)
        self._bring.setEnabled(is_free and not self._form.isVisible())
        self._open.setEnabled(card is not None and not card.missing)
        self._stop.setVisible(not is_free)
        self._bar.setVisible(not is_free)
        if is_free:
            self._bar.setRange(0, 100)

    def _say(self) -> None:
        """Take back what was said before."""
        for notice in (self._fault, self._note, self._question):
            notice.say("")

    def _choose_file(self) -> None:
        folder = str(QgsSettings().value(_LAST_FOLDER) or Path.home())
        path, _filter = QFileDialog.getOpenFileName(self, tr("Import a model"), folder, tr("Models ({})").format(FILES))
        if path:
            QgsSettings().setValue(_LAST_FOLDER, str(Path(path).parent))
            self.choose_import(Path(path))

    def _open_folder(self) -> None:
        card = self.list.card(self.list.name)
        folder = card.folder if card is not None else user_folder()
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    @staticmethod
    def _button(text: str, name: str, on_click: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: on_click())
        return button

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self.list)
        splitter.addWidget(self._card)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        work = QHBoxLayout()
        work.addWidget(self._bring)
        work.addWidget(self._fetch)
        work.addWidget(self._drop)
        work.addWidget(self._open)
        work.addWidget(self._bar, 1)
        work.addWidget(self._stop)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.close)
        work.addStretch(0)
        work.addWidget(box)
        layout = QVBoxLayout(self)
        layout.addWidget(splitter, 1)
        for widget in (self._form, self._fault, self._note, self._question):
            layout.addWidget(widget)
        layout.addLayout(work)
        self.resize(980, 620)
