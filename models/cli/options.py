"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from ..inference.device import PRECISIONS, Choice, choose
from .progress import CHOICES, Reporter

Command = TypeVar("Command", bound=Callable[..., Any])

progress_option = click.option(
    "--progress", type=click.Choice(CHOICES), default="auto", show_default=True,
    help="bar: on standard error; json: events on standard output, one JSON object a line; none: lines; auto: a bar on "
    "a terminal, else lines.",
)  # fmt: skip
debug_option = click.option("--debug", is_flag=True, help="Show a traceback when something fails.")


def device_options(precisions: tuple[str, ...] = PRECISIONS) -> Callable[[Command], Command]:
    """``--device`` and ``--precision``."""
    device = click.option("--device", default="auto", show_default=True, help="auto, cpu, cuda, cuda:N, mps or xpu.")
    precision = click.option(
        "--precision", type=click.Choice(precisions), default="auto", show_default=True,
        help="Of the arithmetic; auto is 16 bits where the device computes them natively, else fp32.",
    )  # fmt: skip
    return lambda command: device(precision(command))


def choose_device(device: str, precision: str, reporter: Reporter) -> Choice:
    """Where to compute; devices that were found and do not work are told.

    Raises:
        DeviceError: see ``choose``.
    """
    choice = choose(device, precision)
    for fault in choice.passed_over:
        reporter.warning(f"passed over {fault}")
    return choice
