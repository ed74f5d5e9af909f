"""Relief of a river valley: a drainage network is grown first, and slopes follow from it.

Fluvial terrain in equilibrium is steeper where less water gathers (Flint's law, S = k A^-theta; the steady state of the
stream-power model, Braun and Willett 2013, Geomorphology 180-181). So elevations are added up along the drainage
network from the river outwards, with slopes from that law and no steeper than soil and rock can stand, and the network
is then drawn anew on the relief it made, until ridges, spurs and gullies settle.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lines import NEIGHBOURS, Line, cheapest_tree, line_coordinates, smooth
from .noise import Bools, Floats, blur, noise, shift, upsample

PIXEL_M = 0.8
CELL = 8
MARGIN = 24
CELL_M = PIXEL_M * CELL


@dataclass(frozen=True)
class Terrain:
    """Relief of a scene, on a coarse grid of ``CELL`` px that reaches ``MARGIN`` cells beyond the scene on every side.

    Attributes:
        river: ``(N, 2)`` centre line of the river, in scene px.
        coarse: ``(h, w)`` elevation in metres.
        slope: ``(h, w)`` in degrees, of the smoothed relief.
        river_distance: ``(h, w)`` metres from the river's centre line.
        floor_m: ``(h, w)`` half width of the valley floor nearby, in metres.
        elevation: ``(height, width)`` in metres, per scene px, without objects standing on it.
    """

    river: Line
    coarse: Floats
    slope: Floats
    river_distance: Floats
    floor_m: Floats
    elevation: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the scene in px."""
        return self.elevation.shape[0], self.elevation.shape[1]

    def to_scene(self, coarse: Floats) -> Floats:
        """A coarse layer, per scene px ``(height, width)``."""
        return upsample(coarse[MARGIN:, MARGIN:], self.shape, CELL)

    def at(self, coarse: Floats, points: Line) -> Floats:
        """A coarse layer at scene positions ``(N, 2)`` (nearest cell; beyond the margin, the last one)."""
        cells = np.floor(points / CELL).astype(int) + MARGIN
        rows, columns = (np.clip(cells[:, k], 0, coarse.shape[k] - 1) for k in (0, 1))
        return coarse[rows, columns]


def gradient(coarse: Floats) -> tuple[Floats, Floats]:
    """Rise in metres a metre of a coarse relief ``(h, w)``: southwards and eastwards, each ``(h, w)``."""
    south, east = np.gradient(coarse, CELL_M)
    return np.asarray(south, np.float32), np.asarray(east, np.float32)


def river_line(rng: np.random.Generator, shape: tuple[int, int]) -> Line:
    """A meandering river crossing the scene, ``(N, 2)`` in px, well beyond its edges at both ends."""
    span = float(np.hypot(*shape)) + 4 * MARGIN * CELL
    heading = rng.uniform(0.2, 0.55) * rng.choice([-1, 1]) + (0.0 if shape[0] >= shape[1] else np.pi / 2)
    forward = np.array([np.cos(heading), np.sin(heading)])
    normal = np.array([-forward[1], forward[0]])
    # A small scene would be all valley floor, were the river in its middle.
    aside = rng.uniform(0.06, 0.16) + (0.2 if min(shape) < 400 else 0.0)
    centre = np.array(shape) / 2 + normal * aside * min(shape) * rng.choice([-1, 1])
    t = np.arange(-span / 2, span / 2, 6.0)
    swing = sum(
        amplitude * np.sin(2 * np.pi * t / (wavelength * rng.uniform(0.85, 1.15)) + rng.uniform(0, 2 * np.pi))
        for amplitude, wavelength in ((80.0, 1150.0), (34.0, 520.0), (9.0, 230.0))
    )
    return smooth(centre + t[:, None] * forward + np.asarray(swing)[:, None] * normal, 60.0, 6.0)


def _levels(parent: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Cells grouped by how many steps they are from where their way ends, nearest first (pointer doubling)."""
    depth = (parent != np.arange(parent.size)).astype(np.int64)
    jump = parent
    while True:
        deeper = depth + depth[jump]
        if np.array_equal(deeper, depth):
            break
        depth, jump = deeper, jump[jump]
    order = np.argsort(depth, kind="stable")
    return np.split(order, np.cumsum(np.bincount(depth))[:-1])


def _drain(elevation: Floats, base: Bools) -> NDArray[np.int64]:
    """Each cell's steepest lower neighbour (D8), as flat indices; base cells drain nowhere."""
    index = np.arange(elevation.size).reshape(elevation.shape)
    steepest = np.zeros_like(elevation)
    parent = index.copy()
    for step in NEIGHBOURS:
        drop = (elevation - shift(elevation, step, np.inf)) / np.float32(np.hypot(*step))
        steeper = (drop > steepest) & ~base
        steepest[steeper] = drop[steeper]
        parent[steeper] = (index + step[0] * elevation.shape[1] + step[1])[steeper]
    return parent.ravel()


def _integrate(parent: NDArray[np.int64], start: Floats, steepness: Floats, steepest: Floats) -> Floats:
    """Elevation in metres, added up from the base along the drainage network by Flint's law."""
    h, w = start.shape
    levels = _levels(parent)
    area = np.ones(parent.size, np.float64)
    for cells in reversed(levels[1:]):
        np.add.at(area, parent[cells], area[cells])
    row, column = np.divmod(np.arange(parent.size), w)
    length = CELL_M * np.hypot(row - row[parent], column - column[parent])
    rise = np.minimum(steepness.ravel() * (area * CELL_M**2) ** -0.42, steepest.ravel()) * length
    elevation = start.ravel().astype(np.float64)
    for cells in levels[1:]:
        elevation[cells] = elevation[parent[cells]] + rise[cells]
    return elevation.reshape(h, w).astype(np.float32)


def make_terrain(rng: np.random.Generator, shape: tuple[int, int], rounds: int = 12) -> Terrain:
    """Grow the relief of a scene.

    Args:
        rng: source of randomness.
        shape: ``(height, width)`` of the scene in px of ``PIXEL_M``.
        rounds: how often the drainage network is drawn anew on its own relief.
    """
    h, w = (int(np.ceil(size / CELL)) + 2 * MARGIN for size in shape)
    river = river_line(rng, shape)
    on_grid = river / CELL + MARGIN - 0.5
    along, across = line_coordinates(on_grid, (h, w), float(h + w))
    distance = np.abs(across) * np.float32(CELL_M)
    floor_m = np.clip(50 + 18 * noise(rng, (h, w), 22), 26, 90).astype(np.float32)
    bed = (520 - 0.006 * CELL_M * along + 0.05 * np.maximum(distance - 14, 0)).astype(np.float32)
    base = distance < floor_m

    roughness = np.exp(0.9 * noise(rng, (h, w), 5, 3, 0.8)).astype(np.float32)
    lengths = np.array([np.hypot(*step) for step in NEIGHBOURS], np.float32)[:, None, None]
    parent = cheapest_tree(base, roughness[None] * lengths)
    steepness = 12.5 * np.exp(0.35 * noise(rng, (h, w), 16, 2)).astype(np.float32)
    steepest = np.clip(0.68 + 0.17 * noise(rng, (h, w), 14, 2), 0.26, 0.95).astype(np.float32)
    elevation = bed
    for _ in range(rounds):
        elevation = _integrate(parent, np.where(base, bed, 0).astype(np.float32), steepness, steepest)
        # Every cell stands above the one it drained to, so the new network reaches the river from everywhere.
        parent = _drain(elevation, base)
    coarse = blur(elevation, 1.1)
    slope = np.degrees(np.arctan(np.hypot(*gradient(blur(coarse, 1.5))))).astype(np.float32)

    terrain = Terrain(river, coarse, slope, distance, floor_m, np.zeros(shape, np.float32))
    ruggedness = np.clip(terrain.to_scene(slope) / 30, 0.04, 1.2)
    detail = 0.9 * noise(rng, shape, 24, 3, 0.55) + 0.16 * noise(rng, shape, 4)
    elevation = np.asarray(terrain.to_scene(coarse) + detail * ruggedness, np.float32)
    return Terrain(river, coarse, slope, distance, floor_m, elevation)
