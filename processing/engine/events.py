"""What the engine says while it works: JSON lines, relayed to the algorithm's log and progress bar."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsProcessingFeedback

from ..i18n import tr

_TELL_EVERY_PERCENT = 10
_SOON_S = 5


class EventRelay:
    """Relays the engine's events, one JSON object a line, to a feedback.

    Attributes:
        results: the `result` events so far.
        scores: the `score` events so far: how well a network in training does on what it is not shown.
        errors: the messages of the `error` events so far.
        text: lines that are no events.
    """

    def __init__(self, feedback: QgsProcessingFeedback) -> None:
        self.results: list[dict[str, Any]] = []
        self.scores: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.text: list[str] = []
        self._feedback = feedback
        self._told = 0.0

    def on_line(self, line: str) -> None:
        """Take one line of the engine's standard output."""
        event = _parse(line)
        if event is None:
            self.text.append(line)
            return
        kind = event["event"]
        message = str(event.get("message", ""))
        if kind == "progress":
            self._on_progress(100 * float(event["done"]), event.get("eta_s"))
        elif kind == "warning":
            self._feedback.pushWarning(message)
        elif kind == "error":
            # Reported once, by the exception that ends the algorithm.
            self.errors.append(message)
        elif kind == "result":
            self.results.append(event)
        elif kind == "score":
            self.scores.append(event)
            self._feedback.setProgressText(_score_text(event))
        else:
            self._feedback.pushInfo(message)

    def _on_progress(self, percent: float, eta_s: float | None) -> None:
        self._feedback.setProgress(percent)
        if eta_s is not None and eta_s >= _SOON_S and percent - self._told >= _TELL_EVERY_PERCENT:
            self._told = percent
            self._feedback.setProgressText(
                tr("{percent:.0f} % done, about {time} left").format(percent=percent, time=_duration(float(eta_s)))
            )


def _score_text(event: dict[str, Any]) -> str:
    return tr("Epoch {epoch}, step {step}: {name} {value:.3f} on validation data, best so far {best:.3f}").format(
        epoch=event["epoch"], step=event["step"], name=event["name"], value=event["value"], best=event["best"]
    )


def _parse(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and "event" in event else None


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest) if minutes else f"{rest} s"
