"""Downloading a file: it goes on where it stopped, and counts only when its SHA-256 is right."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..errors import LandslideError, OutputError
from .shelf import sha256

TIMEOUT = 30  # s without a byte
ATTEMPTS = 4  # in a row that bring nothing
_CHUNK = 2**18
_OK, _PARTIAL, _RANGE_NOT_SATISFIABLE = 200, 206, 416

Progress = Callable[[float], None]


class DownloadError(LandslideError):
    """A file cannot be downloaded."""


def download(url: str, partial: Path, expected: str | None, progress: Progress) -> None:
    """Load a file into ``partial``, going on with what is already there.

    A broken connection is taken up again while it brings something; what was loaded stays for the next call. Proxies
    are those of the environment (``https_proxy``).

    Args:
        url: http or https.
        partial: the file; on return it is complete.
        expected: its SHA-256. None means that it cannot be checked; then nothing is resumed between calls, since two
            halves might be of different versions.
        progress: told the share that is done.

    Raises:
        DownloadError: not there, the connection is lost, or the file is not the one expected.
        OutputError: it cannot be written, for instance on a full disk.
    """
    if expected is None:
        partial.unlink(missing_ok=True)
    failures = 0
    while not (expected and partial.exists() and sha256(partial) == expected):
        before = _size(partial)
        try:
            _go_on(url, partial, progress)
        except (urllib.error.URLError, http.client.HTTPException, ConnectionError, TimeoutError) as error:
            if isinstance(error, urllib.error.HTTPError):
                raise DownloadError(f"{url}: {error.code} {error.reason}") from None
            failures = failures + 1 if _size(partial) <= before else 1
            if failures == ATTEMPTS or (not before and not _size(partial)):
                if expected is None:
                    partial.unlink(missing_ok=True)
                kept = f"; {_size(partial)} bytes are kept, fetch again to go on" if _size(partial) else ""
                raise DownloadError(f"{url}: {_reason(error)}{kept}") from None
            continue
        if expected is None:
            return
        if sha256(partial) != expected:
            partial.unlink()
            raise DownloadError(f"{url}: is not the file expected (SHA-256 differs); nothing of it is kept")


def _go_on(url: str, partial: Path, progress: Progress) -> None:
    """One connection: load what is missing, or all of it where the server knows no ranges."""
    request = urllib.request.Request(url, headers={"User-Agent": "landslide-detector"})  # noqa: S310 (the opener
    # below knows no schemes but http and https)
    start = _size(partial)
    if start:
        request.add_header("Range", f"bytes={start}-")
    try:
        response = _opener().open(request, timeout=TIMEOUT)
    except urllib.error.HTTPError as error:
        if error.code != _RANGE_NOT_SATISFIABLE:
            raise
        # There is no more than what is here: it is the whole file, or something else, as the checksum will tell.
        return
    with response:
        if response.status != _PARTIAL:
            start = 0
        length = response.headers.get("Content-Length")
        total = None if length is None else start + int(length)
        done = start
        while chunk := response.read(_CHUNK):
            _append(partial, chunk, at=done)
            done += len(chunk)
            if total:
                progress(done / total)
    if total is not None and done < total:
        raise http.client.IncompleteRead(b"", total - done)


def _append(partial: Path, chunk: bytes, at: int) -> None:
    try:
        with partial.open("r+b" if at else "wb") as handle:
            handle.seek(at)
            handle.write(chunk)
    except OSError as error:
        raise OutputError(f"{partial.parent}: cannot write there, is the disk full? ({error.strerror})") from None


def _opener() -> Any:
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "the connection broke off"
    reason = getattr(error, "reason", error)
    return str(getattr(reason, "strerror", None) or reason) or type(error).__name__
