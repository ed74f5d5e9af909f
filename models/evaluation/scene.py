"""A prediction of a whole scene against an inventory, strip by strip; memory depends on its width only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from ..errors import InputError
from ..raster.area import AreaOfInterest
from ..raster.reader import WorkingGrid
from ..training.windows import SLIVER
from .colour import CHIP_THRESHOLD, PIXEL_THRESHOLD
from .imagery import Imagery
from .landslides import LandslideScores, score_landslides
from .metrics import BinaryScores
from .outlines import Outlines
from .overlay import ErrorMap
from .prediction import Prediction
from .truth import Truth

STRIP = 2**22  # px of the truth that are looked at together


@dataclass(frozen=True)
class SceneScores:
    """What a prediction of a scene is worth.

    Attributes:
        scores: by pixel, or by patch.
        baseline: those of the colour index; None where the scene is not known.
        threshold, baseline_threshold: probabilities from which on it is landslide.
        landslides: by landslide.
        errors: the map of hits, misses and false alarms.
        left_out: share of the prediction's pixels that is nodata, outside the area, or unknown to the inventory.
        fine: parts into which the side of a patch was cut; 1 for pixels.
    """

    scores: BinaryScores
    baseline: BinaryScores | None
    threshold: float
    baseline_threshold: float
    landslides: LandslideScores
    errors: ErrorMap
    left_out: float
    fine: int


def score_scene(
    prediction: Prediction,
    truth: Truth,
    threshold: float,
    *,
    imagery: Imagery | None = None,
    area: AreaOfInterest | None = None,
    patch_share: float = SLIVER,
    progress: Callable[[float], None] = lambda done: None,
) -> SceneScores:
    """Measure a prediction against an inventory.

    Args:
        prediction: on its own grid.
        truth: on the same grid.
        threshold: probability from which on it is landslide.
        imagery: the scene on the same grid, for the baseline.
        area: only inside is measured.
        patch_share: share of a patch from which on it is truly landslide.
        progress: told the share that is done.

    Raises:
        InputError: nothing can be compared, or whether there is a landslide at all is not known.
    """
    region, fine = prediction.grid.region, truth.fine
    errors = ErrorMap(region.height, region.width)
    rows = max(1, STRIP // (region.width * fine**2))
    rows += -rows % errors.step
    scores, baseline = BinaryScores(), BinaryScores()
    true_outlines, predicted_outlines = Outlines(truth.has_features and fine == 1), Outlines(False)
    working = WorkingGrid(region.width, region.height, 1.0, 1.0)
    seen, has_marks = 0, False
    for first in range(0, region.height, rows):
        last = min(first + rows, region.height)
        probability = prediction.read(first, last)
        marks, known = truth.read(first, last)
        has_marks |= bool(marks.any())
        labels, known = _patches(marks, known, fine, patch_share)
        known &= np.isfinite(probability)
        if area is not None:
            known &= area.rows(first, last, working)
        labels = np.where(known, labels, 0).astype(np.int32)
        found = known & (_reached(probability, threshold))
        scores.update(probability[known], labels[known] > 0)
        if imagery is not None:
            baseline.update(imagery.colour_index(first, last)[known], labels[known] > 0)
        errors.push(first, found, labels > 0, known)
        true_outlines.push(labels)
        predicted_outlines.push(found.astype(np.int32))
        seen += int(known.sum())
        progress(last / region.height)
    if not seen:
        raise InputError(f"{prediction.grid.path}: has no pixel that the inventory covers; do they overlap?")
    if truth.blank_is_nodata and not has_marks:
        raise InputError(
            f"{prediction.grid.path}: the inventory is nodata (0) all over it; if that is to say that there is no "
            "landslide, 0 must not be its nodata value"
        )
    ground = prediction.grid.ground
    predicted = predicted_outlines.polygons()
    if fine == 1:
        predicted = predicted[shapely.area(predicted) >= prediction.smallest]
    return SceneScores(
        scores,
        baseline if imagery is not None else None,
        threshold,
        PIXEL_THRESHOLD if fine == 1 else CHIP_THRESHOLD,
        score_landslides(true_outlines.polygons(), predicted, ground.pixel_area if ground else None),
        errors,
        left_out=1 - seen / (region.height * region.width),
        fine=fine,
    )


def _reached(probability: NDArray[np.float32], threshold: float) -> NDArray[np.bool_]:
    """Where a threshold is reached; False where nothing is known. As in the masks that detection writes."""
    with np.errstate(invalid="ignore"):
        return np.asarray(probability >= np.float32(threshold))


def _patches(
    labels: NDArray[np.int32], known: NDArray[np.bool_], fine: int, patch_share: float
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Truth of whole patches from that of their parts; a patch is known where most of it is."""
    if fine == 1:
        return labels, known
    shape = (len(labels) // fine, fine, labels.shape[1] // fine, fine)
    count = known.reshape(shape).sum(axis=(1, 3))
    covered = ((labels > 0) & known).reshape(shape).sum(axis=(1, 3))
    return (covered > patch_share * count).astype(np.int32), count * 2 > fine**2
