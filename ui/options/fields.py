"""One option, one widget: shows what holds, and keeps what a person made of it."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.gui import QgsFileWidget
from qgis.PyQt.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from ...processing.engine.settings import Option


class Field:
    """A widget for an option.

    Args:
        option: what it shows and keeps.
        widget: to be put into a form.
    """

    def __init__(self, option: Option, widget: QWidget) -> None:
        self.option = option
        self.widget = widget

    def text(self) -> str:
        """Return what is in the widget."""
        raise NotImplementedError

    def keep(self) -> None:
        """Store what is in the widget, unless the environment decides."""
        if not self.option.is_fixed:
            self.option.store(self.text())


class TextField(Field):
    """A line of text.

    Args:
        option: what it shows and keeps.
        placeholder: says what holds while it is empty.
    """

    def __init__(self, option: Option, placeholder: str) -> None:
        self._line = QLineEdit(option.value())
        self._line.setPlaceholderText(placeholder)
        super().__init__(option, self._line)

    def text(self) -> str:
        return self._line.text()


class FileField(Field):
    """The path of a file; the arguments are those of `TextField`."""

    MODE = QgsFileWidget.StorageMode.GetFile

    def __init__(self, option: Option, placeholder: str) -> None:
        self._path = QgsFileWidget()
        self._path.setStorageMode(self.MODE)
        self._path.setFilePath(option.value() if option.value() != option.default else "")
        self._path.lineEdit().setPlaceholderText(placeholder)
        super().__init__(option, self._path)

    def text(self) -> str:
        return self._path.filePath()


class FolderField(FileField):
    """The path of a folder."""

    MODE = QgsFileWidget.StorageMode.GetDirectory


class ChoiceField(Field):
    """A list to choose from.

    Args:
        option: what it shows and keeps.
        values: to choose from.
        is_editable: whether others may be typed.
    """

    def __init__(self, option: Option, values: Sequence[str], is_editable: bool = False) -> None:
        self._list = QComboBox()
        self._list.setEditable(is_editable)
        known = option.value() in values
        self._list.addItems(values if known else [*values, option.value()])
        self._list.setCurrentText(option.value())
        super().__init__(option, self._list)

    def text(self) -> str:
        return self._list.currentText()


class CheckField(Field):
    """A yes or no.

    Args:
        option: what it shows and keeps.
        label: beside the box.
    """

    def __init__(self, option: Option, label: str) -> None:
        self._box = QCheckBox(label)
        self._box.setChecked(option.is_on())
        super().__init__(option, self._box)

    def text(self) -> str:
        return "1" if self._box.isChecked() else "0"
