"""Windows drawn from scenes, and windows of them that are held out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from .blocks import Split, dilated
from .scenes import LabelledScene
from .windows import Window, patch_label

PLACES = 12  # tried for a window, for one that lies wholly on training ground
NEAR, REJECTED = 0.3, 0.3  # shares of the windows drawn off the landslides


@dataclass(frozen=True)
class HeldOutWindow:
    """A window of a block that is held out: it shows that block and nothing else.

    Attributes:
        row, column: top left, working px.
        side: working px.
        size: px that the window is resampled to.
        allowed: cells it may show.
    """

    scene: LabelledScene
    row: int
    column: int
    side: int
    size: int
    has_landslide: bool
    allowed: NDArray[np.bool_] = field(repr=False)

    @property
    def name(self) -> str:
        return f"{self.scene.scene.name}, row {self.row}, column {self.column}"

    def read(self, plain: bool = False) -> Window:
        return self.scene.read(self.row, self.column, self.side, self.size, self.allowed, plain)


def held_out_windows(scene: LabelledScene, split: Split, size: int, detector: str) -> list[HeldOutWindow]:
    """Lay windows of at most ``size`` px over the blocks of a scene that are held out.

    ``patches`` leaves out windows with a mere sliver of a landslide; none is mostly nodata.
    """
    side = min(size, split.side)
    shown = size if detector == "patches" else side
    windows = []
    for block in split.held_out * split.side:
        for row in range(block[0], block[0] + split.side, side):
            for column in range(block[1], block[1] + split.side, side):
                window = HeldOutWindow(scene, row, column, side, shown, False, split.validation)
                known, landslide = _contents(window)
                if known < 0.25 and len(split.held_out) > 1:
                    continue
                if landslide and detector == "patches":
                    label = patch_label(window.read().mask)
                    if label is None:
                        continue
                    landslide = label > 0
                windows.append(replace(window, has_landslide=landslide))
    return windows


def _contents(window: HeldOutWindow) -> tuple[float, bool]:
    """The share of a window that holds data, and whether a landslide is in it, by its cells."""
    cells = window.scene.cells
    per_window = -(-window.side // cells.size)
    row, column = window.row // cells.size, window.column // cells.size
    here = (slice(row, row + per_window), slice(column, column + per_window))
    return float(cells.valid[here].sum() / per_window**2), bool(cells.landslide[here].any())


class SceneWindows:
    """Training windows of scenes: on landslides, near them, on what review rejected, and anywhere else.

    Small and large landslides are shown alike: of all squares of the size of a window that hold landslide, each is as
    likely.

    Args:
        scenes: the scenes.
        splits: their blocks.
        size: window side, px.
        negatives: share of windows drawn where there is no landslide.
        zoom: lowest and highest enlargement.

    Attributes:
        counts: how many windows each scene's training ground makes.

    Raises:
        InputError: no ground is left to train on.
    """

    def __init__(
        self,
        scenes: list[LabelledScene],
        splits: list[Split],
        size: int,
        negatives: float,
        zoom: tuple[float, float],
    ) -> None:
        self.scenes, self.splits, self.zoom = scenes, splits, zoom
        self.counts: list[int] = []
        kinds: dict[str, list[_Places]] = {"on": [], "near": [], "rejected": [], "away": []}
        for index, (scene, split) in enumerate(zip(scenes, splits, strict=True)):
            cells = scene.cells
            open_ground = cells.valid & split.training
            self.counts.append(round(float(open_ground.sum()) * cells.size**2 / size**2))
            per_window = max(1, size // cells.size)
            near = dilated(cells.landslide, per_window) & ~cells.landslide
            for kind, flags in (
                ("on", cells.landslide),
                ("near", near & ~cells.rejected),
                ("rejected", cells.rejected),
                ("away", ~cells.landslide & ~near & ~cells.rejected),
            ):
                kinds[kind].append(_places(index, flags & open_ground, per_window))
        self.places = {kind: _joined(parts) for kind, parts in kinds.items() if any(len(part.cells) for part in parts)}
        if not self.places:
            raise InputError(f"{scenes[0].path}: no ground is left to train on")
        self.shares = self._shares(negatives)

    def _shares(self, negatives: float) -> dict[str, float]:
        """Share of each kind of place; what a kind that is missing would have goes to the other negatives."""
        wanted = {"near": NEAR, "rejected": REJECTED, "away": 1 - NEAR - REJECTED}
        found = {kind: share for kind, share in wanted.items() if kind in self.places}
        total = sum(found.values())
        shares = {kind: negatives * share / total for kind, share in found.items()}
        if "on" in self.places:
            shares["on"] = 1 - sum(shares.values())
        rest = sum(shares.values())
        return {kind: share / rest for kind, share in shares.items()}

    def __len__(self) -> int:
        return max(1, sum(self.counts))

    def draw(self, size: int, rng: np.random.Generator) -> Window:
        places = self.places[str(rng.choice(list(self.shares), p=list(self.shares.values())))]
        index, row, column = places.draw(rng)
        scene, split = self.scenes[index], self.splits[index]
        side = max(8, round(size / np.exp(rng.uniform(*np.log(self.zoom)))))
        best = (np.inf, 0, 0)
        for _ in range(PLACES):
            # The cell lies anywhere in the inner part of the window.
            offsets = side / 2 + rng.uniform(-0.35, 0.35, 2) * side
            top, left = np.rint((np.array([row, column]) + 0.5) * scene.cells.size - offsets).astype(int)
            top = int(np.clip(top, 0, max(0, scene.grid.height - side)))
            left = int(np.clip(left, 0, max(0, scene.grid.width - side)))
            hidden = _hidden(split.training, top, left, side, scene.cells.size)
            best = min(best, (hidden, top, left))
            if hidden == 0:
                break
        return scene.read(best[1], best[2], side, size, split.training)


@dataclass(frozen=True)
class _Places:
    """Cells ``(n, 3)`` of scene, row and column, with the running total of their weights."""

    cells: NDArray[np.int64]
    weights: NDArray[np.float64]

    def draw(self, rng: np.random.Generator) -> tuple[int, int, int]:
        at = np.searchsorted(self.weights, rng.uniform(0, self.weights[-1]), side="right")
        scene, row, column = self.cells[min(int(at), len(self.cells) - 1)]
        return int(scene), int(row), int(column)


def _places(scene: int, flags: NDArray[np.bool_], per_window: int) -> _Places:
    """The cells that are set; those that share a square of the size of a window share its weight."""
    rows, columns = np.nonzero(flags)
    squares = (rows // per_window) * (flags.shape[1] // per_window + 1) + columns // per_window
    _, which, counts = np.unique(squares, return_inverse=True, return_counts=True)
    cells = np.stack([np.full(len(rows), scene), rows, columns], axis=1)
    return _Places(cells, 1.0 / counts[which] if len(rows) else np.zeros(0))


def _joined(parts: list[_Places]) -> _Places:
    weights = np.concatenate([part.weights for part in parts])
    return _Places(np.concatenate([part.cells for part in parts]), np.cumsum(weights))


def _hidden(training: NDArray[np.bool_], top: int, left: int, side: int, cell: int) -> int:
    """How many cells that training must not see a window meets."""
    seen = training[top // cell : -(-(top + side) // cell), left // cell : -(-(left + side) // cell)]
    return int((~seen).sum())
