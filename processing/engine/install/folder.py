"""The folder a set-up works in: used by one QGIS at a time, and deleted as a whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.PyQt.QtCore import QLockFile

from ...i18n import tr
from .failure import SetupError


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep a second QGIS from working on the same folder.

    Raises:
        SetupError: another one does.
        OSError: the folder's parent cannot be made.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(folder.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        raise SetupError(tr("The engine in {} is being set up already, perhaps by another QGIS.").format(folder))
    try:
        yield
    finally:
        lock.unlock()


def discard(folder: Path) -> None:
    """Delete a folder in one go: where a file in it is in use, Windows refuses to rename it and all stays.

    Raises:
        OSError: it is in use, and whole.
    """
    for left in folder.parent.glob(f"{folder.name}.removed*"):
        shutil.rmtree(left, ignore_errors=True)
    if folder.exists():
        away = folder.with_name(f"{folder.name}.removed{os.getpid()}")
        folder.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def python_store(folder: Path) -> Path:
    """Return where a Python is kept that had to be fetched for the engine in `folder`."""
    return folder.with_name("python")
