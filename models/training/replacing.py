"""Putting the files of a package into place together."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

_moving = threading.Lock()


def replace_files(source: Path, target: Path, names: Iterable[str]) -> None:
    """Move files of one folder into another of the same file system, over what is there."""
    with _moving:
        for name in names:
            (source / name).replace(target / name)


def settle() -> None:
    """Wait until no package is half in place, and let none be begun: the process is about to end."""
    _moving.acquire()
