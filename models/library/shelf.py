"""The shelf of models: those shipped with the engine and the user's own."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from ..errors import ModelError, OutputError
from .card import CARD, GRAPH, INT8_FILES, WEIGHTS, Card, read_card
from .choice import choose_default

SHIPPED = Path(__file__).resolve().parent.parent / "weights"
ENVIRONMENT = "LANDSLIDES_MODELS"
DOWNLOADED = "landslides:downloaded"  # field of a card: the address that a copy of a shipped model came from
_CHUNK = 2**20


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

    One bad package does not keep the others from being used. A downloaded copy of what was shipped with another
    version of the engine does not hide what is shipped with this one.
    """
    cards, faults = scan_shelf(SHIPPED)
    own, own_faults = scan_shelf(user_folder())
    current = {name: card for name, card in own.items() if not is_outdated(card, cards.get(name))}
    return {**cards, **current}, faults + own_faults


def shipped_cards() -> dict[str, Card]:
    """The cards of the shipped models by name, whether or not their weights are here."""
    return scan_shelf(SHIPPED)[0]


def scan_shelf(shelf: Path) -> tuple[dict[str, Card], list[str]]:
    """The cards in one folder of packages, by name, and what is wrong with those that cannot be read."""
    cards: dict[str, Card] = {}
    faults: list[str] = []
    for path in sorted(shelf.glob(f"*/{CARD}")):
        try:
            card = read_card(path.parent)
        except ModelError as error:
            faults.append(str(error))
            continue
        cards[card.name] = card
    return cards, faults


def is_outdated(own: Card, shipped: Card | None) -> bool:
    """Whether a model of the user's is a download of a shipped one that has changed since."""
    return shipped is not None and DOWNLOADED in own.fields and own.sha256 != shipped.sha256


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


def missing_files(card: Card) -> list[str]:
    """Names of the package's files that are not there; those of shipped models may have to be fetched."""
    return [name for name in card.files if not (card.folder / name).exists()]


def check_files(card: Card) -> None:
    """Make sure that the weights are there and are those of the card.

    Raises:
        ModelError: a file is missing, or its SHA-256 is not the card's.
    """
    for name in missing_files(card):
        raise ModelError(
            f"model '{card.name}': {card.folder / name} is missing; get it with 'landslides models fetch {card.name}' "
            "(in QGIS: the model manager), or use another model"
        )
    for name in card.files:
        path = card.folder / name
        expected = card.sha256.get(name)
        if expected and sha256(path) != expected:
            raise ModelError(f"model '{card.name}': {path} is damaged (SHA-256 does not match the card)")


def remove_model(name: str) -> Card:
    """Remove one of the user's own models; return its card. Files beside the package's own are left where they are.

    Raises:
        ModelError: there is none of that name, or it is shipped.
        OutputError: a file cannot be deleted.
    """
    card = scan_shelf(user_folder())[0].get(name)
    if card is None:
        if name in shipped_cards():
            raise ModelError(f"model '{name}' is shipped with the engine and cannot be removed")
        raise ModelError(f"no model '{name}' of your own in {user_folder()}")
    try:
        if card.folder.is_symlink():
            card.folder.unlink()
            return card
        # The card first: without it the rest is not listed any more.
        for file in (CARD, GRAPH, *INT8_FILES, WEIGHTS, "report.html"):
            (card.folder / file).unlink(missing_ok=True)
        shutil.rmtree(card.folder / "training", ignore_errors=True)
        if not any(card.folder.iterdir()):
            card.folder.rmdir()
    except OSError as error:
        raise OutputError(f"{error.filename}: cannot be deleted ({error.strerror})") from None
    return card


def sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
