"""From the lit scene to the image: a cloud and its shadow, haze, blur, noise, eight bits, a collar without data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .light import Sun
from .noise import Floats, blur, grain, noise, shift, smoothstep
from .swath import Swath

NODATA = 0
TRUTH_NODATA = 255


@dataclass(frozen=True)
class Cloud:
    """One small cloud: ``centre`` in px, ``radius`` in px, ``drop`` in px to its shadow, away from the sun."""

    centre: tuple[float, float]
    radius: float
    drop: float


def place_cloud(rng: np.random.Generator, truth: NDArray[np.bool_], sun: Sun) -> Cloud:
    """A place for a cloud where it hides no landslide (its shadow may fall on one)."""
    size = np.array(truth.shape)
    radius = float(np.clip(0.062 * size.min(), 18, 130))
    drop = 2.6 * radius
    places = rng.uniform(0.12 * size, 0.88 * size, (80, 2))
    slides = np.argwhere(truth)[::97]
    distance = np.min(np.hypot(*(places[:, None] - slides[None]).transpose(2, 0, 1)), axis=1, initial=float(size.max()))
    shadows = places - drop * np.array(sun.towards)
    outside = ((shadows < 0.1 * size) | (shadows > 0.9 * size)).any(axis=1)
    # Away from the middle, too, which is what people look at first.
    worth = np.minimum(distance, 3 * radius) + 0.25 * np.hypot(*(places - size / 2).T) - 4 * radius * outside
    best = places[int(np.argmax(worth))]
    return Cloud((float(best[0]), float(best[1])), radius, drop)


def _cloud_depth(rng: np.random.Generator, cloud: Cloud, shape: tuple[int, int]) -> Floats:
    """How thick the cloud is over each pixel, 0 to 1, as seen from above."""
    y = np.arange(shape[0], dtype=np.float32)[:, None] - np.float32(cloud.centre[0])
    x = np.arange(shape[1], dtype=np.float32)[None, :] - np.float32(cloud.centre[1])
    body = 1.2 - 1.25 * np.hypot(y, 0.72 * x) / np.float32(cloud.radius)
    billows = noise(rng, shape, max(cloud.radius * 0.42, 6), 4, 0.55)
    return smoothstep(0.0, 1.25, np.asarray(body + 0.40 * billows, np.float32))


def cover_with_cloud(rng: np.random.Generator, image: Floats, cloud: Cloud, sun: Sun) -> None:
    """Darken the cloud's shadow, then draw the cloud, on ``(3, height, width)`` in place."""
    shape = (image.shape[1], image.shape[2])
    depth = _cloud_depth(rng, cloud, shape)
    away = tuple(round(cloud.drop * part) for part in sun.towards)
    shade = blur(shift(depth, (away[0], away[1]), 0.0), 3.0)
    for channel, (loss, white) in enumerate(((0.62, 226), (0.59, 229), (0.53, 231))):
        image[channel] *= 1 - np.float32(loss) * np.clip(1.5 * shade, 0, 1)
        bright = np.float32(white) * (0.94 + 0.08 * depth)
        image[channel] += np.clip(1.05 * depth, 0, 0.97) * (bright - image[channel])


def develop(rng: np.random.Generator, image: Floats) -> NDArray[np.uint8]:
    """The image a pan-sharpened sensor delivers of a scene ``(3, height, width)``: uint8, no pixel 0.

    Brightness is sharp, colour is not (it comes from the coarser bands); the air adds light, blue most of all.
    """
    shape = (image.shape[1], image.shape[2])
    luminance = image.mean(axis=0)
    detail = blur(luminance, 0.62)
    detail += 0.35 * (detail - blur(luminance, 1.4))
    haze = np.clip(1 + 0.25 * noise(rng, shape, max(min(shape) / 4, 8)), 0.4, 1.6)
    speckle = 1.5 * grain(rng, shape, 0.45)
    out = np.empty(image.shape, np.uint8)
    for channel, air in enumerate((9.0, 13.0, 15.0)):
        tint = blur(image[channel] - luminance, 1.8)
        band = detail + tint + speckle + rng.standard_normal(shape, np.float32) * 0.9
        out[channel] = np.clip(np.rint(band * 0.94 + air * haze), 1, 255)
    return out


def cut_collar(image: NDArray[np.uint8], truth: NDArray[np.uint8], swath: Swath, top: int = 0) -> None:
    """Empty what the satellite did not see: ``NODATA`` in all bands, ``TRUTH_NODATA`` in the truth, in place.

    Args:
        image: ``(3, n, width)``, rows of the scene from row ``top``.
        truth: ``(n, width)``, the same rows.
        swath: what the satellite saw of the scene.
        top: the scene's row that the first row here is.
    """
    rows, columns = np.ogrid[top : top + truth.shape[0], : truth.shape[1]]
    empty = ~swath.covers(rows, columns)
    image[:, empty] = NODATA
    truth[empty] = TRUTH_NODATA
