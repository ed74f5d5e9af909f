"""A model downloaded: its files one after another, then the whole package onto the user's shelf at once."""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...processing.cards import CARD, DOWNLOADED, read_card, user_folder
from ...processing.catalogue import Offer
from ...processing.i18n import tr
from .file_download import FileDownload

_INCOMING = ".incoming"  # where the engine keeps what is not complete too: each goes on with what the other began
_TRIES, _PAUSE_S = 5, 0.1


class ModelDownload(QObject):
    """Downloads a model of the catalogue.

    Args:
        offer: the model.

    Signals:
        progressed: share of the model that is here, 0 to 1, its files counted alike.
        ended: with what went wrong, empty when the model is on the shelf.
    """

    progressed = pyqtSignal(float)
    ended = pyqtSignal(str)

    def __init__(self, offer: Offer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.offer = offer
        self._waiting = list(offer.card.downloads)
        self._current: FileDownload | None = None

    @property
    def name(self) -> str:
        return self.offer.card.name

    def start(self) -> None:
        """Begin with the first file."""
        if not self._waiting:
            self.ended.emit(self._place())
            return
        file = self._waiting[0]
        sha256 = self.offer.card.downloads[file]
        self._current = FileDownload(self.offer.url(file), _partial(sha256), sha256, self)
        self._current.progressed.connect(self._on_progress)
        self._current.ended.connect(self._on_ended)
        self._current.start()

    def cancel(self) -> None:
        """Stop; what is here stays for the next time."""
        if self._current is not None:
            self._current.cancel()

    def _on_progress(self, done: int, total: int) -> None:
        count = len(self.offer.card.downloads)
        if total:
            self.progressed.emit((count - len(self._waiting) + done / total) / count)

    def _on_ended(self, fault: str) -> None:
        self._current = None
        if fault:
            self.ended.emit(fault)
            return
        self._waiting.pop(0)
        self.start()

    def _place(self) -> str:
        """Make a package of the files on the user's shelf; return what went wrong: all is as it was, then."""
        final = user_folder() / self.name
        folder = ""
        try:
            folder = tempfile.mkdtemp(dir=user_folder() / _INCOMING)
            card, earlier = Path(folder) / CARD, Path(folder) / "earlier"
            earlier.mkdir()
            fields = {**self.offer.card.fields, DOWNLOADED: self.offer.pattern}
            card.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            away = [(final / name, earlier / name) for name in _earlier_download(final)]
            files = [(_partial(sha256), final / name) for name, sha256 in self.offer.card.downloads.items()]
            final.mkdir(exist_ok=True)
            # A model is what has a card: the old one goes first, the new one comes last.
            _move_all([*away, *files, (card, final / CARD)])
        except OSError as error:
            with suppress(OSError):
                final.rmdir()  # where it holds nothing
            return tr("{path}: cannot be written ({fault})").format(path=final, fault=error.strerror)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return ""


def _partial(sha256: str) -> Path:
    return user_folder() / _INCOMING / f"{sha256}.partial"


def _earlier_download(folder: Path) -> list[str]:
    """Return the names of the files that an earlier download of the model left in its folder, its card first.

    Raises:
        FileExistsError: a model of the user's own lies there.
    """
    if not (folder / CARD).is_file():
        return []
    card = read_card(folder)
    if card is None or DOWNLOADED not in card.fields:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    return [name for name in (CARD, *card.downloads) if (folder / name).is_file()]


def _move_all(moves: list[tuple[Path, Path]]) -> None:
    """Move files one after another, or none of them.

    Raises:
        OSError: one cannot be moved.
    """
    done: list[tuple[Path, Path]] = []
    try:
        for source, target in moves:
            _move(source, target)
            done.append((source, target))
    except OSError:
        for source, target in reversed(done):
            with suppress(OSError):
                _move(target, source)
        raise


def _move(source: Path, target: Path) -> None:
    # Windows refuses while another program, a virus scanner say, has a look at a file that is new.
    for _ in range(_TRIES - 1):
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(_PAUSE_S)
        else:
            return
    source.replace(target)
