"""Labelled windows: what is drawn for training and what is held out for validation, wherever it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..raster.stretch import USUAL, Rule

RGB = ("red", "green", "blue")
LANDSLIDE = 1
IGNORED = 255  # in a mask: nodata, or ground that is not to be used
SLIVER = 0.02  # share of a patch that is landslide up to which its label would be a coin's toss


class Window(NamedTuple):
    """An image ``(C, H, W)`` uint8 and its mask ``(H, W)`` uint8: 0, ``LANDSLIDE`` or ``IGNORED``."""

    image: NDArray[np.uint8]
    mask: NDArray[np.uint8]


class Labelled(Protocol):
    """One labelled image that is held out: a chip, or a window of a scene."""

    @property
    def name(self) -> str: ...

    @property
    def has_landslide(self) -> bool: ...

    def read(self, plain: bool = False) -> Window:
        """Image and mask; ``plain`` is for people, not as the model's stretch has it."""
        ...


class WindowSource(Protocol):
    """Where training windows come from."""

    def __len__(self) -> int:
        """Windows that show about everything once: an epoch."""
        ...

    def draw(self, size: int, rng: np.random.Generator) -> Window:
        """A window of ``size`` px at a random place and zoom."""
        ...


@dataclass(frozen=True)
class TrainingData:
    """What a detector is trained with.

    Attributes:
        windows: source of the training windows.
        held_out: what it is validated on; shares no pixel with ``windows``.
        bands: common names of the bands, in order.
        resolution: finest and coarsest ground resolution, metres a pixel.
        sources: what the model card says of the training data.
        validation: where what is held out comes from, in words.
        stretch: the rule of the card.
        is_clean: whether all landslides are known, so that ground without label is ground without landslide.
    """

    windows: WindowSource
    held_out: Sequence[Labelled]
    bands: tuple[str, ...]
    resolution: tuple[float, float]
    sources: list[dict[str, Any]]
    validation: str
    stretch: Rule = field(default_factory=lambda: USUAL)
    is_clean: bool = True


def patch_label(mask: NDArray[np.uint8]) -> float | None:
    """A window's label as a patch, or None where it would be a coin's toss: a sliver of a slide, or mostly unknown."""
    known = mask != IGNORED
    if known.mean() < 0.5:
        return None
    share = float((mask == LANDSLIDE).sum() / known.sum())
    if share == 0:
        return 0.0
    return 1.0 if share > SLIVER else None


@dataclass(frozen=True)
class HeldOut:
    """Some of the windows that are held out.

    Attributes:
        items: the windows.
        weights: for how many of all that are held out each stands: where landslides are rare, fewer of the windows
            without are looked at than there are.
    """

    items: list[Labelled]
    weights: list[float]


def some(items: Sequence[Labelled], count: int) -> HeldOut:
    """At most ``count`` of the windows, evenly spread; those with landslides, where rare, make up to half."""
    groups: list[list[Labelled]] = [[], []]
    for item in items:
        groups[item.has_landslide].append(item)
    free, slides = groups
    wanted = min(len(slides), max(count // 2, count - len(free)))
    chosen, weights = [], []
    for group, share in ((slides, wanted), (free, count - wanted)):
        spread = _spread(group, share)
        chosen += spread
        weights += [len(group) / max(1, len(spread))] * len(spread)
    return HeldOut(chosen, weights)


def _spread(items: list[Labelled], count: int) -> list[Labelled]:
    if len(items) <= count:
        return items
    return [items[int(k * len(items) / count)] for k in range(count)]
