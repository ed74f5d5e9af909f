"""Fields: terraces along contours on slopes, a patchwork of strips on the valley floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .cells import nearest, scatter
from .lines import Line
from .noise import Floats, blur, grain, hash01, mix, noise, smoothstep, strips
from .terrain import PIXEL_M, Terrain, gradient

CROPS: tuple[tuple[tuple[float, float, float], float], ...] = (
    ((78.0, 106.0, 72.0), 0.24),  # maize
    ((100.0, 130.0, 84.0), 0.14),  # young rice
    ((112.0, 122.0, 90.0), 0.18),  # weeds, fallow
    ((138.0, 137.0, 106.0), 0.19),  # stubble
    ((64.0, 92.0, 66.0), 0.12),  # potatoes, tobacco
    ((128.0, 114.0, 92.0), 0.08),  # ploughed: bare soil, no landslide
    ((136.0, 108.0, 88.0), 0.03),  # ploughed red soil
    ((154.0, 156.0, 142.0), 0.02),  # under plastic film
)
"""Colours of the ground and the share of parcels that have them."""

BLOCK = 96
"""Spacing in px of blocks: groups of parcels tilled in one direction."""


@dataclass(frozen=True)
class _Blocks:
    """How each block is tilled; all ``(n,)``.

    Attributes:
        sin, cos: of the direction strips are counted in.
        flat: strips are counted along that direction; else up the slope, so that they follow contours.
        width: of strips, in px.
        rise: of one strip, in metres, where the ground slopes.
    """

    sin: Floats
    cos: Floats
    flat: NDArray[np.bool_]
    width: Floats
    rise: Floats


def draw_fields(rng: np.random.Generator, terrain: Terrain, ground: Floats, farmed: Floats) -> Floats:
    """Draw parcels where the ground is farmed.

    Args:
        rng: source of randomness.
        terrain: relief that terraces follow.
        ground: ``(3, height, width)`` colour, painted over in place.
        farmed: ``(height, width)`` share of the ground that is tilled.

    Returns:
        ``(height, width)``, 1 on the banks between parcels, where bushes are left to grow.
    """
    shape = terrain.shape
    points = scatter(rng, shape, BLOCK)
    smoothed = blur(terrain.coarse, 3.0)
    blocks = _till(
        rng, terrain, smoothed, np.column_stack([points.rows.ravel(), points.columns.ravel()]).astype(np.float64)
    )
    warp = (9 * noise(rng, shape, 40), 9 * noise(rng, shape, 40))
    height = terrain.to_scene(smoothed)
    wobble = 0.10 * noise(rng, shape, 16)
    texture = 1 + 0.05 * noise(rng, shape, 9, 2) + 0.045 * grain(rng, shape, 0.8)
    palette = np.array([colour for colour, _ in CROPS], np.float32)
    upto = np.cumsum([share for _, share in CROPS])[:-1].astype(np.float32)
    edges = np.zeros(shape, np.float32)
    for top, bottom in strips(shape[0]):
        rows = slice(top, bottom)
        block = nearest(points, top, warp[0][rows], warp[1][rows])
        y = np.arange(top, bottom, dtype=np.float32)[:, None] + 0.5 * warp[0][rows]
        x = np.arange(shape[1], dtype=np.float32)[None, :] + 0.5 * warp[1][rows]
        sin, cos, width = blocks.sin[block], blocks.cos[block], blocks.width[block]
        counted = np.where(blocks.flat[block], (x * cos + y * sin) / width, height[rows] / blocks.rise[block])
        counted += wobble[rows]
        number = np.floor(counted)
        within = counted - number
        strip = mix(block, number.astype(np.int64))
        place = (y * cos - x * sin) / (40 + 90 * hash01(strip, 1)) + 40 * hash01(strip, 2)
        parcel = mix(strip, np.floor(place).astype(np.int64))

        # Neighbouring strips of a block are mostly tilled alike.
        draw = np.where(hash01(parcel, 5) < 0.42, hash01(block, 4), hash01(parcel, 3))
        crop = np.searchsorted(upto, draw)
        furrows = np.sin(2 * np.pi * within * np.maximum(np.round(width / 3.4), 2))
        tone = 0.88 + 0.24 * hash01(parcel, 6) + (0.015 + 0.05 * hash01(parcel, 7)) * furrows
        place -= np.floor(place)
        to_edge = np.minimum(np.minimum(within, 1 - within) * width, 27 * np.minimum(place, 1 - place))
        edges[rows] = smoothstep(2.0, 0.6, to_edge) * (0.25 + 0.75 * hash01(strip, 8))
        tone *= texture[rows] * (1 - 0.26 * edges[rows])
        for channel, colour in zip(ground, palette.T, strict=True):
            channel[rows] += farmed[rows] * (colour[crop] * tone - channel[rows])
    return edges


def _till(rng: np.random.Generator, terrain: Terrain, smoothed: Floats, centres: Line) -> _Blocks:
    """Decide for blocks around ``centres`` ``(n, 2)`` px how they are tilled, from the relief there."""
    south, east = (terrain.at(part, centres) for part in gradient(smoothed))
    steepness = np.hypot(south, east)
    flat = steepness < 0.11
    turned = rng.uniform(-0.35, 0.35, len(centres)) + (rng.random(len(centres)) < 0.3) * np.pi / 2
    bearing = np.where(flat, turned + 0.4, np.arctan2(south, east)).astype(np.float32)
    width = rng.uniform(9, 21, len(centres)).astype(np.float32)
    rise = np.maximum(steepness * width * PIXEL_M, 0.3).astype(np.float32)
    return _Blocks(np.sin(bearing), np.cos(bearing), flat, width, rise)
