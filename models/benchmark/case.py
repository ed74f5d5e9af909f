"""What is measured: a model on a scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ..detectors.registry import build_detector
from ..inference.grid import TileGrid
from ..inference.streaming import Tiling
from ..library.card import Card

Say = Callable[[str], None]
Turn = dict[str, float]  # the figures of one turn, by name


@dataclass(frozen=True)
class Case:
    """A model on a scene.

    Attributes:
        scene: RGB raster, 8-bit, of a resolution that the model takes as it is.
        tiling: how the work is cut; the engine's own choice by default.
    """

    name: str
    card: Card
    scene: Path
    width: int
    height: int
    tiling: Tiling

    @property
    def grid(self) -> TileGrid:
        """The tiles."""
        return build_detector(self.card).grid(self.height, self.width, *self.tiling.for_card(self.card))


def medians(turns: list[Turn]) -> Turn:
    """The median of each figure over all turns."""
    return {name: median(turn[name] for turn in turns) for name in turns[0]}
