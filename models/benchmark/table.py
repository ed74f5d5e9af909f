"""The figures as one table."""

from __future__ import annotations

from .measure import Outcome
from .screening import Screening

HEADS = (
    "case", "scene", "tile", "backend", "network", "useful", "end to end", "ratio", "memory", "of limit", "plain loop",
    "faster",
)  # fmt: skip


def as_text(outcomes: list[Outcome], screening: Screening | None) -> str:
    """A table in plain text, with what its columns mean."""
    rows = [HEADS, *(_row(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines += [
        "",
        "network, end to end, plain loop: million px a second (bare network; landslides detect from start to finished "
        "files; ONNX Runtime fp32, tile by tile)",
        "useful: px of the scene for each px computed; ratio: end to end / (network x useful); "
        "of limit: the network's share of the measured matrix-product limit",
    ]
    if screening:
        lines += [
            "",
            f"two-stage search, landslides on {screening.share:.1%} of the scene: {screening.speed_up:.1f} times as "
            f"fast; pixel recall {screening.screened_recall:.3f}, of the full search {screening.recall:.3f}; "
            f"{screening.kept:.1%} of what the full search finds",
        ]
    return "\n".join(lines)


def _row(outcome: Outcome) -> tuple[str, ...]:
    return (
        outcome.case,
        f"{outcome.width}x{outcome.height}",
        "{}x{}".format(*outcome.tile),
        outcome.backend,
        _million(outcome.raw),
        f"{outcome.useful:.2f}",
        _million(outcome.end_to_end),
        f"{outcome.efficiency:.2f}",
        f"{outcome.peak / 1e6:.0f} MB" if outcome.peak else "-",
        "-" if outcome.of_limit is None else f"{outcome.of_limit:.2f}",
        _million(outcome.baseline),
        "-" if outcome.speed_up is None else f"{outcome.speed_up:.1f}x",
    )


def _million(rate: float | None) -> str:
    return "-" if rate is None else f"{rate / 1e6:.2f}"
