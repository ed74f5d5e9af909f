"""Finishing steps that run as programs of their own: Cloud Optimized GeoTIFF, and polygons of a mask.

GDAL holds Python's interpreter lock while it polygonises; in a child process it does not, so that a cancel is
answered at once, and the steps of one scene run side by side.

    echo '["SOURCE", "TARGET", "average|mode"]' | python -m landslide_detector.models.raster.finish cog
    echo '["MASK", "PROBABILITY", "TARGET", "MIN_AREA"]' | python -m landslide_detector.models.raster.finish polygons

The arguments come on standard input, so that a step may be started, and load its libraries, before they are known.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess  # nosec B404 (runs this very module)
import sys
import threading
import time
import warnings
from pathlib import Path

from ..errors import Cancelled, OutputError


class FinishingSteps:
    """Child processes that turn the streamed rasters into the files that are handed over."""

    def __init__(self) -> None:
        self._ready: dict[str, list[subprocess.Popen[str]]] = {}
        self._running: list[tuple[subprocess.Popen[str], Path]] = []
        self._lock = threading.Lock()
        self._killed = False

    def prepare(self, *steps: str) -> None:
        """Start steps (``cog``, ``polygons``) beforehand; they load their libraries while the tiles are computed."""
        for step in steps:
            with self._lock:
                self._ready.setdefault(step, []).append(self._program(step))

    def cog(self, source: Path, target: Path, resampling: str) -> None:
        """Start writing a Cloud Optimized GeoTIFF; overviews by ``average`` or ``mode``."""
        self._start(target, "cog", source, target, resampling)

    def polygons(self, mask: Path, probability: Path, target: Path, min_area: float) -> None:
        """Start writing the mask's polygons as GeoPackage, those of ``min_area`` (square metres) or more."""
        self._start(target, "polygons", mask, probability, target, str(min_area))

    def wait(self) -> list[str]:
        """Wait for all; return what each printed.

        Raises:
            OutputError: a step failed.
            Cancelled: they were killed.
        """
        printed = []
        for process, target in self._running:
            out, err = process.communicate()
            if self._killed:
                raise Cancelled
            if process.returncode:
                reason = err.strip().splitlines()[-1] if err.strip() else f"exit code {process.returncode}"
                raise OutputError(f"{target.parent}: cannot write there, is the disk full? ({reason})")
            printed.append(out.strip())
        return printed

    def kill(self) -> None:
        """End those that run, and start no more (``Cancelled``); returns when they are gone and write nothing."""
        with self._lock:
            self._killed = True
            waiting = [process for ready in self._ready.values() for process in ready]
            processes = [*waiting, *(process for process, _ in self._running)]
            for process in processes:
                process.kill()
            for process in processes:
                process.wait()

    def _start(self, target: Path, step: str, *arguments: str | Path) -> None:
        with self._lock:
            ready = self._ready.get(step)
            process = ready.pop() if ready else self._program(step)
            self._running.append((process, target))
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended; what it printed says why
                process.stdin.write(json.dumps([str(argument) for argument in arguments]))
                process.stdin.close()
            process.stdin = None

    def _program(self, step: str) -> subprocess.Popen[str]:
        if self._killed:
            raise Cancelled
        return subprocess.Popen(  # nosec B603 (this interpreter, this module, a list of arguments)
            [sys.executable, "-m", __name__, step],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def end_with(parent: int) -> None:
    """End this process when its parent is gone: an engine that was killed takes its finishing steps with it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main(step: str) -> None:
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    if step == "cog":
        from .cog import write_cog

        rest = json.load(sys.stdin)
        write_cog(Path(rest[0]), Path(rest[1]), rest[2])
    else:
        import geopandas  # noqa: F401 (here, while there is time)

        from .polygons import write_polygons

        rest = json.load(sys.stdin)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GeoPackage without CRS, raster without georeference: said by the parent
            print(write_polygons(Path(rest[0]), Path(rest[1]), Path(rest[2]), float(rest[3])))


if __name__ == "__main__":
    main(sys.argv[1])
