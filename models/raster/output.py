"""Results under temporary names, renamed when all of them are complete."""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from ..errors import Cancelled, OutputError

PARTIAL = re.compile(r"\.(?P<host>[\w-]+)\.(?P<pid>\d+)\.\d+\.partial")
HOST = re.sub(r"[^\w-]", "-", socket.gethostname()) or "host"
# Statistics, pyramids, masks and SQLite logs of a file that was here before would be taken for the new one's.
SIDECARS = (".aux.xml", ".ovr", ".msk", "-journal", "-wal", "-shm")


class OutputFiles:
    """A set of result files that appear together or not at all.

    ``with OutputFiles() as files: path = files.reserve(final)`` gives a temporary path beside ``final``;
    ``files.commit()`` renames all. Whatever was not committed is deleted at the end. ``discard()`` from another thread
    does so at once; from then on the owner can neither make nor commit files, but gets ``Cancelled``.
    """

    def __init__(self) -> None:
        self._finals: dict[Path, Path] = {}
        self._scratch: list[Path] = []
        self._numbers = itertools.count()
        self._lock = threading.RLock()
        self._discarded = False

    def reserve(self, final: Path) -> Path:
        """Temporary path for a result.

        Raises:
            OutputError: the folder does not exist or cannot be written.
            Cancelled: all was discarded.
        """
        temporary = self._temporary(final, final.suffix)
        self._finals[temporary] = final
        return temporary

    def scratch(self, final: Path, suffix: str) -> Path:
        """Temporary path for an intermediate file beside a result; it is never renamed, only deleted."""
        temporary = self._temporary(final, suffix)
        self._scratch.append(temporary)
        return temporary

    @contextlib.contextmanager
    def making(self) -> Iterator[None]:
        """Make files within this, and a ``discard()`` comes either before (``Cancelled``) or after them."""
        with self._lock:
            if self._discarded:
                raise Cancelled
            yield

    def commit(self) -> None:
        """Give every result its final name.

        Raises:
            OutputError: a file cannot be replaced.
            Cancelled: all was discarded.
        """
        with self.making():
            for temporary, final in self._finals.items():
                try:
                    temporary.replace(final)
                except OSError as error:
                    message = f"{final}: cannot be replaced ({error.strerror}); is it open elsewhere?"
                    raise OutputError(message) from None
                for sidecar in SIDECARS:
                    final.with_name(final.name + sidecar).unlink(missing_ok=True)
            self._finals.clear()

    def discard(self) -> None:
        """Delete all that is not committed."""
        with self._lock:
            self._discarded = True
            for temporary in [*self._finals, *self._scratch]:
                for path in temporary.parent.glob(glob.escape(temporary.name) + "*"):
                    path.unlink(missing_ok=True)

    def __enter__(self) -> OutputFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def _temporary(self, final: Path, suffix: str) -> Path:
        folder = final.parent
        if not folder.is_dir():
            raise OutputError(f"{folder}: output folder does not exist")
        if not os.access(folder, os.W_OK):
            raise OutputError(f"{folder}: output folder is not writable")
        if final.is_dir():
            raise OutputError(f"{final}: is a folder, not a file")
        with self.making():
            remove_abandoned(folder)
            # Numbered: the files of one run may have the same stem.
            return folder / f".{final.stem}.{HOST}.{os.getpid()}.{next(self._numbers)}.partial{suffix}"


def remove_abandoned(folder: Path) -> None:
    """Delete what killed runs left behind: temporary files of this machine's processes that are gone."""
    for path in folder.glob(".*.partial*"):
        match = PARTIAL.search(path.name)
        if match and match["host"] == HOST and not _is_running(int(match["pid"])):
            # On Windows the file of a living process cannot be deleted, and is not meant to be.
            with contextlib.suppress(PermissionError):
                path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    if os.name == "nt":
        # There, signals would end the process; a file that a living one writes cannot be deleted anyway.
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
