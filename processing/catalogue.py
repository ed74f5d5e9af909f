"""The catalogue of models that can be downloaded: which, and from where. The engine reads the same file."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from qgis.core import Qgis, QgsMessageLog

from .cards import ModelCard, card_of, shipped_cards
from .i18n import tr

_CATALOGUE = Path(__file__).resolve().parents[1] / "models" / "library" / "catalogue.json"
_VARIABLE = "LANDSLIDES_CATALOGUE"


@dataclass(frozen=True)
class Offer:
    """A model that can be downloaded.

    Attributes:
        card: its card; it says what each file must be.
        pattern: address of a file, with places for name, version and file.
    """

    card: ModelCard
    pattern: str

    def url(self, file: str) -> str:
        """Return the address of one of the model's files."""
        version = str(self.card.fields.get("version", ""))
        return self.pattern.format(name=self.card.name, version=version, file=file)


def read_catalogue() -> dict[str, Offer]:
    """Return the offers by name: the shipped models, whose weights may have been left out, and the catalogue's own.

    A catalogue that cannot be read offers nothing; the log says why.
    """
    path = Path(os.environ.get(_VARIABLE) or _CATALOGUE)
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        pattern = str(fields["url"])
        pattern.format(name="", version="", file="")
        cards = [card_of(card, path.parent) for card in fields.get("models", [])]
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        QgsMessageLog.logMessage(
            tr("{path} is not a catalogue of models: {error!r}").format(path=path, error=error),
            "Landslide Detector",
            Qgis.MessageLevel.Warning,
        )
        return {}
    offered = {**shipped_cards(), **{card.name: card for card in cards}}
    return {name: Offer(card, pattern) for name, card in offered.items() if set(card.sha256) >= set(card.files)}
