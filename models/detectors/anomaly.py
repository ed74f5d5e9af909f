"""Anomaly detection with a denoising U-Net: what here does not look like normal terrain?

The U-Net ``f_r`` has learned on landslide-free imagery to remove noise, ``L = L_r(x, f_r(x + z)), z ~ N(0, 1)``
(M. Kimura, Ridge-i), noise of several scales at once, from single pixels to areas as large as a landslide: where it has
been strong, what is left to go by is what normal ground looks like. What it has never seen it takes for noise, and
restores as the ground it knows. Fresh landslides are brighter and barer than that, and than the scene's own normal
ground; the score asks both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import TileGrid, dense_grid
from ..library.card import Card
from .base import Detector, Network, sigmoid

#: Least spread a scene is taken to have, of brightness and colour index: one of nothing but forest has next to none.
LEAST_SPREAD = np.array([0.03, 0.02], np.float32)
USUAL = 0.4  # quantile that stands for normal ground; its distance from half of it is the spread
EVERY = 4  # px: a scene's quantiles are as good on a part of its pixels


@dataclass(frozen=True)
class Ground:
    """What is usual in a scene: brightness and colour index of its normal ground, and how they vary.

    Both are taken from the darker and greener part alone, which landslides, being bright and bare, do not touch even
    where they are dense.

    Attributes:
        middle, spread: ``(2,)`` each.
    """

    middle: NDArray[np.float32]
    spread: NDArray[np.float32]

    @classmethod
    def of(cls, looks: NDArray[np.float32]) -> Ground:
        """Of brightness and colour index ``(2, n)`` of a scene's pixels."""
        if not looks.size:
            return cls(np.zeros(2, np.float32), np.ones(2, np.float32))
        low, middle = np.quantile(looks, (USUAL / 2, USUAL), axis=1).astype(np.float32)
        return cls(middle, middle - low + LEAST_SPREAD)


class AnomalyDetector(Detector):
    """A probability for every pixel, from what the U-Net did not restore and how the place stands out of its scene.

    Until it is acquainted with a scene, each window is taken for a scene of its own.
    """

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        settings = card.anomaly
        self._smoothing = int(settings["smoothing"])
        self._midpoint = settings["midpoint"]
        self._slope = settings["slope"]
        self._weights = np.array(card.anomaly_weights, np.float32)
        self._ground: Ground | None = None

    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        return dense_grid(height, width, tile_size, overlap)

    def acquaint(self, samples: Iterable[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> None:
        self._ground = Ground.of(np.concatenate([self._usual(image, valid) for image, valid in samples], axis=1))

    def predict(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        scores = self.scores(self.terms(network, images, valid))
        return sigmoid(np.float32(self._slope) * (scores - np.float32(self._midpoint)))

    def scores(self, terms: NDArray[np.float32]) -> NDArray[np.float32]:
        """The weighted sum ``(N, H, W)`` of the ``terms``."""
        return np.tensordot(terms, self._weights, axes=(1, 0))

    def terms(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """What speaks for a landslide at each pixel ``(N, 4, H, W)``, all of it of smoothed images.

        1. how much brighter the image is than what the U-Net makes of it, ``x - f_r(x)``;
        2. how much barer, by the colour index ``(R - G) / (R + G + B)``; without a red and a green band 0;
        3. how much brighter it is than the scene's normal ground, in units of the scene's spread;
        4. how much barer, likewise.

        No noise is added here: the U-Net takes some of what it sees for noise all the same, and puts what is usual in
        its place.
        """
        restored = network(self.standardise(images, valid)) * self._stddev + self._mean
        sums = np.concatenate([self._sums(images), self._sums(restored)], axis=1)
        parts = smoothed(sums, valid, self._smoothing)
        looks, usual = self._looks(parts[:, :2]), self._looks(parts[:, 2:])
        grounds = [self._ground or Ground.of(look[:, known]) for look, known in zip(looks, valid, strict=True)]
        middle, spread = (
            np.stack([getattr(g, name) for g in grounds])[..., None, None] for name in ("middle", "spread")
        )
        return np.concatenate([looks - usual, (looks - middle) / spread], axis=1)

    def _sums(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Sum of the bands, and red less green, of images ``(N, C, H, W)``: ``(N, 2, H, W)``."""
        total, bands = images.sum(axis=1), self.card.bands
        if "red" not in bands or "green" not in bands:
            return np.stack([total, np.zeros_like(total)], axis=1)
        return np.stack([total, images[:, bands.index("red")] - images[:, bands.index("green")]], axis=1)

    def _looks(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        """Brightness and colour index ``(N, 2, H, W)`` of smoothed ``_sums``."""
        total, difference = sums.swapaxes(0, 1)
        return np.stack([total / len(self.card.bands), difference / np.maximum(total, np.float32(0.05))], axis=1)

    def _usual(self, image: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Brightness and colour index ``(2, n)`` of a part of the valid pixels of an image ``(C, H, W)``."""
        looks = self._looks(smoothed(self._sums(image[None]), valid[None], self._smoothing))[0, :, ::EVERY, ::EVERY]
        return looks[:, valid[::EVERY, ::EVERY]]


def smoothed(values: NDArray[np.float32], valid: NDArray[np.bool_], size: int) -> NDArray[np.float32]:
    """Mean of ``(N, C, H, W)`` over the valid pixels ``(N, H, W)`` of the ``size`` x ``size`` px around each."""
    known = box_mean(valid.astype(np.float32), size)
    total = box_mean(np.where(valid[:, None], values, np.float32(0)), size)
    return np.asarray(total / np.maximum(known, 1e-6)[:, None], dtype=np.float32)


def box_mean(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Mean over ``size`` x ``size`` px of the last two axes; zeros beyond the edge count."""
    before, after = (size - 1) // 2, size - 1 - (size - 1) // 2
    for axis in (-2, -1):
        widths = [(0, 0)] * values.ndim
        widths[axis] = (before, after)
        values = _running_sum(np.pad(values, widths), size, axis)
    values *= np.float32(1 / size**2)
    return values


def _running_sum(values: NDArray[np.float32], size: int, axis: int) -> NDArray[np.float32]:
    """Sums of ``size`` neighbours along an axis, put together from sums of 1, 2, 4, ... of them."""
    values = np.moveaxis(values, axis, 0)
    length = len(values) - size + 1
    total, done, width = np.zeros_like(values[:length]), 0, 1
    while True:
        if size & width:
            total += values[done : done + length]
            done += width
        if done == size:
            return np.moveaxis(total, 0, axis)
        values = values[:-width] + values[width:]
        width *= 2
