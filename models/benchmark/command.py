"""``landslides detect`` as a user starts it: its time and its memory."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL  # nosec B404 (runs this engine)
from tempfile import TemporaryFile
from time import perf_counter
from typing import Any

from ..errors import LandslideError
from ..inference.device import Choice
from .case import Case

LOOK = 0.2  # seconds from one look at the memory to the next
PROGRAM = "from landslide_detector.models.cli.main import main; main()"


@dataclass(frozen=True)
class Timing:
    """How a command ran.

    Attributes:
        seconds: from its start to the finished files.
        peak: most memory that it and its child processes held at once, bytes; what they share counts for each.
    """

    seconds: float
    peak: int


def time_detect(case: Case, choice: Choice, *options: str, cache: Path | None = None) -> Timing:
    """Run it on a case, all three files asked for; they lie beside the scene as ``p.tif``, ``m.tif`` and ``v.gpkg``.

    Args:
        case: the case.
        choice: device and precision.
        options: further words of the command line.
        cache: folder for compiled models instead of the user's (on macOS without effect).

    Raises:
        LandslideError: it fails.
    """
    import psutil

    arguments = ["detect", case.card.detector, str(case.scene), "--model", str(case.card.folder), "--progress", "none"]
    arguments += ["--device", choice.device, "--precision", choice.precision, *options]
    for option, value in (("--tile-size", case.tiling.tile_size), ("--overlap", case.tiling.overlap)):
        arguments += [option, str(value)] if value is not None else []
    for option, name in (("--probability", "p.tif"), ("--mask", "m.tif"), ("--polygons", "v.gpkg")):
        arguments += [option, str(case.scene.with_name(name))]
    variables = {} if cache is None else dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA"), str(cache))
    peak = 0
    with TemporaryFile("w+", encoding="utf-8") as errors:
        begun = perf_counter()
        process = psutil.Popen(
            [sys.executable, "-c", PROGRAM, *arguments], stdout=DEVNULL, stderr=errors, env={**os.environ, **variables}
        )
        while process.poll() is None:
            with suppress(psutil.TimeoutExpired):
                process.wait(LOOK)
            peak = max(peak, _resident(process))
        seconds = perf_counter() - begun
        errors.seek(0)
        said = errors.read().strip().splitlines()
    if process.returncode:
        raise LandslideError(f"{case.name}: detect failed ({said[-1] if said else process.returncode})")
    return Timing(seconds, peak)


def _resident(process: Any) -> int:
    """Memory of a process and those it has started, bytes."""
    import psutil

    total = 0
    with suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    return total
