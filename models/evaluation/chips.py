"""A model's answers for labelled chips."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import Detector, Network
from ..detectors.registry import build_detector
from ..errors import InputError, ModelError
from ..inference.backends import load_network
from ..inference.device import Choice, choice_for
from ..inference.overlap import ahead
from ..library.card import Card
from ..raster.stretch import Stretch, fitted
from ..training.chips import Chip, scene_stretch
from .metrics import BinaryScores

BATCH_PIXELS = 2**18  # px computed together; more makes no CPU faster
SUSPICIOUS = 0.99  # quantile of a chip's probabilities that stands for the chip


@dataclass(frozen=True)
class Answer:
    """What a model says of one chip.

    Attributes:
        image: the chip as it is, ``(C, H, W)`` uint8.
        mask: its truth ``(H, W)``.
        probability: ``patches``: ``(1,)``; dense detectors: ``(H, W)``.
    """

    chip: Chip
    image: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    probability: NDArray[np.float32]

    @property
    def truth(self) -> NDArray[np.bool_]:
        """The truth of each probability."""
        return self.mask if self.probability.ndim == 2 else np.array([self.chip.has_landslide])


@dataclass
class ChipScores:
    """Counts of many chips, kept for each chip, so that chips can be drawn anew.

    Attributes:
        pixels: by pixel (for ``patches`` by chip as well).
        whole: by chip; a chip's probability is that of its most suspicious hundredth.
    """

    pixels: list[BinaryScores] = field(default_factory=list)
    whole: list[BinaryScores] = field(default_factory=list)

    def add(self, probability: NDArray[np.float32], truth: NDArray[np.bool_], has_landslide: bool) -> None:
        """Count one chip."""
        by_pixel, by_chip = BinaryScores(), BinaryScores()
        by_pixel.update(probability, truth)
        by_chip.update(np.array([suspicion(probability)]), np.array([has_landslide]))
        self.pixels.append(by_pixel)
        self.whole.append(by_chip)


def suspicion(probability: NDArray[np.float32]) -> float:
    """The probability that stands for a whole chip: that of its most suspicious hundredth."""
    return float(np.quantile(probability, SUSPICIOUS))


def predict_chips(
    card: Card, chips: Iterable[Chip], choice: Choice, turned: bool = False, side: int | None = None
) -> Iterator[Answer]:
    """Yield the answer for each chip; chips of one size follow each other, and are computed together.

    Chips of one scene, where the index names it, are seen as parts of it; any other chip is a scene of its own.
    ``patches``: the chip, resized to one patch; dense detectors: every pixel at the chip's own resolution, the chip
    mirrored to a multiple of 32 px.

    Args:
        card: the model.
        chips: the chips.
        choice: where to compute.
        turned: test-time augmentation, the mean over the eight flips and quarter turns of each chip.
        side: px that chips and masks are resized to before anything else.

    Raises:
        InputError: a chip cannot be read.
        ModelError: a chip has another number of bands than the model takes.
    """
    network = load_network(card, choice_for(card, choice), card.patch_size)
    predict = predict_turned if turned else predict_whole
    for scene, group in groupby(sorted(chips, key=attrgetter("scene")), key=attrgetter("scene")):
        parts, detector = list(group), build_detector(card)
        stretch = _acquaint(detector, parts) if scene else None
        batches = ([_load(card, stretch, side, chip) for chip in batch] for batch in _batches(card, parts, side))
        with closing(ahead(batches)) as read_ahead:
            for loaded in read_ahead:
                images = np.concatenate([each.shown for each in loaded])
                for each, values in zip(loaded, predict(detector, network, images), strict=True):
                    yield Answer(each.chip, each.image, each.mask, _of_chip(values, each.mask))


def _acquaint(detector: Detector, chips: list[Chip]) -> Stretch:
    """Show a detector all chips of a scene, and say how the scene is stretched for it."""
    images = [chip.read().image for chip in chips]
    stretch = scene_stretch(detector.card.stretch, images)
    detector.acquaint((stretch(image), np.ones(image.shape[1:], bool)) for image in images)
    return stretch


def predict_whole(detector: Detector, network: Network, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities of images ``(N, C, H, W)`` in [0, 1], each a window of its own."""
    valid = np.ones((len(images), *images.shape[2:]), bool)
    return detector.predict(network, images, valid)


def predict_turned(detector: Detector, network: Network, images: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean probability over the eight flips and quarter turns of images ``(N, C, H, W)``."""
    answers = []
    for flipped in (False, True):
        for turns in range(4):
            seen = np.rot90(images[..., ::-1] if flipped else images, turns, axes=(2, 3))
            back = np.rot90(predict_whole(detector, network, np.ascontiguousarray(seen)), -turns, axes=(1, 2))
            answers.append(back[..., ::-1] if flipped else back)
    return np.asarray(np.mean(answers, axis=0), np.float32)


def chip_batch(card: Card, chip: Chip) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.bool_]]:
    """A chip as a detector takes it: images ``(1, C, H', W')``, valid ``(1, H', W')``, and its truth ``(H, W)``.

    Raises:
        InputError: the chip cannot be read.
        ModelError: the chip has another number of bands than the model takes.
    """
    loaded = _load(card, None, None, chip)
    return loaded.shown, np.ones((1, *loaded.shown.shape[2:]), bool), loaded.mask


@dataclass(frozen=True)
class _Loaded:
    """A chip, its image and truth, and what the network is given of it ``(1, C, H', W')``."""

    chip: Chip
    image: NDArray[np.uint8]
    mask: NDArray[np.bool_]
    shown: NDArray[np.float32]


def _load(card: Card, stretch: Stretch | None, side: int | None, chip: Chip) -> _Loaded:
    """Read a chip; without a stretch of its scene it is a scene of its own."""
    image, mask = chip.read()
    stretch = stretch or fitted(card.stretch, image, np.ones(image.shape[1:], bool))
    if side is not None:
        image, mask = as_patch(image, side), as_patch(mask[None] * np.uint8(255), side)[0] >> 7
    if len(image) != len(card.bands):
        raise ModelError(f"{chip.image}: has {len(image)} bands, model '{card.name}' takes {len(card.bands)}")
    if card.patch_size is not None:
        shown = as_patch(image, card.patch_size)
    else:
        shown = np.pad(image, [(0, 0), *((0, -side % 32) for side in mask.shape)], mode="symmetric")
    return _Loaded(chip, image, mask > 0, stretch(shown)[None])


def _batches(card: Card, chips: Iterable[Chip], side: int | None) -> Iterator[list[Chip]]:
    """Chips that the network is given in one shape, as many as are computed together."""

    def shape(chip: Chip) -> tuple[int, int]:
        if card.patch_size is not None:
            return card.patch_size, card.patch_size
        width, height = (side, side) if side is not None else _size(chip)
        return width + -width % 32, height + -height % 32

    for (width, height), group in groupby(sorted(chips, key=shape), key=shape):
        same = list(group)
        count = max(1, BATCH_PIXELS // (width * height))
        yield from (same[start : start + count] for start in range(0, len(same), count))


def _of_chip(values: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """A network's answer without what was added around the chip; that for a patch is one number ``(1,)``."""
    return values.ravel() if values.size == 1 else values[: mask.shape[0], : mask.shape[1]]


def _size(chip: Chip) -> tuple[int, int]:
    """Width and height of a chip from its file's header, px."""
    from PIL import Image

    try:
        with Image.open(chip.image) as image:
            return image.size
    except OSError as error:
        raise InputError(f"{chip.image}: cannot be read as an image ({error})") from None


def as_patch(image: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    """An image ``(C, H, W)`` resized to one patch ``(C, size, size)`` with the filter of the training windows."""
    from PIL import Image

    if image.shape[1:] == (size, size):
        return image
    # Band by band: PIL knows no image of more than four.
    bands = [Image.fromarray(band).resize((size, size), Image.Resampling.BILINEAR) for band in image]
    return np.stack([np.asarray(band) for band in bands])
