"""What stands on the ground: crowns of trees and bushes, houses; as heights, colours and shares of each pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cells import neighbours, scatter
from .layout import House
from .noise import Floats, grain, noise, smoothstep, strips

ROOFS = np.array([[196, 196, 190], [150, 152, 152], [92, 92, 96], [84, 122, 176]], np.float32)
"""Concrete, weathered concrete, tiles, blue sheet metal."""


@dataclass
class Objects:
    """Objects over the ground.

    Attributes:
        height_m: ``(height, width)`` above the ground in metres.
        colour: ``(3, height, width)``, 0 to 255, as if fully lit.
        share: ``(height, width)`` share of the pixel an object hides.
    """

    height_m: Floats
    colour: Floats
    share: Floats


def make_objects(rng: np.random.Generator, trees: Floats, bushes: Floats, houses: list[House]) -> Objects:
    """Plant and build.

    Args:
        rng: source of randomness.
        trees, bushes: ``(height, width)`` share of the ground they cover.
        houses: what people live in.
    """
    shape = (trees.shape[0], trees.shape[1])
    objects = Objects(np.zeros(shape, np.float32), np.zeros((3, *shape), np.float32), np.zeros(shape, np.float32))
    stand = noise(rng, shape, 36, 3)
    _crowns(rng, objects, bushes, stand, spacing=5, radius=(1.3, 2.8), tallness=0.75)
    _crowns(rng, objects, trees, stand, spacing=6, radius=(2.6, 5.6), tallness=1.6)
    for house in houses:
        _house(objects, house)
    return objects


def _crowns(
    rng: np.random.Generator,
    objects: Objects,
    cover: Floats,
    stand: Floats,
    spacing: int,
    radius: tuple[float, float],
    tallness: float,
) -> None:
    """Domed crowns where ``cover`` allows.

    Args:
        rng: source of randomness.
        objects: drawn into, in place.
        cover: ``(height, width)`` probability that a tree stands.
        stand: ``(height, width)`` slow variation of species and age, standard deviation 1.
        spacing: of trees, in px.
        radius: smallest and largest crown radius in px.
        tallness: height of a tree in metres for each px of its crown radius.
    """
    shape = (cover.shape[0], cover.shape[1])
    points = scatter(rng, shape, spacing)
    inside_rows = np.clip(points.rows, 0, shape[0] - 1).astype(int)
    inside_columns = np.clip(points.columns, 0, shape[1] - 1).astype(int)
    size = points.rows.shape
    grows = rng.random(size) < cover[inside_rows, inside_columns]
    age = stand[inside_rows, inside_columns]
    reach = rng.uniform(*radius, size) * np.exp(0.10 * age)
    reach = np.where(grows, np.minimum(reach, 1.3 * spacing), 0.0).astype(np.float32)
    top = (reach * tallness * rng.uniform(0.75, 1.3, size)).astype(np.float32)
    # Dark conifers in some stands, lighter broadleaves in others, each tree a little its own.
    conifer = (rng.normal(0, 0.55, size) + age > 0.35)[..., None]
    colour = np.where(conifer, np.array([50, 76, 58]), np.array([70, 98, 64])) * rng.normal(1, 0.13, (*size, 1))
    colour = (colour + rng.normal(0, 4, (*size, 1)) * np.array([1.0, 0.5, -0.6])).astype(np.float32)
    inverse = np.where(grows, 1 / np.maximum(reach, 0.1) ** 2, np.float32(1e6)).astype(np.float32)
    lumps = 1 + 0.30 * noise(rng, shape, 2.5) + 0.12 * grain(rng, shape, 0.7)
    for begin, end in strips(shape[0]):
        rows = slice(begin, end)
        best = objects.height_m[rows].copy()
        row_of = np.full(best.shape, -1, np.int64)
        column_of = np.zeros(best.shape, np.int64)
        for i, j, distance in neighbours(points, begin, end, shape[1]):
            dome = top[i, j] * (1 - distance * inverse[i, j] * lumps[rows])
            higher = dome > best
            best = np.where(higher, dome, best)
            row_of = np.where(higher, i, row_of)
            column_of = np.where(higher, j, column_of)
        new = row_of >= 0
        above = best - objects.height_m[rows]
        objects.height_m[rows] = best
        picked = colour[np.maximum(row_of, 0), column_of]
        for channel in range(3):
            objects.colour[channel, rows] = np.where(new, picked[..., channel], objects.colour[channel, rows])
        objects.share[rows] = np.maximum(objects.share[rows], new * np.clip(0.35 + above, 0, 1))


def _house(objects: Objects, house: House) -> None:
    """A box with a flat or pitched roof."""
    shape = objects.height_m.shape
    reach = int(np.hypot(*house.half)) + 3
    top, left = (max(0, int(c) - reach) for c in house.centre)
    bottom, right = (min(size, int(c) + reach) for size, c in zip(shape, house.centre, strict=True))
    if bottom <= top or right <= left:
        return
    window = (slice(top, bottom), slice(left, right))
    y = np.arange(top, bottom, dtype=np.float32)[:, None] - house.centre[0]
    x = np.arange(left, right, dtype=np.float32)[None, :] - house.centre[1]
    u = np.asarray(np.abs(y * house.axis[0] + x * house.axis[1]), np.float32)
    signed = np.asarray(x * house.axis[0] - y * house.axis[1], np.float32)
    v = np.abs(signed)
    share = smoothstep(0.5, -0.5, np.maximum(u - house.half[0], v - house.half[1]))
    pitched = house.roof >= 2
    ridge = (
        1.6 * (1 - v / house.half[1])
        if pitched
        else 0.9 * smoothstep(1.4, 0.4, np.minimum(house.half[0] - u, house.half[1] - v))
    )
    height = np.asarray(house.height_m + np.clip(ridge, 0, 2), np.float32)
    solid = share > 0.5
    objects.height_m[window] = np.where(solid, height, objects.height_m[window])
    for channel, value in zip(objects.colour[(slice(None), *window)], ROOFS[house.roof], strict=True):
        channel += share * (value - channel)
    objects.share[window] = np.maximum(objects.share[window], share)
