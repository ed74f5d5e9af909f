"""A prediction on disk against an inventory on disk: opens both, settles what is not said, and measures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import InputError
from ..raster.area import AreaOfInterest
from ..raster.scene import Scene
from ..training.windows import SLIVER
from .aligned import open_raster
from .figures import Figures, only_false_alarms
from .imagery import Imagery
from .parts import both_figures
from .prediction import MASK_THRESHOLD, MaskRaster, PolygonLayer, Prediction, ProbabilityRaster
from .scene import SceneScores, score_scene
from .truth import open_truth

if TYPE_CHECKING:
    from ..inference.streaming import Reporter
    from ..library.card import Card

PROBABILITY, MASK, POLYGONS = "probability", "mask", "polygons"
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Settings:
    """How to compare; None is for the files to tell.

    Attributes:
        scene: the scene that was predicted; None takes the one that the prediction names, where it is still there.
        bands: the scene's red, green and blue, 1-based.
        threshold: from which probability on it is landslide; None takes the one that the prediction names, else 0.5.
        extent: in the prediction's CRS.
        aoi: vector file; only inside its polygons is compared.
        patch_share: compare as patches, which are truly landslide from this share on.
    """

    scene: str | None = None
    bands: list[int] | None = None
    threshold: float | None = None
    extent: Extent | None = None
    aoi: str | None = None
    patch_share: float | None = None


@dataclass(frozen=True)
class Assessment:
    """What came out, with what a report needs to show it.

    Attributes:
        name: the model, where the prediction names it, else the file.
        kind: probability, mask or polygons.
    """

    name: str
    path: str
    kind: str
    truth: str
    grid: Scene
    imagery: Imagery | None
    measured: SceneScores

    @property
    def probabilities(self) -> bool:
        return self.kind == PROBABILITY

    def figures(self) -> tuple[Figures, Figures | None]:
        """Those of the prediction and of the colour index."""
        measured = self.measured
        return both_figures(
            measured.scores, measured.threshold, measured.baseline, measured.baseline_threshold, self.probabilities
        )


def assess(path: str, kind: str, truth: str, settings: Settings, reporter: Reporter) -> Assessment:
    """Measure a prediction against an inventory.

    Args:
        path: a raster, or for ``polygons`` a vector file.
        kind: ``probability``, ``mask`` or ``polygons``.
        truth: raster (non-zero is landslide) or vector file, in any CRS.
        settings: how.
        reporter: told of progress, of what was settled, and where there is no landslide to be found.

    Raises:
        InputError: with one line that names the culprit.
    """
    grid = _grid(path, kind, truth, settings)
    tags = {} if kind == POLYGONS else grid.dataset.tags()
    threshold = _threshold(path, kind, settings.threshold, tags, reporter)
    scene = settings.scene or _named_scene(tags)
    dataset = None if scene is None else open_raster(scene)
    inventory = open_truth(truth, grid, dataset, settings.patch_share is not None)
    share = SLIVER if settings.patch_share is None else settings.patch_share
    if inventory.fine > 1:
        reporter.log(
            f"{Path(path).name}: compared as a grid of patches, truly landslide where more than {share:.0%} of one is"
        )
    imagery = None
    if scene is not None:
        try:
            imagery = Imagery(scene, grid, inventory.fine, settings.bands)
        except InputError as error:
            if settings.scene is not None:
                raise
            reporter.log(f"without the scene, and so without the colour index: {error}")
    else:
        reporter.log("the scene is not known, so there is no colour index to compare with; name it with --scene")
    prediction: Prediction
    if kind == PROBABILITY:
        prediction = ProbabilityRaster(grid)
    else:
        prediction = MaskRaster(grid) if kind == MASK else PolygonLayer(path, grid)
    area = AreaOfInterest(settings.aoi, grid) if settings.aoi else None
    measured = score_scene(
        prediction,
        inventory,
        threshold,
        imagery=imagery,
        area=area,
        patch_share=share,
        progress=lambda done: reporter.progress(0.95 * done),
    )
    if not measured.scores.has_landslides:
        reporter.warning(only_false_alarms(f"{truth}: holds no landslide where {Path(path).name} was assessed"))
    return Assessment(tags.get("LANDSLIDES_MODEL", Path(path).name), path, kind, truth, grid, imagery, measured)


def facts(assessment: Assessment, settings: Settings) -> dict[str, str]:
    """What was compared, and how, for a report."""
    grid, measured = assessment.grid, assessment.measured
    size = grid.resolution
    unit = "pixel" if measured.fine == 1 else "patch"
    named = {
        f"Prediction ({assessment.kind})": assessment.path,
        "Inventory": assessment.truth,
        "Scene": assessment.imagery.path if assessment.imagery else "not given",
        "Grid": f"{grid.region.width:,} x {grid.region.height:,} {unit}{'es' if unit == 'patch' else 's'}"
        + (f" of {size[0]:.3g} x {size[1]:.3g} m" if size else ""),
        "CRS": grid.crs.to_string() if grid.crs is not None else "none",
        "Extent": ", ".join(f"{value:g}" for value in settings.extent) if settings.extent else "",
        "Area of interest": settings.aoi or "",
    }
    if assessment.probabilities:
        named["Threshold"] = f"{measured.threshold:g}"
    if measured.fine > 1:
        share = SLIVER if settings.patch_share is None else settings.patch_share
        named["A patch is landslide"] = f"where more than {share:.0%} of it is"
    return {name: value for name, value in named.items() if value}


def card_facts(card: Card) -> dict[str, str]:
    """What a model's card says, for a report."""
    fields = card.fields
    sources = (
        f"{source.get('name', '?')} ({source['split']})" if source.get("split") else str(source.get("name", "?"))
        for source in fields.get("landslides:training_data", [])
    )
    finest, coarsest = card.resolution
    named = {
        "Model": f"{card.name} {fields.get('version', '')}".strip(),
        "Description": card.description,
        "Network": f"{card.architecture}, encoder {card.encoder}",
        "Made for": f"{finest:g} to {coarsest:g} m a pixel; bands {', '.join(card.bands)}",
        "Model's threshold": f"{card.threshold:g}",
        "Trained on": "; ".join(sources),
        "Known limits": str(fields.get("landslides:limits", "")),
        "Licence": str(fields.get("license", "")),
    }
    return {name: value for name, value in named.items() if value}


def _grid(path: str, kind: str, truth: str, settings: Settings) -> Scene:
    """The scene whose pixels are compared."""
    if kind != POLYGONS:
        return Scene(path, [1], settings.extent)
    if settings.scene is not None:
        return Scene(settings.scene, [1], settings.extent)
    try:
        return Scene(truth, [1], settings.extent)
    except InputError:
        raise InputError(
            f"{path}: polygons are compared on the pixels of the scene, or of a raster inventory; name it with --scene"
        ) from None


def _threshold(path: str, kind: str, asked: float | None, tags: dict[str, str], reporter: Reporter) -> float:
    if kind != PROBABILITY:
        return MASK_THRESHOLD
    if asked is not None:
        return asked
    named = tags.get("LANDSLIDES_THRESHOLD")
    threshold = float(named) if named else 0.5
    origin = "as it says itself" if named else "it names none; choose with --threshold"
    reporter.log(f"{path}: threshold {threshold:g}, {origin}")
    return threshold


def _named_scene(tags: dict[str, str]) -> str | None:
    scene = tags.get("LANDSLIDES_SCENE", "")
    return scene if scene and (scene.startswith("/vsi") or Path(scene).exists()) else None
