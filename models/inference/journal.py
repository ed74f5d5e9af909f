"""What a run with ``--resume`` has finished, kept beside its rows, so that a killed one goes on from there."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..errors import OutputError
from ..library.card import Card
from ..raster.output import HOST, is_running
from ..raster.scene import Scene
from ..raster.writer import Totals
from .device import Choice

NAME = "journal.json"


class Journal:
    """The journal of a folder of streamed rows.

    Args:
        folder: of the rows.
        fingerprint: of all that the result depends on: scene, model, settings.

    Attributes:
        totals: of the rows that are finished; none in a new folder.
        changed: which parts of the fingerprint are not those of the run that was interrupted; its rows are not used
            then.

    Raises:
        OutputError: another process is at work in the folder.
    """

    def __init__(self, folder: Path, fingerprint: dict[str, Any]) -> None:
        self._path = folder / NAME
        self._fingerprint = json.loads(json.dumps(fingerprint))
        self.totals = Totals()
        self.changed: list[str] = []
        held = self._read()
        if held:
            owner = held["process"]
            if held["host"] == HOST and owner != os.getpid() and is_running(owner):
                raise OutputError(f"{folder}: another run (process {owner}) is at work there")
            before = held["fingerprint"]
            self.changed = [name for name in self._fingerprint if before.get(name) != self._fingerprint[name]]
            if not self.changed:
                self.totals = Totals(**held["totals"])
        self.write(self.totals)

    def write(self, totals: Totals) -> None:
        """Note that the rows of ``totals`` are finished; what was noted before stays until this is whole."""
        held = {
            "host": HOST, "process": os.getpid(), "fingerprint": self._fingerprint, "totals": asdict(totals),
        }  # fmt: skip
        unfinished = self._path.with_suffix(".new")
        try:
            unfinished.write_text(json.dumps(held), encoding="utf-8")
            unfinished.replace(self._path)
        except OSError as error:
            message = f"{self._path.parent.parent}: cannot write there, is the disk full? ({error.strerror})"
            raise OutputError(message) from None

    def _read(self) -> dict[str, Any] | None:
        try:
            return dict(json.loads(self._path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return None


def fingerprint(
    scene: Scene, card: Card, choice: Choice, threshold: float, settings: Any, aoi: str | None
) -> dict[str, Any]:
    """All that the rows of a detection depend on, by the name an analyst knows it by."""
    return {
        "scene": [*_file(scene.path), scene.dataset.width, scene.dataset.height, str(scene.dtype)],
        "bands": scene.bands,
        "extent": asdict(scene.region),
        "area of interest": [*_file(aoi.partition("|")[0]), aoi] if aoi else None,
        "model": [card.name, card.fields],
        "threshold": threshold,
        "tiles": asdict(settings.tiling),
        "device": [choice.device, choice.precision],
        "screening": [settings.screen.resolution, settings.screen.card.fields] if settings.screen else None,
    }


def _file(path: str) -> list[Any]:
    """A file's name, size and time; of what is no file, its name."""
    try:
        found = Path(path).stat()
    except OSError:
        return [path]
    return [str(Path(path).absolute()), found.st_size, found.st_mtime_ns]
