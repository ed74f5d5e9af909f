"""The review panel: joins the layer, the map, the keys and the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from qgis.core import QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsDockWidget
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAbstractButton, QScrollArea, QStackedWidget

from ...processing.i18n import tr
from .actions import ReviewActions
from .colours import colour_by_status
from .controls import ReviewControls
from .drawing import CornerEditing, Drawing
from .errors import PolygonGoneError, ReviewError
from .improve import ImprovePages
from .keys import ReviewKeys
from .landslide import ACCEPTED, REJECTED
from .origin import origin_of
from .session import Order, ReviewSession, Shown
from .spotlight import Spotlight
from .suitable import obstacle

if TYPE_CHECKING:
    from qgis.gui import QgisInterface


class ReviewDock(QgsDockWidget):
    """Steps through the polygons of a detection.

    Args:
        iface: the QGIS window.
    """

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(tr("Review landslides"), iface.mainWindow())
        self.setObjectName("LandslideReview")
        self.setAllowedAreas(Qt.DockWidgetArea.LeftDockWidgetArea | Qt.DockWidgetArea.RightDockWidgetArea)
        self._iface = iface
        self._session: ReviewSession | None = None
        self._layer: QgsVectorLayer | None = None
        self._chosen = ""  # identifier of the layer in the list
        self._redrawn: int | None = None
        self._spotlight = Spotlight(iface.mapCanvas())
        self._drawing = Drawing(iface)
        self._corners = CornerEditing(iface)
        self._actions = ReviewActions(self)
        self._controls = ReviewControls(self._actions)
        self._improve = ImprovePages()
        self._pages = QStackedWidget()
        self._pages.addWidget(self._controls)
        self._pages.addWidget(self._improve)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(self._pages.minimumSizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self._pages)
        self.setWidget(scroll)
        buttons = self._controls.findChildren(QAbstractButton)
        self._keys = ReviewKeys(self._actions.by_key, self._controls, [iface.mapCanvas(), self, *buttons])
        self._connect()
        self._show()

    def review(self, layer: QgsVectorLayer) -> None:
        """Begin with a layer, or say why it cannot be reviewed."""
        if self._controls.layers.currentLayer() is layer:
            self._take(layer)
        else:
            self._controls.layers.setLayer(layer)

    def remove(self) -> None:
        """Take the panel and all its marks out of QGIS for good."""
        self._leave()
        QgsProject.instance().layersWillBeRemoved.disconnect(self._on_layers_removed)
        self._iface.mapCanvas().destinationCrsChanged.disconnect(self._on_moved)
        self._improve.stop()
        self._keys.stop()
        self._spotlight.remove()
        self._iface.removeDockWidget(self)
        self.deleteLater()

    def _connect(self) -> None:
        actions, controls = self._actions, self._controls
        actions.accept.triggered.connect(partial(self._decide, ACCEPTED))
        actions.reject.triggered.connect(partial(self._decide, REJECTED))
        actions.redraw.triggered.connect(partial(self._draw, True))
        actions.add.triggered.connect(partial(self._draw, False))
        actions.corners.triggered.connect(self._move_corners)
        actions.undo.triggered.connect(lambda: self._try(lambda session: session.undo()))
        actions.previous.triggered.connect(lambda: self._try(lambda session: session.step(-1)))
        actions.next.triggered.connect(lambda: self._try(lambda session: session.step(1)))
        actions.keep.triggered.connect(self._keep_corners)
        actions.give_up.triggered.connect(self._give_up)
        controls.layers.layerChanged.connect(self._take)
        controls.order.currentIndexChanged.connect(
            lambda: self._try(lambda session: session.set_order(Order(controls.order.currentData())))
        )
        controls.shown.currentIndexChanged.connect(
            lambda: self._try(lambda session: session.show_only(Shown(controls.shown.currentData())))
        )
        controls.note.editingFinished.connect(self._write_note)
        controls.note.returnPressed.connect(self._iface.mapCanvas().setFocus)
        controls.reviewer.returnPressed.connect(self._iface.mapCanvas().setFocus)
        controls.improve.clicked.connect(self._open_improve)
        self._improve.left.connect(lambda: self._pages.setCurrentWidget(self._controls))
        self._drawing.drawn.connect(self._on_drawn)
        self._drawing.ended.connect(self._show)
        self._iface.mapCanvas().destinationCrsChanged.connect(self._on_moved)
        self._improve.news.connect(self._tell)
        QgsProject.instance().layersWillBeRemoved.connect(self._on_layers_removed)
        self.closed.connect(self._close)
        self.opened.connect(lambda: self._take(controls.layers.currentLayer()))

    # The layer, and what becomes of it

    def _take(self, layer: QgsVectorLayer | None) -> None:
        if layer is self._layer and self._session is not None:
            return
        self._chosen = "" if layer is None else layer.id()
        if layer is None and self._layer is not None:
            # Chosen by the reviewer, or left in the list when the layer was removed or the project closed.
            self._controls.say(
                tr("The review of {} has ended. All decisions are in its file.").format(self._layer.name())
            )
        self._leave()
        if layer is not None:
            message = obstacle(layer)
            self._controls.say("")
            if message:
                self._controls.say(message)
            else:
                self._begin(layer)
        self._show()

    def _begin(self, layer: QgsVectorLayer) -> None:
        try:
            session = ReviewSession(layer, origin_of(layer).threshold)
        except ReviewError as error:
            self._controls.say(str(error))
            return
        self._layer, self._session = layer, session
        colour_by_status(layer)
        node = QgsProject.instance().layerTreeRoot().findLayer(layer)
        if node is not None:
            node.setItemVisibilityCheckedParentRecursive(True)
        layer.editingStarted.connect(self._show)
        layer.editingStopped.connect(self._on_editing_stopped)
        session.moved.connect(self._on_moved)
        session.changed.connect(self._show)
        has_probability = session.table.has_probability
        self._controls.offer_certainty(has_probability)
        session.show_only(Shown(self._controls.shown.currentData()))
        session.set_order(Order(self._controls.order.currentData()))

    def _leave(self) -> None:
        """Let go of the layer; every decision is in its file already."""
        self._drawing.stop()
        self._corners.give_up()
        self._improve.close_form()
        if self._session is not None:
            self._session.moved.disconnect(self._on_moved)
            self._session.changed.disconnect(self._show)
        if self._layer is not None:
            self._layer.editingStarted.disconnect(self._show)
            self._layer.editingStopped.disconnect(self._on_editing_stopped)
        self._layer = self._session = None
        self._spotlight.off()

    def _close(self) -> None:
        self._leave()
        self._show()

    def _on_layers_removed(self, layers: Sequence[str]) -> None:
        # The list shows another layer in its place already, and does not say so.
        if self._chosen in layers:
            self._controls.layers.setLayer(None)

    def _on_editing_stopped(self) -> None:
        if self._corners.is_ending:
            return
        self._corners.forget()
        self._try(lambda session: session.reload())

    # What the reviewer does

    def _try(self, do: Callable[[ReviewSession], None]) -> None:
        """Do something, or say why it could not be done."""
        if self._session is None:
            return
        # A click on a button does not take the focus from the note, which would save it.
        self._write_note()
        try:
            self._session.reviewer = self._controls.reviewer.text().strip()
            do(self._session)
        except ReviewError as error:
            self._controls.say(str(error))
            if isinstance(error, PolygonGoneError):
                self._session.reload()
        else:
            self._controls.say("")
        self._show()

    def _decide(self, status: str, _checked: bool = False) -> None:
        self._try(lambda session: session.decide(status))

    def _write_note(self) -> None:
        note = self._controls.note
        if note.isModified():
            note.setModified(False)
            self._try(lambda session: session.write_note(note.text().strip()))

    def _draw(self, is_redrawn: bool, _checked: bool = False) -> None:
        session = self._session
        if session is None:
            return
        self._redrawn = session.current.fid if is_redrawn and session.current is not None else None
        self._drawing.start(session.layer)
        self._show()

    def _on_drawn(self, outline: QgsGeometry) -> None:
        fid = self._redrawn
        if fid is None:
            self._try(lambda session: session.add(outline))
        else:
            self._try(lambda session: session.redraw({fid: outline}))

    def _move_corners(self) -> None:
        if self._layer is not None and not self._corners.start(self._layer):
            self._controls.say(tr("{} cannot be edited now.").format(self._layer.name()))
        self._show()

    def _keep_corners(self) -> None:
        outlines = self._corners.finish()
        if outlines:
            self._try(lambda session: session.redraw(outlines))
        self._show()

    def _give_up(self) -> None:
        self._drawing.stop()
        self._corners.give_up()
        self._show()

    def _open_improve(self) -> None:
        if self._session is not None:
            self._improve.open(self._session)
            self._pages.setCurrentWidget(self._improve)

    # What is to be seen

    def _on_moved(self) -> None:
        session = self._session
        self._spotlight.off()
        if session is not None and session.current is not None:
            try:
                self._spotlight.show(session.table.feature(session.current.fid).geometry(), session.layer)
            except ReviewError as error:
                self._controls.say(str(error))
        self._show()

    def _show(self) -> None:
        session, actions = self._session, self._actions
        is_drawing, is_moving = self._drawing.is_active, self._corners.is_active
        is_edited = session is not None and session.layer.isEditable() and not is_moving
        is_free = session is not None and not (is_drawing or is_moving or is_edited)
        has_current = session is not None and session.current is not None
        of_current = (actions.accept, actions.reject, actions.redraw, actions.corners, actions.previous, actions.next)
        for action in of_current:
            action.setEnabled(is_free and has_current)
        actions.add.setEnabled(is_free)
        actions.undo.setEnabled(is_free and session is not None and session.table.can_undo)
        actions.keep.setVisible(is_moving)
        actions.keep.setEnabled(is_moving)
        actions.give_up.setVisible(is_drawing or is_moving)
        actions.give_up.setEnabled(is_drawing or is_moving)
        self._controls.improve.setEnabled(is_free and session is not None and session.progress().reviewed > 0)
        self._controls.show_session(session)
        self._controls.hint(_hint(is_drawing, is_moving, is_edited))

    def _tell(self, message: str) -> None:
        """Tell a person who may be looking elsewhere."""
        self._iface.messageBar().pushInfo(self.windowTitle(), message)


def _hint(is_drawing: bool, is_moving: bool, is_edited: bool) -> str:
    """Say what the map is waiting for."""
    if is_drawing:
        return tr("Click the corners on the map; a right click ends the outline, Esc gives it up.")
    if is_moving:
        return tr("Click a corner on the map, then its new place. Enter keeps the outline, Esc gives it up.")
    if is_edited:
        return tr("The layer is being edited. Save or end its edits in QGIS to go on reviewing.")
    return ""
