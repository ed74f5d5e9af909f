"""``landslides evaluate``: accuracy of a prediction against an inventory, or of a model on labelled chips."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..library.card import DETECTORS
from .detect import Numbers
from .progress import CHOICES, make_reporter
from .run import DONE, run


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS), required=False)
@click.option("--probability", help="Probability raster to measure.")
@click.option("--mask", help="Mask raster to measure; non-zero is landslide.")
@click.option("--polygons", help="Landslide polygons to measure (path or path|layername=NAME).")
@click.option("--truth", help="Inventory: a raster (non-zero is landslide) or polygons, in any CRS.")
@click.option("--scene", help="The scene that was predicted, for the colour index and the maps.")
@click.option("--bands", type=Numbers(int, 3), help="The scene's red, green and blue, such as 3,2,1.")
@click.option("--threshold", type=click.FloatRange(0, 1), help="Landslide from this probability on.")
@click.option("--extent", type=Numbers(float, 4), metavar="XMIN,YMIN,XMAX,YMAX", help="Part, in the prediction's CRS.")
@click.option("--aoi", help="Vector file: compare only inside its polygons.")
@click.option(
    "--patch-share", type=click.FloatRange(0, 1, max_open=True), help="Compare as patches, which are truly landslide "
    "where more than this share of them is. Done by itself, at 0.02, where a pixel is four or more of the scene's."
)  # fmt: skip
@click.option("--chips", type=click.Path(path_type=Path), help="Measure DETECTOR on a folder with images/ and masks/.")
@click.option("--split", help="Only the chips of this split of index.csv.")
@click.option("--source", help="Only the chips of this source of index.csv.")
@click.option("--model", default="auto", show_default=True, help="With --chips: model name or folder of a package.")
@click.option("--tta", is_flag=True, help="With --chips: also with test-time augmentation (flips, quarter turns).")
@click.option("--report", type=click.Path(path_type=Path), help="Report to write (HTML, one file).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--progress", type=click.Choice(CHOICES), default="auto", show_default=True)
@click.option("--debug", is_flag=True, help="Show a traceback when something fails.")
def evaluate(
    detector: str | None, report: Path | None, as_json: bool, progress: str, debug: bool, **options: Any
) -> int:
    """Measure a prediction of a scene against an inventory, or DETECTOR on a chip folder (--chips).

    Pixels are counted at the threshold and at all others, landslides one by one. The colour index, one line of
    arithmetic, is measured beside it.
    """
    predictions = [kind for kind in ("probability", "mask", "polygons") if options[kind]]
    _check_usage(detector, predictions, options)
    reporter = make_reporter("none" if as_json else progress)

    def work() -> int:
        # Imported here: one way of the two needs the models, the other the rasters.
        if options["chips"] is not None:
            from .evaluate_chips import evaluate_chip_folder

            assert detector is not None
            outcome = evaluate_chip_folder(detector, options, report, reporter)
        else:
            from .evaluate_scene import evaluate_prediction

            outcome = evaluate_prediction(options[predictions[0]], predictions[0], options, report, reporter)
        outcome.show(reporter, as_json)
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)


def _check_usage(detector: str | None, predictions: list[str], options: dict[str, Any]) -> None:
    if options["chips"] is not None:
        alien = [
            *predictions,
            *(name for name in ("truth", "scene", "bands", "threshold", "extent", "aoi") if options[name]),
        ]
        if alien:
            raise click.UsageError(f"--chips measures a model; leave out --{alien[0]}")
        if detector is None:
            raise click.UsageError("--chips needs a DETECTOR: patches, segmentation or anomaly")
        return
    if detector is not None:
        raise click.UsageError(f"{detector} is measured on a chip folder: give --chips")
    if len(predictions) != 1:
        raise click.UsageError("give one of --probability, --mask and --polygons, or DETECTOR and --chips")
    if options["truth"] is None:
        raise click.UsageError("--truth is missing: the inventory to compare with")
    if options["threshold"] is not None and predictions != ["probability"]:
        raise click.UsageError(f"--threshold is for probabilities, --{predictions[0]} has none")
    alien = [name for name in ("split", "source", "tta") if options[name]]
    if alien:
        raise click.UsageError(f"--{alien[0]} is for --chips")
