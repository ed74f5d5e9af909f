"""One model over one scene, from the open raster to rows of the output, whatever memory allows."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..detectors.registry import build_detector
from ..errors import ModelError, OutOfMemoryError
from ..library.card import Card
from ..raster.area import AreaOfInterest
from ..raster.reader import StripReader, estimate_stretch, needs_long_read, sample_windows, working_grid
from ..raster.scene import Scene
from .backends import load_network
from .batching import Batching
from .device import Choice
from .grid import TileGrid
from .masking import MaskedRows, output_place
from .overlap import ahead
from .pipeline import Wanted, predict_rows
from .suspects import Suspects
from .tuning import Setting, Tuned, tune

SMALLEST_TILE = 128  # px: below this a network sees too little of the ground around
LARGEST_BATCH = 512  # windows, on accelerators
FEW_CORES = 4
TIGHTER = (1.0, 0.9, 0.8, 0.7)  # of the usual tile side, to fit more closely around what is to be searched

OutputRows = tuple[NDArray[np.float32], NDArray[np.bool_]]


class Reporter(Protocol):
    """Where progress and messages go."""

    def progress(self, done: float) -> None: ...
    def log(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...


@dataclass(frozen=True)
class Tiling:
    """How the work is cut; None is what suits the model, the scene and the device.

    Attributes:
        tile_size, overlap: px of the working grid.
        batch_size: windows computed together.
    """

    tile_size: int | None = None
    overlap: int | None = None
    batch_size: int | None = None

    def for_card(self, card: Card) -> tuple[int, int]:
        """Tile side and overlap, by default the card's.

        Raises:
            ModelError: the overlap is not smaller than the tile, or a patch does not fit into it, or is to overlap
                otherwise than its network has it.
        """
        size = self.tile_size or card.tile_size
        if card.patch_size is not None:
            if self.overlap not in (None, card.overlap):
                raise ModelError(f"patches of model '{card.name}' overlap by {card.overlap} px, not {self.overlap}")
            if size < card.patch_size:
                raise ModelError(f"a tile of {size} px is smaller than a patch, {card.patch_size} px")
            return size, card.overlap
        overlap = card.overlap if self.overlap is None else self.overlap
        if self.overlap is None and overlap >= size:
            overlap = size // 4
        if overlap >= size:
            raise ModelError(f"overlap {overlap} px must be smaller than the tile size, {size} px")
        return size, overlap


class SceneStream:
    """A model's way over a scene.

    Args:
        scene: the open scene.
        card: the model.
        choice: where it is computed.
        tiling: how the work is cut.
        reporter: where messages go.
        area: where to detect; None is everywhere.
        coarse: metres a pixel to work at, and to leave the output at; None is the card's range, and the scene's grid.

    Attributes:
        place: size and georeference of the output.
    """

    def __init__(
        self,
        scene: Scene,
        card: Card,
        choice: Choice,
        tiling: Tiling,
        reporter: Reporter,
        area: AreaOfInterest | None = None,
        coarse: float | None = None,
    ) -> None:
        self._scene, self._card, self._choice, self._reporter = scene, card, choice, reporter
        self._area = area
        self._suspects: Suspects | None = None
        self._detector = build_detector(card)
        self._on_scene = coarse is None
        self.working = working_grid(scene, (coarse, coarse) if coarse else card.resolution)
        self._size, self._overlap = tiling.for_card(card)
        self._may_choose_size = tiling.tile_size is None and not card.has_fixed_tile_size
        self._batch_size, self._why_batch = tiling.batch_size, "asked for" if tiling.batch_size else "usual"
        self._why_tile = f"the {self._size} px asked for" if tiling.tile_size else f"the model's {self._size} px"
        if not card.has_fixed_tile_size:
            self._why_tile += ", fitted to the scene"
        self.grid = self._grid(self._size)
        self.place = output_place(scene, self.working, self.grid, self._on_scene)

    def keep(self, suspects: Suspects) -> None:
        """Compute only tiles that touch suspicious ground, and say what share of the scene that is.

        Smaller tiles are taken where they leave less to compute.
        """
        self._suspects = suspects
        if self._may_choose_size:
            grids = [self._grid(round(self._size * share)) for share in TIGHTER]
            self.grid = min(grids, key=lambda grid: self._count(grid) * grid.size[0] * grid.size[1])
            self._why_tile += " and to what is left of it"
        count, of = self._count(self.grid), len(self.grid)
        self._reporter.log(f"screening leaves {count} of {of} tiles ({count / of:.1%}) to search")

    def _wanted(self, grid: TileGrid) -> Wanted:
        """Which tiles of a grid are to be computed."""
        suspects = self._suspects
        return lambda tile: suspects is None or suspects.touch(tile, grid.size, self.working)

    def _count(self, grid: TileGrid) -> int:
        """How many tiles those are."""
        wanted = self._wanted(grid)
        return sum(wanted(tile) for strip in grid.strips() for tile in strip)

    def rows(self, progress: Callable[[float], None], done: int = 0) -> Generator[OutputRows]:
        """Yield probability and valid ``(n, width)`` of the output's rows, from row ``done`` on.

        Where windows do not fit into memory, the batch is halved, and then the tile; the tile too where reading,
        blending or loading the network runs out of it. The work goes on from the row it had reached.

        Raises:
            OutOfMemoryError: even the smallest tile does not fit.
        """
        while True:
            try:
                with closing(self._attempt(progress, done)) as attempt:
                    for probability, valid in attempt:
                        done += len(probability)
                        yield probability, valid
                return
            except (MemoryError, OutOfMemoryError) as error:
                fault = str(error) or "out of memory"
            self._halve_tiles(fault)

    def _halve_tiles(self, fault: str) -> None:
        """Go on with tiles of about half the size, one at a time, and say so.

        Raises:
            OutOfMemoryError: there are no smaller ones.
        """
        before, least = self.grid.size, max(SMALLEST_TILE, self._card.patch_size or 0)
        size = max(max(before) // 2, least)
        if self.grid.step == 1:
            self._overlap = min(self._overlap, size // 8)  # the usual one would be most of the smallest tiles' work
        self.grid = self._grid(size)
        if self._card.has_fixed_tile_size or max(self.grid.size) >= max(before):
            raise OutOfMemoryError(f"{fault}; use a smaller --tile-size or --batch-size")
        self._batch_size, self._why_batch = 1, "memory is short"
        self._why_tile = "larger ones do not fit into memory"
        self._reporter.warning(
            f"a tile of {in_words(before)} does not fit into memory: going on with {in_words(self.grid.size)} ({fault})"
        )

    def _grid(self, size: int) -> TileGrid:
        """Tiles of about a size, px, over the whole scene."""
        return self._detector.grid(self.working.height, self.working.width, size, self._overlap)

    def _attempt(self, progress: Callable[[float], None], done: int) -> Generator[OutputRows]:
        if done == self.place.height:
            return
        tuned = self._tuned()
        batching = Batching(tuned.setting.batch, tuned.setting.streams + 1, self._reporter.warning)
        if needs_long_read(self._scene, self._card.stretch):
            self._reporter.log("reading all of the scene for its contrast: slow unless its files have overviews")
        stretch = estimate_stretch(self._scene, self._card.stretch)
        self._detector.acquaint((stretch(pixels), valid) for pixels, valid in sample_windows(self._scene, self.working))
        reader = StripReader(self._scene, self.working)
        masked = MaskedRows(reader, self.grid, self._area, done, self._on_scene)
        rows = predict_rows(
            self._detector,
            tuned.network,
            reader,
            stretch,
            self.grid,
            overlap=self._overlap if self.grid.step == 1 else 0,
            batching=batching,
            area=self._area,
            wanted=self._wanted(self.grid),
            progress=progress,
            first=masked.first,
        )
        with closing(ahead(rows)) as finished_ahead:
            for finished in finished_ahead:
                output = masked.take(finished)
                if len(output[0]):
                    yield output

    def _tuned(self) -> Tuned:
        """The network with the number of batches and windows that is fastest, and a line in the log of all that."""
        on_cpu, count = self._choice.device == "cpu", self._count(self.grid)
        usual = Setting(1, self._batch_size or self._detector.batch_sizes[not on_cpu])
        others: list[Setting] = []
        if on_cpu:
            # A batch on all cores, or a batch on each share of them: it depends on caches and on the network. Where
            # there are few, a batch on each: what reads and blends then holds up one of them and not all.
            cores = os.cpu_count() or 1
            if cores <= FEW_CORES and count >= 4 * cores:
                usual = replace(usual, streams=cores)
            shares = sorted({1, cores, max(1, cores // 4)} - {usual.streams})
            others = [replace(usual, streams=share) for share in shares]
        elif self._batch_size is None:
            others = [
                Setting(1, usual.batch * 2**power) for power in range(1, 8) if usual.batch << power <= LARGEST_BATCH
            ]
        tuned = tune(
            lambda streams: load_network(self._card, self._choice, self.grid.size, streams),
            usual,
            others,
            (len(self._card.bands), *self.grid.size),
            count,
            self._why_batch,
        )
        self._reporter.log(
            f"model {self._card.name} on {self._choice.device}, {self._choice.precision} ({self._choice.reason}); "
            f"{len(self.grid)} tiles of {in_words(self.grid.size)} ({self._why_tile}), overlap {self._overlap} px; "
            f"{tuned.setting} ({tuned.reason})"
        )
        return tuned


def in_words(size: tuple[int, int]) -> str:
    """Height and width, px."""
    return f"{size[0]} x {size[1]} px"
