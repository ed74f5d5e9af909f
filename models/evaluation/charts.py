"""Diagrams as SVG, drawn by hand: sharp at any size, light and dark with the page, without a plotting library."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from .metrics import Curve, Reliability

SIDE, LEFT, TOP, RIGHT, BOTTOM = 240, 52, 10, 12, 40  # px: of the square, and of the margins around it
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
POINTS = 240  # of a curve, at most


@dataclass(frozen=True)
class Line:
    """A curve of a diagram.

    Attributes:
        style: the class that gives it its colour, ``detector`` or ``baseline``.
        at: where on it the threshold is, as x and y.
    """

    name: str
    style: str
    curve: Curve
    at: tuple[float, float] | None = None


def curve_chart(title: str, x_label: str, y_label: str, lines: list[Line], chance: float | None = None) -> str:
    """Curves over the unit square.

    Args:
        title: for those who cannot see it.
        x_label, y_label: axes.
        lines: the curves.
        chance: draw what guessing would give: the diagonal (``nan``), or a level.
    """
    parts = [_axes(x_label, y_label)]
    if chance is not None:
        start, end = ((0.0, 0.0), (1.0, 1.0)) if np.isnan(chance) else ((0.0, chance), (1.0, chance))
        parts.append(_path([start, end], "chance"))
    for line in reversed(lines):
        parts.append(_path(_thinned(line.curve), f"line {line.style}"))
        if line.at is not None:
            x, y = _place(*line.at)
            parts.append(f'<circle class="dot {line.style}" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>')
    return _svg(title, parts)


def reliability_chart(title: str, reliability: Reliability) -> str:
    """How often it was landslide over how probable it was said to be; bars below show how much was said so."""
    parts = [_axes("probability that was said", "share that is landslide")]
    share = reliability.count / max(1, reliability.count.sum())
    # Most ground is certainly none: on a plain scale all other bars would vanish.
    heights = np.where(share > 0, np.clip(1 + np.log10(np.maximum(share, 1e-9)) / 5, 0.03, 1), 0) * 0.22
    for tenth, height in enumerate(heights):
        if height:
            x, y = _place(tenth / 10 + 0.01, float(height))
            parts.append(
                f'<rect class="amount" x="{x:.1f}" y="{y:.1f}" width="{SIDE * 0.08:.1f}" '
                f'height="{SIDE * height:.1f}"><title>{share[tenth]:.2%}</title></rect>'
            )
    parts.append(_path([(0.0, 0.0), (1.0, 1.0)], "chance"))
    known = reliability.count > 0
    points = list(zip(reliability.said[known].tolist(), reliability.found[known].tolist(), strict=True))
    parts.append(_path(points, "line detector"))
    for x, y in (_place(*point) for point in points):
        parts.append(f'<circle class="dot detector" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>')
    return _svg(title, parts)


def _svg(title: str, parts: list[str]) -> str:
    width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
    return (
        f'<svg class="chart" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(parts)}</svg>"
    )


def _axes(x_label: str, y_label: str) -> str:
    parts = [f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>']
    for tick in TICKS:
        x, y = _place(tick, tick)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{TOP + SIDE}M{LEFT} {y:.1f}H{LEFT + SIDE}"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP + SIDE + 15}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    middle = TOP + SIDE / 2
    parts.append(f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 33}" text-anchor="middle">{escape(x_label)}</text>')
    parts.append(
        f'<text x="11" y="{middle}" text-anchor="middle" transform="rotate(-90 11 {middle})">{escape(y_label)}</text>'
    )
    return "".join(parts)


def _place(x: float, y: float) -> tuple[float, float]:
    return LEFT + SIDE * x, TOP + SIDE * (1 - y)


def _path(points: list[tuple[float, float]], style: str) -> str:
    steps = "L".join(f"{x:.1f} {y:.1f}" for x, y in (_place(*point) for point in points))
    return f'<path class="{style}" d="M{steps}"/>' if points else ""


def _thinned(curve: Curve) -> list[tuple[float, float]]:
    """Points of a curve without those that lie within a hair of the last one."""
    x, y = curve.x, curve.y
    length = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))]) if len(x) else x
    _, first = np.unique(np.round(length * POINTS / 2), return_index=True)
    kept: NDArray[np.intp] = np.unique(np.concatenate([first, [len(x) - 1]])) if len(x) else first
    return [(float(x[index]), float(y[index])) for index in kept]
