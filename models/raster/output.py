"""Results under temporary names, renamed when all of them are complete."""

from __future__ import annotations

import contextlib
import ctypes
import glob
import itertools
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from ..errors import Cancelled, OutputError

PARTIAL = re.compile(r"\.(?P<host>[\w-]+)\.(?P<pid>\d+)\.\d+\.partial")
HOST = re.sub(r"[^\w-]", "-", socket.gethostname()) or "host"
# Statistics, pyramids, masks and SQLite logs of a file that was here before would be taken for the new one's.
SIDECARS = (".aux.xml", ".ovr", ".msk", "-journal", "-wal", "-shm")
# Of Windows.
QUERY_LIMITED_INFORMATION, ACCESS_DENIED, STILL_ACTIVE = 0x1000, 5, 259


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
        """Give every result its final name; what had that name before is deleted, with its sidecars.

        Raises:
            OutputError: a file cannot be replaced. All files of before are in their places then, and the new ones have
                other names, which the message tells.
            Cancelled: all was discarded.
        """
        with self.making():
            moved: list[tuple[Path, Path]] = []
            spare: list[Path] = []
            final = Path()
            try:
                for final in self._finals.values():
                    for name in (final.name, *(final.name + sidecar for sidecar in SIDECARS)):
                        if (before := final.with_name(name)).exists():
                            spare.append(self._temporary(before, before.suffix))
                            before.replace(spare[-1])
                            moved.append((before, spare[-1]))
                for temporary, final in self._finals.items():
                    temporary.replace(final)
                    moved.append((temporary, final))
            except OSError as error:
                for before, now in reversed(moved):
                    now.replace(before)
                kept = ", ".join(str(path) for path in self._keep_new())
                fault = f"{final}: cannot be replaced ({error.strerror}); is it open elsewhere?"
                raise OutputError(f"{fault} The new results are in {kept}") from None
            for path in spare:
                path.unlink()
            self._finals.clear()
            self._keep = False

    def _keep_new(self) -> list[Path]:
        """Give the results names that nothing has."""
        kept = []
        for temporary, final in self._finals.items():
            free = (final.with_stem(f"{final.stem}-new{number or ''}") for number in itertools.count())
            kept.append(next(path for path in free if not path.exists()))
            temporary.replace(kept[-1])
        self._finals.clear()
        self._keep = False
        return kept

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
            stem = re.sub(r"[!;]", "-", final.stem)  # which pyogrio would take for signs of its own
            return folder / f".{stem}.{HOST}.{os.getpid()}.{next(self._numbers)}.partial{suffix}"


def remove_abandoned(folder: Path) -> None:
    """Delete what killed runs left behind: temporary files and folders of this machine's processes that are gone."""
    for path in folder.glob(".*.partial*"):
        match = PARTIAL.search(path.name)
        if match and match["host"] == HOST and not is_running(int(match["pid"])):
            # On Windows what another program has open cannot be deleted.
            with contextlib.suppress(PermissionError):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def is_running(pid: int) -> bool:
    """Whether a process of this machine is alive."""
    if sys.platform == "win32":  # there, a signal would end the process
        return _is_running_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _is_running_on_windows(pid: int) -> bool:
    """By its exit code, which a process that has not ended does not have."""
    kernel: Any = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return bool(kernel.GetLastError() == ACCESS_DENIED)
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == STILL_ACTIVE
