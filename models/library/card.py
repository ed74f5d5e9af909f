"""Model cards: all that inference must know of a model. Field names follow STAC MLM 1.5 where it has one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import ModelError

DETECTORS = ("patches", "segmentation", "anomaly")
WEIGHTS = "model.safetensors"
GRAPH = "model.onnx"
ANOMALY_TERMS = 4  # of the anomaly detector's score
# A quantised copy of the model in OpenVINO's format; a package may do without. Checked when it is loaded, against the
# sums in "landslides:int8".
INT8_GRAPH, INT8_WEIGHTS = INT8_FILES = ("model.int8.xml", "model.int8.bin")
CARD = "card.json"
ONNX = "ONNX"  # architecture of a model that is known as a graph only, not as a PyTorch network


@dataclass(frozen=True)
class Card:
    """A card as read from ``card.json``.

    Attributes:
        fields: the whole JSON object.
        folder: the model package.
    """

    fields: dict[str, Any]
    folder: Path

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def detector(self) -> str:
        return str(self.fields["detector"])

    @property
    def description(self) -> str:
        return str(self.fields.get("description", ""))

    @property
    def is_default(self) -> bool:
        return bool(self.fields.get("landslides:default", False))

    @property
    def architecture(self) -> str:
        return str(self.fields["mlm:architecture"])

    @property
    def encoder(self) -> str:
        """Encoder by name; empty where the architecture has none to choose."""
        return str(self.fields.get("landslides:encoder", ""))

    @property
    def bands(self) -> tuple[str, ...]:
        """Common names of the input bands, in the network's order."""
        return tuple(str(band) for band in self._input["bands"])

    @property
    def mean(self) -> tuple[float, ...]:
        """Mean of each band, of values scaled to [0, 1]."""
        return tuple(float(scaling["mean"]) for scaling in self._input["value_scaling"])

    @property
    def stddev(self) -> tuple[float, ...]:
        """Standard deviation of each band, of values scaled to [0, 1]."""
        return tuple(float(scaling["stddev"]) for scaling in self._input["value_scaling"])

    @property
    def stretch(self) -> dict[str, Any]:
        """How a scene's pixel values go to [0, 1].

        For sensors that are not 8-bit which ``percentiles`` of a band go to which ``range``, one pair for all bands or
        a list with a pair for each; or for all sensors where the scene's ``median`` goes, and how far one of its
        deviations reaches (``deviation``).
        """
        fields = self.fields["landslides:stretch"]
        if "median" in fields:
            return {"median": float(fields["median"]), "deviation": float(fields["deviation"])}
        low, high = (float(share) for share in fields["percentiles"])
        if not isinstance(fields["range"][0], list):
            lowest, highest = (float(end) for end in fields["range"])
            return {"percentiles": (low, high), "range": (lowest, highest)}
        pairs = [(float(lowest), float(highest)) for lowest, highest in fields["range"]]
        if len(pairs) != len(self.bands):
            raise ValueError(f"{len(pairs)} ranges for {len(self.bands)} bands")
        return {"percentiles": (low, high), "range": pairs}

    @property
    def resolution(self) -> tuple[float, float]:
        """Finest and coarsest ground resolution the model was trained for, metres."""
        finest, coarsest = (float(end) for end in self.fields["landslides:resolution"])
        if not 0 < finest <= coarsest:
            raise ValueError(f"{finest} to {coarsest} m a pixel")
        return finest, coarsest

    @property
    def tile_size(self) -> int:
        """Side of a tile, px."""
        return int(self.fields["landslides:tile_size"])

    @property
    def patch_size(self) -> int | None:
        """Side of a patch, px; None for detectors that answer for every pixel."""
        if self.detector != "patches":
            return None
        size = int(self.fields["landslides:patch_size"])
        if not self.overlap < size <= self.tile_size:
            raise ValueError(f"patches of {size} px that overlap by {self.overlap} px, in tiles of {self.tile_size} px")
        return size

    @property
    def patch_step(self) -> int | None:
        """Px from one patch to the next: the side of a cell of the result."""
        return None if self.patch_size is None else self.patch_size - self.overlap

    @property
    def has_fixed_tile_size(self) -> bool:
        """Whether the graph takes no other size."""
        return bool(self.fields.get("landslides:fixed_tile_size", False))

    @property
    def overlap(self) -> int:
        """Overlap of neighbouring tiles, for ``patches`` of neighbouring patches, px."""
        return int(self.fields["landslides:overlap"])

    @property
    def threshold(self) -> float:
        """Probability from which a pixel or patch counts as landslide, chosen on validation data."""
        return float(self.fields["landslides:threshold"])

    @property
    def anomaly(self) -> dict[str, float]:
        """Settings of the anomaly detector: ``midpoint`` and ``slope`` of its score."""
        settings = self.fields["landslides:anomaly"]
        return {key: float(settings[key]) for key in ("midpoint", "slope")}

    @property
    def anomaly_smoothings(self) -> list[int]:
        """Px over which the anomaly detector smooths what it compares; it does so once for each."""
        return [int(size) for size in self.fields["landslides:anomaly"]["smoothings"]]

    @property
    def anomaly_weights(self) -> list[list[float]]:
        """What each of the anomaly detector's four terms counts for, for each of its smoothings."""
        weights = [[float(value) for value in row] for row in self.fields["landslides:anomaly"]["weights"]]
        counts, wanted = [len(row) for row in weights], [ANOMALY_TERMS] * len(self.anomaly_smoothings)
        if counts != wanted:
            raise ValueError(f"{counts} weights, not {wanted}")
        return weights

    @property
    def sha256(self) -> dict[str, str]:
        """SHA-256 of each file of the package, as far as the card names them."""
        return {name: str(value) for name, value in self.fields.get("landslides:sha256", {}).items()}

    @property
    def int8_sha256(self) -> dict[str, str]:
        """SHA-256 of the files of the quantised copy, where there is one."""
        return {name: str(value) for name, value in self.fields.get("landslides:int8", {}).get("sha256", {}).items()}

    @property
    def files(self) -> tuple[str, ...]:
        """The files there must be beside the card; an ONNX model that is kept whole has no file of weights."""
        is_whole = GRAPH in self.sha256 and WEIGHTS not in self.sha256
        return (GRAPH,) if is_whole else (GRAPH, WEIGHTS)

    @property
    def downloads(self) -> dict[str, str]:
        """SHA-256 of every file that is fetched: those there must be, and the quantised copy where there is one."""
        return {file: self.sha256[file] for file in self.files} | self.int8_sha256

    @property
    def _input(self) -> dict[str, Any]:
        return dict(self.fields["mlm:input"][0])


def read_card(folder: Path) -> Card:
    """Read the card of a model package.

    Raises:
        ModelError: no card, not JSON, or a field that inference needs is missing or malformed.
    """
    path = folder / CARD
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f"{folder}: no {CARD}, this is not a model package") from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path}: not readable as a model card: {error}") from None
    return parse_card(fields, folder, path)


def parse_card(fields: Any, folder: Path, path: Path) -> Card:
    """Check a card that was read from ``path``.

    Raises:
        ModelError: it is not a JSON object, or a field that inference needs is missing or malformed.
    """
    if not isinstance(fields, dict):
        raise ModelError(f"{path}: a model card is a JSON object")
    card = Card(fields, folder)
    _check(card, path)
    return card


def _check(card: Card, path: Path) -> None:
    needed = [
        "name",
        "detector",
        "architecture",
        "bands",
        "mean",
        "stddev",
        "stretch",
        "resolution",
        "tile_size",
        "overlap",
        "patch_size",
        "threshold",
    ]
    if card.fields.get("detector") == "anomaly":
        needed += ["anomaly", "anomaly_smoothings", "anomaly_weights"]
    for name in needed:
        try:
            getattr(card, name)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise ModelError(f"{path}: field for '{name}' is missing or malformed ({error!r})") from None
    if card.detector not in DETECTORS:
        raise ModelError(f"{path}: unknown detector '{card.detector}'")
    if not isinstance(card.fields.get("landslides:sha256", {}), dict):
        raise ModelError(f"{path}: 'landslides:sha256' is not a checksum for each file")
    if not len(card.bands) == len(card.mean) == len(card.stddev):
        raise ModelError(f"{path}: {len(card.bands)} bands, but scaling for {len(card.mean)}")
