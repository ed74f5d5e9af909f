"""Anomaly detection with a denoising U-Net: what here does not look like normal terrain?

The U-Net ``f_r`` has learned on landslide-free imagery to remove noise, ``L = L_r(x, f_r(x + z)), z ~ N(0, 1)``
(M. Kimura, Ridge-i). What it has never seen it restores badly, and the error tells.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import Tile, TileGrid, dense_grid
from ..library.card import Card
from .base import Detector, Network, sigmoid


class AnomalyDetector(Detector):
    """A probability for every pixel, from the smoothed error of several noisy reconstructions."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        settings = card.anomaly
        self._draws = int(settings["draws"])
        self._smoothing = int(settings["smoothing"])
        self._midpoint = settings["midpoint"]
        self._slope = settings["slope"]
        self._precision = np.linalg.inv(np.array(card.residual_covariance)).astype(np.float32)

    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        return dense_grid(height, width, tile_size, overlap)

    def predict(
        self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_], tiles: list[Tile]
    ) -> NDArray[np.float32]:
        scores = self.scores(network, images, valid, tiles)
        return calibrated(scores, self._midpoint, self._slope)

    def scores(
        self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_], tiles: list[Tile]
    ) -> NDArray[np.float32]:
        """Reconstruction error of each pixel ``(N, H, W)``: the squared Mahalanobis length of the smoothed residual.

        A change of colour that is rare on normal ground (green to brown) weighs more than a common one (lit to shaded).
        """
        residual = self.residuals(network, images, valid, tiles)
        return np.einsum("nihw,ij,njhw->nhw", residual, self._precision, residual, optimize=True)

    def residuals(
        self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_], tiles: list[Tile]
    ) -> NDArray[np.float32]:
        """What the network did not restore, ``x - f_r(x + z)``, mean of the draws, smoothed, ``(N, C, H, W)``."""
        x = self.standardise(images, valid)
        noisy = np.concatenate([image + self._noise(tile, image.shape) for image, tile in zip(x, tiles, strict=True)])
        restored = network(noisy).reshape(len(x), self._draws, *x.shape[1:]).mean(axis=1)
        residual = x - restored
        residual *= valid[:, None]
        known = box_mean(valid.astype(np.float32), self._smoothing)
        smooth = box_mean(residual, self._smoothing) / np.maximum(known, 1e-6)[:, None]
        return np.asarray(smooth, dtype=np.float32)

    def _noise(self, tile: Tile, shape: tuple[int, ...]) -> NDArray[np.float32]:
        """Noise of a window's own, whatever batch it comes in: the same scene gives the same map."""
        rng = np.random.default_rng([abs(tile.row), abs(tile.column)])
        return rng.standard_normal((self._draws, *shape), np.float32)


def calibrated(scores: NDArray[np.float32], midpoint: float, slope: float) -> NDArray[np.float32]:
    """Scores to probabilities: 0.5 at ``midpoint``, logistic in the logarithm of the score."""
    return sigmoid(slope * (np.log(scores + 1e-9) - np.log(midpoint)).astype(np.float32))


def box_mean(values: NDArray[np.float32], size: int) -> NDArray[np.float32]:
    """Mean over ``size`` x ``size`` px of the last two axes (zeros beyond the edge count), by cumulative sums."""
    before, after = (size - 1) // 2, size - 1 - (size - 1) // 2
    for axis in (-2, -1):
        widths = [(0, 0)] * values.ndim
        widths[axis] = (before + 1, after)
        total = np.cumsum(np.pad(values, widths), axis=axis, dtype=np.float64)
        length = total.shape[axis]
        upper = np.take(total, range(size, length), axis=axis)
        lower = np.take(total, range(length - size), axis=axis)
        values = ((upper - lower) / size).astype(np.float32)
    return values
