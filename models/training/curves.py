"""The curve of a run as SVG, in the manner of the charts of evaluation."""

from __future__ import annotations

from html import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 240, 240, 52, 10, 12, 40  # px: of the frame, and of the margins around it


def run_chart(title: str, label: str, steps: list[float], values: list[float], best: int | None = None) -> str:
    """Values over training steps.

    Args:
        title: for those who cannot see it.
        label: of the upward axis.
        steps, values: the curve, at least one point.
        best: index of the point to mark.
    """
    low, high = min(values), max(values)
    margin = 0.08 * (high - low) or 0.1 * abs(high) or 0.1
    low, high = low - margin, high + margin
    last = max(steps) or 1.0
    points = [
        (LEFT + WIDTH * step / last, TOP + HEIGHT * (high - value) / (high - low))
        for step, value in zip(steps, values, strict=True)
    ]
    parts = [f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}"/>']
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = LEFT + WIDTH * share, TOP + HEIGHT * (1 - share)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{TOP + HEIGHT}M{LEFT} {y:.1f}H{LEFT + WIDTH}"/>')
        parts.append(f'<text x="{x:.1f}" y="{TOP + HEIGHT + 15}" text-anchor="middle">{last * share:.0f}</text>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{low + (high - low) * share:.3g}</text>')
    parts.append(f'<text x="{LEFT + WIDTH / 2}" y="{TOP + HEIGHT + 33}" text-anchor="middle">training steps</text>')
    middle = TOP + HEIGHT / 2
    parts.append(
        f'<text x="11" y="{middle}" text-anchor="middle" transform="rotate(-90 11 {middle})">{escape(label)}</text>'
    )
    line = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    parts.append(f'<path class="line detector" d="M{line}"/>')
    marked = points if len(points) == 1 else [points[best]] if best is not None else []
    parts += [f'<circle class="dot detector" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>' for x, y in marked]
    box = f"0 0 {LEFT + WIDTH + RIGHT} {TOP + HEIGHT + BOTTOM}"
    return f'<svg class="chart" viewBox="{box}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'
