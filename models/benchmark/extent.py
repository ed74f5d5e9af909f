"""How long an analyst waits for a small part of a large scene."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import rasterio
from rasterio.windows import Window

from ..inference.device import choose
from .case import Case, Say, Turn, medians
from .command import time_detect

SIDE = 1024  # px


@dataclass(frozen=True)
class ExtentTimes:
    """Seconds from the command's start to the finished files of ``SIDE`` x ``SIDE`` px in the middle of a scene.

    Attributes:
        medians: of each figure of ``turns``: ``cold`` is the first run of a model, ``warm`` one that finds it compiled.
        turns: the figures of each turn.
    """

    case: str
    model: str
    width: int
    height: int
    backend: str
    medians: Turn
    turns: list[Turn]


def measure_extent(case: Case, repeat: int, say: Say) -> ExtentTimes:
    """Run the case's detector on the extent where ``auto`` computes.

    Raises:
        LandslideError: the command fails.
    """
    choice = choose()
    width, height = min(SIDE, case.width), min(SIDE, case.height)
    with rasterio.open(case.scene) as scene:
        window = Window((case.width - width) // 2, (case.height - height) // 2, width, height)
        extent = ",".join(map(str, scene.window_bounds(window)))
    turns: list[Turn] = []
    for turn in range(repeat):
        say(f"{case.name}, {width} x {height} px of the scene: {turn + 1} of {repeat}")
        with TemporaryDirectory(dir=case.scene.parent) as cache:
            cold, warm = (time_detect(case, choice, f"--extent={extent}", cache=Path(cache)) for _ in range(2))
        turns.append({"cold": cold.seconds, "warm": warm.seconds})
    backend = f"{choice.device} {choice.precision}"
    return ExtentTimes(case.name, case.card.name, case.width, case.height, backend, medians(turns), turns)
