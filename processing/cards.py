"""What the models' cards tell QGIS: which models there are, whether they are complete, and which fits a scene."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from math import log, sqrt
from pathlib import Path
from typing import Any

from qgis.core import Qgis, QgsMessageLog

from .engine.settings import MODELS
from .i18n import tr

AUTO = "auto"
CARD = "card.json"
GRAPH, WEIGHTS = "model.onnx", "model.safetensors"
DOWNLOADED = "landslides:downloaded"  # field of a card: the address that a copy of a shipped model came from

_SHIPPED = Path(__file__).resolve().parents[1] / "models" / "weights"


@dataclass(frozen=True)
class ModelCard:
    """The part of a model card that matters to QGIS.

    Attributes:
        name: of the model.
        detector: `patches`, `segmentation` or `anomaly`.
        is_default: whether it is one of its detector's defaults.
        resolution: finest and coarsest ground resolution it was trained for, metres a pixel.
        fields: the whole card.
        folder: the model package.
    """

    name: str
    detector: str
    is_default: bool
    resolution: tuple[float, float]
    fields: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    folder: Path = Path()

    @property
    def typical_resolution(self) -> float:
        """Middle of the range it was trained for, metres a pixel."""
        finest, coarsest = self.resolution
        return sqrt(finest * coarsest)

    @property
    def sha256(self) -> dict[str, str]:
        """What the package's files must be; empty if the card does not say."""
        sums = self.fields.get("landslides:sha256")
        return {str(name): str(value) for name, value in sums.items()} if isinstance(sums, dict) else {}

    @property
    def files(self) -> tuple[str, ...]:
        """The package's files beside the card; an ONNX model that is kept whole has no file of weights."""
        is_whole = GRAPH in self.sha256 and WEIGHTS not in self.sha256
        return (GRAPH,) if is_whole else (GRAPH, WEIGHTS)

    @property
    def downloads(self) -> dict[str, str]:
        """What every file that is fetched must be: those there must be, and the quantised copy where there is one."""
        return {**{name: self.sha256[name] for name in self.files}, **self.int8_sha256}

    @property
    def int8_sha256(self) -> dict[str, str]:
        """What the files of the quantised copy must be; empty if there is none."""
        sums = self.fields.get("landslides:int8", {}).get("sha256", {})
        return {str(name): str(value) for name, value in sums.items()}

    @property
    def missing(self) -> list[str]:
        """The files that are not there: the plugin's package leaves out those of the shipped models."""
        return [name for name in self.files if not (self.folder / name).is_file()]

    @property
    def is_own(self) -> bool:
        """Whether it lies in the folder of the user's models, and not where the plugin is."""
        return self.folder.parent != _SHIPPED

    def fit(self, resolution: float) -> tuple[float, float]:
        """Return how badly the model fits a ground resolution: the smaller, the better.

        First how far it lies outside the model's range, then how broad that range is, both as logarithms of a ratio.
        """
        finest, coarsest = self.resolution
        return max(0.0, log(finest / resolution), log(resolution / coarsest)), log(coarsest / finest)


def list_cards(detector: str | None = None) -> list[ModelCard]:
    """Return the cards of all models, or of one detector's; the user's own hide shipped ones of the same name.

    A downloaded copy of what was shipped with another version of the plugin hides nothing.
    """
    shipped = shipped_cards()
    own = {card.name: card for card in _cards_in(user_folder())}
    outdated = {
        name
        for name, card in own.items()
        if DOWNLOADED in card.fields and name in shipped and card.sha256 != shipped[name].sha256
    }
    cards = {**shipped, **{name: card for name, card in own.items() if name not in outdated}}
    return [card for card in cards.values() if detector in (None, card.detector)]


def shipped_cards() -> dict[str, ModelCard]:
    """Return the cards of the shipped models by name, whether or not their weights are here."""
    return {card.name: card for card in _cards_in(_SHIPPED)}


def find_card(model: str, detector: str, resolution: float | None = None) -> ModelCard | None:
    """Return the card of a model; None if it is not on this machine's shelves.

    Args:
        model: name, folder, or `auto`: the default that the engine takes for a scene of this resolution.
        detector: the model is for.
        resolution: of the scene, metres a pixel; None where it is not known.
    """
    if (Path(model) / CARD).is_file():
        return read_card(Path(model))
    cards = list_cards(detector)
    if model != AUTO:
        return next((card for card in cards if card.name == model), None)
    defaults = [card for card in reversed(cards) if card.is_default]
    if resolution is None or resolution <= 0:
        return min(defaults, key=lambda card: card.resolution[0], default=None)
    return min(defaults, key=lambda card: card.fit(resolution), default=None)


def has_int8(model: str, detector: str) -> bool:
    """Return whether a model has an int8 copy; `auto` has one only if each default of the detector has.

    Args:
        model: name, folder or `auto`.
        detector: the model is for.
    """
    if model == AUTO:
        return all(card.int8_sha256 for card in list_cards(detector) if card.is_default)
    card = find_card(model, detector)
    return card is not None and bool(card.int8_sha256)


def user_folder() -> Path:
    """Return the folder of the user's own models; the engine looks there too."""
    return Path(MODELS.value())


def read_card(folder: Path) -> ModelCard | None:
    """Return the card of a model package, None (and a message in the log) if it is not readable."""
    # A broken card must not keep the provider from loading; the engine refuses it with a reason when it is asked for.
    path = folder / CARD
    try:
        return card_of(json.loads(path.read_text(encoding="utf-8")), folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        QgsMessageLog.logMessage(
            tr("{path} is not a model card: {error!r}").format(path=path, error=error),
            "Landslide Detector",
            Qgis.MessageLevel.Warning,
        )
        return None


def card_of(fields: dict[str, Any], folder: Path) -> ModelCard:
    """Return the card made of these fields.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or malformed.
    """
    finest, coarsest = (float(end) for end in fields["landslides:resolution"])
    if not 0 < finest <= coarsest:
        raise ValueError(f"landslides:resolution {finest} to {coarsest}")
    return ModelCard(
        str(fields["name"]),
        str(fields["detector"]),
        bool(fields.get("landslides:default", False)),
        (finest, coarsest),
        fields,
        folder,
    )


def _cards_in(shelf: Path) -> list[ModelCard]:
    cards = (read_card(path.parent) for path in sorted(shelf.glob(f"*/{CARD}")))
    return [card for card in cards if card is not None]
