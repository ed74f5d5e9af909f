"""A whole synthetic scene, from a seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rasterio.features import sieve

from .landcover import make_landcover
from .landslides import place_landslides
from .layout import make_layout
from .light import Sun, light
from .objects import make_objects
from .scars import draw_landslide
from .sensor import cover_with_cloud, cut_collar, develop, place_cloud
from .swath import make_swath
from .terrain import make_terrain

Progress = Callable[[float], None]

SMALLEST_MAPPED = 120
"""Px (some 75 square metres)."""


@dataclass(frozen=True)
class Scene:
    """A synthetic scene.

    Attributes:
        image: ``(3, height, width)`` uint8, red, green, blue; 0 in the collar and nowhere else.
        truth: ``(height, width)`` uint8; 1 landslide, 0 none, 255 in the collar.
    """

    image: NDArray[np.uint8]
    truth: NDArray[np.uint8]


def make_scene(
    height: int,
    width: int,
    seed: int = 0,
    progress: Progress = lambda done: None,
    *,
    framed: bool = True,
    density: float = 1.0,
) -> Scene:
    """Draw a scene of ``height`` x ``width`` px of 0.8 m; the same seed and size give the same scene.

    Args:
        height, width: in px; 256 or more.
        seed: any integer from 0.
        progress: told the share done, 0 to 1.
        framed: with a cloud and a nodata collar.
        density: of the landslides, times the usual; 0 is the same landscape without any.
    """
    shape = (height, width)
    # Each step draws from a stream of its own, so that a change in one does not redraw the others.
    streams = iter(np.random.default_rng([seed, height, width]).spawn(10))
    sun = Sun()
    swath = make_swath(next(streams), shape)
    terrain = make_terrain(next(streams), shape)
    progress(0.15)
    layout = make_layout(next(streams), terrain)
    progress(0.25)
    cover = make_landcover(next(streams), terrain, layout)
    progress(0.5)
    truth = np.zeros(shape, np.bool_)
    elevation = terrain.elevation
    slides = place_landslides(next(streams), terrain, layout, swath, density)
    rng = next(streams)
    for slide in slides:
        draw_landslide(rng, slide, cover.ground, elevation, cover.trees, cover.bushes, truth)
    progress(0.6)
    objects = make_objects(next(streams), cover.trees, cover.bushes, layout.houses)
    progress(0.75)
    image = cover.ground
    light(image, elevation, objects, sun)
    del objects
    progress(0.85)
    rng = next(streams)
    if framed:
        cover_with_cloud(rng, image, place_cloud(rng, truth, sun), sun)
    developed = develop(next(streams), image)
    # Nobody maps a clod: specks and pinholes of a few px are not landslides, nor holes in one.
    labelled = sieve(truth.astype(np.uint8), SMALLEST_MAPPED, connectivity=4)
    if framed:
        cut_collar(developed, labelled, swath)
    progress(1.0)
    return Scene(developed, labelled)
