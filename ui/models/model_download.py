"""A model downloaded: its files one after another, then the whole package onto the user's shelf at once."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

from qgis.PyQt.QtCore import QObject, pyqtSignal

from ...processing.cards import CARD, DOWNLOADED, read_card, user_folder
from ...processing.catalogue import Offer
from ...processing.i18n import tr
from .file_download import FileDownload

_INCOMING = ".incoming"  # where the engine keeps what is not complete too: each goes on with what the other began


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
        """Make a package of the files and move it onto the shelf; return what went wrong."""
        final = user_folder() / self.name
        folder = ""
        try:
            folder = tempfile.mkdtemp(dir=user_folder() / _INCOMING)
            package = Path(folder) / "package"
            package.mkdir()
            for file, sha256 in self.offer.card.downloads.items():
                _partial(sha256).rename(package / file)
            fields = {**self.offer.card.fields, DOWNLOADED: self.offer.pattern}
            (package / CARD).write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            _remove_download(final)
            package.rename(final)
        except OSError as error:
            return tr("{path}: cannot be written ({fault})").format(path=final, fault=error.strerror)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return ""


def _partial(sha256: str) -> Path:
    return user_folder() / _INCOMING / f"{sha256}.partial"


def _remove_download(folder: Path) -> None:
    """Make room where an earlier download of the model lies; anything else stays, and is an error later."""
    card = read_card(folder) if (folder / CARD).is_file() else None
    if card is not None and DOWNLOADED in card.fields:
        for name in (CARD, *card.downloads):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()
