"""What is asked before a model is imported: its name and, of an ONNX model, what it may not say itself."""

from __future__ import annotations

from pathlib import Path

from qgis.gui import QgsDoubleSpinBox
from qgis.PyQt.QtCore import pyqtSignal
from qgis.PyQt.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from ...processing.cards import CARD
from ...processing.i18n import tr
from ..dock.widgets import heading

#: What the file dialog offers; choosing a package's card means its folder.
FILES = "*.zip *.onnx " + CARD


class ImportForm(QFrame):
    """A form below the list, hidden until a file is chosen.

    Signals:
        wanted: the arguments of `landslides models import`.
        closed: the form was left without importing.
    """

    wanted = pyqtSignal(list)
    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("LandslideImport")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._source = Path()
        self._title = heading("")
        self._name = QLineEdit()
        self._name.setObjectName("LandslideImportName")
        self._name.setPlaceholderText(tr("its own name"))
        self._name.setToolTip(tr("The name it will have in the lists: letters, digits, '-', '_' and '.'"))
        self._landslide = QLineEdit()
        self._landslide.setObjectName("LandslideImportClass")
        self._landslide.setPlaceholderText(tr("the one named landslide"))
        self._landslide.setToolTip(tr("Which of the model's classes is landslide: its name or its number"))
        self._resolution = QgsDoubleSpinBox()
        self._resolution.setObjectName("LandslideImportResolution")
        self._resolution.setRange(0, 1000)
        self._resolution.setDecimals(3)
        self._resolution.setSuffix(tr(" m a pixel"))
        self._resolution.setSpecialValueText(tr("as the file says"))
        self._resolution.setClearValueMode(QgsDoubleSpinBox.ClearValueMode.MinimumValue)
        self._resolution.setToolTip(tr("The ground resolution the model was trained for; scenes are resampled to it"))
        self._labels = {field: QLabel(text) for field, text in self._fields()}
        form = QFormLayout()
        for field, _text in self._fields():
            self._labels[field].setBuddy(field)
            form.addRow(self._labels[field], field)
        self._import = QPushButton(tr("&Import"))
        self._import.setObjectName("LandslideImportStart")
        self._import.clicked.connect(lambda _checked: self.wanted.emit(self.arguments()))
        # What Enter does in a field.
        self._import.setDefault(True)
        leave = QPushButton(tr("&Leave it"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _checked: self.leave())
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._import)
        layout = QVBoxLayout(self)
        layout.addWidget(self._title)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self.hide()

    def ask(self, source: Path) -> None:
        """Show the form for a file, or for the package whose card was chosen."""
        self._source = source.parent if source.name == CARD else source
        is_onnx = source.suffix.lower() == ".onnx"
        self._title.setText(tr("Import {}").format(self._source.name))
        self._title.setToolTip(str(self._source))
        self._name.clear()
        self._landslide.clear()
        self._resolution.clear()
        for field in (self._landslide, self._resolution):
            field.setVisible(is_onnx)
            self._labels[field].setVisible(is_onnx)
        self.show()
        self._name.setFocus()

    def ask_again(self) -> None:
        """Show the form as it was left: something in it, or missing from it, was refused."""
        self.show()
        (self._name if self._landslide.isHidden() else self._landslide).setFocus()

    def arguments(self) -> list[str]:
        """Return the engine's arguments as the form stands."""
        arguments = ["models", "import", str(self._source)]
        if self._name.text().strip():
            arguments += ["--name", self._name.text().strip()]
        if not self._landslide.isHidden() and self._landslide.text().strip():
            arguments += ["--class", self._landslide.text().strip()]
        if not self._resolution.isHidden() and self._resolution.value() > 0:
            arguments += ["--resolution", str(self._resolution.value())]
        return arguments

    def leave(self) -> None:
        """Close the form."""
        self.hide()
        self.closed.emit()

    def _fields(self) -> list[tuple[QLineEdit | QgsDoubleSpinBox, str]]:
        return [
            (self._name, tr("&Name")),
            (self._landslide, tr("Landslide &class")),
            (self._resolution, tr("&Resolution")),
        ]
