"""What a reviewer can do, each by one key."""

from __future__ import annotations

from typing import NamedTuple

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QObject, Qt
from qgis.PyQt.QtGui import QColor, QIcon, QPainter, QPixmap
from qgis.PyQt.QtWidgets import QAction

from ...processing.i18n import tr
from .colours import COLOURS
from .landslide import ACCEPTED, REJECTED


class _Entry(NamedTuple):
    key: Qt.Key
    key_name: str
    text: str
    hint: str
    icon: str


class ReviewActions(QObject):
    """The actions, with their key shown in text and tooltip.

    Attributes:
        by_key: all of them, for `ReviewKeys`.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.by_key: dict[Qt.Key, QAction] = {}
        key = Qt.Key
        self.accept = self._action(
            _Entry(key.Key_A, "A", tr("Accept"), tr("This is a landslide."), ACCEPTED),
        )
        self.reject = self._action(
            _Entry(key.Key_R, "R", tr("Reject"), tr("This is no landslide."), REJECTED),
        )
        self.redraw = self._action(
            _Entry(
                key.Key_D,
                "D",
                tr("Redraw"),
                tr("A landslide, but its outline is wrong: draw it anew. Click its corners, right-click to end."),
                "mActionCapturePolygon.svg",
            )
        )
        self.corners = self._action(
            _Entry(
                key.Key_V,
                "V",
                tr("Move corners"),
                tr("A landslide whose outline needs a touch: move its corners with QGIS's vertex tool."),
                "mActionVertexToolActiveLayer.svg",
            )
        )
        self.add = self._action(
            _Entry(
                key.Key_N,
                "N",
                tr("Add missed"),
                tr("Draw a landslide the model missed. Click its corners, right-click to end."),
                "symbologyAdd.svg",
            )
        )
        self.undo = self._action(
            _Entry(key.Key_U, "U", tr("Undo"), tr("Take back the last decision."), "mActionUndo.svg"),
        )
        self.previous = self._action(
            _Entry(key.Key_Left, "←", tr("Previous"), tr("Go back by one polygon."), "mActionArrowLeft.svg"),
        )
        self.next = self._action(
            _Entry(key.Key_Right, "→", tr("Next"), tr("Skip this one: go on, decide nothing."), "mActionArrowRight.svg")
        )
        self.keep = self._action(
            _Entry(key.Key_Return, tr("Enter"), tr("Keep"), tr("Keep the outline as it is now."), ACCEPTED),
        )
        self.by_key[key.Key_Enter] = self.keep
        self.give_up = self._action(
            _Entry(
                key.Key_Escape,
                tr("Esc"),
                tr("Give up"),
                tr("Leave the outline as it was."),
                "mActionCancelEdits.svg",
            )
        )

    def _action(self, entry: _Entry) -> QAction:
        is_decision = entry.icon in COLOURS
        icon = _chip(COLOURS[entry.icon]) if is_decision else QgsApplication.getThemeIcon(f"/{entry.icon}")
        action = QAction(icon, f"{entry.text} ({entry.key_name})", self)
        action.setToolTip(f"{entry.hint}  [{entry.key_name}]")
        self.by_key[entry.key] = action
        return action


def _chip(colour: str) -> QIcon:
    """Return a round spot in a colour of the map."""
    icon = QIcon()
    for side in (16, 32, 64):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor("#555555"))
        painter.setBrush(QColor(colour))
        margin = side // 8
        painter.drawEllipse(margin, margin, side - 2 * margin, side - 2 * margin)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
