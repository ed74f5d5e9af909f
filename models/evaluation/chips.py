"""A model's answers for labelled chips."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ..detectors.registry import build_detector
from ..errors import ModelError
from ..inference.backends import load_network
from ..inference.device import Choice
from ..inference.grid import Tile
from ..library.card import Card
from ..training.chips import Chip
from .metrics import BinaryScores

WHOLE = Tile(0, 0, 0, 0)


def predict_chips(card: Card, chips: Iterable[Chip], choice: Choice) -> Iterator[tuple[Chip, NDArray, NDArray]]:
    """Yield each chip with its probability and truth.

    ``patches``: the chip, resized to one patch, ``(1,)``; dense detectors: every pixel at the chip's own resolution,
    ``(H, W)``, the chip mirrored to a multiple of 32 px.
    """
    detector = build_detector(card)
    is_patch = card.detector == "patches"
    network = load_network(card, choice, card.tile_size if is_patch else None)
    for chip in chips:
        batch, valid, truth = chip_batch(card, chip)
        probability = detector.predict(network, batch, valid, [WHOLE])[0]
        if is_patch:
            yield chip, probability.ravel(), np.array([chip.has_landslide])
        else:
            yield chip, probability[: truth.shape[0], : truth.shape[1]], truth


def chip_batch(card: Card, chip: Chip) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """A chip as a detector takes it: images ``(1, C, H', W')``, valid ``(1, H', W')``, and its truth ``(H, W)``.

    Raises:
        ModelError: the chip has another number of bands than the model takes.
    """
    image, mask = chip.read()
    if len(image) != len(card.bands):
        raise ModelError(f"{chip.image}: has {len(image)} bands, model '{card.name}' takes {len(card.bands)}")
    if card.detector == "patches":
        image = _resized(image, card.tile_size)
    else:
        margins = [(0, 0), *((0, -side % 32) for side in mask.shape)]
        image = np.pad(image, margins, mode="symmetric")
    batch = image[None].astype(np.float32) / np.float32(255)
    return batch, np.ones((1, *batch.shape[2:]), bool), mask > 0


def score_chips(
    card: Card, chips: list[Chip], choice: Choice, progress: Callable[[float], None]
) -> tuple[BinaryScores, BinaryScores]:
    """Scores of a model by pixel, and by chip (a chip's probability is that of its most suspicious hundredth).

    For ``patches`` both are the same.
    """
    pixels, whole = BinaryScores(), BinaryScores()
    for index, (chip, probability, truth) in enumerate(predict_chips(card, chips, choice), start=1):
        pixels.update(probability, truth)
        whole.update(np.array([np.quantile(probability, 0.99)]), np.array([chip.has_landslide]))
        progress(index / len(chips))
    return pixels, whole


def _resized(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    from PIL import Image

    # The filter of the training windows: bilinear with antialiasing.
    picture = Image.fromarray(np.moveaxis(image, 0, 2)).resize((size, size), Image.Resampling.BILINEAR)
    return np.moveaxis(np.asarray(picture), 2, 0)
