"""Sunlight on the scene: shading by relief, shadows cast by trees and houses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .noise import Floats, shift, strips
from .objects import Objects
from .terrain import PIXEL_M


@dataclass(frozen=True)
class Sun:
    """Where the sun stands: ``azimuth`` in degrees clockwise from north, ``elevation`` in degrees."""

    azimuth: float = 122.0
    elevation: float = 52.0

    @property
    def towards(self) -> tuple[float, float]:
        """Unit vector on the ground towards the sun: rows (southwards), columns (eastwards)."""
        return float(-np.cos(np.radians(self.azimuth))), float(np.sin(np.radians(self.azimuth)))

    @property
    def rise(self) -> float:
        """Metres a sunbeam climbs for each metre on the ground."""
        return float(np.tan(np.radians(self.elevation)))


def light(ground: Floats, elevation: Floats, objects: Objects, sun: Sun) -> None:
    """Turn the colour of the ground into the scene's radiance, in place.

    Args:
        ground: ``(3, height, width)`` colour of the ground, flat and fully lit; becomes the lit scene.
        elevation: ``(height, width)`` of the bare ground in metres.
        objects: what stands on it.
        sun: where light comes from.
    """
    shadow = _cast_shadows(objects.height_m, sun)
    height = elevation.shape[0]
    for top, bottom in strips(height):
        halo = slice(max(0, top - 1), min(height, bottom + 1))
        inner = slice(top - halo.start, bottom - halo.start)
        rows = slice(top, bottom)
        direct = _shade(elevation[halo] + 0.55 * objects.height_m[halo], sun)[inner]
        relief = _shade(elevation[halo], sun)[inner]
        # Crowns scatter light among themselves: part of the shading is the slope's alone.
        direct = 0.72 * direct + 0.28 * relief
        direct *= 1 - 0.78 * shadow[rows]
        share = objects.share[rows]
        for channel, sky in enumerate((0.27, 0.30, 0.36)):
            colour = ground[channel, rows] * (1 - share) + objects.colour[channel, rows] * share
            ground[channel, rows] = colour * (sky + (1 - sky) * direct)


def _shade(surface: Floats, sun: Sun) -> Floats:
    """Direct light on a surface ``(n, width)`` in metres, 1 where it is level (Lambert's cosine law)."""
    south, east = np.gradient(surface, PIXEL_M)
    facing = -(south * np.float32(sun.towards[0]) + east * np.float32(sun.towards[1])) / np.float32(sun.rise)
    return np.asarray(np.clip(1 + facing, 0, None) / np.sqrt(1 + south**2 + east**2), np.float32)


def _cast_shadows(height_m: Floats, sun: Sun, reach: int = 14) -> Floats:
    """How far each pixel ``(height, width)`` lies in the shadow of objects nearer the sun, 0 to 1."""
    shadow = np.zeros_like(height_m)
    for step in range(1, reach + 1):
        offset = (round(step * sun.towards[0]), round(step * sun.towards[1]))
        beam = height_m + np.float32(step * PIXEL_M * sun.rise)
        np.maximum(shadow, np.clip((shift(height_m, offset, 0.0) - beam) / 0.9, 0, 1), out=shadow)
    return shadow
