"""Results under temporary names, renamed when all of them are complete."""

from __future__ import annotations

import contextlib
import glob
import itertools
import os
import re
import shutil
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
        self._workspace: Path | None = None
        self._keep = False
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

    def workspace(self, final: Path, keep: bool) -> Path:
        """A folder for intermediate files beside a result, deleted at the end.

        Args:
            final: a result.
            keep: where the work is not completed it stays, and a later run by the same result's name gets it again.
        """
        with self.making():
            self._workspace = self._temporary(final, "") if not keep else final.with_name(f".{final.stem}.resume")
            self._keep = keep
            try:
                self._workspace.mkdir(exist_ok=True)
            except OSError as error:
                raise OutputError(f"{self._workspace}: cannot be made ({error.strerror})") from None
        return self._workspace

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
            self._keep = False

    def discard(self) -> None:
        """Delete all that is not committed."""
        with self._lock:
            self._discarded = True
            for temporary in self._finals:
                for path in temporary.parent.glob(glob.escape(temporary.name) + "*"):
                    path.unlink(missing_ok=True)
            if self._workspace is not None and not self._keep:
                shutil.rmtree(self._workspace, ignore_errors=True)

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
    """Delete what killed runs left behind: temporary files and folders of this machine's processes that are gone."""
    for path in folder.glob(".*.partial*"):
        match = PARTIAL.search(path.name)
        if match and match["host"] == HOST and not is_running(int(match["pid"])):
            # On Windows the file of a living process cannot be deleted, and is not meant to be.
            with contextlib.suppress(PermissionError):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def is_running(pid: int) -> bool:
    """Whether a process of this machine is alive."""
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
