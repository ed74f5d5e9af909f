"""Pointing at an engine that is already there, instead of setting one up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.gui import QgsCollapsibleGroupBox, QgsFileWidget
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from ...processing.engine.find import program_at
from ...processing.engine.settings import ENGINE
from ...processing.i18n import tr


class ExistingEngine(QgsCollapsibleGroupBox):
    """A place to name an engine, checked before it is taken.

    Args:
        on_taken: called when another engine was taken.
    """

    def __init__(self, on_taken: Callable[[], None]) -> None:
        super().__init__(tr("Use an existing engine instead"))
        self.setObjectName("existing")
        self.setCollapsed(True)
        self._on_taken = on_taken
        self._path = QgsFileWidget()
        self._path.setObjectName("engine_path")
        self._path.setDialogTitle(tr("The program landslides, or the Python it is installed in"))
        self._path.lineEdit().setPlaceholderText(tr("none: the engine that is set up here"))
        self._use = QPushButton(tr("&Use"))
        self._use.setObjectName("use")
        self._use.setAutoDefault(False)
        self._use.clicked.connect(lambda _checked: self._take())
        self._note = QLabel()
        self._note.setObjectName("engine_note")
        self._note.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self._path)
        row.addWidget(self._use)
        layout = QVBoxLayout(self)
        layout.addLayout(row)
        layout.addWidget(self._note)

    def refresh(self) -> None:
        """Show what is set."""
        self._path.setFilePath(ENGINE.value())
        self._path.setEnabled(not ENGINE.is_fixed)
        self._use.setEnabled(not ENGINE.is_fixed)
        self._note.setText(
            tr("Set by the environment variable {}.").format(ENGINE.variable)
            if ENGINE.is_fixed
            else tr("The program landslides, the Python it is installed in, or their environment's folder.")
        )

    def _take(self) -> None:
        named = self._path.filePath().strip()
        if named and program_at(Path(named)) is None:
            self._note.setText(tr("There is no landslide engine at {}.").format(named))
            return
        ENGINE.store(named)
        self._on_taken()
