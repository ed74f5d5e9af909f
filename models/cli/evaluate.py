"""``landslides evaluate``: accuracy of a model on labelled chips."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ..errors import InputError
from ..evaluation.chips import score_chips
from ..inference.device import choose
from ..library.card import DETECTORS
from ..library.shelf import check_files, find_model
from ..training.chips import read_chip_folder
from .progress import make_reporter
from .run import DONE, run


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS))
@click.option("--chips", required=True, type=click.Path(path_type=Path), help="Folder with images/ and masks/.")
@click.option("--split", help="Only the chips of this split of index.csv.")
@click.option("--source", help="Only the chips of this source of index.csv.")
@click.option("--model", default="auto", show_default=True, help="Model name or folder of a model package.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
def evaluate(
    detector: str, chips: Path, split: str | None, source: str | None, model: str, as_json: bool, debug: bool
) -> int:
    """Measure a model on a chip folder, at its card's threshold.

    Patches are judged by chip; the other two by pixel, and by chip with the probability of the chip's most suspicious
    hundredth.
    """
    reporter = make_reporter("none" if as_json else "auto")

    def work() -> int:
        card = find_model(model, detector)
        check_files(card)
        labelled = [chip for chip in read_chip_folder(chips, split) if source in (None, chip.source)]
        if not labelled:
            raise InputError(f"{chips}: no chip of source '{source}'")
        pixels, whole = score_chips(card, labelled, choose(), reporter.progress)
        by = {"chip": whole} if detector == "patches" else {"pixel": pixels, "chip": whole}
        figures = {
            level: {
                **scores.at(card.threshold),
                "auroc": scores.auroc(),
                "average_precision": scores.average_precision(),
            }
            for level, scores in by.items()
        }
        if as_json:
            click.echo(json.dumps({"model": card.name, "chips": len(labelled), **figures}))
            return DONE
        click.echo(f"{card.name} on {len(labelled)} chips of {chips}")
        for level, values in figures.items():
            click.echo(f"by {level}: " + ", ".join(f"{name} {value:.4f}" for name, value in values.items()))
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)
