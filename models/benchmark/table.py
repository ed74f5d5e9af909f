"""The figures as text."""

from __future__ import annotations

from .agreement import Agreement
from .extent import SIDE, ExtentTimes
from .measure import Outcome
from .screening import Screening

HEADS = (
    "case", "scene", "tile", "backend", "network", "useful", "end to end", "ratio", "memory", "of limit", "plain loop",
    "faster",
)  # fmt: skip


def as_text(
    outcomes: list[Outcome], extents: list[ExtentTimes], agreements: list[Agreement], screening: Screening | None
) -> str:
    """A table in plain text, with what its columns mean, and a line for each other figure."""
    rows = [HEADS, *(_row(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    limits = {outcome.backend: limit for outcome in outcomes if (limit := outcome.medians.get("limit"))}
    lines += [
        "",
        "network, end to end, plain loop: million px a second (bare network; landslides detect from start to finished "
        "files; ONNX Runtime fp32, tile by tile)",
        "useful: px of the scene for each px computed; ratio: end to end / (network x useful); memory: of the command "
        "and its child processes; of limit: the network's share of the measured matrix-product limit",
        *(f"matrix products, {backend}: {limit / 1e9:.0f} Gflop/s" for backend, limit in limits.items()),
    ]
    lines += [
        f"{extent.case}, {extent.backend}, {SIDE} x {SIDE} px of {extent.width} x {extent.height}: "
        f"{extent.medians['warm']:.1f} s, the first time {extent.medians['cold']:.1f} s"
        for extent in extents
    ]
    lines += [
        f"{agreement.case}, {agreement.backend} against PyTorch fp32: 99.9 % of probabilities within "
        f"{agreement.probability:.2g}, {agreement.mask:.3%} of the mask differs"
        for agreement in agreements
    ]
    if screening:
        lines.append(
            f"two-stage search, landslides on {screening.share:.1%} of the scene: {screening.medians['speed_up']:.1f} "
            f"times as fast; pixel recall {screening.screened_recall:.3f}, of the full search {screening.recall:.3f}; "
            f"{screening.kept:.1%} of what the full search finds"
        )
    return "\n".join(lines)


def _row(outcome: Outcome) -> tuple[str, ...]:
    found = outcome.medians
    return (
        outcome.case,
        f"{outcome.width}x{outcome.height}",
        "{}x{}".format(*outcome.tile),
        outcome.backend,
        f"{found['raw'] / 1e6:.2f}",
        f"{outcome.useful:.2f}",
        f"{found['end_to_end'] / 1e6:.2f}",
        f"{found['efficiency']:.2f}",
        f"{found['peak'] / 1e6:.0f} MB",
        f"{found['of_limit']:.2f}" if "of_limit" in found else "-",
        f"{found['baseline'] / 1e6:.2f}",
        f"{found['speed_up']:.1f}x",
    )
