"""Finishing steps that run as programs of their own: Cloud Optimized GeoTIFF, and polygons of a mask.

GDAL holds Python's interpreter lock while it polygonises; in a child process it does not, so that a cancel is
answered at once, and the steps of one scene run side by side.

    echo '["cog", "SOURCE", "TARGET", "average|mode"]' | python -m landslide_detector.models.raster.finish
    echo '["polygons", "MASK", "PROBABILITY", "TARGET", "MIN_AREA"]' | python -m landslide_detector.models.raster.finish

Steps come on standard input, a line each, so that a program may be started, and load its libraries, before they are
known.
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
from .output import is_running

PREPARED = "--prepared"
BLOCK_CACHE = "64"  # MB of decoded blocks that GDAL keeps in each program


class FinishingSteps:
    """Child processes that turn the streamed rasters into the files that are handed over.

    There is one for each raster, whose steps follow each other, or one for all that was prepared beforehand.
    """

    def __init__(self) -> None:
        self._prepared: subprocess.Popen[str] | None = None
        self._programs: dict[Path, subprocess.Popen[str]] = {}  # by the raster
        self._running: dict[subprocess.Popen[str], list[Path]] = {}
        self._lock = threading.Lock()
        self._killed = False

    def prepare(self) -> None:
        """Start one program for all steps, which loads its libraries now.

        For scenes so small that libraries take longer to load than the steps do to run.
        """
        with self._lock:
            if self._killed:
                raise Cancelled
            self._prepared = self._program(PREPARED)
            self._running[self._prepared] = []

    def cog(self, source: Path, target: Path, resampling: str) -> None:
        """Start writing a Cloud Optimized GeoTIFF; overviews by ``average`` or ``mode``."""
        self._start(source, target, "cog", source.absolute(), target.absolute(), resampling)

    def polygons(self, mask: Path, probability: Path, target: Path, min_area: float) -> None:
        """Start writing the mask's polygons as GeoPackage, those of ``min_area`` (square metres) or more."""
        self._start(mask, target, "polygons", mask.absolute(), probability.absolute(), target.absolute(), str(min_area))

    def wait(self) -> list[str]:
        """Wait for all; return what each printed.

        Raises:
            OutputError: a step failed.
            Cancelled: they were killed.
        """
        printed = []
        for process, targets in self._running.items():
            out, err = process.communicate()
            if self._killed:
                raise Cancelled
            done = out.splitlines()
            if process.returncode:
                reason = err.strip().splitlines()[-1] if err.strip() else f"exit code {process.returncode}"
                culprit = (targets[len(done) :] or targets)[0]
                raise OutputError(f"{culprit.parent}: cannot write there, is the disk full? ({reason})")
            printed.extend(done)
        return printed

    def kill(self) -> None:
        """End those that run, and start no more (``Cancelled``); returns when they are gone and write nothing."""
        with self._lock:
            self._killed = True
            for process in self._running:
                process.kill()
            for process in self._running:
                process.wait()

    def _start(self, source: Path, target: Path, step: str, *arguments: str | Path) -> None:
        with self._lock:
            if self._killed:
                raise Cancelled
            process = self._prepared or self._programs.get(source) or self._program()
            self._programs[source] = process
            self._running.setdefault(process, []).append(target)
            assert process.stdin is not None
            with contextlib.suppress(BrokenPipeError):  # it has ended; what it printed says why
                print(json.dumps([step, *map(str, arguments)]), file=process.stdin, flush=True)

    @staticmethod
    def _program(*options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # nosec B603 (this interpreter, this module, a list of arguments)
            [sys.executable, "-m", __name__, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "GDAL_CACHEMAX": BLOCK_CACHE},
        )


def end_with(parent: int) -> None:
    """End this process when its parent is gone: an engine that was killed takes its finishing steps with it."""
    while os.getppid() == parent and is_running(parent):
        time.sleep(0.5)
    os._exit(1)


def main(options: list[str]) -> None:
    threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
    if PREPARED in options:
        import geopandas  # noqa: F401 (here, while there is time)

        from . import cog, ground, polygons  # noqa: F401
    for line in sys.stdin:
        print(run(*json.loads(line)), flush=True)


def run(step: str, *arguments: str) -> str:
    """Run a step; return what the parent wants to know."""
    if step == "cog":
        from .cog import write_cog

        source, target, resampling = arguments
        write_cog(Path(source), Path(target), resampling)
        return ""
    from .polygons import write_polygons

    mask, probability, target, min_area = arguments
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GeoPackage without CRS, raster without georeference: said by the parent
        os.chdir(Path(target).parent)  # pyogrio would take a "!" in the path for the end of an archive's
        return str(write_polygons(Path(mask), Path(probability), Path(Path(target).name), float(min_area)))


if __name__ == "__main__":
    main(sys.argv[1:])
