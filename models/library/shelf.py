"""The shelf of models: those shipped with the engine and the user's own."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..errors import ModelError
from .card import CARD, GRAPH, WEIGHTS, Card, read_card
from .choice import choose_default

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
ENVIRONMENT = "LANDSLIDES_MODELS"


def user_folder() -> Path:
    """Folder of the user's own models: ``$LANDSLIDES_MODELS``, else ``~/.landslides/models``."""
    named = os.environ.get(ENVIRONMENT)
    return Path(named) if named else Path.home() / ".landslides" / "models"


def list_models(detector: str | None = None) -> list[Card]:
    """Cards of all models that can be read, or of one detector's; the user's own hide shipped ones of that name."""
    cards, _ = scan_shelves()
    return [card for card in cards.values() if detector in (None, card.detector)]


def scan_shelves() -> tuple[dict[str, Card], list[str]]:
    """All cards by name, and what is wrong with those that cannot be read.

    One bad package does not keep the others from being used.
    """
    cards: dict[str, Card] = {}
    faults: list[str] = []
    for shelf in (SHIPPED, user_folder()):
        for path in sorted(shelf.glob(f"*/{CARD}")):
            try:
                card = read_card(path.parent)
            except ModelError as error:
                faults.append(str(error))
                continue
            cards[card.name] = card
    return cards, faults


def find_model(model: str, detector: str | None = None, resolution: float | None = None) -> Card:
    """Find a model by name or folder; ``auto`` is the detector's default, of several the one that fits best.

    Args:
        model: name, folder of a model package, or ``auto``.
        detector: the model must be for this one; None takes any.
        resolution: of the scene, metres a pixel, for ``auto``; None where it is not known.

    Raises:
        ModelError: there is none of that name, or it belongs to another detector.
    """
    if model == "auto":
        defaults = [card for card in list_models(detector) if card.is_default]
        if not defaults:
            raise ModelError(f"no default model for '{detector}' is installed in {SHIPPED}{_also(scan_shelves()[1])}")
        return choose_default(defaults, resolution)
    cards, faults = scan_shelves()
    if model in cards:
        card = cards[model]
    elif Path(model).is_dir():
        card = read_card(Path(model))
    else:
        raise ModelError(f"no model '{model}'; there are: {', '.join(sorted(cards)) or 'none'}{_also(faults)}")
    if detector not in (None, card.detector):
        raise ModelError(f"model '{card.name}' is for '{card.detector}', not for '{detector}'")
    return card


def _also(faults: list[str]) -> str:
    return f" ({'; '.join(faults)})" if faults else ""


def check_files(card: Card) -> None:
    """Make sure that the weights are there and are those of the card.

    Raises:
        ModelError: a file is missing, or its SHA-256 is not the card's.
    """
    for name in (GRAPH, WEIGHTS):
        path = card.folder / name
        if not path.exists():
            raise ModelError(f"model '{card.name}': {path} is missing; fetch the weights or use another model")
        expected = card.fields.get("landslides:sha256", {}).get(name)
        if expected and sha256(path) != expected:
            raise ModelError(f"model '{card.name}': {path} is damaged (SHA-256 does not match the card)")


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
