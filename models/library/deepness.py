"""ONNX models with the metadata keys of the QGIS plugin Deepness (PUTvision), as model packages.

https://qgis-plugin-deepness.readthedocs.io/en/latest/creators/creators_add_metadata_to_model.html
"""

from __future__ import annotations

import ast
import contextlib
import json
import math
from pathlib import Path
from typing import Any

from ..errors import ModelError
from .card import ONNX

LANDSLIDE = "landslide"
COMMON_BANDS = ("red", "green", "blue")
TILE_SIZE, OVERLAP, THRESHOLD = 512, 15, 0.5  # px, percent, probability: Deepness's own defaults


class Metadata:
    """The metadata of an ONNX model; values are JSON, or Python literals in older files.

    Args:
        properties: key and text of each.
        path: the file, for messages.
    """

    def __init__(self, properties: dict[str, str], path: Path) -> None:
        self._properties = properties
        self._path = path

    def value(self, *keys: str) -> Any:
        """The value of the first of ``keys`` that is there, else None."""
        for key in keys:
            if key in self._properties:
                return _parse(self._properties[key])
        return None

    def number(self, *keys: str) -> float | None:
        """A finite number, or None where there is none of these keys.

        Raises:
            ModelError: the value is not a number.
        """
        value = self.value(*keys)
        if value is None:
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise ModelError(f"{self._path}: metadata '{keys[0]}' is not a number: {value}")
        return number

    def numbers(self, key: str, count: int, default: float) -> list[float]:
        """One number for each band, or one for all.

        Raises:
            ModelError: the value is neither.
        """
        value = self.value(key)
        values = [default] if value is None else value if isinstance(value, list) else [value]
        try:
            found = [float(number) for number in values]
        except (TypeError, ValueError):
            found = []
        if len(found) not in (1, count):
            raise ModelError(f"{self._path}: metadata '{key}' is not a number for each of {count} bands: {value}")
        return found * (count // len(found))

    def classes(self) -> list[str]:
        """Names of the classes, in the order of the output's channels.

        Raises:
            ModelError: the value is not names by number or in a row.
        """
        value = self.value("class_names", "names")
        if isinstance(value, list):
            return [str(name) for name in value]
        try:
            return [str(value[key]) for key in sorted(value, key=int)] if value else []
        except (TypeError, ValueError):
            raise ModelError(f"{self._path}: metadata 'class_names' is not names by number: {value}") from None


def check_type(metadata: Metadata, path: Path) -> None:
    """Make sure that it is a segmentation model (or does not say what it is).

    Raises:
        ModelError: it is one of Deepness's other types.
    """
    kind = str(metadata.value("model_type") or "Segmentor").lower()
    if kind not in ("segmentor", "segmenter"):
        raise ModelError(f"{path}: is a {kind}; of Deepness's models only Segmentors can be used")


def choose_class(names: list[str], channels: int, wanted: str | None, path: Path) -> int:
    """Which output channel is landslide.

    Args:
        names: of the classes; may be fewer than the channels.
        wanted: name or number that the user gave, else the class with 'landslide' in its name, else the second of two.

    Raises:
        ModelError: there is no such class, or no way to tell.
    """
    if channels == 1 and wanted is None:
        return 0
    known = [name.lower() for name in names]
    if wanted is not None and wanted.lower() in known and known.index(wanted.lower()) < max(channels, 2):
        # A model with one output channel names its background too.
        return known.index(wanted.lower()) if channels > 1 else 0
    if wanted is not None and wanted.isdigit() and int(wanted) < channels:
        return int(wanted)
    listed = ", ".join(names) or f"0 to {channels - 1}"
    if wanted is not None:
        raise ModelError(f"{path}: has no class '{wanted}'; there are: {listed}")
    alike = [index for index, name in enumerate(known[:channels]) if LANDSLIDE in name]
    if len(alike) == 1:
        return alike[0]
    if channels == 2:
        return 1
    raise ModelError(f"{path}: which of its {channels} classes is landslide? Name it (--class): {listed}")


def card_fields(
    name: str,
    metadata: Metadata,
    *,
    bands: int,
    size: int | None,
    is_logit: bool,
    landslide: str,
    resolution: float,
) -> dict[str, Any]:
    """The card of an imported model.

    Args:
        size: the only tile size it takes, px; None takes any.
        is_logit: whether ``seg_thresh`` is in logits, as the output is.
        landslide: the class that is taken for landslide, in words.
        resolution: it is resampled to, metres a pixel.
    """
    tile = size or int(metadata.number("tile_size", "tiles_size") or TILE_SIZE)
    percent = metadata.number("tiles_overlap")
    threshold = metadata.number("seg_thresh")
    if threshold is None:
        threshold = THRESHOLD
    elif is_logit:
        threshold = 1 / (1 + math.exp(-threshold))
    names = list(COMMON_BANDS) if bands == 3 else [f"band {number}" for number in range(1, bands + 1)]
    mean = metadata.numbers("standardization_mean", bands, 0.0)
    stddev = metadata.numbers("standardization_std", bands, 1.0)
    return {
        "name": name,
        "detector": "segmentation",
        "description": f"Imported from ONNX; landslide is its {landslide}.",
        "version": "1",
        "license": "not stated",
        "mlm:name": name,
        "mlm:architecture": ONNX,
        "mlm:framework": "ONNX",
        "mlm:tasks": ["semantic-segmentation"],
        "mlm:input": [
            {
                "name": "image",
                "bands": names,
                "input": {
                    "shape": [-1, bands, tile, tile],
                    "dim_order": ["batch", "bands", "height", "width"],
                    "data_type": "float32",
                },
                "value_scaling": [
                    {"type": "z-score", "mean": middle, "stddev": spread}
                    for middle, spread in zip(mean, stddev, strict=True)
                ],
            }
        ],
        "mlm:output": [
            {
                "name": "landslide logit",
                "tasks": ["semantic-segmentation"],
                "result": {
                    "shape": [-1, 1, tile, tile],
                    "dim_order": ["batch", "bands", "height", "width"],
                    "data_type": "float32",
                },
            }
        ],
        "landslides:stretch": {"percentiles": [1, 99], "range": [0.05, 0.6]},
        "landslides:resolution": [resolution, resolution],
        "landslides:tile_size": tile,
        "landslides:fixed_tile_size": size is not None,
        "landslides:overlap": min(tile - 1, round(tile * (OVERLAP if percent is None else percent) / 100)),
        "landslides:threshold": round(min(1.0, max(0.0, threshold)), 4),
        "landslides:limits": "Not measured here: what the model was trained on and how well it does, its makers know.",
    }


def _parse(text: str) -> Any:
    for parse in (json.loads, ast.literal_eval):
        with contextlib.suppress(ValueError, SyntaxError):
            return parse(text)
    return text
