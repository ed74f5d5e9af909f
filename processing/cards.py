"""What the models' cards tell a form: which models there are, and the ground resolution they were trained for."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsMessageLog

from .i18n import tr

AUTO = "auto"

_SHIPPED = Path(__file__).resolve().parents[1] / "models" / "weights"
_USER_VARIABLE = "LANDSLIDES_MODELS"
_CARD = "card.json"


@dataclass(frozen=True)
class ModelCard:
    """The part of a model card that matters to QGIS.

    Attributes:
        name: of the model.
        detector: `patches`, `segmentation` or `anomaly`.
        is_default: whether it is its detector's default.
        resolution: finest and coarsest ground resolution it was trained for, metres a pixel.
        fields: the whole card.
    """

    name: str
    detector: str
    is_default: bool
    resolution: tuple[float, float]
    fields: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def typical_resolution(self) -> float:
        """Middle of the range it was trained for, metres a pixel."""
        finest, coarsest = self.resolution
        return sqrt(finest * coarsest)


def list_cards(detector: str) -> list[ModelCard]:
    """Return the cards of a detector's models; the user's own hide shipped ones of the same name."""
    cards: dict[str, ModelCard] = {}
    for shelf in (_SHIPPED, user_folder()):
        for path in sorted(shelf.glob(f"*/{_CARD}")):
            card = _read(path)
            if card is not None and card.detector == detector:
                cards[card.name] = card
    return list(cards.values())


def find_card(model: str, detector: str) -> ModelCard | None:
    """Return the card of a model given by name, folder or `auto`; None if it is not on this machine's shelves."""
    if (Path(model) / _CARD).is_file():
        return _read(Path(model) / _CARD)
    cards = [card for card in list_cards(detector) if (card.is_default if model == AUTO else card.name == model)]
    return cards[-1] if cards else None


def user_folder() -> Path:
    """Return the folder of the user's own models; the engine looks there too."""
    named = os.environ.get(_USER_VARIABLE)
    return Path(named) if named else Path.home() / ".landslides" / "models"


def _read(path: Path) -> ModelCard | None:
    # A broken card must not keep the provider from loading; the engine refuses it with a reason when it is asked for.
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        finest, coarsest = fields["landslides:resolution"]
        return ModelCard(
            str(fields["name"]),
            str(fields["detector"]),
            bool(fields.get("landslides:default", False)),
            (float(finest), float(coarsest)),
            fields,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        QgsMessageLog.logMessage(
            tr("{path} is not a model card: {error!r}").format(path=path, error=error),
            "Landslide Detector",
            Qgis.MessageLevel.Warning,
        )
        return None
