"""Random fields: smooth noise at a chosen scale, fine grain, hashes and cells, all from one numpy Generator."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

STRIP_ROWS = 64
"""Rows worked on at once where many temporaries of full width would otherwise pile up."""

DENSE_CELL = 24
"""Node spacing in px from which interpolating by a matrix product beats gathering neighbours."""


def _spline(size: int, cells: int, cell: float) -> list[tuple[Ints, Floats]]:
    """Cubic B-spline: for each of four nodes around every px, its index ``(size,)`` and weight ``(size,)``."""
    position = (np.arange(size) + 0.5) / cell - 0.5
    node = np.floor(position).astype(np.int64)
    f = position - node
    weights = ((1 - f) ** 3, 3 * f**3 - 6 * f**2 + 4, -3 * f**3 + 3 * f**2 + 3 * f + 1, f**3)
    return [(np.clip(node - 1 + k, 0, cells - 1), (weight / 6).astype(np.float32)) for k, weight in enumerate(weights)]


def spline_matrix(size: int, cells: int, cell: float) -> Floats:
    """Cubic B-spline weights ``(size, cells)`` from a grid of ``cells`` nodes, ``cell`` px apart, to ``size`` px."""
    matrix = np.zeros((size, cells), np.float32)
    for node, weight in _spline(size, cells, cell):
        np.add.at(matrix, (np.arange(size), node), weight)
    return matrix


def upsample(coarse: Floats, shape: tuple[int, int], cell: float) -> Floats:
    """Blow a coarse grid up to ``shape`` px, smoothly (twice differentiable, so shading shows no facets).

    Args:
        coarse: ``(h, w)`` values at nodes in the middle of cells of ``cell`` px.
        shape: ``(height, width)`` in px; the grid may be larger than this needs.
        cell: node spacing in px.
    """
    coarse = coarse.astype(np.float32)
    across = spline_matrix(shape[1], coarse.shape[1], cell).T if cell >= DENSE_CELL else None
    tall = np.zeros((shape[0], coarse.shape[1]), np.float32)
    for node, weight in _spline(shape[0], coarse.shape[0], cell):
        tall += weight[:, None] * coarse[node]
    if across is not None:
        return tall @ across
    out = np.zeros(shape, np.float32)
    taps = _spline(shape[1], coarse.shape[1], cell)
    for top, bottom in strips(shape[0]):
        for node, weight in taps:
            out[top:bottom] += weight * np.take(tall[top:bottom], node, axis=1)
    return out


def noise(
    rng: np.random.Generator, shape: tuple[int, int], scale: float, octaves: int = 1, gain: float = 0.5
) -> Floats:
    """Smooth noise ``shape``, mean near 0, standard deviation near 1.

    Args:
        rng: source of randomness.
        shape: ``(height, width)`` in px.
        scale: node spacing in px of the coarsest octave; features are some three times as large.
        octaves: how many times the scale is halved.
        gain: amplitude of each octave over the one before.
    """
    total = np.zeros(shape, np.float32)
    power = 0.0
    for octave in range(octaves):
        cell = max(scale / 2**octave, 1.0)
        nodes = (int(np.ceil(shape[0] / cell)) + 1, int(np.ceil(shape[1] / cell)) + 1)
        amplitude = gain**octave
        # A cubic B-spline keeps (on average) this share of a white grid's standard deviation.
        total += upsample(rng.standard_normal(nodes, np.float32), shape, cell) * np.float32(amplitude / 0.48)
        power += amplitude**2
    return total / np.float32(np.sqrt(power))


def blur(image: Floats, sigma: float) -> Floats:
    """Gaussian blur of ``(height, width)``, standard deviation ``sigma`` px, edges held."""
    radius = max(1, int(np.ceil(2.5 * sigma)))
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    taps = (taps / taps.sum()).astype(np.float32)
    for axis in (0, 1):
        pad = [(radius, radius) if a == axis else (0, 0) for a in (0, 1)]
        padded = np.pad(image, pad, mode="edge")
        size = image.shape[axis]
        image = np.zeros_like(image)
        for k, tap in enumerate(taps):
            image += tap * (padded[k : k + size] if axis == 0 else padded[:, k : k + size])
    return image


def grain(rng: np.random.Generator, shape: tuple[int, int], sigma: float) -> Floats:
    """White noise blurred by ``sigma`` px and brought back to standard deviation 1: texture near the pixel scale."""
    white = blur(rng.standard_normal(shape, np.float32), sigma)
    return white / np.float32(max(float(white.std()), 1e-6))


def mix(*keys: Ints | NDArray[np.uint32] | int) -> NDArray[np.uint32]:
    """A fixed, well-mixed 32-bit number for each tuple of integers, by Murmur3's finaliser."""
    mixed = np.zeros((), np.uint32)
    with np.errstate(over="ignore"):
        for key in keys:
            mixed = (mixed * np.uint32(0x9E3779B1)) ^ np.asarray(key).astype(np.uint32)
            mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(0x85EBCA6B)
            mixed = (mixed ^ (mixed >> np.uint32(13))) * np.uint32(0xC2B2AE35)
            mixed = mixed ^ (mixed >> np.uint32(16))
    return np.asarray(mixed)


def hash01(*keys: Ints | NDArray[np.uint32] | int) -> Floats:
    """A fixed uniform number in [0, 1) for each tuple of integers: the same parcel always gets the same crop."""
    return (mix(*keys) >> np.uint32(8)).astype(np.float32) / np.float32(2**24)


def smoothstep(low: float, high: float, value: Floats) -> Floats:
    """0 below ``low``, 1 above ``high``, a smooth ramp between (``low`` may be the larger: the ramp turns round)."""
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0, 1)
    return t * t * (3 - 2 * t)


def shift(array: Floats, step: tuple[int, int], fill: float) -> Floats:
    """``array[row + step[0], column + step[1]]`` for every cell, ``fill`` beyond the edge."""
    out = np.full_like(array, fill)
    (dy, dx), (h, w) = step, array.shape
    if abs(dy) >= h or abs(dx) >= w:
        return out
    out[max(0, -dy) : h - max(0, dy), max(0, -dx) : w - max(0, dx)] = array[
        max(0, dy) : h + min(0, dy), max(0, dx) : w + min(0, dx)
    ]
    return out


def strips(height: int, rows: int = STRIP_ROWS) -> Iterator[tuple[int, int]]:
    """First and one-past-last row of each strip of an image ``height`` px high."""
    for top in range(0, height, rows):
        yield top, min(top + rows, height)
