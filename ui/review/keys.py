"""Single keys that work while the map or the panel has the focus, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from qgis.PyQt.QtCore import QEvent, QObject, Qt
from qgis.PyQt.QtWidgets import QAction, QWidget

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)


class ReviewKeys(QObject):
    """Triggers actions by single keys.

    Not as shortcuts of the actions: QGIS has the same letters for tools of its own (R for streaming, say), and of two
    shortcuts with one key Qt triggers neither. Here the widget that has the focus takes the key first.

    Args:
        actions: by key; a disabled one leaves its key to others.
        page: shows what the keys do; while it cannot be seen they do nothing.
        widgets: that listen; fields that take text should not be among them.
    """

    def __init__(self, actions: Mapping[Qt.Key, QAction], page: QWidget, widgets: Iterable[QWidget]) -> None:
        super().__init__()
        self._actions = dict(actions)
        self._page = page
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.installEventFilter(self)

    def stop(self) -> None:
        """Listen no more."""
        for widget in self._widgets:
            widget.removeEventFilter(self)
        self._widgets = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not self._page.isVisible():
            return False
        # Arrow keys count as keys of the keypad on a Mac.
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        action = self._actions.get(event.key())
        if action is None or not action.isEnabled():
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        # A key held down steps on through the polygons, but decides about one only.
        elif not event.isAutoRepeat() or event.key() in _ARROWS:
            action.trigger()
        return True
