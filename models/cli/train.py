"""``landslides train``: from a chip folder to a model package."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import click

from ..errors import ModelError
from ..library.card import DETECTORS
from ..library.shelf import find_model
from .progress import CHOICES, make_reporter
from .run import DONE, run


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS))
@click.option("--chips", required=True, type=click.Path(path_type=Path), help="Folder with images/, masks/, index.csv.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Model package to write.")
@click.option("--steps", type=click.IntRange(1), help="Optimiser steps.")
@click.option("--batch-size", type=click.IntRange(2), help="Windows in a step.")
@click.option("--base", help="Model to start from, by name or folder (fine-tuning).")
@click.option("--encoder", help="Encoder of the network, a name of segmentation-models-pytorch.")
@click.option(
    "--resolution", type=float, nargs=2, required=True, help="Finest and coarsest metres a pixel of the chips."
)
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint in OUTPUT.")
@click.option("--progress", type=click.Choice(CHOICES), default="auto", show_default=True)
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
def train(
    detector: str,
    chips: Path,
    output: Path,
    steps: int | None,
    batch_size: int | None,
    base: str | None,
    encoder: str | None,
    resolution: tuple[float, float],
    resume: bool,
    progress: str,
    debug: bool,
) -> int:
    """Train a detector on the `train` split of a chip folder; `val` chooses its threshold.

    The checkpoint for --resume lies in OUTPUT/training.
    """
    reporter = make_reporter(progress)

    def work() -> int:
        if importlib.util.find_spec("pytorch_lightning") is None:
            raise ModelError("training needs the extra 'torch': pip install 'landslide-detector[torch]'")
        from ..training.chips import read_chip_folder
        from ..training.package import write_package
        from ..training.recipes import RECIPES
        from ..training.trainer import fit

        start = find_model(base, detector) if base else None
        recipe = RECIPES[detector]
        recipe = replace(
            recipe,
            steps=steps or recipe.steps,
            batch_size=batch_size or recipe.batch_size,
            encoder=encoder or (start.encoder if start else recipe.encoder),
        )
        training, validation = (read_chip_folder(chips, split) for split in ("train", "val"))
        network = fit(detector, recipe, training, validation, output / "training", resume, reporter.progress, start)
        card = write_package(network, output, detector, recipe, training, validation, resolution)
        reporter.result(model=card["name"], folder=str(output), **card["landslides:metrics"]["val"])
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)
