"""What two-stage search gains, and what recall it costs, on a scene where landslides are rare."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio

from ..inference.device import choose
from .case import Case, Say, Turn, medians
from .command import time_detect


@dataclass(frozen=True)
class Screening:
    """Full search against two-stage search.

    Attributes:
        share: of the scene's area that is landslide.
        recall, screened_recall: share of the true landslide pixels found without and with screening.
        kept: share of the pixels found by the full search that two-stage search finds.
        medians: of each figure of ``turns``: ``full`` and ``screened`` are seconds of the command without and with
            screening, ``speed_up`` is the one divided by the other.
        turns: the figures of each turn.
    """

    share: float
    recall: float
    screened_recall: float
    kept: float
    medians: Turn
    turns: list[Turn]


def measure_screening(case: Case, truth: Path, repeat: int, say: Say) -> Screening:
    """Run a segmentation with and without screening.

    Raises:
        LandslideError: the command fails.
    """
    choice, mask = choose(), case.scene.with_name("m.tif")
    turns: list[Turn] = []
    for turn in range(repeat):
        say(f"{case.name}: {turn + 1} of {repeat}")
        full, found = time_detect(case, choice).seconds, _ones(mask)
        screened, kept = time_detect(case, choice, "--screen").seconds, _ones(mask)
        turns.append({"full": full, "screened": screened, "speed_up": full / screened})
    true = _ones(truth)
    return Screening(
        share=float(true.mean()),
        recall=float(found[true].mean()) if true.any() else 0.0,
        screened_recall=float(kept[true].mean()) if true.any() else 0.0,
        kept=float(kept[found].mean()) if found.any() else 1.0,
        medians=medians(turns),
        turns=turns,
    )


def _ones(path: Path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(1) == 1)
