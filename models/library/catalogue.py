"""The catalogue: models that can be downloaded, and from where.

A catalogue is a JSON object with ``url``, the address of a file with the places ``{name}``, ``{version}`` and
``{file}``, and ``models``, the cards of models that are offered beside the shipped ones. What a file must be, its card
says (``landslides:sha256``), so it does not matter whom the address belongs to.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError
from .card import Card, parse_card
from .shelf import shipped_cards

CATALOGUE = Path(__file__).with_name("catalogue.json")
ENVIRONMENT = "LANDSLIDES_CATALOGUE"


@dataclass(frozen=True)
class Offer:
    """A model that can be downloaded.

    Attributes:
        card: its card; the folder is that of the shipped package, or of the catalogue.
        pattern: address of a file, with places for name, version and file.
    """

    card: Card
    pattern: str

    def url(self, file: str) -> str:
        """Address of one of the model's files."""
        version = str(self.card.fields.get("version", ""))
        return self.pattern.format(name=self.card.name, version=version, file=file)


def read_catalogue() -> dict[str, Offer]:
    """The offers by name: the shipped models, whose weights may have been left out, and the catalogue's own.

    An institution's own catalogue is named by ``$LANDSLIDES_CATALOGUE``, a JSON file.

    Raises:
        ModelError: the catalogue is not readable.
    """
    path = Path(os.environ.get(ENVIRONMENT) or CATALOGUE)
    try:
        fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        pattern = str(fields["url"])
        pattern.format(name="", version="", file="")
        cards = [parse_card(card, path.parent, path) for card in fields.get("models", [])]
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ModelError(f"{path}: not readable as a catalogue of models ({error!r})") from None
    offered = {**shipped_cards(), **{card.name: card for card in cards}}
    return {name: Offer(card, pattern) for name, card in offered.items() if set(card.sha256) >= set(card.files)}
