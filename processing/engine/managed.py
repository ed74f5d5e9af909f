"""The engine that the plugin itself looks after: where it lies, and what of it is installed.

That is told by a marker, which is written last and taken away before anything is changed.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path

from qgis.core import QgsApplication

PLUGIN = Path(__file__).resolve().parents[2]
MARKER = "landslides-engine.json"


class Size(Enum):
    """How much is installed."""

    LIGHT = "light"
    TORCH = "torch"


@dataclass(frozen=True)
class Installed:
    """A finished set-up.

    Attributes:
        size: how much was installed.
        version: of the plugin it was made for.
        fingerprint: of the package it was made from.
        python: version of its Python.
        torch_index: name or address of PyTorch's index, empty for none.
        device: what it computes on, as it said itself.
    """

    size: Size
    version: str
    fingerprint: str
    python: str
    torch_index: str
    device: str


def managed_folder() -> Path:
    """Return the virtual environment the plugin looks after, in the user's QGIS profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "landslides" / "engine"


def read_marker(folder: Path) -> Installed | None:
    """Return what is installed in a managed environment; None while nothing is, or it is not finished."""
    try:
        facts = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        return Installed(**{**facts, "size": Size(facts["size"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_marker(folder: Path, installed: Installed) -> None:
    """Declare a set-up finished.

    Raises:
        OSError: the disk is full, or the folder protected.
    """
    facts = {**asdict(installed), "size": installed.size.value}
    temporary = folder / f"{MARKER}.new"
    temporary.write_text(json.dumps(facts, indent=1), encoding="utf-8")
    temporary.replace(folder / MARKER)


def remove_marker(folder: Path) -> None:
    """Declare that what is in `folder` cannot be relied on."""
    (folder / MARKER).unlink(missing_ok=True)


def program_of(environment: Path) -> Path:
    """Return where a virtual environment keeps the engine's program, whether or not it is there."""
    if os.name == "nt":
        return environment / "Scripts" / "landslides.exe"
    return environment / "bin" / "landslides"


def python_of(environment: Path) -> Path:
    """Return where a virtual environment keeps its Python, whether or not it is there."""
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def size_on_disk(folder: Path) -> int:
    """Return the bytes that the files in `folder` take; links count as nothing."""
    total = 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size  # noqa: PTH118 (tens of thousands of files)
            except OSError:
                continue  # it has gone meanwhile
    return total
