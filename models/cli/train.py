"""``landslides train``: from labelled scenes, or a chip folder, to a model package."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ..errors import DeviceError, ModelError
from ..library.card import DETECTORS
from ..training.recipes import BY_SCENE, HELD_OUT, RECIPES
from ..training.replacing import settle
from .detect import Numbers
from .options import choose_device, debug_option, device_options, progress_option
from .progress import QuietReporter, make_reporter
from .run import DONE, run

PRECISIONS = ("auto", "fp32", "bf16", "fp16")


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS))
@click.option("--image", "images", multiple=True, help="Scene to train on; may be given many times.")
@click.option(
    "--labels", multiple=True, help="Landslides, raster (non-zero) or polygons: once, or once for each image."
)
@click.option("--normal", help="Polygons of landslide-free ground, the only ground used (anomaly).")
@click.option("--chips", type=click.Path(path_type=Path), help="Folder with images/, masks/ and index.csv, instead.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Model package to write.")
@click.option("--name", help="Name of the model; the folder's by default.")
@click.option("--description", help="What the model's card says of it.")
@click.option("--licence", help="Licence of the model, such as CC-BY-4.0, for its card; not stated unless given.")
@click.option(
    "--base", default="auto", show_default=True,
    help="Model to start from, by name or folder; auto is the detector's default where it fits, imagenet an encoder "
    "that knows everyday pictures, scratch random weights.",
)  # fmt: skip
@click.option("--by-scene", is_flag=True, help="Show each scene by its own median colour and spread, not as it is.")
@click.option("--encoder", help="Encoder of the network, a name of segmentation-models-pytorch.")
@click.option("--bands", type=Numbers(int), help="Band numbers, such as 3,2,1.")
@click.option("--extent", type=Numbers(float, 4), help="XMIN,YMIN,XMAX,YMAX to train within, in the image's CRS.")
@click.option("--resolution", type=float, nargs=2, help="Finest and coarsest metres a pixel (needed with --chips).")
@click.option("--epochs", type=click.FloatRange(0, min_open=True), help="Train for this many looks at all windows.")
@click.option("--steps", type=click.IntRange(1), help="Train for this many steps.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="Train for this long.")
@click.option("--batch-size", type=click.IntRange(2), help="Windows in a step.")
@click.option(
    "--window", type=click.IntRange(32), help="Side of a training window, px; a multiple of 32 (patches: of 64)."
)
@click.option("--learning-rate", type=click.FloatRange(0, min_open=True), help="Peak of the schedule.")
@click.option(
    "--validation-share", type=click.FloatRange(0.05, 0.5),
    help=f"Share of the scenes' blocks that is held out; {HELD_OUT} by default.",
)  # fmt: skip
@device_options(PRECISIONS)
@click.option("--devices", type=click.IntRange(1), default=1, help="Devices of a machine that train together.")
@click.option("--nodes", type=click.IntRange(1), default=1, help="Machines that train together.")
@click.option("--resume", is_flag=True, help="Go on from the last checkpoint in OUTPUT.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of all that is left to chance.")
@progress_option
@debug_option
def train(
    detector: str,
    images: tuple[str, ...],
    labels: tuple[str, ...],
    normal: str | None,
    chips: Path | None,
    output: Path,
    name: str | None,
    description: str | None,
    licence: str | None,
    base: str,
    by_scene: bool,
    encoder: str | None,
    bands: list[int] | None,
    extent: tuple[float, float, float, float] | None,
    resolution: tuple[float, float] | None,
    epochs: float | None,
    steps: int | None,
    minutes: float | None,
    batch_size: int | None,
    window: int | None,
    learning_rate: float | None,
    validation_share: float | None,
    device: str,
    precision: str,
    devices: int,
    nodes: int,
    resume: bool,
    seed: int,
    progress: str,
    debug: bool,
) -> int:
    """Train a detector on labelled scenes, or on a chip folder.

    Part of the scenes, in blocks, is held out (of chips the split `val`): it decides which state of the network is
    kept, calibrates its probabilities and chooses its threshold. Each time it improves, OUTPUT is written anew, so that
    an interrupted run leaves the best model so far. Training ends before its budget when eight validations in a row
    bring nothing better. OUTPUT/report.html shows the curves and examples.
    """
    _check_usage(
        detector, images, labels, normal, chips, bands, extent, resolution, (epochs, steps, minutes), window,
        validation_share,
    )  # fmt: skip
    if devices > 1 and ":" in device:
        raise click.UsageError(f"--device {device} is one device: give its kind only, or no --devices")
    # Of processes that train together one speaks.
    reporter = make_reporter(progress) if _rank(devices) == 0 else QuietReporter()

    def work() -> int:
        if importlib.util.find_spec("pytorch_lightning") is None:
            raise ModelError("training needs the extra 'torch': pip install 'landslide-detector[torch]'")
        from ..training.budget import Budget
        from ..training.data import chip_data, scene_data, survey
        from ..training.pretrained import IMAGENET, SCRATCH, find_base
        from ..training.train import train as train_model
        from ..training.trainer import Machine

        choice = choose_device(device, precision, reporter)
        if choice.device.startswith("xpu"):
            raise DeviceError(f"training on '{choice.device}' is not supported by Lightning; use --device cpu")
        machine = Machine(choice, devices, nodes)
        changes: dict[str, Any] = {
            "encoder": encoder, "batch_size": batch_size, "window": window, "learning_rate": learning_rate,
            "imagenet": {IMAGENET: True, SCRATCH: False}.get(base), "stretch": BY_SCENE if by_scene else None,
        }  # fmt: skip
        if window is not None and detector == "patches":
            changes |= {"tile_size": 8 * window, "overlap": window // 2}  # a window is a patch
        given = {key: value for key, value in changes.items() if value is not None}
        recipe = replace(RECIPES[detector], **given)
        count, metres = survey(chips, images, bands, resolution)
        start = find_base(base, detector, recipe, count, metres, reporter.log, any_encoder=encoder is None)
        if start is not None:
            if by_scene and "median" not in start.stretch:
                fault = "does not see scenes by their median: give --base imagenet or scratch"
                raise ModelError(f"model '{start.name}' {fault}")
            tiles: dict[str, Any] = {}
            if window is None:
                tiles = {"tile_size": start.tile_size, "overlap": start.overlap}
                tiles |= {"window": start.patch_size} if start.patch_size else {}
            recipe = replace(recipe, encoder=start.encoder, **tiles)
        if chips is not None:
            assert resolution is not None
            data = chip_data(detector, chips, recipe, start, resolution)
        else:
            data = scene_data(
                detector, images, labels, normal, recipe, start,
                bands=bands, extent=extent, resolution=resolution, share=validation_share or HELD_OUT, seed=seed,
            )  # fmt: skip
        per_epoch = max(1, round(len(data.windows) / (recipe.batch_size * devices * nodes)))
        if epochs is not None:
            budget = Budget(steps=max(1, round(epochs * per_epoch)))
        else:
            budget = Budget(minutes=minutes) if minutes is not None else Budget(steps=steps or recipe.steps)
        result = train_model(
            detector, recipe, data, output, start, budget, machine, reporter,
            resume=resume, seed=seed, name=name, description=description, licence=licence,
        )  # fmt: skip
        if result is not None:
            reporter.result(**result)
        return DONE

    with reporter:
        return run(work, reporter, settle, debug)


def _rank(devices: int) -> int:
    """The number of this process among all that train together, by what has started it."""
    told = os.environ
    if "RANK" in told:  # torchrun
        return int(told["RANK"])
    if "NODE_RANK" in told or "LOCAL_RANK" in told:  # a person for each machine, Lightning for its other devices
        return int(told.get("NODE_RANK", 0)) * devices + int(told.get("LOCAL_RANK", 0))
    return int(told.get("SLURM_PROCID", 0))


def _check_usage(
    detector: str,
    images: tuple[str, ...],
    labels: tuple[str, ...],
    normal: str | None,
    chips: Path | None,
    bands: list[int] | None,
    extent: tuple[float, float, float, float] | None,
    resolution: tuple[float, float] | None,
    budgets: tuple[float | None, ...],
    window: int | None,
    share: float | None,
) -> None:
    if (chips is None) == (not images):
        raise click.UsageError("give either --image (with --labels) or --chips")
    if chips is not None:
        if resolution is None:
            raise click.UsageError("chips have no georeference: give their metres a pixel with --resolution")
        if labels or normal or bands or extent or share:
            alien = "--labels, --normal, --bands, --extent and --validation-share"
            raise click.UsageError(f"{alien} go with --image, not with --chips")
    if images and detector != "anomaly" and not labels:
        raise click.UsageError(f"{detector} learns from labels: give --labels")
    if labels and len(labels) not in (1, len(images)):
        raise click.UsageError(f"--labels given {len(labels)} times for {len(images)} images: once, or once each")
    if normal and detector != "anomaly":
        raise click.UsageError("--normal goes with anomaly only")
    if sum(budget is not None for budget in budgets) > 1:
        raise click.UsageError("give one of --epochs, --steps and --minutes")
    least = 64 if detector == "patches" else 32  # patches overlap by half
    if window is not None and window % least:
        raise click.UsageError(f"--window {window}: a multiple of {least} is needed")
