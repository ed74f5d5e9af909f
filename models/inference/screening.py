"""Two-stage search: a patch classifier looks over the whole scene, coarsely, for what is worth a closer look."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..library.card import Card
from ..raster.area import AreaOfInterest
from ..raster.scene import Scene
from .device import Choice
from .streaming import Reporter, SceneStream, Tiling
from .suspects import Suspects

CAUTION = 0.25  # share of the patch model's threshold from which ground is suspicious
COARSER = 2.0  # times the scene's pixel, as far as the patch model's range allows: a quarter of the work


def screen_scene(
    scene: Scene,
    card: Card,
    choice: Choice,
    reporter: Reporter,
    area: AreaOfInterest | None,
    progress: Callable[[float], None],
) -> Suspects:
    """Search a scene with a patch model.

    Args:
        scene: the open scene, whose bands are the patch model's too.
        card: of the patch model.
        choice: where it is computed.
        reporter: where messages go.
        area: where to search; None is everywhere.
        progress: told the share that is done.
    """
    finest, coarsest = card.resolution
    size = scene.resolution
    if size is not None:
        finest = min(max(finest, COARSER * min(size)), coarsest)
    reporter.log(f"screening with '{card.name}' from a probability of {CAUTION * card.threshold:.2g} on")
    stream = SceneStream(scene, card, choice, Tiling(), reporter, area, (finest, coarsest))
    rows = [valid & (probability >= CAUTION * card.threshold) for probability, valid in stream.rows(progress)]
    step, working = stream.grid.step, stream.working
    return Suspects(np.concatenate(rows), step * working.scale_y, step * working.scale_x)
