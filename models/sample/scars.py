"""What a landslide leaves: a hollow, a torn vegetation cover, streaked bare soil and a bouldery fan."""

from __future__ import annotations

import numpy as np

from .landslides import Landslide
from .lines import line_coordinates
from .noise import Bools, Floats, grain, noise, smoothstep
from .terrain import PIXEL_M


def draw_landslide(
    rng: np.random.Generator,
    slide: Landslide,
    ground: Floats,
    elevation: Floats,
    trees: Floats,
    bushes: Floats,
    truth: Bools,
) -> None:
    """Draw one landslide into the layers of a scene, in place.

    Args:
        rng: source of randomness.
        slide: where it is.
        ground: ``(3, height, width)`` colour of the ground, 0 to 255, flat and fully lit.
        elevation: ``(height, width)`` in metres.
        trees, bushes: ``(height, width)`` share of the ground under them.
        truth: ``(height, width)``, set where the landslide is.
    """
    reach = 1.5 * max(slide.source, slide.neck, slide.toe) + 8
    first = np.maximum(np.floor(slide.path.min(axis=0) - reach), 0).astype(int)
    last = np.minimum(np.ceil(slide.path.max(axis=0) + reach), truth.shape).astype(int)
    window = (slice(first[0], last[0]), slice(first[1], last[1]))
    shape = (int(last[0] - first[0]), int(last[1] - first[1]))
    along, across = line_coordinates(slide.path - first, shape, reach)
    near = np.isfinite(across)
    across = np.where(near, across, np.float32(2 * reach))

    half_width = _half_width(slide, along)
    ragged = half_width * (1 + 0.22 * noise(rng, shape, 9, 2) + 0.17 * noise(rng, shape, 26))
    inside = ragged - np.abs(across) + 1.5 * noise(rng, shape, 3.5, 2)
    inside = np.where(near & (half_width > 0), inside, -np.float32(reach))

    u = along / np.float32(slide.length)
    source, fan = smoothstep(0.55, 0.25, u), smoothstep(0.62, 0.85, u)
    rafts = smoothstep(1.15, 1.5, noise(rng, shape, 6, 2) + 0.25 * fan - 0.35 * source)
    # Between bare soil and whole turf lies a torn, thinly strewn rim.
    rim = smoothstep(-5.0, 0.0, inside + 2.5 * noise(rng, shape, 4, 2)) * 0.45
    bare = np.maximum(smoothstep(-1.2, 2.0, inside) * (1 - 0.8 * rafts), rim)
    streaks = _streaks(rng, slide, along, across)

    colour = _soil(rng, slide, shape, streaks, source, fan)
    ground[(slice(None), *window)] += bare * (colour - ground[(slice(None), *window)])
    elevation[window] += _relief(rng, slide, inside, along, across, half_width, streaks, source, fan)
    cleared = smoothstep(-2.5, 0.5, inside) * (1 - 0.5 * rafts)
    trees[window] *= 1 - cleared
    bushes[window] *= 1 - 0.9 * cleared
    truth[window] |= inside > 0


def _half_width(slide: Landslide, along: Floats) -> Floats:
    """Half width in px at each distance from the crown: a rounded source, a neck, a fan with a rounded end."""
    u = along / np.float32(slide.length)
    width = np.interp(u, [0.0, 0.28, 0.52, 0.68, 0.86, 1.0], [slide.source] * 2 + [slide.neck] * 2 + [slide.toe] * 2)
    head = np.clip(along / (0.95 * slide.source), 0, 1)
    toe = np.clip((slide.length - along) / (0.9 * slide.toe), 0, 1)
    return (width * np.sqrt((1 - (1 - head) ** 2) * (1 - (1 - toe) ** 2))).astype(np.float32)


def _streaks(rng: np.random.Generator, slide: Landslide, along: Floats, across: Floats) -> Floats:
    """Noise drawn out along the path, standard deviation about 1: rills and flow lines."""
    half = int(2 * max(slide.source, slide.toe, slide.neck)) + 24
    stretch = 14.0
    texture = noise(rng, (int(slide.length / stretch) + 4, 2 * half), 1.3)
    texture += 0.8 * noise(rng, texture.shape, 4.0)
    rows = np.clip(along / stretch, 0, texture.shape[0] - 2)
    # Flow lines swerve and braid.
    swerved = across + 2.6 * noise(rng, (along.shape[0], along.shape[1]), 14, 2)
    columns = np.clip(swerved + half, 0, texture.shape[1] - 2)
    r, c = rows.astype(int), columns.astype(int)
    fr, fc = rows - r, columns - c
    upper = texture[r, c] * (1 - fc) + texture[r, c + 1] * fc
    lower = texture[r + 1, c] * (1 - fc) + texture[r + 1, c + 1] * fc
    return np.asarray(upper * (1 - fr) + lower * fr, np.float32)


def _soil(
    rng: np.random.Generator, slide: Landslide, shape: tuple[int, int], streaks: Floats, source: Floats, fan: Floats
) -> Floats:
    """Colour ``(3, height, width)`` of the bared ground."""
    patches, fine = noise(rng, shape, 14, 4, 0.75), grain(rng, shape, 0.8)
    tone = 1 + 0.12 * patches + (0.06 + 0.05 * fan) * fine + (0.08 * (1 - fan) + 0.02) * streaks
    # Rock shows in the source area, wet fines collect on the fan, some subsoil is redder than the rest.
    rock = np.array([1.05, 1.06, 1.10], np.float32)
    damp = np.array([0.88, 0.90, 0.90], np.float32)
    red = np.array([1.06, 0.97, 0.88], np.float32)
    shade = np.ones((3, *shape), np.float32)
    for tint, where in (
        (rock, source * smoothstep(-0.2, 1.4, patches)),
        (damp, fan * smoothstep(0.0, 1.2, noise(rng, shape, 16))),
        (red, smoothstep(0.3, 1.6, noise(rng, shape, 20))),
    ):
        shade *= 1 + where * (tint[:, None, None] - 1)
    return np.asarray(slide.soil[:, None, None] * shade * tone, np.float32)


def _relief(
    rng: np.random.Generator,
    slide: Landslide,
    inside: Floats,
    along: Floats,
    across: Floats,
    half_width: Floats,
    streaks: Floats,
    source: Floats,
    fan: Floats,
) -> Floats:
    """Change of elevation in metres: a hollow with a steep head scarp, rills, a lumpy fan with boulders."""
    shape = inside.shape
    within = smoothstep(-0.5, 2.5, inside)
    hollow = min(0.30 * slide.source * PIXEL_M, 6.0) * source
    bowl = 1 - 0.75 * np.clip(np.abs(across) / np.maximum(half_width, 1), 0, 1) ** 2
    heap = min(0.16 * slide.toe * PIXEL_M, 2.5) * fan * bowl
    boulders = np.clip(grain(rng, shape, 0.9) - 0.9, 0, 2) * (0.4 + 0.6 * fan)
    lumps = 0.46 * noise(rng, shape, 6, 2) * (0.5 + fan)
    scarp = smoothstep(0, 7, along)
    return np.asarray(within * (heap - hollow * bowl * scarp + 0.11 * streaks + lumps + 0.5 * boulders), np.float32)
