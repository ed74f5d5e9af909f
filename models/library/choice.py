"""``--model auto``: which of a detector's default models fits a scene's ground resolution best."""

from __future__ import annotations

from math import inf, log

from .card import Card


def choose_default(defaults: list[Card], resolution: float | None) -> Card:
    """The default whose range of ground resolutions fits best.

    One whose range contains the resolution wins, the narrowest of several; else the one whose range is nearest by
    ratio. Between equals the later one wins, so that the user's own goes before a shipped one.

    Args:
        defaults: at least one card.
        resolution: of the scene, metres a pixel; None, for a scene without georeference, takes the finest model, since
            such imagery comes from aircraft more often than from satellites.
    """
    if resolution is None:
        return min(reversed(defaults), key=lambda card: card.resolution[0])
    return min(reversed(defaults), key=lambda card: (distance(card, resolution), _breadth(card)))


def distance(card: Card, resolution: float) -> float:
    """How far a resolution lies outside a model's range, as the logarithm of the ratio; 0 within it."""
    finest, coarsest = card.resolution
    return max(0.0, log(finest / resolution), log(resolution / coarsest)) if resolution > 0 else inf


def reason(card: Card, resolution: float | None) -> str:
    """Why ``auto`` chose this model, in words for the log."""
    finest, coarsest = card.resolution
    made_for = f"model '{card.name}' is made for {finest:g} to {coarsest:g} m a pixel"
    if resolution is None:
        return f"{made_for}; chosen as the default for scenes without georeference"
    if distance(card, resolution) == 0:
        return f"{made_for}; chosen as the default that fits the scene's {resolution:.3g} m"
    return f"{made_for}; chosen as the default nearest to the scene's {resolution:.3g} m"


def _breadth(card: Card) -> float:
    finest, coarsest = card.resolution
    return log(coarsest / finest)
