"""From the review to a better model: the form, the training, the comparison, the choice."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from qgis.core import QgsVectorLayer
from qgis.PyQt.QtCore import QCoreApplication, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ...processing.i18n import tr
from .candidate import Candidate, measured, waiting_candidates, workshop
from .comparison import ComparisonPage
from .errors import ReviewError
from .evidence import collect_evidence
from .improve_form import ImproveForm
from .origin import origin_of
from .session import ReviewSession
from .training import Training

_LOOK_MS = 250


class ImprovePages(QStackedWidget):
    """Form, progress and comparison, one after another. Nothing here waits or blocks: the review can go on.

    Signals:
        left: the person wants to go back to the review.
        news: something has happened that a person who is not looking should be told.
    """

    left = pyqtSignal()
    news = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._layer: QgsVectorLayer | None = None
        self._candidate: Candidate | None = None
        self._is_unwanted = False
        self._training = Training()
        self._form = ImproveForm()
        self._progress = _ProgressPage()
        self._comparison = ComparisonPage()
        for page in (self._form, self._progress, self._comparison):
            self.addWidget(page)
        self._look = QTimer(self)
        self._look.setInterval(_LOOK_MS)
        self._look.timeout.connect(self._show_progress)
        self._training.ended.connect(self._on_ended)
        QCoreApplication.instance().aboutToQuit.connect(self.stop)
        self._form.train.clicked.connect(self._train)
        self._progress.cancel.clicked.connect(self._cancel)
        self._comparison.use.clicked.connect(self._use)
        self._comparison.discard.clicked.connect(self._discard)
        for back in (self._form.back, self._progress.back, self._comparison.back):
            back.clicked.connect(self.left)

    def open(self, session: ReviewSession) -> None:
        """Show the training at work, else a model that waits to be decided about, else the form."""
        self._layer = session.layer
        waiting = [] if self._training.is_running else waiting_candidates()
        if self._training.is_running:
            self.setCurrentWidget(self._progress)
        elif waiting:
            self._offer(waiting[0])
        else:
            self._form.fill(session.progress(), origin_of(session.layer))
            self.setCurrentWidget(self._form)

    def close_form(self) -> None:
        """Let go of the layer: its review has ended."""
        self._layer = None
        if self.currentWidget() is self._form:
            self.left.emit()

    def stop(self) -> None:
        """Cancel a training and wait for its end."""
        self._training.stop()

    def _train(self) -> None:
        message = self._form.obstacle()
        if message or self._layer is None:
            self._form.message.setText(message)
            return
        folder = workshop(self._form.name)
        try:
            evidence = collect_evidence(self._layer, folder)
        except ReviewError as error:
            self._form.message.setText(str(error))
            return
        algorithm, parameters = self._form.parameters(evidence, str(folder / self._form.name))
        model = parameters["MODEL"]
        report = str(Path(model) / "report.html")
        self._candidate = Candidate(self._form.name, self._form.detector, self._form.base, model, report, {}, {})
        self._is_unwanted = False
        self._progress.begin(self._form.name)
        self.setCurrentWidget(self._progress)
        self._look.start()
        self._training.start(algorithm, parameters, tr("Improving {}").format(self._form.base))

    def _cancel(self) -> None:
        self._is_unwanted = True
        self._progress.cancel.setEnabled(False)
        self._training.cancel()

    def _show_progress(self) -> None:
        if self._training.feedback is not None:
            self._progress.show_reading(self._training.feedback)

    def _on_ended(self, results: dict[str, Any], message: str) -> None:
        self._look.stop()
        candidate, self._candidate = self._candidate, None
        assert candidate is not None  # nosec B101 (a training is of one)
        if message and candidate.is_model and not self._is_unwanted:
            # QGIS closes, or the engine has failed: what hours of training have made can still be used.
            with suppress(OSError):  # a full disk may be why
                candidate.keep()
            self._offer(candidate)
            kept = tr("{} The best model so far is kept; the review's Improve the model shows it.")
            self.news.emit(kept.format(message))
            return
        if message:
            candidate.discard()
            self._form.message.setText(message)
            self.setCurrentWidget(self._form)
            self.news.emit(message)
            if self._layer is None:
                self.left.emit()
            return
        new, old = measured(results)
        candidate = Candidate(
            candidate.name,
            candidate.detector,
            candidate.base,
            str(results.get("MODEL") or candidate.folder),
            str(results.get("REPORT") or ""),
            new,
            old,
        )
        candidate.keep()
        self._offer(candidate)
        self.news.emit(tr("{} is trained: compare it with the old model.").format(candidate.name))

    def _offer(self, candidate: Candidate) -> None:
        self._candidate = candidate
        self._comparison.show_candidate(candidate)
        self.setCurrentWidget(self._comparison)

    def _use(self) -> None:
        assert self._candidate is not None  # nosec B101 (the page shows one)
        try:
            self._candidate.use()
        except ReviewError as error:
            self._comparison.message.setText(str(error))
            return
        self.news.emit(tr("{} is in the list of models now.").format(self._candidate.name))
        self._done()

    def _discard(self) -> None:
        assert self._candidate is not None  # nosec B101 (the page shows one)
        self._candidate.discard()
        self._done()

    def _done(self) -> None:
        self._candidate = None
        self.left.emit()


class _ProgressPage(QWidget):
    """How far the training is."""

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel()
        self._bar = QProgressBar()
        self._bar.setMaximum(1000)
        self._reading = QLabel()
        self._line = QLabel()
        self._line.setWordWrap(True)
        self.cancel = QPushButton(tr("&Cancel"))
        self.cancel.setToolTip(tr("End the training and delete what it has made so far."))
        self.back = QPushButton(tr("&Back to the review"))
        self.back.setToolTip(tr("The training goes on in the background."))
        buttons = QHBoxLayout()
        buttons.addWidget(self.back)
        buttons.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        for widget in (self._title, self._bar, self._reading, self._line):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        layout.addStretch()

    def begin(self, name: str) -> None:
        self._title.setText("<b>{}</b>".format(tr("Training {}").format(name)))
        self._bar.setValue(0)
        self._reading.clear()
        self._line.clear()
        self.cancel.setEnabled(True)

    def show_reading(self, feedback: Any) -> None:
        reading = feedback.reading()
        self._bar.setValue(round(1000 * reading.done))
        self._reading.setText(reading.text())
        lines = feedback.log.splitlines()
        self._line.setText(lines[-1] if lines else "")
