"""Colour of the ground: grassland, fields and terraces, river and gravel, roads, quarry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .fields import draw_fields
from .layout import Layout, Road
from .lines import line_coordinates
from .noise import Floats, grain, noise, smoothstep
from .terrain import Terrain

Colour = tuple[float, float, float]


@dataclass
class LandCover:
    """Layers of the ground that the rest of the scene is drawn on.

    Attributes:
        ground: ``(3, height, width)`` colour, 0 to 255, as if flat and fully lit.
        trees: ``(height, width)`` share of the ground under trees.
        bushes: ``(height, width)`` share of the ground under bushes.
    """

    ground: Floats
    trees: Floats
    bushes: Floats


def paint(image: Floats, colour: Colour, alpha: Floats) -> None:
    """Mix ``colour`` into ``(3, height, width)`` by ``alpha`` ``(height, width)``, in place."""
    for channel, value in zip(image, colour, strict=True):
        channel += alpha * (np.float32(value) - channel)


def make_landcover(rng: np.random.Generator, terrain: Terrain, layout: Layout) -> LandCover:
    """Cover the relief: what grows where follows from slope, height above the river and people."""
    shape = terrain.shape
    slope = terrain.to_scene(terrain.slope)
    ground = _grass(rng, shape)
    # People clear the valley first: the nearer the river, the steeper the ground they till.
    near = np.exp(-terrain.to_scene(terrain.river_distance) / 170)
    wild = np.asarray(slope + 5.5 * noise(rng, shape, 70, 3, 0.45) - 19.5 - 5.0 * near, np.float32)
    patchy, ragged = 3.0 * noise(rng, shape, 90), 2.6 * noise(rng, shape, 60, 2)
    farmed = smoothstep(1.5, -1.5, wild + patchy)
    forest = smoothstep(0.0, 3.8, wild - ragged)
    stands = smoothstep(-1.5, -0.6, noise(rng, shape, 26, 2))
    trees = forest * (0.30 + 0.68 * stands)
    bushes = (1 - farmed) * np.clip(0.22 + 0.16 * noise(rng, shape, 18, 2), 0.02, 0.7)

    edges = draw_fields(rng, terrain, ground, farmed)
    trees = np.maximum(trees, 0.05 * farmed + 0.20 * farmed * edges)
    bushes = np.maximum(bushes, 0.55 * farmed * edges)
    cover = LandCover(ground, trees.astype(np.float32), bushes.astype(np.float32))
    _river(rng, terrain, cover)
    if layout.quarry:
        _quarry(rng, terrain, layout.quarry, cover)
    _yards(rng, layout, cover)
    for road in reversed(layout.roads):
        _road(rng, road, cover)
    return cover


def _grass(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Grassland and scrub: greens going to olive and brown over some tens of metres."""
    dry = smoothstep(-0.9, 1.7, noise(rng, shape, 48, 4, 0.6))
    rough = 1 + 0.09 * noise(rng, shape, 7, 2) + 0.06 * grain(rng, shape, 0.9)
    green, brown = (np.array(c, np.float32)[:, None, None] for c in ((80, 104, 76), (118, 116, 86)))
    return np.asarray((green + dry * (brown - green)) * rough, np.float32)


def _river(rng: np.random.Generator, terrain: Terrain, cover: LandCover) -> None:
    """Water, riffles, and gravel bars on alternating banks."""
    shape = cover.trees.shape
    _, across = line_coordinates(terrain.river, (shape[0], shape[1]), 64)
    distance = np.abs(across)
    side = np.sign(np.where(np.isfinite(across), across, 0))
    bars = noise(rng, (shape[0], shape[1]), 60, 2)
    water = 9.5 + 2.2 * noise(rng, (shape[0], shape[1]), 30) - distance
    gravel = 10 + 11 * np.clip(side * bars + 0.25, 0, 1.6) + 1.8 * noise(rng, (shape[0], shape[1]), 6, 2) - distance
    far = ~np.isfinite(across)
    water[far], gravel[far] = -64, -64
    pebbles = 1 + 0.10 * grain(rng, (shape[0], shape[1]), 0.7) + 0.10 * noise(rng, (shape[0], shape[1]), 8, 2)
    on_gravel = smoothstep(-1.2, 1.2, gravel)
    for channel, value in zip(cover.ground, (162, 160, 146), strict=True):
        channel += on_gravel * (np.float32(value) * pebbles - channel)
    on_water = smoothstep(-0.8, 1.8, water)
    paint(cover.ground, (68, 98, 82), on_water)
    riffles = on_water * smoothstep(0.6, 2.2, 0.7 * noise(rng, (shape[0], shape[1]), 3, 3, 0.8) + 0.9 * bars)
    paint(cover.ground, (142, 158, 146), 0.45 * riffles)
    dry = 1 - smoothstep(-6.0, -1.0, np.maximum(gravel, water))
    cover.trees *= dry
    cover.bushes = np.maximum(cover.bushes * dry, 0.5 * smoothstep(-14, -8, water) * smoothstep(-2, -5, water) * dry)


def _quarry(rng: np.random.Generator, terrain: Terrain, quarry: tuple[float, float, float], cover: LandCover) -> None:
    """A quarry: pale stone in benches along contours, a sharp worked edge, a trodden floor."""
    row, column, radius = quarry
    reach = 1.5 * radius + 10
    top, left = max(0, int(row - reach)), max(0, int(column - reach))
    window = (slice(top, int(row + reach)), slice(left, int(column + reach)))
    height = terrain.elevation[window]
    shape = (height.shape[0], height.shape[1])
    y = np.arange(top, top + shape[0], dtype=np.float32)[:, None] - row
    x = np.arange(left, left + shape[1], dtype=np.float32)[None, :] - column
    angle = np.arctan2(y, x)
    lobes = 1 + 0.13 * np.sin(2 * angle + rng.uniform(0, 6)) + 0.10 * np.sin(3 * angle + rng.uniform(0, 6))
    inside = np.asarray(radius * lobes - np.hypot(y, 1.15 * x), np.float32) + 1.2 * noise(rng, shape, 5, 2)
    bench = (height / 4.5 + 0.08 * noise(rng, shape, 12, 2)) % 1
    tone = 1 + 0.10 * noise(rng, shape, 14, 2) + 0.05 * grain(rng, shape, 0.8)
    tone *= 1 - 0.17 * smoothstep(0.20, 0.05, np.abs(bench - 0.5)) + 0.08 * smoothstep(0.30, 0.2, np.abs(bench - 0.9))
    alpha = smoothstep(-0.5, 1.0, inside)
    for channel, value in zip(cover.ground, (190, 186, 172), strict=True):
        channel[window] += alpha * (np.float32(value) * tone - channel[window])
    keep = 1 - smoothstep(-3.0, 0.0, inside)
    cover.trees[window] *= keep
    cover.bushes[window] *= keep


def _yards(rng: np.random.Generator, layout: Layout, cover: LandCover) -> None:
    """Trodden or concreted ground around houses, with fewer trees."""
    shape = cover.trees.shape
    yard = np.zeros(shape, np.float32)
    for house in layout.houses:
        reach = 26
        top, left = (max(0, int(c) - reach) for c in house.centre)
        bottom, right = (min(size, int(c) + reach) for size, c in zip(shape, house.centre, strict=True))
        if bottom <= top or right <= left:
            continue
        y = np.arange(top, bottom, dtype=np.float32)[:, None] - house.centre[0] - rng.uniform(-4, 4)
        x = np.arange(left, right, dtype=np.float32)[None, :] - house.centre[1] - rng.uniform(-4, 4)
        spot = smoothstep(21, 8, np.asarray(np.hypot(y, x), np.float32))
        yard[top:bottom, left:right] = np.maximum(yard[top:bottom, left:right], spot)
    worn = smoothstep(0.35, 0.75, yard + 0.2 * noise(rng, (shape[0], shape[1]), 7, 2))
    paint(cover.ground, (150, 146, 128), 0.75 * worn)
    cover.trees *= 1 - 0.85 * np.clip(1.6 * yard, 0, 1)
    cover.bushes *= 1 - 0.7 * worn


def _road(rng: np.random.Generator, road: Road, cover: LandCover) -> None:
    """A road with worn shoulders; earth tracks are browner and less even."""
    shape = (cover.trees.shape[0], cover.trees.shape[1])
    reach = road.half_width + 9
    first = np.maximum(np.floor(road.line.min(axis=0) - reach), 0).astype(int)
    last = np.minimum(np.ceil(road.line.max(axis=0) + reach), shape).astype(int)
    if (last <= first).any():
        return
    window = (slice(first[0], last[0]), slice(first[1], last[1]))
    size = (int(last[0] - first[0]), int(last[1] - first[1]))
    _, across = line_coordinates(road.line - first, size, reach)
    across = np.where(np.isfinite(across), across, np.float32(reach))
    wander = 0.8 * noise(rng, size, 9, 2)
    distance = np.abs(across) + wander * (0.4 if road.paved else 1.0)
    ground = cover.ground[(slice(None), *window)]
    shoulder = smoothstep(road.half_width + 4.0, road.half_width + 0.5, distance + 1.5 * noise(rng, size, 5))
    paint(ground, (134, 126, 102), 0.65 * shoulder)
    surface = smoothstep(road.half_width + 0.7, road.half_width - 0.7, distance)
    worn = 1 + 0.035 * noise(rng, size, 12, 2) + 0.025 * grain(rng, size, 0.8)
    colour = (204, 202, 186) if road.paved else (176, 162, 130)
    for channel, value in zip(ground, colour, strict=True):
        channel += surface * (np.float32(value) * worn - channel)
    clear = 1 - smoothstep(road.half_width + 6.0, road.half_width + 2.0, distance)
    cover.trees[window] *= clear
    cover.bushes[window] *= clear
