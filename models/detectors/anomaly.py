"""Anomaly detection with a denoising U-Net: what here does not look like normal terrain?

The U-Net ``f_r`` has learned on landslide-free imagery to remove noise, ``L = L_r(x, f_r(x + z)), z ~ N(0, 1)``
(M. Kimura, Ridge-i), noise of several scales at once, from single pixels to areas as large as a landslide: where it has
been strong, what is left to go by is what normal ground looks like. What it has never seen it takes for noise, and
restores as the ground it knows. Fresh landslides are brighter and barer than that, and than the scene's own normal
ground; the score asks both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import TileGrid, dense_grid
from ..library.card import Card
from .base import Detector, Network, sigmoid
from .smoothing import Smoothing

#: Least spread a scene is taken to have, of brightness and colour index: one of nothing but forest has next to none.
LEAST_SPREAD = np.array([0.03, 0.02], np.float32)
USUAL = 0.4  # quantile that stands for normal ground; its distance from half of it is the spread


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
        self.smoothings = [Smoothing(size) for size in card.anomaly_smoothings]
        self._midpoint = card.anomaly["midpoint"]
        self._slope = card.anomaly["slope"]
        self._weights = np.array(card.anomaly_weights, np.float32)
        self._grounds: list[Ground] | None = None

    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        return dense_grid(height, width, tile_size, overlap)

    def acquaint(self, samples: Iterable[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> None:
        usual = zip(*(self._usual(image, valid) for image, valid in samples), strict=True)
        self._grounds = [Ground.of(np.concatenate(looks, axis=1)) for looks in usual]

    def predict(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        scores = self.scores(network, images, valid)
        return sigmoid(np.float32(self._slope) * (scores - np.float32(self._midpoint)))

    def scores(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """The weighted sum ``(N, H, W)`` of the ``terms``."""
        scales = zip(self.smoothings, self._weights, self.terms(network, images, valid), strict=True)
        return np.asarray(
            sum(
                smoothing.enlarged(np.tensordot(terms, weights, axes=(1, 0)), *valid.shape[1:])
                for smoothing, weights, terms in scales
            )
        )

    def terms(
        self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]
    ) -> Iterator[NDArray[np.float32]]:
        """What speaks for a landslide in each cell, ``(N, 4, h, w)`` for each of the ``smoothings`` of the images.

        1. how much brighter the image is than what the U-Net makes of it, ``x - f_r(x)``;
        2. how much barer, by the colour index ``(R - G) / (R + G + B)``; without a red and a green band 0;
        3. how much brighter it is than the scene's normal ground, in units of the scene's spread;
        4. how much barer, likewise.

        No noise is added here: the U-Net takes some of what it sees for noise all the same, and puts what is usual in
        its place.
        """
        restored = network(self.standardise(images, valid))
        for number, smoothing in enumerate(self.smoothings):
            looks = self._looks(smoothing.means(images, valid))
            usual = self._looks(smoothing.means(restored, valid) * self._stddev + self._mean)
            if self._grounds is None:
                known = smoothing.valid(valid)
                grounds = [Ground.of(look[:, there]) for look, there in zip(looks, known, strict=True)]
            else:
                grounds = [self._grounds[number]]
            middle, spread = (
                np.stack([getattr(ground, name) for ground in grounds])[..., None, None]
                for name in ("middle", "spread")
            )
            yield np.concatenate([looks - usual, (looks - middle) / spread], axis=1)

    def _looks(self, images: NDArray[np.float32]) -> NDArray[np.float32]:
        """Brightness and colour index ``(N, 2, h, w)`` of smoothed images ``(N, C, h, w)``."""
        total, bands = images.sum(axis=1), self.card.bands
        index = np.zeros_like(total)
        if "red" in bands and "green" in bands:
            difference = images[:, bands.index("red")] - images[:, bands.index("green")]
            index = difference / np.maximum(total, np.float32(0.05))
        return np.stack([total / len(bands), index], axis=1)

    def _usual(self, image: NDArray[np.float32], valid: NDArray[np.bool_]) -> list[NDArray[np.float32]]:
        """Brightness and colour index ``(2, n)`` of the valid cells of an image ``(C, H, W)``, by smoothing."""
        return [
            self._looks(smoothing.means(image[None], valid[None]))[0][:, smoothing.valid(valid)]
            for smoothing in self.smoothings
        ]
