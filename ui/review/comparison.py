"""The page that shows the figures of the new model beside those of the old, and asks which to use."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ...processing.i18n import tr
from .candidate import MEASURES, Candidate

# Less is within what another choice of held-out blocks would give.
_WORTH_IT = 0.01


class ComparisonPage(QWidget):
    """Both models on the same held-out blocks, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self._verdict = QLabel()
        self._verdict.setWordWrap(True)
        self._models = QLabel()
        self._models.setWordWrap(True)
        self._table = QFrame()
        self._table.setFrameShape(QFrame.Shape.StyledPanel)
        self._grid = QGridLayout(self._table)
        self._explanation = QLabel(
            tr(
                "Measured on blocks of the reviewed ground that were held out of the training, each model at its own "
                "threshold. The new one's was chosen on these very blocks, which flatters it a little; and one scene "
                "says little about others."
            )
        )
        self._explanation.setWordWrap(True)
        self._report = QLabel()
        self._report.setOpenExternalLinks(True)
        self._report.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.message = QLabel()
        self.message.setWordWrap(True)
        self.use = QPushButton(tr("&Use the new model"))
        self.use.setToolTip(tr("Put it into the list of models, as the first choice of its detector."))
        self.discard = QPushButton(tr("&Discard it"))
        self.discard.setToolTip(tr("Delete the new model and go on with the old one."))
        self.back = QPushButton(tr("Decide &later"))
        self.back.setToolTip(tr("Go back to the review; the new model waits, even if QGIS is closed."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.use)
        buttons.addWidget(self.discard)
        layout = QVBoxLayout(self)
        for widget in (self._verdict, self._models, self._table, self._explanation, self._report, self.message):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addWidget(self.back)
        layout.addStretch()

    def show_candidate(self, candidate: Candidate) -> None:
        """Fill the page."""
        self.message.clear()
        self._verdict.setText(f"<b>{_verdict(candidate)}</b>")
        while self._grid.count():
            self._grid.takeAt(0).widget().deleteLater()
        self._models.setText(tr("Old model: {old}<br>New model: {new}").format(old=candidate.base, new=candidate.name))
        self._cells(0, "", f"<b>{tr('Old')}</b>", f"<b>{tr('New')}</b>", f"<b>{tr('Change')}</b>")
        names = {"F1": "F1", "IOU": "IoU", "PRECISION": tr("Precision"), "RECALL": tr("Recall")}
        shown = [name for name in MEASURES if name in candidate.new or name in candidate.old]
        for row, name in enumerate(shown, start=1):
            old, new = candidate.old.get(name), candidate.new.get(name)
            change = "" if old is None or new is None else f"{new - old:+.3f}"
            self._cells(row, names[name], _figure(old), _figure(new), change)
        for widget in (self._table, self._explanation):
            widget.setVisible(bool(candidate.new))
        link = QUrl.fromLocalFile(candidate.report).toString() if Path(candidate.report).is_file() else ""
        self._report.setText(f'<a href="{link}">{tr("Report of the training")}</a>')
        self._report.setVisible(bool(link))
        is_better = candidate.gain is not None and candidate.gain > 0
        self.use.setDefault(is_better)
        self.discard.setDefault(not is_better)

    def _cells(self, row: int, *texts: str) -> None:
        for column, text in enumerate(texts):
            label = QLabel(text)
            if column:
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(label, row, column)


def _verdict(candidate: Candidate) -> str:
    gain = candidate.gain
    if not candidate.new:
        return tr("The training ended early. This is the best model it had made, not yet compared with the old one.")
    if gain is None:
        return tr("The two models could not be compared: their figures were not measured on the same ground.")
    if gain >= _WORTH_IT:
        return tr("The new model is better: F1 {new:.2f}, before {old:.2f}.").format(
            new=candidate.new["F1"], old=candidate.old["F1"]
        )
    if gain <= -_WORTH_IT:
        return tr("The new model is worse: F1 {new:.2f}, before {old:.2f}.").format(
            new=candidate.new["F1"], old=candidate.old["F1"]
        )
    return tr("The two models are equally good: F1 {new:.2f}, before {old:.2f}.").format(
        new=candidate.new["F1"], old=candidate.old["F1"]
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
