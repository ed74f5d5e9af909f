"""What the three detectors have in common: what goes into the network, and what comes out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import TileGrid
from ..library.card import Card


class Network(Protocol):
    """A network ready to compute: takes ``(N, C, H, W)`` float32, gives float32 of the network's output shape."""

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]: ...


class Detector(ABC):
    """Turns windows of a scene into landslide probabilities.

    Args:
        card: the model's card.
    """

    #: Windows computed together on the CPU and on an accelerator, unless a batch size is asked for.
    batch_sizes = (1, 8)

    def __init__(self, card: Card) -> None:
        self.card = card
        self._mean = np.array(card.mean, np.float32)[:, None, None]
        self._stddev = np.array(card.stddev, np.float32)[:, None, None]

    @abstractmethod
    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        """Lay windows of about ``tile_size`` px over a working grid of ``height`` x ``width`` px."""

    def acquaint(self, samples: Iterable[tuple[NDArray[np.float32], NDArray[np.bool_]]]) -> None:  # noqa: B027
        """Look at a scene before its windows: those detectors do that compare a place with the whole.

        Args:
            samples: parts of the scene, ``(C, H, W)`` in [0, 1] and where they hold data ``(H, W)``; only read where
                they are wanted.
        """

    @abstractmethod
    def predict(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Probabilities of a batch of windows.

        Args:
            network: the network.
            images: ``(N, C, H, W)`` in [0, 1].
            valid: ``(N, H, W)``, where the images hold data.

        Returns:
            ``(N, *out_size)`` in [0, 1].
        """

    def standardise(self, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Standardise by the card's mean and deviation; empty pixels get the mean colour of the window's valid ones.

        So the value that stands for nodata never reaches the network.
        """
        x = images - self._mean
        x /= self._stddev
        for image, known in zip(x, valid, strict=True):
            if not known.all():
                image[:, ~known] = image[:, known].mean(axis=1, keepdims=True) if known.any() else 0
        return x


def sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logistic function, safe for large values of either sign."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)), dtype=np.float32)
