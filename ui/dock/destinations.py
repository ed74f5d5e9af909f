"""The files a run writes: named after scene and detector, never over older ones."""

from __future__ import annotations

import re
from pathlib import Path

from qgis.core import QgsProcessing

from .run import Run

_SUFFIXES = {"POLYGONS": ".gpkg", "MASK": ".tif", "PROBABILITY": ".tif"}
# What Windows refuses in the name of a file, and what shells stumble over.
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')


def destinations(run: Run) -> dict[str, str]:
    """Return the value of each destination parameter: files in the run's folder, or temporary ones."""
    if not run.folder:
        return dict.fromkeys(_SUFFIXES, QgsProcessing.TEMPORARY_OUTPUT)
    stem = _UNFIT.sub("_", f"{run.scene.name}_{run.algorithm.rpartition(':')[2]}")
    number = 1
    while True:
        numbered = stem if number == 1 else f"{stem}_{number}"
        paths = {name: Path(run.folder, f"{numbered}_{name.lower()}{suffix}") for name, suffix in _SUFFIXES.items()}
        if not any(path.exists() for path in paths.values()):
            return {name: str(path) for name, path in paths.items()}
        number += 1
