"""Detection of one scene from raster to finished files: joins the reader, the model and the writer."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..errors import InputError, ModelError, OutputError
from ..library.card import Card
from ..raster.area import AreaOfInterest, path_of
from ..raster.finish import FinishingSteps
from ..raster.output import OutputFiles
from ..raster.polygons import SPECK
from ..raster.scene import Scene
from ..raster.writer import RasterPair, Totals
from .backends import checked_int8
from .device import Choice, choice_for
from .journal import Journal, fingerprint
from .screening import Screener, screen_scene
from .streaming import Reporter, SceneStream, Tiling

STREAMED = 0.95  # share of the progress bar that the tiles take; the rest is finishing the files
SCREENED = 0.2  # share that screening takes of that
QUICK = 32  # tiles that are computed so soon that the finishing steps had better be prepared before


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
        landslides: number of polygons: separate landslides (4-connected) of the smallest area or more.
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
class Settings:
    """What an analyst may change of a detection.

    Attributes:
        threshold: probability from which a pixel is landslide; None is the model's own.
        tiling: how the work is cut.
        screen: searches the scene first, some times coarser; tiles where it finds nothing are not computed.
        min_area: square metres (without georeference pixels) of the smallest polygon; None is ``SPECK`` pixels, for
            patches one.
        resume: whether what is finished is kept when the run is interrupted, and used by the next.
    """

    threshold: float | None = None
    tiling: Tiling = field(default_factory=Tiling)
    screen: Screener | None = None
    min_area: float | None = None
    resume: bool = False


class SceneDetection:
    """One scene's detection; ``discard()`` from another thread ends its children and deletes what is unfinished."""

    def __init__(self, card: Card, choice: Choice, settings: Settings, reporter: Reporter) -> None:
        self._card = card
        self._choice = choice_for(card, choice)
        self._settings = settings
        self._reporter = reporter
        self._threshold = card.threshold if settings.threshold is None else settings.threshold
        settings.tiling.for_card(card)
        if self._choice.precision == "int8":
            checked_int8(card)
        if settings.screen is not None and settings.screen.card.bands != card.bands:
            raise ModelError(
                f"model '{settings.screen.card.name}' cannot screen for '{card.name}': it takes other bands"
            )
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
        for source, what in ((path, "the scene itself"), (path_of(aoi or ""), "the area of interest")):
            for target in (targets.probability, targets.mask, targets.polygons):
                if target is not None and target.exists() and Path(source).is_file() and target.samefile(source):
                    raise OutputError(f"{target}: is {what}, and would be overwritten")
        scene = Scene(path, bands or wanted, extent)
        try:
            with self._files as files:
                unfinished = self._reserve(targets, files)
                workspace = files.workspace(targets.any(), self._settings.resume)
                try:
                    pair = self._stream(scene, aoi, workspace)
                    landslides = self._finish(scene, pair, unfinished, workspace)
                finally:
                    self._steps.kill()  # before the files are deleted that they write
                files.commit()
        finally:
            scene.close()
        totals = pair.totals
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
        """Leave nothing behind, and make nothing any more: no child process, no unfinished file.

        What ``resume`` is to go on from stays.
        """
        self._steps.kill()
        self._files.discard()

    def _stream(self, scene: Scene, aoi: str | None, workspace: Path) -> RasterPair:
        """Predict the scene row by row into two streamed rasters."""
        self._describe(scene)
        area = AreaOfInterest(aoi, scene) if aoi else None
        begin, suspects = 0.0, None
        if self._settings.screen is not None:
            begin = SCREENED
            suspects = screen_scene(
                scene,
                self._settings.screen,
                self._choice,
                self._reporter,
                area,
                lambda done: self._reporter.progress(STREAMED * SCREENED * done),
            )
        tiling = self._settings.tiling
        stream = SceneStream(scene, self._card, self._choice, tiling, self._reporter, area)
        if suspects is not None:
            stream.keep(suspects)
        self._describe_resolution(scene, stream)
        if len(stream.grid) <= QUICK:
            self._steps.prepare()
        journal = self._journal(scene, aoi, workspace) if self._settings.resume else None
        with self._files.making():
            pair = RasterPair(
                workspace,
                stream.place,
                self._threshold,
                self._tags(scene),
                journal.totals if journal else Totals(),
            )

        def progress(done: float) -> None:
            self._reporter.progress(STREAMED * (begin + (1 - begin) * done))

        try:
            with closing(stream.rows(progress, pair.totals.rows)) as rows:
                for probability, valid in rows:
                    pair.write(probability, valid)
                    if journal:
                        journal.write(pair.totals)
        finally:
            pair.close()
        if not pair.totals.valid:
            self._reporter.warning(f"{scene.path}: no valid pixel, the result is all nodata")
        return pair

    def _journal(self, scene: Scene, aoi: str | None, workspace: Path) -> Journal:
        settings = self._settings
        journal = Journal(workspace, fingerprint(scene, self._card, self._choice, self._threshold, settings, aoi))
        if journal.changed:
            self._reporter.warning(f"the unfinished run was with other {', '.join(journal.changed)}: starting anew")
        elif journal.totals.rows:
            self._reporter.log(f"going on from row {journal.totals.rows} of an unfinished run")
        return journal

    @staticmethod
    def _reserve(targets: Targets, files: OutputFiles) -> Targets:
        """Temporary names for the files asked for: a folder that cannot be written shows before the work, not after."""
        names = (targets.probability, targets.mask, targets.polygons)
        return Targets(*(files.reserve(name) if name else None for name in names))

    def _finish(self, scene: Scene, pair: RasterPair, unfinished: Targets, workspace: Path) -> int:
        """Make the files asked for from the streamed rasters; return the number of landslides.

        Without polygons asked for, they are made all the same, to be counted.
        """
        self._reporter.log("all tiles are computed; making overviews and polygons")
        if unfinished.probability:
            self._steps.cog(pair.probability, unfinished.probability, "average")
        if unfinished.mask:
            self._steps.cog(pair.mask, unfinished.mask, "mode")
        polygons = unfinished.polygons or workspace / "polygons.gpkg"
        polygons.unlink(missing_ok=True)
        self._steps.polygons(pair.mask, pair.probability, polygons, self._min_area(scene))
        landslides = int(self._steps.wait()[-1])
        self._reporter.progress(1.0)
        return landslides

    def _min_area(self, scene: Scene) -> float:
        if self._settings.min_area is not None:
            return self._settings.min_area
        if self._card.detector == "patches":
            return 0.0
        size = scene.resolution
        return SPECK * (size[0] * size[1] if size else 1.0) * 0.99  # pixels differ a little over a scene

    def _describe_resolution(self, scene: Scene, stream: SceneStream) -> None:
        size, working = scene.resolution, stream.working
        if size is None:
            return
        finest, coarsest = self._card.resolution
        at = f"{scene.path}: {size[0]:.3g} x {size[1]:.3g} m a pixel"
        if working.is_native:
            self._reporter.log(f"{at}, within the model's range of {finest:g} to {coarsest:g} m")
        else:
            new = (size[0] * working.scale_x, size[1] * working.scale_y)
            self._reporter.log(
                f"{at}, outside the model's range of {finest:g} to {coarsest:g} m: "
                f"resampled on the fly to {new[0]:.3g} x {new[1]:.3g} m"
            )

    def _describe(self, scene: Scene) -> None:
        report = self._reporter
        if not scene.georeferenced:
            report.warning(f"{scene.path}: no georeference; taken at its native resolution, areas are not known")
        names = ", ".join(f"{name} = band {band}" for name, band in zip(self._card.bands, scene.bands, strict=True))
        report.log(f"bands: {names}; threshold {self._threshold:g}")
        if len(set(scene.bands)) < len(scene.bands):
            report.warning(f"{scene.path}: one band stands for several of the model's; expect lower accuracy")

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
