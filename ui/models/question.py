"""A question asked within a window, so that nothing stands still until it is answered."""

from __future__ import annotations

from collections.abc import Callable

from qgis.PyQt.QtWidgets import QHBoxLayout, QPushButton

from ..dock.widgets import Notice


class Question(Notice):
    """A warning with two buttons; hidden when it is answered.

    Args:
        yes: words of the button that does it.
        on_yes: does it.
        no: words of the button that leaves everything as it is.
    """

    def __init__(self, yes: str, on_yes: Callable[[], None], no: str) -> None:
        super().__init__("/mIconWarning.svg", yes, on_yes)
        column = self.layout().itemAt(1).layout()
        column.removeWidget(self.button)
        keep = QPushButton(no)
        keep.clicked.connect(lambda _checked: self.say(""))
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addWidget(keep)
        buttons.addStretch(1)
        column.addLayout(buttons)
