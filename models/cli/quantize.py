"""``landslides models quantize``: an int8 copy of a model."""

from __future__ import annotations

from pathlib import Path

import click

from .options import debug_option
from .progress import make_reporter
from .run import DONE, run

ALLOWED = 0.5  # percentage points of mean IoU; more is a warning


@click.command("quantize")
@click.argument("name")
@click.option(
    "--chips", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False), help="Chip folder."
)
@click.option("--calibration", default="train", show_default=True, help="Split whose chips calibrate.")
@click.option("--validation", default="val", show_default=True, help="Split on which the loss is measured.")
@click.option("--windows", type=click.IntRange(1), default=300, show_default=True, help="Chips that calibrate.")
@debug_option
def quantize_command(name: str, chips: Path, calibration: str, validation: str, windows: int, debug: bool) -> int:
    """Make an int8 copy of a model, by NAME or folder, for detect --precision int8.

    It is written into the model's own folder, with the accuracy before and after in its card.
    """
    reporter = make_reporter("none")

    def work() -> int:
        from ..library.shelf import check_files, find_model
        from ..training.quantize import quantise

        card = find_model(name)
        check_files(card)
        loss = quantise(card, chips, calibration, validation, windows, reporter.log)
        click.echo(f"mean IoU on '{validation}': fp32 {loss.fp32:.4f}, int8 {loss.int8:.4f}")
        if loss.points > ALLOWED:
            reporter.warning(f"int8 loses {loss.points:.1f} points of mean IoU")
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)
