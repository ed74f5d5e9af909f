"""What two-stage search gains, and what recall it costs, on a scene where landslides are rare."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from ..inference.device import choose
from .measure import Case, command_rate


@dataclass(frozen=True)
class Screening:
    """Full search against two-stage search.

    Attributes:
        share: of the scene's area that is landslide.
        recall, screened_recall: share of the true landslide pixels found without and with screening.
        kept: share of the pixels found by the full search that two-stage search finds.
        speed_up: by how much two-stage search is faster.
    """

    share: float
    recall: float
    screened_recall: float
    kept: float
    speed_up: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def measure_screening(case: Case, truth: Path) -> Screening:
    """Run a segmentation with and without screening.

    Raises:
        LandslideError: the command fails.
    """
    masks, rates = [], []
    for options in ([], ["--screen"]):
        rates.append(command_rate(case, choose(), *options)[0])
        masks.append(_ones(case.scene.with_name("m.tif")))
    true = _ones(truth)
    full, screened = masks
    return Screening(
        share=float(true.mean()),
        recall=float(full[true].mean()) if true.any() else 0.0,
        screened_recall=float(screened[true].mean()) if true.any() else 0.0,
        kept=float(screened[full].mean()) if full.any() else 1.0,
        speed_up=rates[1] / rates[0],
    )


def _ones(path: Path) -> np.ndarray:
    with rasterio.open(path) as dataset:
        return np.asarray(dataset.read(1) == 1)
