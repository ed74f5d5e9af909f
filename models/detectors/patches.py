"""Patch-based binary classification with ResNet50: is there a landslide in this patch?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..inference.grid import TileGrid, patch_grid
from .base import Detector, Network, sigmoid


class PatchDetector(Detector):
    """One decision for each patch; the output is a grid of them, one pixel for each patch step.

    The network goes over a tile once and answers for all patches in it: neighbouring patches overlap, and share what is
    computed of the ground that they share.
    """

    def grid(self, height: int, width: int, tile_size: int, overlap: int) -> TileGrid:
        assert self.card.patch_size is not None
        return patch_grid(height, width, tile_size, overlap, self.card.patch_size)

    def predict(self, network: Network, images: NDArray[np.float32], valid: NDArray[np.bool_]) -> NDArray[np.float32]:
        return sigmoid(network(self.standardise(images, valid)))[:, 0]
