"""Pixel values to [0, 1]: 8-bit as it is, every other sensor by robust percentiles of its own bands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: What a low and a high percentile are mapped to, in [0, 1]: the same for all bands, or a pair for each.
Range = Sequence[float] | Sequence[Sequence[float]]


@dataclass(frozen=True)
class Stretch:
    """A linear map for each band, ``value * gain + offset``, clipped to [0, 1].

    Attributes:
        gain: ``(C,)`` float32.
        offset: ``(C,)`` float32.
    """

    gain: NDArray[np.float32]
    offset: NDArray[np.float32]

    def __call__(self, pixels: NDArray[np.generic]) -> NDArray[np.float32]:
        """Scale ``(C, H, W)`` of any type to float32 in [0, 1]."""
        scaled = pixels.astype(np.float32)
        scaled *= self.gain[:, None, None]
        scaled += self.offset[:, None, None]
        return np.clip(scaled, 0.0, 1.0, out=scaled)


def eight_bit(bands: int) -> Stretch:
    """The map of 8-bit imagery: 0..255 to 0..1."""
    return Stretch(np.full(bands, 1 / 255, np.float32), np.zeros(bands, np.float32))


def percentile_stretch(
    pixels: NDArray[np.generic],
    valid: NDArray[np.bool_],
    percentiles: tuple[float, float],
    to: Range,
) -> Stretch:
    """Map the low and high percentile of each band's valid pixels to the two values ``to``.

    Args:
        pixels: ``(C, H, W)``, a decimated read of the whole scene.
        valid: ``(H, W)``.
        percentiles: low and high, in percent.
        to: their targets, for all bands or ``(C, 2)``.
    """
    if not valid.any():
        return eight_bit(len(pixels))
    low, high = np.percentile(pixels[:, valid].astype(np.float64), percentiles, axis=1)
    # A constant band has no contrast to stretch.
    span = np.where(high > low, high - low, 1.0)
    lowest, highest = np.asarray(to, np.float64).T
    gain = (highest - lowest) / span
    return Stretch(gain.astype(np.float32), (lowest - low * gain).astype(np.float32))
