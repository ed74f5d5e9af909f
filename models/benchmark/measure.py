"""The measurements: the bare network, the whole command, and the plain loop, in turn and repeated."""

from __future__ import annotations

import os
import subprocess  # nosec B404 (runs this engine)
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from ..errors import LandslideError
from ..inference.backends import load_network
from ..inference.device import Choice, choose
from ..inference.streaming import SceneStream, Tiling
from ..library.card import INT8_GRAPH, Card
from ..raster.scene import Scene
from .baseline import plain_loop
from .limits import operations, product_limit

Say = Callable[[str], None]


@dataclass(frozen=True)
class Case:
    """A model on a scene.

    Attributes:
        tiling: how the work is cut; the engine's own choice by default.
    """

    name: str
    card: Card
    scene: Path
    width: int
    height: int
    tiling: Tiling


@dataclass(frozen=True)
class Outcome:
    """What was measured of a case on a backend; medians.

    Attributes:
        tile: height and width, px.
        raw: px that the bare network computes, a second.
        useful: px of the scene for each px computed (tiles overlap).
        end_to_end: px of the scene, a second, from the command's start to the finished files.
        efficiency: ``end_to_end / (raw * useful)``.
        peak: memory of the command, bytes.
        of_limit: share of the matrix-product limit that the bare network reaches; None where it is not known.
        baseline: px of the scene a second in the plain loop of ONNX Runtime fp32; None where it is not installed.
        speed_up: ``end_to_end / baseline``.
    """

    case: str
    model: str
    width: int
    height: int
    tile: tuple[int, int]
    backend: str
    raw: float
    useful: float
    end_to_end: float
    efficiency: float
    peak: int
    of_limit: float | None
    baseline: float | None
    speed_up: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure(case: Case, repeat: int, seconds: float, say: Say) -> Iterator[Outcome]:
    """Measure a case on every backend; the parts take turns, so that a busy machine disturbs all alike.

    Args:
        case: the model and its scene.
        repeat: times that everything is measured.
        seconds: time for each measurement of the bare network and of the plain loop.
        say: told what is under way.

    Raises:
        LandslideError: the command fails.
    """
    scene = Scene(str(case.scene), case.card.bands)
    stream = SceneStream(scene, case.card, choose(), case.tiling, _Silent())
    scene.close()
    grid = stream.grid
    useful = case.width * case.height / grid.work
    output = case.scene.with_name("plain.tif")
    for choice in backends(case.card):
        raws, whole, peaks, plain, limits = [], [], [], [], []
        for turn in range(repeat):
            say(f"{case.name}, {choice.device} {choice.precision}: {turn + 1} of {repeat}")
            raws.append(raw_rate(case.card, choice, grid.size, seconds))
            if choice.device == "cpu" and choice.precision != "int8":
                limits.append(product_limit(choice.precision, min(1.0, seconds)))
            rate, peak = command_rate(case, choice)
            whole.append(rate)
            peaks.append(peak)
            if has_onnxruntime():
                plain.append(plain_loop(case.card, case.scene, output, grid, seconds))
        raw, end_to_end = median(raws), median(whole)
        work = operations(case.card, grid.size)
        yield Outcome(
            case=case.name,
            model=case.card.name,
            width=case.width,
            height=case.height,
            tile=grid.size,
            backend=f"{choice.device} {choice.precision}",
            raw=raw,
            useful=useful,
            end_to_end=end_to_end,
            efficiency=median(b / (a * useful) for a, b in zip(raws, whole, strict=True)),
            peak=max(peaks),
            of_limit=median(a * work / b for a, b in zip(raws, limits, strict=True)) if limits else None,
            baseline=median(plain) if plain else None,
            speed_up=median(a / b for a, b in zip(whole, plain, strict=True)) if plain else None,
        )


def backends(card: Card) -> list[Choice]:
    """Where a model can be computed here: as ``auto`` does, and in int8 where there is a model for it."""
    usual = choose()
    found = [usual]
    if usual.device != "cpu":
        found.append(choose("cpu"))
    if (card.folder / INT8_GRAPH).exists():
        found.append(choose("cpu", "int8"))
    return found


def raw_rate(card: Card, choice: Choice, size: tuple[int, int], seconds: float) -> float:
    """Px of windows that the bare network computes a second; the better of its ways."""
    from ..detectors.registry import build_detector

    count = build_detector(card).batch_sizes[choice.device != "cpu"]
    batch = np.zeros((count, len(card.bands), *size), np.float32)
    rates = []
    ways = sorted({1, os.cpu_count() or 1}) if choice.device == "cpu" else [1]
    for streams in ways:
        network = load_network(card, choice, size, streams)
        with ThreadPoolExecutor(streams) as pool:
            list(pool.map(network, [batch] * streams))
            done, begun = 0, time.perf_counter()
            while time.perf_counter() - begun < seconds / len(ways):
                list(pool.map(network, [batch] * streams))
                done += streams
            rates.append(done * count * size[0] * size[1] / (time.perf_counter() - begun))
    return max(rates)


def command_rate(case: Case, choice: Choice, *options: str) -> tuple[float, int]:
    """Px of the scene a second of ``landslides detect``, and its peak memory in bytes.

    Raises:
        LandslideError: it fails.
    """
    folder = case.scene.parent
    outputs = {"--probability": "p.tif", "--mask": "m.tif", "--polygons": "v.gpkg"}
    arguments = ["detect", case.card.detector, str(case.scene), "--model", str(case.card.folder)]
    arguments += ["--device", choice.device, "--precision", choice.precision, "--progress", "none", *options]
    for option, value in (("--tile-size", case.tiling.tile_size), ("--overlap", case.tiling.overlap)):
        arguments += [option, str(value)] if value is not None else []
    arguments += [part for option, name in outputs.items() for part in (option, str(folder / name))]
    program = "from landslide_detector.models.cli.main import main; main()"
    begun = time.perf_counter()
    process = subprocess.Popen(  # nosec B603 (this interpreter, this engine)
        [sys.executable, "-c", program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    peak = [0]
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(_watch, process, peak)
        error = process.communicate()[1]
        watching.result()
    seconds = time.perf_counter() - begun
    if process.returncode:
        reason = error.strip().splitlines()
        raise LandslideError(f"{case.name}: detect failed ({reason[-1] if reason else process.returncode})")
    return case.width * case.height / seconds, peak[0]


def _watch(process: subprocess.Popen[str], peak: list[int]) -> None:
    """Note the highest memory of a process while it runs (Linux; elsewhere it stays 0)."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        try:
            found = [line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        except OSError:
            found = []
        if found:
            peak[0] = max(peak[0], int(found[0]) * 1024)
        time.sleep(0.05)


def has_onnxruntime() -> bool:
    """Whether the plain loop can run."""
    from importlib.util import find_spec

    return find_spec("onnxruntime") is not None


class _Silent:
    """A reporter that is told nothing worth telling."""

    def progress(self, done: float) -> None:
        """Nothing."""

    def log(self, message: str) -> None:
        """Nothing."""

    def warning(self, message: str) -> None:
        """Nothing."""
