"""``landslides evaluate``: accuracy of a prediction against an inventory, or of a model on labelled chips."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..evaluation.assess import Settings
from ..inference.device import PRECISIONS
from ..library.card import DETECTORS
from ..training.windows import SLIVER
from .detect import Numbers
from .options import debug_option, progress_option
from .outcome import Outcome
from .progress import Reporter, make_reporter
from .run import DONE, run


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS), required=False)
@click.option("--probability", help="Probability raster to measure.")
@click.option("--mask", help="Mask raster to measure; non-zero is landslide.")
@click.option("--polygons", help="Landslide polygons to measure (path or path|layername=NAME).")
@click.option("--truth", help="Inventory: a raster (non-zero is landslide) or polygons, in any CRS.")
@click.option("--scene", help="The scene that was predicted, for the colour index and the maps.")
@click.option("--bands", type=Numbers(int, 3), help="The scene's red, green and blue, such as 3,2,1.")
@click.option(
    "--threshold", type=click.FloatRange(0, 1), help="Landslide from this probability on; by default the one that the "
    "prediction names, else 0.5, and with --chips that of the model's card."
)  # fmt: skip
@click.option("--extent", type=Numbers(float, 4), metavar="XMIN,YMIN,XMAX,YMAX", help="Part, in the prediction's CRS.")
@click.option("--aoi", help="Vector file: compare only inside its polygons.")
@click.option(
    "--patch-share", type=click.FloatRange(0, 1, max_open=True), help="Compare as patches, which are truly landslide "
    f"where more than this share of them is. Done by itself, at {SLIVER}, where a pixel is four or more of the scene's."
)  # fmt: skip
@click.option("--chips", type=click.Path(path_type=Path), help="Measure DETECTOR on a folder with images/ and masks/.")
@click.option("--split", help="Only the chips of this split of index.csv.")
@click.option("--source", multiple=True, help="Only the chips of this source of index.csv; may be given many times.")
@click.option("--model", help="With --chips: model name or folder of a package; the detector's default if not given.")
@click.option("--tta", is_flag=True, help="With --chips: also with test-time augmentation (flips, quarter turns).")
@click.option(
    "--chip-size", type=click.IntRange(32), help="With --chips: resize chips to a square of so many px first."
)
@click.option("--report", type=click.Path(path_type=Path), help="Report to write (HTML, one file).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--device", help="With --chips: auto (by default), cpu, cuda, cuda:N, mps or xpu.")
@click.option("--precision", type=click.Choice(PRECISIONS), help="With --chips: of the arithmetic; auto by default.")
@progress_option
@debug_option
def evaluate(
    detector: str | None,
    probability: str | None,
    mask: str | None,
    polygons: str | None,
    truth: str | None,
    scene: str | None,
    bands: list[int] | None,
    threshold: float | None,
    extent: list[float] | None,
    aoi: str | None,
    patch_share: float | None,
    chips: Path | None,
    split: str | None,
    source: tuple[str, ...],
    model: str | None,
    tta: bool,
    chip_size: int | None,
    report: Path | None,
    as_json: bool,
    device: str | None,
    precision: str | None,
    progress: str,
    debug: bool,
) -> int:
    """Measure a prediction of a scene against an inventory, or DETECTOR on a chip folder (--chips).

    Pixels are counted at the threshold and at all others, landslides one by one. The colour index, one line of
    arithmetic, is measured beside it. Where the truth holds no landslide, only false alarms are measured.
    """
    predictions = {"probability": probability, "mask": mask, "polygons": polygons}
    given = [(kind, path) for kind, path in predictions.items() if path is not None]
    of_scenes = {
        **predictions, "truth": truth, "scene": scene, "bands": bands, "extent": extent, "aoi": aoi,
        "patch-share": patch_share,
    }  # fmt: skip
    of_chips = {
        "split": split, "source": source or None, "model": model, "tta": tta or None, "chip-size": chip_size,
        "device": device, "precision": precision,
    }  # fmt: skip
    _check_alien(of_chips if chips is None else of_scenes, "for --chips" if chips is None else "not for --chips")
    reporter = make_reporter("none" if as_json else progress)
    measure: Callable[[Path | None, Reporter], Outcome]
    if chips is not None:
        if detector is None:
            raise click.UsageError("--chips needs a DETECTOR: patches, segmentation or anomaly")
        from .evaluate_chips import evaluate_chip_folder  # the models, which measuring rasters does without

        machine = (device or "auto", precision or "auto")
        measure = partial(
            evaluate_chip_folder, detector, chips, split, source, model or "auto", threshold, tta, chip_size, machine
        )
    else:
        if detector is not None:
            raise click.UsageError(f"{detector} is measured on a chip folder: give --chips")
        if len(given) != 1:
            raise click.UsageError("give one of --probability, --mask and --polygons, or DETECTOR and --chips")
        if truth is None:
            raise click.UsageError("--truth is missing: the inventory to compare with")
        ((kind, path),) = given
        if threshold is not None and kind != "probability":
            raise click.UsageError(f"--threshold is for probabilities, --{kind} has none")
        from .evaluate_scene import evaluate_prediction

        box = None if extent is None else (extent[0], extent[1], extent[2], extent[3])
        settings = Settings(scene, bands, threshold, box, aoi, patch_share)
        measure = partial(evaluate_prediction, path, kind, truth, settings)

    def work() -> int:
        measure(report, reporter).show(reporter, as_json)
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)


def _check_alien(options: dict[str, Any], belongs: str) -> None:
    for name, value in options.items():
        if value is not None:
            raise click.UsageError(f"--{name} is {belongs}")
