"""``landslides models``: what is on the shelf, and how it gets there.

What imports or fetches is loaded when it is called: listing starts without numpy and OpenVINO.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..library.shelf import find_model, missing_files, remove_model, scan_shelves
from .options import debug_option, progress_option
from .progress import Reporter, make_reporter
from .quantize import quantize_command
from .run import DONE, run

if TYPE_CHECKING:
    from ..library.card import Card
    from ..library.importing import Incoming


@click.group()
def models() -> None:
    """List, show, import, fetch and remove models."""


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
def list_command(as_json: bool) -> int:
    """List the shipped models and your own."""
    found, faults = scan_shelves()
    cards = list(found.values())
    for fault in faults:
        click.echo(f"Warning: {fault}", err=True)
    if as_json:
        rows = [
            {
                "name": card.name,
                "detector": card.detector,
                "architecture": card.architecture,
                "description": card.description,
                "folder": str(card.folder),
                "resolution": card.resolution,
                "default": card.is_default,
                "complete": not missing_files(card),
            }
            for card in cards
        ]
        click.echo(json.dumps(rows))
    else:
        for card in cards:
            default = " (default)" if card.is_default else ""
            fetch = f" Not here yet: landslides models fetch {card.name}" if missing_files(card) else ""
            click.echo(f"{card.name}: {card.detector}{default}. {card.description}{fetch}")
    return 0


@models.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print the card as it is.")
def show_command(name: str, as_json: bool) -> int:
    """Show a model's card, by NAME or folder."""
    card = find_model(name)
    if as_json:
        click.echo(json.dumps(card.fields))
        return 0
    for key, value in card.fields.items():
        text = value if isinstance(value, str) else json.dumps(value, indent=2)
        click.echo(f"{key}: {text}")
    return 0


@models.command("import")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option("--name", help="Name of the model; the default is its own.")
@click.option("--class", "landslide", metavar="CLASS", help="ONNX: the class that is landslide, by name or number.")
@click.option("--resolution", type=click.FloatRange(0, min_open=True), help="ONNX: metres a pixel.")
@progress_option
@debug_option
def import_command(
    source: Path, name: str | None, landslide: str | None, resolution: float | None, progress: str, debug: bool
) -> int:
    """Import a model package (folder or zip), or a segmentation model in ONNX.

    Of an ONNX model, the metadata keys of the QGIS plugin Deepness are understood (model_type, class_names, resolution,
    tile_size, tiles_overlap, seg_thresh, standardization_mean, standardization_std). It is run once before it is kept.
    """
    from ..library.importing import import_model

    def work(incoming: Incoming, reporter: Reporter) -> Card:
        return import_model(source, incoming, name, landslide, resolution)

    return _bring(work, progress, debug)


@models.command("fetch")
@click.argument("model", metavar="NAME|URL")
@click.option("--sha256", help="Of the zip behind a URL: refuse it if it is another.")
@progress_option
@debug_option
def fetch_command(model: str, sha256: str | None, progress: str, debug: bool) -> int:
    """Download a model of the catalogue by NAME, or a zipped model package by URL.

    What was loaded before a lost connection or a cancel is kept, and the next call goes on from there; not of a URL
    without --sha256, which may be another file by then.
    """
    from ..library.fetching import fetch_by_address, fetch_by_name

    is_address = "://" in model
    if sha256 is not None and not is_address:
        raise click.UsageError("--sha256 belongs to a URL; what a model of the catalogue must be, its card says")

    def work(incoming: Incoming, reporter: Reporter) -> Card:
        if not is_address:
            return fetch_by_name(model, incoming, reporter.progress)
        if sha256 is None:
            reporter.warning(f"{model}: nothing says what it must be; give --sha256 if its makers publish it")
        return fetch_by_address(model, sha256 and sha256.lower(), incoming, reporter.progress)

    return _bring(work, progress, debug)


@models.command("remove")
@click.argument("name")
def remove_command(name: str) -> int:
    """Remove one of your own models, by NAME; shipped ones stay."""
    card = remove_model(name)
    click.echo(f"removed {card.name} ({card.folder})")
    return DONE


def _bring(work: Callable[[Incoming, Reporter], Card], progress: str, debug: bool) -> int:
    """Do what brings a model onto the user's shelf, and say what came of it."""
    from ..library.importing import Incoming

    reporter = make_reporter(progress)
    incoming = Incoming()

    def told() -> int:
        card = work(incoming, reporter)
        reporter.result(model=card.name, detector=card.detector, folder=str(card.folder))
        return DONE

    try:
        with reporter:
            return run(told, reporter, incoming.discard, debug)
    finally:
        incoming.discard()


models.add_command(quantize_command)
