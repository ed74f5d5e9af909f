"""``landslides sample``: a synthetic scene with ground truth, to learn and test with."""

from __future__ import annotations

import re
from pathlib import Path

import click

from ..raster.output import OutputFiles
from .options import debug_option, progress_option
from .progress import make_reporter
from .run import DONE, run

SMALLEST = 256


class SizeType(click.ParamType):
    """A scene's size in px: ``N`` (square) or ``WxH``; read as ``(width, height)``."""

    name = "N|WxH"

    def convert(
        self, value: str | tuple[int, int], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        match = re.fullmatch(r"(\d+)(?:[xX](\d+))?", value)
        if not match:
            self.fail(f"'{value}' is neither N nor WxH in pixels", param, ctx)
        width, height = int(match[1]), int(match[2] or match[1])
        if min(width, height) < SMALLEST:
            self.fail(f"'{value}' is too small: at least {SMALLEST} pixels each way", param, ctx)
        return width, height


@click.command()
@click.argument("scene", type=click.Path(path_type=Path))
@click.option("--truth", required=True, type=click.Path(path_type=Path), help="Ground truth GeoTIFF to write.")
@click.option("--polygons", type=click.Path(path_type=Path), help="GeoPackage of the true landslides to write.")
@click.option(
    "--size", type=SizeType(), default="1536", show_default=True,
    help="Pixels of 0.8 m. Beyond 4096 one block and its mirror images are repeated, for measuring speed.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed, another valley.")
@progress_option
@debug_option
def sample(
    scene: Path, truth: Path, polygons: Path | None, size: tuple[int, int], seed: int, progress: str, debug: bool
) -> int:
    """Make a SYNTHETIC scene with landslides and its ground truth.

    The landscape is procedurally generated: a river valley with forest, terraced fields, roads, a village, a quarry,
    fresh landslides, a cloud, and a nodata collar. It is no image of any real place, and its files say so. Use it to
    try the detectors; accuracy on it says little about real imagery.
    """
    outputs = [path for path in (scene, truth, polygons) if path]
    if len({path.absolute() for path in outputs}) < len(outputs):
        raise click.UsageError("SCENE, --truth and --polygons must be different files")
    reporter = make_reporter(progress)
    files = OutputFiles()

    def work() -> int:
        from ..sample.write import write_sample

        width, height = size
        reporter.log(f"drawing a synthetic scene of {width} x {height} px, seed {seed}")
        with files:
            write_sample(
                scene, truth, polygons, height=height, width=width, seed=seed, files=files, progress=reporter.progress
            )
        reporter.result(
            scene=str(scene), truth=str(truth), polygons=None if polygons is None else str(polygons), synthetic=True
        )
        return DONE

    with reporter:
        return run(work, reporter, files.discard, debug)
