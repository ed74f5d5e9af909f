"""A scene's part of a report: figures, the map of errors, the largest misses and false alarms."""

from __future__ import annotations

from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from shapely import STRtree

from ..raster.scene import Scene
from .figures import Figures, landslide_figures, number, percent
from .imagery import Imagery
from .page import Card, Case, Part, Sheet
from .parts import INDEX, both_figures, cards, charts, confusion, figure_rows, verdict
from .pictures import embedded, outlined, scale_bar
from .scene import SceneScores

CASES = 8  # largest misses, and as many false alarms
CONTEXT = 0.5  # of a landslide's size, on each side of it
SMALLEST = 64  # px: side of a case, at least
LARGEST = 2048  # px


def scene_part(
    name: str,
    measured: SceneScores,
    grid: Scene,
    imagery: Imagery | None,
    *,
    probabilities: bool,
    heading: str = "",
) -> Part:
    """The part of a report that shows a measured prediction.

    Args:
        name: what was measured.
        measured: its scores.
        grid: the prediction's grid.
        imagery: the scene, where it is known.
        probabilities: without, there are no curves.
        heading: of the part, where there are several.
    """
    figures, baseline = both_figures(
        measured.scores, measured.threshold, measured.baseline, measured.baseline_threshold, probabilities
    )
    columns = {name: figures, **({INDEX: baseline} if baseline is not None else {})}
    unit = "pixel" if measured.fine == 1 else "patch"
    curves = charts(name, measured.scores, measured.threshold, measured.baseline, measured.baseline_threshold)
    return Part(
        name=name,
        unit=unit,
        threshold=number(measured.threshold),
        confusion=confusion(measured.scores, measured.threshold),
        cards=[*cards(figures, baseline), *_false_alarms(measured, figures, baseline)],
        tables=[figure_rows(columns)],
        charts=curves if probabilities else [],
        has_baseline=baseline is not None,
        heading=heading,
        verdict=verdict(name, figures, baseline),
        map=_map(measured, imagery),
        landslides=_landslides(measured),
        sheets=_sheets(measured, grid, imagery),
    )


def _false_alarms(measured: SceneScores, figures: Figures, baseline: Figures | None) -> list[Card]:
    index = "" if baseline is None else percent(baseline["false_alarm_share"])
    return [
        Card("False alarms, landslide-free ground", percent(figures["false_alarm_share"]), baseline=index),
        Card("False landslides", f"{landslide_figures(measured.landslides)['false_alarms']:,}"),
    ]


def _map(measured: SceneScores, imagery: Imagery | None) -> dict[str, str]:
    errors = measured.errors
    ground = None if imagery is None else imagery.overview(errors.shape)
    note = f"One pixel of this picture is {errors.step} x {errors.step} of the prediction." if errors.step > 1 else ""
    left_out = f" {measured.left_out:.1%} of the prediction was left out: nodata, outside the area of interest, or not "
    left_out += "covered by the inventory."
    return {
        "picture": embedded(errors.picture(ground)),
        "note": note + (left_out if measured.left_out > 0 else "") or "Each pixel of the prediction is shown.",
    }


def _landslides(measured: SceneScores) -> dict[str, Any]:
    scores = measured.landslides
    note = (
        "A landslide counts as found where one prediction and it cover each other by that IoU; each is matched once, "
        "the best pair first, and every prediction without a match is a false alarm, classed by its own size "
        "(in a raster, specks of less than 4 px are none). "
    )
    note += (
        f"Predictions that hold several landslides: {scores.merged} (one of each counts as found); landslides split "
        f"into several predictions: {scores.split} (one of each counts as right). Where these are many, the figures "
        "by pixel are the fairer ones."
    )
    if measured.fine > 1:
        note += " On a grid of patches, landslides and predictions are groups of patches that share a side."
    return {"overlaps": [f"{match.overlap:g}" for match in scores.found], "rows": scores.by_size(), "note": note}


def _sheets(measured: SceneScores, grid: Scene, imagery: Imagery | None) -> list[Sheet]:
    scores = measured.landslides
    lenient = scores.found[0]
    legend = "Blue: the inventory. Orange: the prediction."
    shown = [
        ("The largest misses", scores.truth, scores.truth_area, ~lenient.truth),
        ("The largest false alarms", scores.predicted, scores.predicted_area, ~lenient.predicted),
    ]
    sheets = []
    for title, outlines, areas, wrong in shown:
        order = np.flatnonzero(wrong)[np.argsort(-areas[wrong], kind="stable")][:CASES]
        cases = [_case(outlines[index], areas[index], measured, grid, imagery) for index in order]
        if cases:
            note = f"{legend} Without a match at IoU ≥ {lenient.overlap:g}: {int(wrong.sum()):,} in all."
            sheets.append(Sheet(title, note, cases))
    return sheets


def _case(outline: Any, area: float, measured: SceneScores, grid: Scene, imagery: Imagery | None) -> Case:
    """A close look at one outline and its surroundings."""
    left, top, right, bottom = outline.bounds
    side = float(np.clip(max(right - left, bottom - top) * (1 + 2 * CONTEXT), SMALLEST / measured.fine, LARGEST))
    middle = ((left + right) / 2, (top + bottom) / 2)
    columns, rows = (
        _around(centre, int(np.ceil(side)), length)
        for centre, length in zip(middle, (grid.region.width, grid.region.height), strict=True)
    )
    parts = measured.fine if imagery is not None else 1
    shape = ((rows[1] - rows[0]) * parts, (columns[1] - columns[0]) * parts)
    place = Affine.translation(columns[0], rows[0]) * Affine.scale(1 / parts)
    masks = [_burnt(outlines, shape, place) for outlines in (measured.landslides.truth, measured.landslides.predicted)]
    ground = np.full((3, *shape), 225, np.uint8) if imagery is None else imagery.window(rows, columns)
    picture = outlined(ground, *masks)
    size = grid.resolution
    if size is not None:
        picture = scale_bar(picture, max(shape) * size[0] / parts / picture.width)
    x, y = grid.region_transform * middle
    where = f"x {x:.7g}, y {y:.7g}" if grid.georeferenced else f"column {x:.0f}, row {y:.0f}"
    return Case(
        embedded(picture),
        f"{area:,.0f} {measured.landslides.unit}" if area >= 10 else f"{area:.2g} {measured.landslides.unit}",
        where,
    )


def _around(centre: float, side: int, length: int) -> tuple[int, int]:
    """A window of a side around a place, moved back onto an axis of a length."""
    first = int(np.clip(round(centre - side / 2), 0, max(0, length - side)))
    return first, min(first + side, length)


def _burnt(outlines: NDArray[np.object_], shape: tuple[int, int], place: Affine) -> NDArray[np.bool_]:
    from shapely.geometry import box

    (left, top), (right, bottom) = place * (0, 0), place * (shape[1], shape[0])
    near = STRtree(outlines).query(box(left, top, right, bottom))
    if not len(near):
        return np.zeros(shape, bool)
    return np.asarray(rasterize(outlines[near], shape, transform=place, dtype="uint8") > 0)
