"""Fetching models: the weights of shipped ones that were left out, those of the catalogue, and packages by address."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from ..errors import ModelError
from .card import CARD, Card, read_card
from .catalogue import Offer, read_catalogue
from .download import Progress, download
from .importing import INCOMING, Incoming, check_name, import_model, place
from .shelf import DOWNLOADED, check_files, is_outdated, missing_files, remove_model, scan_shelves, user_folder


def fetch_by_name(name: str, incoming: Incoming, progress: Progress) -> Card:
    """Bring a model of the catalogue onto the user's shelf, unless it is on this machine already.

    Raises:
        ModelError: there is none of that name, or one of the user's own has it.
        DownloadError: it cannot be downloaded; what was loaded is kept, and the next call goes on from there.
    """
    offers = read_catalogue()
    if name not in offers:
        raise ModelError(f"no model '{name}' to fetch; there are: {', '.join(sorted(offers)) or 'none'}")
    offer = offers[name]
    here = scan_shelves()[0].get(name)
    if here is not None and here.sha256 == offer.card.sha256 and not missing_files(here):
        check_files(here)
        return here
    own = user_folder() / name
    if (own / CARD).exists() and is_outdated(read_card(own), offer.card):
        remove_model(name)
    package = incoming.folder / "package"
    package.mkdir()
    fields = {**offer.card.fields, DOWNLOADED: offer.pattern}
    (package / CARD).write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    card = read_card(package)
    check_name(card)
    for file, expected in card.downloads.items():
        _fetch_file(offer, file, expected, package / file, progress)
    check_files(card)
    return place(card)


def fetch_by_address(url: str, expected: str | None, incoming: Incoming, progress: Progress) -> Card:
    """Download a zipped model package and import it.

    Args:
        expected: SHA-256 of the zip; None where it is not known.
    """
    partial = partial_file(expected or hashlib.sha256(url.encode()).hexdigest())
    download(url, partial, expected, progress)
    try:
        return import_model(partial, incoming)
    finally:
        partial.unlink(missing_ok=True)


def partial_file(identity: str) -> Path:
    """Where a download is kept until it is complete."""
    folder = user_folder() / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{identity}.partial"


def _fetch_file(offer: Offer, file: str, expected: str, target: Path, progress: Progress) -> None:
    shipped = offer.card.folder / file
    if shipped.exists():
        shutil.copyfile(shipped, target)
        return
    partial = partial_file(expected)
    download(offer.url(file), partial, expected, progress)
    partial.rename(target)
