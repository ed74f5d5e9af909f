"""Fetching models: the weights of shipped ones that were left out, those of the catalogue, and packages by address."""

from __future__ import annotations

import hashlib
import json
import shutil
from contextlib import suppress
from pathlib import Path

from ..errors import ModelError
from .card import CARD, Card, read_card
from .catalogue import Offer, read_catalogue
from .download import Progress, download
from .importing import INCOMING, Incoming, check_name, import_model, place
from .shelf import DOWNLOADED, check_files, remove_model, scan_shelf, scan_shelves, user_folder


def fetch_by_name(name: str, incoming: Incoming, progress: Progress) -> Card:
    """Bring a model of the catalogue onto the user's shelf, unless it is on this machine already.

    A download of it that is older, or not whole, is used until the new one is complete.

    Raises:
        ModelError: there is none of that name, or one of the user's own has it.
        DownloadError: it cannot be downloaded; what was loaded is kept, and the next call goes on from there.
    """
    offers = read_catalogue()
    if name not in offers:
        raise ModelError(f"no model '{name}' to fetch; there are: {', '.join(sorted(offers)) or 'none'}")
    offer = offers[name]
    here = scan_shelves()[0].get(name)
    if here is not None and here.sha256 == offer.card.sha256:
        with suppress(ModelError):
            check_files(here)
            return here
    own = scan_shelf(user_folder())[0].get(name)
    is_replaced = own is not None and DOWNLOADED in own.fields
    package = incoming.folder / "package"
    package.mkdir()
    fields = {**offer.card.fields, DOWNLOADED: offer.pattern}
    (package / CARD).write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    card = read_card(package)
    if not is_replaced:
        check_name(card)
    for file, expected in card.downloads.items():
        _fetch_file(offer, file, expected, package / file, progress)
    check_files(card)
    if is_replaced:
        remove_model(name)
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
