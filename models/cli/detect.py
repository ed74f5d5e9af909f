"""``landslides detect``: one scene or many."""

from __future__ import annotations

import glob
import os
import traceback
from math import sqrt
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from ..inference.detect import SceneDetection, Settings, Targets
from ..inference.screening import Screener, find_screener
from ..inference.streaming import Tiling
from ..library.card import DETECTORS, Card
from ..library.choice import reason
from ..library.shelf import check_files, find_model
from ..raster.scene import Scene
from .options import choose_device, debug_option, device_options, progress_option
from .progress import make_reporter
from .run import DONE, FAILED, describe, run

BLOCK_CACHE = "256"  # MB of decoded blocks that GDAL keeps
RASTERS = {".tif", ".tiff", ".vrt", ".jp2", ".img", ".jpg", ".jpeg", ".png", ".asc", ".nc"}


class Numbers(click.ParamType):
    """Comma-separated numbers of one type."""

    def __init__(self, kind: type[int] | type[float], count: int | None = None) -> None:
        self._kind, self._count = kind, count
        self.name = "numbers"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> list[float]:
        try:
            numbers = [self._kind(part) for part in str(value).split(",")]
        except ValueError:
            self.fail(f"'{value}' is not a list of numbers such as 1,2,3", param, ctx)
        if self._count not in (None, len(numbers)):
            self.fail(f"'{value}' has {len(numbers)} numbers, {self._count} are needed", param, ctx)
        return list(numbers)


class AutoOr(click.ParamType):
    """``auto`` or a number within a range."""

    def __init__(self, kind: click.IntRange | click.FloatRange) -> None:
        self._kind = kind
        self.name = f"auto|{kind.name}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float | None:
        return None if value is None or value == "auto" else self._kind.convert(value, param, ctx)


@click.command()
@click.argument("detector", type=click.Choice(DETECTORS))
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--probability", type=click.Path(path_type=Path), help="Probability raster to write (GeoTIFF).")
@click.option("--mask", type=click.Path(path_type=Path), help="Mask raster to write (GeoTIFF).")
@click.option("--polygons", type=click.Path(path_type=Path), help="Landslide polygons to write (GeoPackage).")
@click.option("--output-dir", type=click.Path(path_type=Path), help="Folder for all three of every scene.")
@click.option("--model", default="auto", show_default=True, help="Model name or folder of a model package.")
@click.option("--bands", type=Numbers(int), help="Bands in the model's order, such as 3,2,1.")
@click.option(
    "--threshold", type=AutoOr(click.FloatRange(0, 1)), default="auto", help="Landslide from this probability on; auto "
    "is the model's own."
)  # fmt: skip
@click.option("--extent", type=Numbers(float, 4), metavar="XMIN,YMIN,XMAX,YMAX", help="Part, in the scene's CRS.")
@click.option("--aoi", help="Vector file: detect only inside its polygons (path or path|layername=NAME).")
@click.option(
    "--screen", is_flag=True, help="Search at a quarter of the resolution first, and segment only where that looks "
    "suspicious: faster where landslides are rare, at some cost in recall."
)  # fmt: skip
@click.option(
    "--min-area", type=AutoOr(click.FloatRange(0)), default="auto", metavar="M2",
    help="Smallest polygon, square metres; auto is 4 pixels, for patches one."
)  # fmt: skip
@click.option("--tile-size", type=click.IntRange(32, 4096), help="About the side of a tile, px; a multiple of 32.")
@click.option("--overlap", type=click.IntRange(0), help="Overlap of tiles, px; that of patches is the model's own.")
@click.option("--batch-size", type=AutoOr(click.IntRange(1)), default="auto", help="Tiles computed together.")
@device_options()
@click.option(
    "--resume", is_flag=True, help="Keep what is finished when the run is interrupted; given again, go on from there."
)
@progress_option
@debug_option
def detect(
    detector: str,
    inputs: tuple[str, ...],
    probability: Path | None,
    mask: Path | None,
    polygons: Path | None,
    output_dir: Path | None,
    model: str,
    bands: list[int] | None,
    threshold: float | None,
    extent: list[float] | None,
    aoi: str | None,
    screen: bool,
    min_area: float | None,
    tile_size: int | None,
    overlap: int | None,
    batch_size: int | None,
    device: str,
    precision: str,
    resume: bool,
    progress: str,
    debug: bool,
) -> int:
    """Detect landslides in one scene or many.

    INPUT is any raster that GDAL reads; several files, a folder or a glob need --output-dir.
    """
    named = Targets(probability, mask, polygons)
    _check_usage(named, output_dir, tile_size, overlap)
    if screen and detector != "segmentation":
        raise click.UsageError("--screen is for segmentation")
    reporter = make_reporter(progress)
    try:
        scenes = expand(inputs)
    except InputError as error:
        reporter.error(str(error))
        return FAILED
    if len(scenes) > 1 and output_dir is None:
        raise click.UsageError(f"{len(scenes)} scenes need --output-dir")
    jobs = [(scene, named if output_dir is None else targets_in(output_dir, scene)) for scene in scenes]
    _check_names(jobs)
    running: list[SceneDetection] = []
    # GDAL's own is a twentieth of the machine's memory: a few rows of blocks of a wide scene are enough.
    os.environ.setdefault("GDAL_CACHEMAX", BLOCK_CACHE)

    def model_for(scene: str, resolution: float | None) -> Card:
        card = find_model(model, detector, resolution)
        if model == "auto":
            reporter.log(f"{scene}: {reason(card, resolution)}")
        check_files(card)
        return card

    def screener_for(scene: str, card: Card, resolution: float | None) -> Screener | None:
        screener = find_screener(card, resolution) if resolution else None
        if screener is None:
            why = "no model looks at it much coarser" if resolution else "it has no georeference"
            reporter.warning(f"{scene}: not screened, as {why}: all of it is segmented")
        else:
            check_files(screener.card)
        return screener

    def work() -> int:
        find_model(model, detector)
        choice = choose_device(device, precision, reporter)
        if output_dir is not None:
            output_dir.mkdir(parents=True, exist_ok=True)
        box = None if extent is None else (extent[0], extent[1], extent[2], extent[3])
        tiling = Tiling(tile_size, overlap, batch_size)
        failures = 0
        for index, (scene, targets) in enumerate(jobs):
            reporter.part(index, len(jobs))
            try:
                resolution = ground_resolution(scene, bands or [1], box) if model == "auto" or screen else None
                card = model_for(scene, resolution)
                screener = screener_for(scene, card, resolution) if screen else None
                settings = Settings(threshold, tiling, screener, min_area, resume)
                detection = SceneDetection(card, choice, settings, reporter)
                running[:] = [detection]
                found = detection.run(scene, targets, bands, box, aoi)
            except Exception as error:  # one failing scene, however it fails, does not stop the others
                if len(jobs) == 1:
                    raise
                failures += 1
                message = describe(error)
                reporter.error(message if scene in message else f"{scene}: {message}")
                if debug:
                    traceback.print_exc()
                continue
            reporter.result(**found.as_dict())
        return FAILED if failures else DONE

    def discard() -> None:
        for detection in running:
            detection.discard()

    with reporter:
        return run(work, reporter, discard, debug)


def expand(inputs: tuple[str, ...]) -> list[str]:
    """Files, folders and globs to scenes; GDAL's own names (``/vsicurl/...``, subdatasets) stay as they are.

    Raises:
        InputError: a folder or glob without rasters.
    """
    scenes: list[str] = []
    for name in inputs:
        if Path(name).is_dir():
            found = [str(path) for path in _scenes_of(Path(name))]
        elif not Path(name).exists() and any(sign in name for sign in "*?[") and not name.startswith("/vsi"):
            found = sorted(glob.glob(name))  # noqa: PTH207 (absolute patterns too)
        else:
            found = [name]
        if not found:
            raise InputError(f"{name}: no raster found")
        scenes += found
    return scenes


def ground_resolution(path: str, bands: list[int], box: tuple[float, float, float, float] | None) -> float | None:
    """Metres a pixel in the middle of a scene, or of its part within ``box``; None without georeference."""
    scene = Scene(path, bands, box)
    try:
        size = scene.resolution
        return sqrt(size[0] * size[1]) if size else None
    finally:
        scene.close()


def _scenes_of(folder: Path) -> list[Path]:
    """The rasters of a folder, without hidden files and the results of an earlier run over it."""
    rasters = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in RASTERS and not path.name.startswith(".")
    )
    results = {f"{path.stem}_{what}" for path in rasters for what in ("probability", "mask")}
    return [path for path in rasters if path.stem not in results]


def targets_in(folder: Path, scene: str) -> Targets:
    """The three files of a scene in an output folder."""
    stem = Path(scene.split("?")[0]).stem
    return Targets(*(folder / f"{stem}_{what}" for what in ("probability.tif", "mask.tif", "polygons.gpkg")))


def _check_usage(named: Targets, output_dir: Path | None, tile_size: int | None, overlap: int | None) -> None:
    given = [path for path in (named.probability, named.mask, named.polygons) if path is not None]
    if not given and output_dir is None:
        raise click.UsageError("nothing to write: give --probability, --mask, --polygons or --output-dir")
    if given and output_dir is not None:
        raise click.UsageError("--output-dir names all files itself; leave out --probability, --mask and --polygons")
    if len({path.absolute() for path in given}) < len(given):
        raise click.UsageError("two outputs have the same name")
    if named.polygons is not None and named.polygons.suffix.lower() != ".gpkg":
        raise click.UsageError(f"--polygons {named.polygons}: polygons are written as GeoPackage, name it .gpkg")
    if tile_size is not None and tile_size % 32:
        raise click.UsageError(f"--tile-size {tile_size} is not a multiple of 32")
    if tile_size is not None and overlap is not None and overlap >= tile_size:
        raise click.UsageError(f"--overlap {overlap} must be smaller than --tile-size {tile_size}")


def _check_names(jobs: list[tuple[str, Targets]]) -> None:
    owners: dict[Path, str] = {}
    for scene, targets in jobs:
        other = owners.setdefault(targets.any(), scene)
        if other is not scene:
            raise click.UsageError(f"{other} and {scene} would both be written to {targets.any()}")
