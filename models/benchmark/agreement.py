"""How far the backends are from PyTorch in fp32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.windows import Window

from ..detectors.base import Network
from ..detectors.registry import build_detector
from ..inference.backends import load_network
from ..inference.torch_network import TorchNetwork
from ..raster.reader import estimate_stretch, sample_windows, working_grid
from ..raster.scene import Scene
from .case import Case, Say
from .measure import backends

TILES = 16  # all over the scene
QUANTILE = 0.999


@dataclass(frozen=True)
class Agreement:
    """A backend against PyTorch in fp32 on the CPU, over tiles of a scene.

    Attributes:
        probability: that 99.9 % of the probabilities differ by at most.
        mask: share of pixels (of patches: patches) that are landslide for one and not for the other.
    """

    case: str
    model: str
    backend: str
    probability: float
    mask: float


def measure_agreement(case: Case, say: Say) -> Iterator[Agreement]:
    """Compare every backend. Needs PyTorch."""
    say(f"{case.name}: comparing with PyTorch in fp32")
    card, grid, detector = case.card, case.grid, build_detector(case.card)
    scene = Scene(str(case.scene), card.bands)
    stretch, working = estimate_stretch(scene, card.stretch), working_grid(scene, card.resolution)
    detector.acquaint((stretch(pixels), valid) for pixels, valid in sample_windows(scene, working))
    tiles = [tile for strip in grid.strips() for tile in strip]
    images = []
    for tile in tiles[:: -(-len(tiles) // TILES)]:
        row, column = max(0, tile.row), max(0, tile.column)
        inside = (min(grid.size[0], case.height - row), min(grid.size[1], case.width - column))
        pixels, _ = scene.read(Window(column, row, inside[1], inside[0]), inside, Resampling.nearest)
        beyond = [(0, side - length) for side, length in zip(grid.size, inside, strict=True)]
        images.append(np.pad(stretch(pixels), [(0, 0), *beyond], mode="symmetric")[None])
    scene.close()
    valid = np.ones((1, *grid.size), bool)

    def answers(network: Network) -> NDArray[np.float32]:
        return np.stack([detector.predict(network, image, valid) for image in images])

    exact = answers(TorchNetwork(card, "cpu", "fp32"))
    for choice in backends(card):
        found = answers(load_network(card, choice, grid.size))
        yield Agreement(
            case.name,
            card.name,
            f"{choice.device} {choice.precision}",
            float(np.quantile(np.abs(found - exact), QUANTILE)),
            float(np.mean((found >= card.threshold) != (exact >= card.threshold))),
        )
