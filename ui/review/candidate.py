"""A trained model that nobody has decided about yet, and the figures to decide by."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qgis.core import QgsSettings

from ...processing.cards import CARD, user_folder
from ...processing.i18n import tr
from .errors import ReviewError

# Beside the user's models, under a name the list of models does not look into: hours of training outlive QGIS there.
_WAITING = ".candidates"
_RECORD = "candidate.json"

MEASURES = ("F1", "IOU", "PRECISION", "RECALL")
_BASE = "BASE_"


@dataclass(frozen=True)
class Candidate:
    """A model trained on a review.

    Attributes:
        name: it is to have.
        detector: `patches`, `segmentation` or `anomaly`.
        base: name of the model it started from.
        folder: model package, on no shelf yet.
        report: HTML page of the training, empty if there is none.
        new: its figures on the held-out blocks, by measure; none if its training ended early.
        old: the figures of the model it started from, on the same blocks.
    """

    name: str
    detector: str
    base: str
    folder: str
    report: str
    new: dict[str, float]
    old: dict[str, float]

    @property
    def gain(self) -> float | None:
        """By how much F1 is better than before; None if one of the two was not measured."""
        if "F1" not in self.new or "F1" not in self.old:
            return None
        return self.new["F1"] - self.old["F1"]

    @property
    def is_model(self) -> bool:
        """Whether there is a model that can be used; a training writes its best anew each time it gets better."""
        return (Path(self.folder) / CARD).is_file()

    def keep(self) -> None:
        """Note it down, so that it can be decided about after a restart too."""
        record = json.dumps(asdict(self), indent=1)
        (Path(self.folder).parent / _RECORD).write_text(record, encoding="utf-8")

    def use(self) -> Path:
        """Put it among the user's models, as the model to begin with for its detector.

        Raises:
            ReviewError: it cannot be moved there, or the name is taken.
        """
        target = user_folder() / self.name
        if target.exists():
            raise ReviewError(tr("There is a model {} already; remove it first.").format(self.name))
        try:
            shutil.move(self.folder, target)
        except OSError as error:
            raise ReviewError(tr("{}: cannot be written: {}").format(target, error.strerror or error)) from None
        self.discard()
        QgsSettings().setValue(f"landslide_detector/model/{self.detector}", self.name)
        return target

    def discard(self) -> None:
        """Delete what has not been moved away."""
        shutil.rmtree(Path(self.folder).parent, ignore_errors=True)


def measured(results: Mapping[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the figures of the new and of the old model that a training has given."""
    new = {name: float(results[name]) for name in MEASURES if _is_number(results.get(name))}
    old = {name: float(results[_BASE + name]) for name in MEASURES if _is_number(results.get(_BASE + name))}
    return new, old


def workshop(name: str) -> Path:
    """Return the empty folder in which a model of this name is made."""
    folder = user_folder() / _WAITING / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def waiting_candidates() -> list[Candidate]:
    """Return the models that still wait to be decided about."""
    candidates = []
    for record in sorted((user_folder() / _WAITING).glob(f"*/{_RECORD}")):
        try:
            candidate = Candidate(**json.loads(record.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            continue  # of another version, or half-written
        if candidate.is_model:
            candidates.append(candidate)
    return candidates


def free_name(base: str) -> str:
    """Return a name for an improved model: `base-2`, or the next number that is free."""
    stem, _, number = base.rpartition("-")
    stem, first = (stem, int(number) + 1) if stem and number.isdigit() else (base, 2)
    taken = {path.name for path in user_folder().glob("*")}
    return next(name for name in (f"{stem}-{count}" for count in range(first, 10000)) if name not in taken)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
