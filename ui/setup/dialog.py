"""The page that sets up the engine: what there is, what is wanted, how far it is, and what came out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qgis.core import Qgis
from qgis.gui import QgsCollapsibleGroupBox, QgsMessageBar
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtWidgets import (
    QButtonGroup,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
)

from ...processing.engine.find import EngineNotFoundError, find_engine
from ...processing.engine.install import Gpu, Size, managed_folder, read_marker, sources_from_settings
from ...processing.engine.managed import program_of
from ...processing.engine.settings import ENGINE
from ...processing.i18n import tr
from ..dock.widgets import Notice
from . import words
from .existing import ExistingEngine
from .look import Look
from .session import Activity, Outcome, SetupSession, session_of

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

_ICONS = {
    Outcome.SUCCESS: "/mIconSuccess.svg",
    Outcome.FAILURE: "/mIconCritical.svg",
    Outcome.CANCELLED: "/mIconInfo.svg",
}


def open_setup(iface: QgisInterface) -> None:
    """Show the page; it is not modal, and what it has begun goes on when it is closed."""
    session = session_of(iface)
    if session.page is None:
        session.page = SetupDialog(iface, session)
    dialog = session.page
    dialog.refresh()
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()


class SetupDialog(QDialog):
    """Shows a session and lets a person steer it.

    Args:
        iface: the QGIS window.
        session: what goes on about the engine.
    """

    def __init__(self, iface: QgisInterface, session: SetupSession) -> None:
        super().__init__(iface.mainWindow())
        self.setObjectName("LandslideSetup")
        self.setWindowTitle(tr("Landslide Detector: Set Up the Engine"))
        self.setModal(False)
        self._iface = iface
        self._session = session
        self._look: Look | None = None
        # Held as long as the question is there, for what its click calls.
        self._really: QPushButton | None = None

        # For a question; what is told may take more lines than a bar has.
        self._bar = QgsMessageBar()
        self._notices = {outcome: Notice(icon) for outcome, icon in _ICONS.items()}
        for outcome, notice in self._notices.items():
            notice.setObjectName(outcome.value)
        self._headline = _label("headline")
        font = self._headline.font()
        font.setBold(True)
        self._headline.setFont(font)
        self._details = _label("details")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._gpu = _label("gpu")
        self._gpu.setIndent(24)
        self._sources = _label("sources")
        self._stage = _label("stage")
        self._progress = QProgressBar()
        self._existing = ExistingEngine(self._on_existing)
        self._log = QPlainTextEdit("\n".join(session.log))
        self._log.setObjectName("log")
        self._log.setReadOnly(True)
        self._log.setMaximumBlockCount(3000)
        self._log.setMinimumHeight(160)

        self._sizes = {size: QRadioButton(words.size_label(size)) for size in Size}
        self._group = QButtonGroup(self)
        for size, radio in self._sizes.items():
            radio.setObjectName(size.value)
            self._group.addButton(radio)
        self._group.buttonToggled.connect(lambda *_: self._show_buttons())
        self._set_up = self._button("set_up", "", self._on_set_up)
        self._set_up.setDefault(True)
        self._cancel = self._button("cancel", tr("Cancel"), session.cancel)
        self._repair = self._button("repair", tr("&Repair"), self._on_repair)
        self._repair.setToolTip(tr("Makes the engine anew"))
        self._remove = self._button("remove", tr("Re&move"), self._on_remove)
        self._remove.setToolTip(tr("Deletes the engine that was set up here; models and results stay"))
        self._try = self._button("try", tr("&Try on sample scene"), session.try_out)
        self._try.setToolTip(tr("Detects the landslides of a synthetic scene and shows them on the map"))
        self._lay_out()

        session.changed.connect(self._on_changed)
        session.moved.connect(self._on_moved)
        session.logged.connect(self._log.appendPlainText)

    def refresh(self) -> None:
        """Look again at what there is; what takes time is looked at in the background."""
        installed = read_marker(managed_folder())
        preferred = self._sizes[installed.size if installed else Size.LIGHT]
        if self._group.checkedButton() is None:
            preferred.setChecked(True)
        self._sources.setText(f'{words.sources_line(sources_from_settings())} <a href="#">{tr("Options…")}</a>')
        self._existing.refresh()
        self._show_state(None)
        if self._look is None:
            self._look = Look(self)
            self._look.done.connect(self._on_looked)
            self._look.start()
        self._on_moved()
        self._show_buttons()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self._bar)
        for notice in self._notices.values():
            layout.addWidget(notice)
        for widget in (self._headline, self._details, *self._sizes.values(), self._gpu, self._sources):
            layout.addWidget(widget)
        self._sources.linkActivated.connect(self._open_options)
        layout.addWidget(self._stage)
        layout.addWidget(self._progress)
        row = QHBoxLayout()
        for button in (self._set_up, self._cancel, self._try, self._repair, self._remove):
            row.addWidget(button)
        row.addStretch()
        layout.addLayout(row)
        layout.addWidget(self._existing)
        log = QgsCollapsibleGroupBox(tr("Log"))
        log.setObjectName("log_box")
        log.setCollapsed(True)
        QVBoxLayout(log).addWidget(self._log)
        layout.addWidget(log)
        layout.addStretch()
        close = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close.rejected.connect(self.close)
        layout.addWidget(close)
        self.setMinimumWidth(620)

    def _button(self, name: str, text: str, on_click: Any) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked: on_click())
        return button

    def _size(self) -> Size:
        return next(size for size, radio in self._sizes.items() if radio.isChecked())

    def _show_state(self, size: int | None) -> None:
        folder = managed_folder()
        installed = read_marker(folder)
        try:
            engine = find_engine()
        except EngineNotFoundError:
            engine = None
        is_managed = engine is not None and engine.program == program_of(folder)
        is_begun = installed is None and folder.exists()
        self._headline.setText(words.headline(engine, installed, is_begun, is_managed))
        self._details.setText(words.details(engine, installed, folder, size))
        self._try.setVisible(engine is not None)

    def _show_buttons(self) -> None:
        busy = self._session.is_busy
        folder = managed_folder()
        installed = read_marker(folder)
        is_smaller = installed is not None and installed.size is Size.TORCH and self._size() is Size.LIGHT
        has_it = installed is not None and installed.size is self._size()
        if installed is not None and not has_it:
            self._set_up.setText(tr("&Leave out PyTorch") if is_smaller else tr("&Add PyTorch"))
        else:
            self._set_up.setText(tr("&Go on") if installed is None and folder.exists() else tr("&Set up"))
        self._set_up.setEnabled(not busy and not has_it)
        self._cancel.setEnabled(busy and self._session.activity is not Activity.REMOVING)
        for button in (self._repair, self._remove):
            button.setEnabled(not busy and folder.exists())
        for widget in (*self._sizes.values(), self._existing, self._try):
            widget.setEnabled(not busy)
        self._progress.setVisible(busy)
        self._stage.setVisible(busy)

    def _on_looked(self, gpu: Gpu | None, size: int) -> None:
        if self._look is not None:
            self._look.deleteLater()
        self._look = None
        self._gpu.setText(words.gpu_line(gpu))
        self._show_state(size)

    def _on_changed(self) -> None:
        self._bar.clearWidgets()
        for outcome, notice in self._notices.items():
            notice.say(self._session.message if outcome is self._session.outcome else "")
        if not self._session.is_busy:
            self.refresh()
        self._show_buttons()
        self._on_moved()

    def _on_moved(self) -> None:
        self._stage.setText(self._session.stage)
        # Of a deletion nothing tells how far it is.
        self._progress.setMaximum(0 if self._session.activity is Activity.REMOVING else 100)
        self._progress.setValue(int(self._session.percent))

    def _on_set_up(self) -> None:
        # Who sets up an engine here is going to use it.
        ENGINE.store("")
        self._session.set_up(self._size())

    def _on_repair(self) -> None:
        installed = read_marker(managed_folder())
        self._session.set_up(installed.size if installed else self._size(), rebuild=True)

    def _on_remove(self) -> None:
        self._bar.clearWidgets()
        question = self._bar.createMessage(tr("Remove the engine? To set it up again takes some minutes."))
        really = self._really = QPushButton(tr("Remove"), question)
        really.setObjectName("really_remove")
        # Not before the click is over: the button goes with the question.
        really.clicked.connect(lambda _checked: QTimer.singleShot(0, self._session.remove))
        question.layout().addWidget(really)
        self._bar.pushWidget(question, Qgis.MessageLevel.Warning)

    def _on_existing(self) -> None:
        self._bar.clearWidgets()
        self.refresh()

    def _open_options(self) -> None:
        from ..options import PAGE

        self._iface.showOptionsDialog(self, PAGE)
        self.refresh()


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    return label
