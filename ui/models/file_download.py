"""One file downloaded by QGIS's network manager, with its proxy and authentication; it goes on where it stopped."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QObject, QTimer, QUrl, pyqtSignal
from qgis.PyQt.QtNetwork import QNetworkReply, QNetworkRequest

from ...processing.i18n import tr

_CHUNK = 2**22  # bytes looked at before QGIS's window gets its turn again
_OK, _PARTIAL, _RANGE_NOT_SATISFIABLE = 200, 206, 416


class FileDownload(QObject):
    """Loads a file into `partial` and makes sure that it is the one expected.

    What was loaded stays when the connection is lost or the user cancels, and the next download goes on from there.
    A file that turns out to be another than the one expected is deleted.

    Args:
        url: of the file.
        partial: where it is put; on success it is complete.
        sha256: what it must be.

    Signals:
        progressed: bytes that are here, and bytes of the whole file (0 while it is not known).
        ended: with what went wrong, empty when the file is complete.
    """

    progressed = pyqtSignal(int, int)
    ended = pyqtSignal(str)

    def __init__(self, url: str, partial: Path, sha256: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._url = url
        self._partial = partial
        self._sha256 = sha256
        self._digest = hashlib.sha256()
        self._file: Any = None
        self._reply: QNetworkReply | None = None
        self._done = self._total = 0
        self._fault = ""
        self._is_over = False

    def start(self) -> None:
        """Begin, or go on with what an earlier download left."""
        try:
            self._partial.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._partial.open("a+b")
        except OSError as error:
            self._end(self._cannot_write(error))
            return
        self._file.seek(0)
        self._take_stock()

    def cancel(self) -> None:
        """Stop; what is here stays."""
        self._fault = self._fault or tr("Cancelled; what was loaded is kept.")
        if self._reply is not None:
            self._reply.abort()
        else:
            self._end(self._fault)

    def _take_stock(self) -> None:
        """Digest what is here already, piece by piece so that the window answers meanwhile."""
        if self._is_over:
            return
        piece = self._file.read(_CHUNK)
        if piece:
            self._digest.update(piece)
            self._done += len(piece)
            QTimer.singleShot(0, self._take_stock)
        elif self._done and self._digest.hexdigest() == self._sha256:
            self._end("")
        else:
            self._ask()

    def _ask(self) -> None:
        request = QNetworkRequest(QUrl(self._url))
        request.setAttribute(
            QNetworkRequest.Attribute.RedirectPolicyAttribute,
            QNetworkRequest.RedirectPolicy.NoLessSafeRedirectPolicy,
        )
        request.setAttribute(
            QNetworkRequest.Attribute.CacheLoadControlAttribute, QNetworkRequest.CacheLoadControl.AlwaysNetwork
        )
        request.setAttribute(QNetworkRequest.Attribute.CacheSaveControlAttribute, False)
        if self._done:
            request.setRawHeader(b"Range", f"bytes={self._done}-".encode())
        self._reply = QgsNetworkAccessManager.instance().get(request)
        self._reply.metaDataChanged.connect(self._on_header)
        self._reply.readyRead.connect(self._on_data)
        self._reply.finished.connect(self._on_finished)

    def _status(self) -> int:
        assert self._reply is not None  # nosec B101 (called by the reply's signals only)
        return int(self._reply.attribute(QNetworkRequest.Attribute.HttpStatusCodeAttribute) or 0)

    def _on_header(self) -> None:
        assert self._reply is not None  # nosec B101
        if self._status() == _OK and self._done:
            # A server without ranges sends all of it.
            self._file.truncate(0)
            self._digest = hashlib.sha256()
            self._done = 0
        length = self._reply.header(QNetworkRequest.KnownHeaders.ContentLengthHeader)
        if self._status() in (_OK, _PARTIAL) and length:
            self._total = self._done + int(length)

    def _on_data(self) -> None:
        assert self._reply is not None  # nosec B101
        if self._status() not in (_OK, _PARTIAL) or self._fault:
            return
        piece = bytes(self._reply.readAll())
        try:
            self._file.write(piece)
            self._file.flush()
        except OSError as error:
            self._fault = self._cannot_write(error)
            self._reply.abort()
            return
        self._digest.update(piece)
        self._done += len(piece)
        self.progressed.emit(self._done, self._total)

    def _on_finished(self) -> None:
        reply = self._reply
        assert reply is not None  # nosec B101
        if not self._fault:
            self._on_data()
        error, words, status = reply.error(), reply.errorString(), self._status()
        self._reply = None
        reply.deleteLater()
        if self._fault:
            self._end(self._fault)
        elif error != QNetworkReply.NetworkError.NoError and status != _RANGE_NOT_SATISFIABLE:
            kept = tr("; what was loaded is kept") if self._done else ""
            self._end(tr("{url}: {fault}{kept}").format(url=self._url, fault=words, kept=kept))
        elif self._done < self._total:
            self._end(tr("{}: the connection broke off; what was loaded is kept").format(self._url))
        elif self._digest.hexdigest() != self._sha256:
            self._file.close()
            self._partial.unlink(missing_ok=True)
            self._end(tr("{} is not the file expected (its SHA-256 differs); nothing of it is kept").format(self._url))
        else:
            self._end("")

    def _end(self, fault: str) -> None:
        if self._is_over:
            return
        self._is_over = True
        if self._file is not None:
            self._file.close()
        self.ended.emit(fault)

    def _cannot_write(self, error: OSError) -> str:
        return tr("{folder}: cannot write there, is the disk full? ({fault})").format(
            folder=self._partial.parent, fault=error.strerror
        )
