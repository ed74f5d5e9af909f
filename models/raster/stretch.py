"""Pixel values to [0, 1], by the rule of a model's card.

Either 8-bit imagery as it is and every other sensor by percentiles of its own bands, or every scene by its median
colour and spread: then the model sees how a place differs from its scene, whatever the sensor and the light.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A card's rule: ``percentiles`` and the ``range`` they go to; or where in [0, 1] a scene's ``median`` goes, and how
#: far beside it one ``deviation`` reaches.
Rule = Mapping[str, Any]
#: What most models are trained with.
USUAL: Rule = {"percentiles": (1.0, 99.0), "range": (0.05, 0.6)}
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

    def __call__(self, pixels: NDArray[np.generic], into: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Scale ``(C, H, W)`` of any type to float32 in [0, 1]; ``into`` an array, or a new one."""
        scaled = np.empty(pixels.shape, np.float32) if into is None else into
        scaled[...] = pixels
        scaled *= self.gain[:, None, None]
        scaled += self.offset[:, None, None]
        return np.clip(scaled, 0.0, 1.0, out=scaled)


def needs_scene(rule: Rule, dtype: np.dtype[Any]) -> bool:
    """Whether the stretch depends on the scene, beside its type."""
    return "median" in rule or dtype != np.uint8


def fitted(rule: Rule, pixels: NDArray[np.generic], valid: NDArray[np.bool_]) -> Stretch:
    """The stretch of a scene.

    Args:
        rule: of the model's card.
        pixels: ``(C, H, W)``, the scene or a sample of it.
        valid: ``(H, W)``.
    """
    if not needs_scene(rule, pixels.dtype) or not valid.any():
        return eight_bit(len(pixels))
    if "median" in rule:
        return median_stretch(pixels[:, valid], rule["median"], rule["deviation"])
    return percentile_stretch(pixels, valid, rule["percentiles"], rule["range"])


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


LEAST_DEVIATION = 0.05  # share of the range of 8 bits, or of the middle 98 %, that is added to a scene's deviation


def median_stretch(pixels: NDArray[np.generic], median: float, deviation: float) -> Stretch:
    """Map each band's median to one value, and what lies a robust deviation above it that much higher.

    The deviation is that of all bands together (1.4826 times the mean of their median absolute deviations, Hampel
    1974), so that colours keep their relations.

    Args:
        pixels: ``(C, n)``.
        median, deviation: their places in [0, 1].
    """
    values = pixels.astype(np.float32)
    middle = np.median(values, axis=1)
    spread = 1.4826 * float(np.median(np.abs(values - middle[:, None]), axis=1).mean())
    if pixels.dtype == np.uint8:
        whole = 255.0
    else:
        low, high = np.percentile(values, (1, 99))
        whole = float(high - low) or 1.0
    gain = np.full(len(values), deviation / (spread + LEAST_DEVIATION * whole), np.float32)
    return Stretch(gain, (median - middle * gain).astype(np.float32))
