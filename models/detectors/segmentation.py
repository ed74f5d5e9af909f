"""Semantic segmentation with DeepLabv3+: which pixels are landslide?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import TileGrid, dense_grid
from .base import Detector, Network, sigmoid


class SegmentationDetector(Detector):
    """A probability for every pixel."""

    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        return dense_grid(height, width, tile_size, overlap, self.card.has_fixed_tile_size)

    def predict(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        return sigmoid(network(self.standardise(images, valid)))[:, 0]
