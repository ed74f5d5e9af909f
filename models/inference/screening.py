"""Two-stage search: a segmentation of the scene some times coarser tells what is worth a closer look."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from ..library.card import Card
from ..library.shelf import find_model
from ..raster.area import AreaOfInterest
from ..raster.scene import Scene
from .device import Choice, int8_or_best
from .streaming import Reporter, SceneStream, Tiling
from .suspects import Suspects

COARSER = 4.0  # times what the model works at, as far as the other's range allows: a sixteenth of the work
LEAST = 2.0  # times coarser: for less it is not worth while
CELL = 16  # px: side of a square of the coarse scene that is suspicious as a whole
# Least mean probability of a suspicious square. Dense landslides look weak from afar, but over all of a square: to ask
# for one pixel of 0.7, as `val` chips of Bijie would have it, loses a quarter of Jiuzhaigou's in tiles of 480 px.
SUSPICIOUS = 0.15


@dataclass(frozen=True)
class Screener:
    """A segmentation model for coarser imagery, and the resolution it is to look at the scene with.

    Attributes:
        card: of the model.
        resolution: metres a pixel.
    """

    card: Card
    resolution: float


def find_screener(card: Card, resolution: float) -> Screener | None:
    """The default segmentation model for ``COARSER`` times what a model works at; None where it saves too little.

    Args:
        card: the model that is screened for.
        resolution: of the scene, metres a pixel.

    Raises:
        ModelError: there is no default model.
    """
    worked_at = float(np.clip(resolution, *card.resolution))
    screener = find_model("auto", "segmentation", COARSER * worked_at)
    coarse = float(np.clip(COARSER * worked_at, *screener.resolution))
    return Screener(screener, coarse) if coarse >= LEAST * worked_at else None


def screen_scene(
    scene: Scene,
    screener: Screener,
    choice: Choice,
    reporter: Reporter,
    area: AreaOfInterest | None,
    progress: Callable[[float], None],
) -> Suspects:
    """Search a scene at a coarser resolution.

    Args:
        scene: the open scene with georeference, whose bands are the model's too.
        screener: what searches it.
        choice: where it is computed; in int8 only if the screener has an int8 copy.
        reporter: where messages go.
        area: where to search; None is everywhere.
        progress: told the share that is done.
    """
    card, metres = screener.card, screener.resolution
    choice = int8_or_best(card, choice, reporter.warning)
    stream = SceneStream(scene, card, choice, Tiling(), reporter, area, metres)
    working = stream.working
    reporter.log(f"screening with '{card.name}' at {metres:.3g} m a pixel, from a mean probability of {SUSPICIOUS} on")
    total, known = np.zeros((2, -(-working.height // CELL), -(-working.width // CELL)))
    columns = np.arange(0, working.width, CELL)
    row = 0
    with closing(stream.rows(progress)) as rows:
        for probability, valid in rows:
            into = np.arange(row, row + len(valid)) // CELL
            np.add.at(total, into, np.add.reduceat(np.where(valid, probability, 0), columns, axis=1))
            np.add.at(known, into, np.add.reduceat(valid, columns, axis=1, dtype=float))
            row += len(valid)
    suspicious = total >= SUSPICIOUS * np.maximum(known, 1)
    return Suspects(suspicious, CELL * working.scale_y, CELL * working.scale_x)
