"""Putting models on the user's shelf: model packages (folder or zip) and ONNX models from elsewhere."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

from ..errors import ModelError, OutputError
from .card import CARD, GRAPH, INT8_FILES, WEIGHTS, Card, read_card
from .deepness import Metadata, card_fields, check_type, choose_class
from .shelf import check_files, scan_shelf, sha256, shipped_cards, user_folder
from .trial import try_model

INCOMING = ".incoming"  # folder on the user's shelf for what is not complete; its packages are never listed
ABANDONED = 86400  # s: no package is in the making that long
LARGEST = 8 * 2**30  # bytes: a zip that holds more than this is no model
NAME = re.compile(r"\w[\w.-]{0,99}")


class Incoming:
    """A folder for a package in the making, deleted at the end or by ``discard()`` from another thread."""

    def __init__(self) -> None:
        parent = user_folder() / INCOMING
        try:
            parent.mkdir(parents=True, exist_ok=True)
            for left in parent.glob("tmp*"):  # by a process that was killed
                if time.time() - left.stat().st_mtime > ABANDONED:
                    shutil.rmtree(left, ignore_errors=True)
            self.folder = Path(tempfile.mkdtemp(dir=parent))
        except OSError as error:
            raise OutputError(f"{parent}: cannot be written ({error.strerror})") from None

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def import_model(
    source: Path,
    incoming: Incoming,
    name: str | None = None,
    landslide: str | None = None,
    resolution: float | None = None,
) -> Card:
    """Check a model, try it out and put it on the user's shelf.

    Args:
        source: a model package (folder or zip) or an ONNX file.
        incoming: where it is put together.
        name: its new name; None keeps its own.
        landslide: of an ONNX model, the class that is landslide.
        resolution: of an ONNX model that does not say it, metres a pixel.

    Raises:
        ModelError: it is not a model, is damaged, does not compute, or one of that name is there.
    """
    package = incoming.folder / "package"
    package.mkdir()
    try:
        if source.suffix.lower() == ".onnx" and source.is_file():
            convert_onnx(source, package, name or _name_of(source), landslide, resolution)
        elif source.is_dir():
            for file in (CARD, *read_card(source).files):
                _copy(source / file, package / file)
            for file in INT8_FILES:
                if (source / file).is_file():
                    _copy(source / file, package / file)
        elif zipfile.is_zipfile(source):
            unpack(source, package)
        else:
            raise ModelError(f"{source}: is neither a model package (folder or zip) nor an ONNX file")
    except OSError as error:
        raise OutputError(f"{package}: cannot be written ({error.strerror})") from None
    card = read_card(package)
    if name is not None:
        card = _rename(card, name)
    check_name(card)
    check_files(card)
    try_model(card)
    return place(card)


def convert_onnx(
    source: Path, package: Path, name: str, landslide: str | None = None, resolution: float | None = None
) -> None:
    """Make a package of an ONNX segmentation model, by its metadata in Deepness's keys.

    Raises:
        ModelError: it cannot be used, or it does not say which class is landslide or what its resolution is.
    """
    if importlib.util.find_spec("onnx") is None:
        raise ModelError("importing an ONNX file needs the package 'onnx' in the engine: pip install onnx")
    from .onnx_graph import describe, read_graph, save_graph
    from .onnx_output import to_landslide_logit

    model = read_graph(source)
    metadata = Metadata({entry.key: entry.value for entry in model.metadata_props}, source)
    check_type(metadata, source)
    interface = describe(model, source)
    classes = metadata.classes()
    chosen = choose_class(classes, interface.classes, landslide, source)
    centimetres = metadata.number("resolution")
    metres = resolution if resolution is not None else None if centimetres is None else centimetres / 100
    if not metres or metres < 0:
        raise ModelError(f"{source}: does not say its ground resolution; give it with --resolution, metres a pixel")
    in_words = "only output" if interface.classes == 1 else f"class {chosen}"
    if interface.classes > 1 and chosen < len(classes):
        in_words += f", '{classes[chosen]}'"
    fields = card_fields(
        name,
        metadata,
        bands=interface.bands,
        size=interface.size,
        is_logit=interface.activation == "none" and interface.classes == 1,
        landslide=in_words,
        resolution=metres,
    )
    to_landslide_logit(model, interface, chosen)
    files = save_graph(model, package)
    _write_card({**fields, "landslides:sha256": {file: sha256(package / file) for file in files}}, package)


def unpack(source: Path, package: Path) -> None:
    """Take the files of a package out of a zip, from its root or from its one folder that holds a card.

    Only files of the known names are taken, and written under these names: what else a zip holds, and where its names
    point, does not matter.

    Raises:
        ModelError: no package in it, several, or not readable.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            names = [info.filename for info in archive.infolist()]
            cards = [name for name in names if name.replace("\\", "/").rsplit("/", 1)[-1] == CARD]
            if len(cards) != 1:
                raise ModelError(f"{source}: holds {len(cards)} model cards ({CARD}), one is wanted")
            prefix = cards[0][: -len(CARD)]
            for file in (CARD, GRAPH, *INT8_FILES, WEIGHTS):
                if prefix + file not in names:
                    continue
                if archive.getinfo(prefix + file).file_size > LARGEST:
                    raise ModelError(f"{source}: {file} is larger than any model")
                with archive.open(prefix + file) as packed, (package / file).open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise ModelError(f"{source}: not readable as a zip ({error})") from None


def check_name(card: Card) -> None:
    """Make sure that a model may go on the user's shelf under its name.

    Raises:
        ModelError: it is no name, or another model has it.
    """
    if not NAME.fullmatch(card.name) or card.name == "auto":
        raise ModelError(f"'{card.name}' is no name for a model; use letters, digits, '-', '_' and '.' (--name)")
    if card.name in scan_shelf(user_folder())[0] or (user_folder() / card.name / CARD).exists():
        raise ModelError(f"there is a model '{card.name}' of your own already; remove it, or give another --name")
    shipped = shipped_cards().get(card.name)
    if shipped is not None and shipped.sha256 != card.sha256:
        raise ModelError(f"a shipped model has the name '{card.name}'; give another --name")


def place(card: Card) -> Card:
    """Move a complete package onto the user's shelf, at once or not at all."""
    final = user_folder() / card.name
    try:
        if final.exists():
            # What a removed model has left there, such as a file manager's own. The card makes it a model, and is last.
            for path in sorted(card.folder.iterdir(), key=lambda path: path.name == CARD):
                path.replace(final / path.name)
        else:
            card.folder.rename(final)
    except OSError as error:
        raise OutputError(f"{final}: cannot be written ({error.strerror})") from None
    return read_card(final)


def _name_of(source: Path) -> str:
    return re.sub(r"[^\w.-]+", "-", source.stem).strip("-.") or "imported"


def _copy(source: Path, target: Path) -> None:
    if not source.is_file():
        raise ModelError(f"{source}: is missing, this is not a complete model package")
    shutil.copyfile(source, target)


def _rename(card: Card, name: str) -> Card:
    _write_card({**card.fields, "name": name, "mlm:name": name}, card.folder)
    return read_card(card.folder)


def _write_card(fields: dict[str, object], folder: Path) -> None:
    (folder / CARD).write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
