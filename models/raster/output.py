"""Results under temporary names, renamed when all of them are complete."""

from __future__ import annotations

import os
import re
from pathlib import Path
from types import TracebackType

from ..errors import OutputError

PARTIAL = re.compile(r"\.(?P<pid>\d+)\.partial")


class OutputFiles:
    """A set of result files that appear together or not at all.

    ``with OutputFiles() as files: path = files.reserve(final)`` gives a temporary path beside ``final``;
    ``files.commit()`` renames all. Whatever was not committed is deleted at the end, also by ``discard()``
    from a signal handler.
    """

    def __init__(self) -> None:
        self._finals: dict[Path, Path] = {}
        self._scratch: list[Path] = []

    def reserve(self, final: Path) -> Path:
        """Temporary path for a result.

        Raises:
            OutputError: the folder does not exist or cannot be written.
        """
        temporary = self._temporary(final, "", final.suffix)
        self._finals[temporary] = final
        return temporary

    def scratch(self, final: Path, purpose: str, suffix: str) -> Path:
        """Temporary path for an intermediate file beside a result; it is never renamed, only deleted."""
        temporary = self._temporary(final, f".{purpose}", suffix)
        self._scratch.append(temporary)
        return temporary

    def commit(self) -> None:
        """Give every result its final name."""
        for temporary, final in self._finals.items():
            try:
                temporary.replace(final)
            except OSError as error:
                raise OutputError(f"{final}: cannot be replaced ({error.strerror}); is it open elsewhere?") from None
            # Statistics and pyramids of a file that was here before.
            for sidecar in (".aux.xml", ".ovr"):
                final.with_name(final.name + sidecar).unlink(missing_ok=True)
        self._finals.clear()

    def discard(self) -> None:
        """Delete all that is not committed."""
        for temporary in [*self._finals, *self._scratch]:
            for path in temporary.parent.glob(temporary.name + "*"):
                path.unlink(missing_ok=True)

    def __enter__(self) -> OutputFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def _temporary(self, final: Path, purpose: str, suffix: str) -> Path:
        folder = final.parent
        if not folder.is_dir():
            raise OutputError(f"{folder}: output folder does not exist")
        if not os.access(folder, os.W_OK):
            raise OutputError(f"{folder}: output folder is not writable")
        if final.is_dir():
            raise OutputError(f"{final}: is a folder, not a file")
        _remove_abandoned(folder)
        return folder / f".{final.stem}{purpose}.{os.getpid()}.partial{suffix}"


def _remove_abandoned(folder: Path) -> None:
    """Delete what killed runs left behind: temporary files of processes that are gone."""
    for path in folder.glob(".*.partial*"):
        match = PARTIAL.search(path.name)
        if match and not _is_running(int(match["pid"])):
            path.unlink(missing_ok=True)


def _is_running(pid: int) -> bool:
    if os.name == "nt":
        # A file that a living process writes cannot be deleted on Windows, and signals would end the process.
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
