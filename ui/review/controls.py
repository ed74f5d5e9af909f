"""The page of the panel that a reviewer looks at: widgets only, which show what they are told."""

from __future__ import annotations

from qgis.core import QgsExpressionContextUtils, QgsMapLayerProxyModel, QgsSettings
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ...processing.i18n import tr
from .actions import ReviewActions
from .colours import COLOURS, name_of
from .session import Order, ReviewSession, Shown
from .units import area_text

_REVIEWER = "landslide_detector/reviewer"


class ReviewControls(QWidget):
    """Layer, order, the current polygon, the buttons, the progress.

    Args:
        actions: what the buttons trigger.
    """

    def __init__(self, actions: ReviewActions) -> None:
        super().__init__()
        self.layers = QgsMapLayerComboBox()
        self.layers.setFilters(QgsMapLayerProxyModel.Filter.PolygonLayer)
        self.layers.setAllowEmptyLayer(True)
        # The list has taken the first layer of the project.
        self.layers.setLayer(None)
        self.layers.setToolTip(tr("Polygons of a detection, in a GeoPackage."))
        self.order = _choice(
            (Order.LARGEST, tr("Largest first")),
            (Order.LEAST_CERTAIN, tr("Least certain first")),
            (Order.MAP, tr("Along the map")),
        )
        self.shown = _choice(
            (Shown.ALL, tr("All")),
            (Shown.UNDECIDED, name_of("")),
            (Shown.ACCEPTED, name_of(Shown.ACCEPTED.value)),
            (Shown.REJECTED, name_of(Shown.REJECTED.value)),
        )
        self.reviewer = QLineEdit(_reviewer())
        self.reviewer.setPlaceholderText(tr("your name"))
        self.reviewer.setToolTip(tr("Written beside each of your decisions."))
        self.reviewer.editingFinished.connect(lambda: QgsSettings().setValue(_REVIEWER, self.reviewer.text().strip()))
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("a remark about this polygon"))
        self.notice = _notice()
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self.improve = QPushButton(tr("&Improve the model with what I reviewed…"))
        self.improve.setToolTip(
            tr("Train the model further on the polygons you accepted and rejected, and compare it with the old one.")
        )

        self._place = QLabel()
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)  # the label below says it, legible in any theme
        self._counts = QLabel()
        self._counts.setWordWrap(True)
        self._card = QFrame()
        self._card.setFrameShape(QFrame.Shape.StyledPanel)
        card = QVBoxLayout(self._card)
        for widget in (self._place, self._facts, self.note):
            card.addWidget(widget)

        form = QFormLayout()
        form.addRow(tr("&Landslides"), self.layers)
        form.addRow(tr("&Order"), self.order)
        form.addRow(tr("&Show"), self.shown)
        form.addRow(tr("&Reviewer"), self.reviewer)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.notice)
        layout.addWidget(self._card)
        layout.addWidget(self._hint)
        layout.addLayout(self._buttons(actions))
        layout.addWidget(self._progress)
        layout.addWidget(self._counts)
        layout.addStretch()
        layout.addWidget(self.improve)

    def show_session(self, session: ReviewSession | None) -> None:
        """Show the current polygon and the progress; nothing without a session."""
        for widget in (self._card, self._progress, self._counts):
            widget.setVisible(session is not None)
        if session is None:
            return
        self._show_current(session)
        progress = session.progress()
        self._progress.setMaximum(max(progress.total, 1))
        self._progress.setValue(progress.reviewed)
        self._counts.setText(
            tr("{reviewed} of {total} reviewed, {left} left. Accepted: {count}, {area} in all.").format(
                reviewed=progress.reviewed,
                total=progress.total,
                left=progress.left,
                count=progress.accepted,
                area=area_text(progress.accepted_area, session.layer.crs().isValid()),
            )
        )

    def say(self, message: str) -> None:
        """Show a message until there is another, or none."""
        self.notice.setText(message)
        self.notice.setVisible(bool(message))

    def hint(self, text: str) -> None:
        """Say what the map is waiting for, if anything."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def offer_certainty(self, is_known: bool) -> None:
        """Offer the order by certainty only for a layer that tells how certain the model was."""
        index = self.order.findData(Order.LEAST_CERTAIN)
        self.order.model().item(index).setEnabled(is_known)
        hint = "" if is_known else tr("The layer has no column mean_probability.")
        self.order.setItemData(index, hint, Qt.ItemDataRole.ToolTipRole)
        if not is_known and self.order.currentIndex() == index:
            self.order.setCurrentIndex(self.order.findData(Order.LARGEST))

    def _show_current(self, session: ReviewSession) -> None:
        current = session.current
        self.note.setEnabled(current is not None)
        if current is None:
            self._place.setText(f"<b>{tr('No polygon')}</b>")
            self._facts.setText(
                tr("The layer is empty. Draw what was missed with N.")
                if session.progress().total == 0
                else tr("None is left of those to be shown.")
            )
            self.note.clear()
            return
        fids = [landslide.fid for landslide in session.landslides]
        place = str(fids.index(current.fid) + 1) if current.fid in fids else "–"
        self._place.setText(
            "<b>{}</b>".format(tr("Polygon {place} of {count}").format(place=place, count=len(fids)))
            + f' &nbsp;<span style="background:{COLOURS.get(current.status, COLOURS[""])}; color:black">'
            + f"&nbsp;{name_of(current.status)}&nbsp;</span>"
        )
        facts = [area_text(current.area, session.layer.crs().isValid())]
        if current.mean_probability is not None:
            facts.append(tr("probability {:.2f} on average").format(current.mean_probability))
        if current.reviewer:
            facts.append(tr("reviewed by {}").format(current.reviewer))
        self._facts.setText(", ".join(facts))
        if not self.note.isModified():
            self.note.setText(current.note)

    def _buttons(self, actions: ReviewActions) -> QGridLayout:
        grid = QGridLayout()
        rows = [
            (actions.accept, actions.reject),
            (actions.redraw, actions.corners),
            (actions.keep, actions.give_up),
            (actions.previous, actions.next),
            (actions.add, actions.undo),
        ]
        for row, pair in enumerate(rows):
            for column, action in enumerate(pair):
                button = QToolButton()
                button.setDefaultAction(action)
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                action.changed.connect(lambda action=action, button=button: button.setVisible(action.isVisible()))
                button.setVisible(action.isVisible())
                grid.addWidget(button, row, column)
        return grid


def _choice(*entries: tuple[str, str]) -> QComboBox:
    box = QComboBox()
    for value, text in entries:
        box.addItem(text, value)
    return box


def _notice() -> QLabel:
    notice = QLabel()
    notice.setObjectName("LandslideReviewNotice")
    notice.setWordWrap(True)
    notice.setFrameShape(QFrame.Shape.StyledPanel)
    notice.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    # Black on yellow reads the same in a dark theme.
    notice.setStyleSheet("QLabel { background: #ffe9a8; color: black; padding: 4px; }")
    notice.hide()
    return notice


def _reviewer() -> str:
    """Return the name given last, or the one the system knows the user by."""
    names = QgsExpressionContextUtils.globalScope()
    return str(
        QgsSettings().value(_REVIEWER, "", type=str)
        or names.variable("user_full_name")
        or names.variable("user_account_name")
        or ""
    )
