"""The part of the raster a pass of the satellite covered; the rest is the nodata collar."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .noise import Bools


@dataclass(frozen=True)
class Swath:
    """A rectangle turned against the raster, so that wedges at its edges hold no data.

    Attributes:
        centre: row, column in px.
        half: half length along and half width across the orbit, in px.
        turn: radians the orbit is turned from the raster's columns.
    """

    centre: tuple[float, float]
    half: tuple[float, float]
    turn: float

    def covers(self, rows: np.ndarray, columns: np.ndarray, margin: float = 0.0) -> Bools:
        """Whether px at ``rows``, ``columns`` (arrays that broadcast) lie inside, ``margin`` px from the edge."""
        y, x = rows - self.centre[0], columns - self.centre[1]
        along = np.abs(y * np.cos(self.turn) + x * np.sin(self.turn))
        across = np.abs(x * np.cos(self.turn) - y * np.sin(self.turn))
        return np.asarray((along < self.half[0] - margin) & (across < self.half[1] - margin))


def make_swath(rng: np.random.Generator, shape: tuple[int, int]) -> Swath:
    """A swath over a raster of ``shape`` px that leaves thin wedges empty, some 3 to 6 % of the raster."""
    height, width = shape
    turn = float(rng.choice([-1, 1]) * rng.uniform(0.055, 0.085))
    half = (
        height / 2 * np.cos(turn) + width * np.sin(abs(turn)) * rng.uniform(0.06, 0.14),
        width / 2 * np.cos(turn) + height * np.sin(abs(turn)) * rng.uniform(-0.2, -0.1),
    )
    return Swath(((height - 1) / 2, (width - 1) / 2), (float(half[0]), float(half[1])), turn)
