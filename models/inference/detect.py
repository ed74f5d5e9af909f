"""Detection of one scene from raster to finished files: joins the reader, the model and the writer."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from ..detectors.registry import build_detector
from ..errors import InputError, ModelError, OutputError
from ..library.card import Card
from ..raster.area import AreaOfInterest
from ..raster.finish import FinishingSteps
from ..raster.output import OutputFiles
from ..raster.reader import StripReader, WorkingGrid, estimate_stretch, working_grid
from ..raster.scene import Scene
from ..raster.writer import RasterPair, Totals
from .backends import load_network
from .device import Choice
from .grid import TileGrid
from .masking import output_grid, write_masked
from .pipeline import predict_rows

STREAMED = 0.95  # share of the progress bar that the tiles take; the rest is finishing the files


class Reporter(Protocol):
    """Where progress and messages go."""

    def progress(self, done: float) -> None: ...
    def log(self, message: str) -> None: ...
    def warning(self, message: str) -> None: ...


@dataclass(frozen=True)
class Targets:
    """The files asked for; None is not wanted."""

    probability: Path | None
    mask: Path | None
    polygons: Path | None

    def any(self) -> Path:
        """One of them; intermediate files are kept beside it."""
        return next(path for path in (self.probability, self.mask, self.polygons) if path is not None)


@dataclass(frozen=True)
class Detection:
    """What was found in a scene.

    Attributes:
        area_m2: landslide area on the ground, None without georeference.
        share: landslide share of the valid pixels, 0 to 1.
        landslides: number of separate landslides (4-connected).
        seconds: time from opening the scene to the finished files.
    """

    input: str
    model: str
    threshold: float
    probability: str | None
    mask: str | None
    polygons: str | None
    area_m2: float | None
    share: float
    landslides: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Tiling:
    """How the work is cut; None is the model's own value.

    Attributes:
        tile_size, overlap: px of the working grid.
        batch_size: windows computed together.
    """

    tile_size: int | None = None
    overlap: int | None = None
    batch_size: int | None = None


class SceneDetection:
    """One scene's detection; ``discard()`` from another thread ends its children and deletes what is unfinished."""

    def __init__(self, card: Card, choice: Choice, tiling: Tiling, threshold: float | None, reporter: Reporter) -> None:
        self._card = card
        self._choice = choice
        self._reporter = reporter
        self._detector = build_detector(card)
        self._threshold = card.threshold if threshold is None else threshold
        self._tile_size = tiling.tile_size or card.tile_size
        self._overlap = card.overlap if tiling.overlap is None else tiling.overlap
        if tiling.overlap is None and self._overlap >= self._tile_size:
            self._overlap = self._tile_size // 4
        if self._overlap >= self._tile_size:
            raise ModelError(f"overlap {self._overlap} px must be smaller than the tile size, {self._tile_size} px")
        self._batch_size = tiling.batch_size or self._detector.batch_sizes[choice.device != "cpu"]
        self._files = OutputFiles()
        self._steps = FinishingSteps()

    def run(
        self,
        path: str,
        targets: Targets,
        bands: list[int] | None = None,
        extent: tuple[float, float, float, float] | None = None,
        aoi: str | None = None,
    ) -> Detection:
        """Detect and write the files asked for.

        Args:
            path: the scene, anything GDAL opens.
            bands: 1-based, in the model's order; None takes the first ones.
            extent: ``xmin, ymin, xmax, ymax`` in the scene's CRS.
            aoi: vector file; only inside its polygons is detected.

        Raises:
            LandslideError: with one line that names the culprit.
        """
        started = time.monotonic()
        wanted = self._card.bands
        if bands is not None and len(bands) != len(wanted):
            raise InputError(
                f"model '{self._card.name}' takes {len(wanted)} bands ({', '.join(wanted)}), --bands names {len(bands)}"
            )
        for target in (targets.probability, targets.mask, targets.polygons):
            if target is not None and target.exists() and Path(path).exists() and target.samefile(path):
                raise OutputError(f"{target}: is the scene itself, and would be overwritten")
        scene = Scene(path, bands or wanted, extent)
        try:
            with self._files as files:
                unfinished = self._reserve(targets, files)
                probability, mask = (files.scratch(targets.any(), ".tif") for _ in range(2))
                totals = self._stream(scene, aoi, probability, mask)
                landslides = self._finish(probability, mask, unfinished)
                files.commit()
        finally:
            self._steps.kill()
            scene.close()
        return Detection(
            input=path,
            model=self._card.name,
            threshold=self._threshold,
            probability=_text(targets.probability),
            mask=_text(targets.mask),
            polygons=_text(targets.polygons),
            area_m2=round(totals.area, 2) if scene.georeferenced else None,
            share=totals.landslide / totals.valid if totals.valid else 0.0,
            landslides=landslides,
            seconds=round(time.monotonic() - started, 2),
        )

    def discard(self) -> None:
        """Leave nothing behind, and make nothing any more: no child process, no unfinished file."""
        self._steps.kill()
        self._files.discard()

    def _stream(self, scene: Scene, aoi: str | None, probability: Path, mask: Path) -> Totals:
        """Predict the scene row by row into two streamed rasters."""
        working = working_grid(scene, self._card.resolution)
        grid = self._detector.grid(working.height, working.width, self._tile_size, self._overlap)
        self._describe(scene, working, grid)
        network = load_network(self._card, self._choice, grid.size)
        stretch = estimate_stretch(scene, self._card.stretch["percentiles"], self._card.stretch["range"])
        area = AreaOfInterest(aoi, scene) if aoi else None
        reader = StripReader(scene, working)
        output = output_grid(scene, working, grid)
        with self._files.making():
            pair = RasterPair(
                probability,
                mask,
                width=output.width,
                height=output.height,
                crs=scene.crs,
                transform=output.transform,
                gcps=output.gcps,
                threshold=self._threshold,
                tags=self._tags(scene),
            )
        rows = predict_rows(
            self._detector,
            network,
            reader,
            stretch,
            grid,
            overlap=self._overlap if grid.out_size > 1 else 0,
            batch_size=self._batch_size,
            area=area,
            progress=lambda done: self._reporter.progress(STREAMED * done),
        )
        try:
            write_masked(rows, pair, reader, area, grid)
        finally:
            pair.close()
        if not pair.totals.valid:
            self._reporter.warning(f"{scene.path}: no valid pixel, the result is all nodata")
        return pair.totals

    @staticmethod
    def _reserve(targets: Targets, files: OutputFiles) -> Targets:
        """Temporary names for the files asked for: a folder that cannot be written shows before the work, not after.

        Without polygons asked for, they are made all the same, to be counted.
        """
        return Targets(
            files.reserve(targets.probability) if targets.probability else None,
            files.reserve(targets.mask) if targets.mask else None,
            files.reserve(targets.polygons) if targets.polygons else files.scratch(targets.any(), ".gpkg"),
        )

    def _finish(self, probability: Path, mask: Path, unfinished: Targets) -> int:
        """Make the files asked for from the streamed rasters; return the number of landslides."""
        self._reporter.log("all tiles are computed; making overviews and polygons")
        if unfinished.probability:
            self._steps.cog(probability, unfinished.probability, "average")
        if unfinished.mask:
            self._steps.cog(mask, unfinished.mask, "mode")
        assert unfinished.polygons is not None
        self._steps.polygons(mask, probability, unfinished.polygons)
        landslides = int(self._steps.wait()[-1])
        self._reporter.progress(1.0)
        return landslides

    def _describe(self, scene: Scene, working: WorkingGrid, grid: TileGrid) -> None:
        report = self._reporter
        if not scene.georeferenced:
            report.warning(f"{scene.path}: no georeference; taken at its native resolution, areas are not known")
        size = scene.resolution
        if size is not None:
            finest, coarsest = self._card.resolution
            at = f"{scene.path}: {size[0]:.3g} x {size[1]:.3g} m a pixel"
            if working.is_native:
                report.log(f"{at}, within the model's range of {finest:g} to {coarsest:g} m")
            else:
                new = (size[0] * working.scale_x, size[1] * working.scale_y)
                report.log(
                    f"{at}, outside the model's range of {finest:g} to {coarsest:g} m: "
                    f"resampled on the fly to {new[0]:.3g} x {new[1]:.3g} m"
                )
        names = ", ".join(f"{name} = band {band}" for name, band in zip(self._card.bands, scene.bands, strict=True))
        report.log(f"bands: {names}")
        if len(set(scene.bands)) < len(scene.bands):
            report.warning(f"{scene.path}: one band stands for several of the model's; expect lower accuracy")
        report.log(
            f"model {self._card.name} on {self._choice.device}, {self._choice.precision} ({self._choice.reason}); "
            f"{len(grid)} tiles of {grid.size} px, overlap {self._overlap} px, batch {self._batch_size}, "
            f"threshold {self._threshold:g}"
        )

    def _tags(self, scene: Scene) -> dict[str, str]:
        return {
            "SOFTWARE": "Landslide Detector",
            "LANDSLIDES_SCENE": scene.path,
            "LANDSLIDES_MODEL": self._card.name,
            "LANDSLIDES_MODEL_VERSION": str(self._card.fields.get("version", "")),
            "LANDSLIDES_THRESHOLD": f"{self._threshold:g}",
        }


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
