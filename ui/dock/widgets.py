"""Small parts the pages are built of.

Colours come from the palette, so that they suit light and dark themes. Mnemonics keep clear of those of QGIS's menus,
with which a dock shares its window.
"""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

SPACING = 6
SECTION_SPACING = 14
_PASSING = 0.9


def heading(text: str, buddy: QWidget | None = None) -> QLabel:
    """Return the title of a section; its mnemonic leads to `buddy`."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    if buddy is not None:
        label.setBuddy(buddy)
    return label


def muted(text: str = "") -> QLabel:
    """Return a label for what is said in passing: wrapped, and a little smaller."""
    label = QLabel(text)
    label.setWordWrap(True)
    font = label.font()
    # Not by a paler colour, which hardly shows in some themes.
    font.setPointSizeF(_PASSING * font.pointSizeF())
    label.setFont(font)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def narrow(box: QComboBox) -> None:
    """Let a list be narrower than its longest entry, which its tooltip or its popup shows in full."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)


def section(title: QLabel, *contents: QWidget) -> QVBoxLayout:
    """Return a title with what belongs to it below."""
    layout = QVBoxLayout()
    layout.setSpacing(SPACING)
    layout.addWidget(title)
    for widget in contents:
        layout.addWidget(widget)
    return layout


class Notice(QFrame):
    """A line that must be seen: an icon, a text, and perhaps a button that mends the matter. Hidden while empty."""

    def __init__(
        self, icon: str = "/mIconWarning.svg", button: str = "", on_click: Callable[[], object] | None = None
    ) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._icon = QLabel()
        side = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._icon.setPixmap(QgsApplication.getThemeIcon(icon).pixmap(QSize(side, side)))
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout()
        column.addWidget(self._text)
        if on_click is not None:
            self.button = QPushButton(button)
            self.button.clicked.connect(lambda _checked: on_click())
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(column, 1)
        self.say("")

    @property
    def text(self) -> str:
        return self._text.text()

    def say(self, text: str) -> None:
        """Show `text`, or nothing at all."""
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
