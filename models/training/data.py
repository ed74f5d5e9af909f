"""Training data from scenes with labels, or from a chip folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..library.card import Card
from ..raster.scene import Scene
from .blocks import split_blocks
from .chip_windows import ChipWindows
from .chips import Chip, read_chip_folder, stretched
from .recipes import HELD_OUT, Recipe
from .scene_windows import SceneWindows, held_out_windows
from .scenes import Extent, LabelledScene, apart, scene_resolutions
from .windows import RGB, TrainingData

SLACK = 1.5  # how much finer or coarser than its training scenes a model may be used; well within the zoom of training


def survey(
    chips: Path | None,
    images: Sequence[str],
    bands: Sequence[int] | None,
    resolution: tuple[float, float] | None,
) -> tuple[int, float | None]:
    """Number of bands, and ground resolution in metres as far as it is known, of what is to be trained on.

    Raises:
        InputError: the first chip or scene cannot be opened.
    """
    middle = float(np.sqrt(resolution[0] * resolution[1])) if resolution else None
    if chips is not None:
        return len(read_chip_folder(chips, "train")[0].read().image), middle
    scene = Scene(images[0], bands or RGB)
    side = scene.resolution
    scene.close()
    return len(scene.bands), middle or (float(np.sqrt(side[0] * side[1])) if side else None)


def chip_data(
    detector: str, folder: Path, recipe: Recipe, base: Card | None, resolution: tuple[float, float]
) -> TrainingData:
    """The splits ``train`` and ``val`` of a chip folder.

    Args:
        base: the model training starts from; the bands are called as its own, if the chips have as many.

    Raises:
        InputError: not a chip folder with both splits, or no landslide in one of them.
    """
    training, validation = (read_chip_folder(folder, split) for split in ("train", "val"))
    if detector != "anomaly":
        for split, chips in (("train", training), ("val", validation)):
            if not any(chip.has_landslide for chip in chips):
                raise InputError(f"{folder / 'index.csv'}: no chip in split '{split}' has a landslide")
    elif not any(not chip.has_landslide for chip in training):
        raise InputError(f"{folder / 'index.csv'}: no chip in split 'train' is free of landslides")
    bands = len(training[0].read().image)
    stretch = base.stretch if base and len(base.bands) == bands else recipe.stretch
    training, validation = stretched(training, stretch), stretched(validation, stretch)
    return TrainingData(
        ChipWindows(training, detector, recipe.negatives, recipe.zoom),
        validation,
        _names(bands, base.bands if base else RGB),
        resolution,
        _chip_sources(folder, training, validation, resolution),
        "the split 'val' of its chip folder",
        stretch,
    )


def _chip_sources(
    folder: Path, training: list[Chip], validation: list[Chip], resolution: tuple[float, float]
) -> list[dict[str, Any]]:
    sources = []
    for source, count in sorted(Counter(chip.source for chip in training).items()):
        held_out = sum(chip.source == source for chip in validation)
        name = f"{folder.name}: {source}" if source else folder.name
        counts = {"windows": count, "held_out": held_out}
        sources.append({"name": name, "split": "train", **counts, "resolution_m": list(resolution)})
    return sources


def scene_data(
    detector: str,
    images: Sequence[str],
    labels: Sequence[str],
    normal: str | None,
    recipe: Recipe,
    base: Card | None,
    *,
    bands: Sequence[int] | None = None,
    extent: Extent | None = None,
    resolution: tuple[float, float] | None = None,
    share: float = HELD_OUT,
    seed: int = 0,
) -> TrainingData:
    """Scenes with their labels, part of their blocks held out.

    Args:
        labels: one for all images, or one for each; none for ``anomaly`` on scenes whose landslides are not known.
        normal: polygons outside which nothing is used (``anomaly``).
        base: the model training starts from; scenes finer than it knows are worked at the finest that it knows.
        bands: band numbers; None takes those the base wants, else red, green and blue.
        extent: in the scenes' CRS.
        resolution: finest and coarsest metres a pixel of the result; None takes them from the scenes.
        share: of the blocks, to hold out.

    Raises:
        InputError: a scene or its labels cannot be used, or there is too little to train and to validate on.
    """
    each: list[str | None] = list(labels) or [None]
    if len(each) == 1:
        each *= len(images)
    wanted: Sequence[int] | Sequence[str] = bands or (base.bands if base else RGB)
    stretch = base.stretch if base and len(base.bands) == len(wanted) else recipe.stretch
    needs_landslides = detector != "anomaly"
    finest = base.resolution[0] if base else None
    scenes = [
        LabelledScene(image, wanted, label, normal, extent, finest, stretch)
        for image, label in zip(images, each, strict=True)
    ]
    for scene in scenes:
        if not scene.cells.valid.any():
            raise InputError(f"{scene.path}: holds no data to train on")
        if needs_landslides and not (scene.cells.landslide | scene.cells.rejected).any():
            raise InputError(f"{scene.labels}: no label lies on {scene.path}")
    metres = scene_resolutions(scenes) if resolution is None else list(resolution)
    cells = [scene.cells for scene in scenes]
    if needs_landslides and not any((known.valid & ~known.landslide).any() for known in cells):
        raise InputError(f"{scenes[0].labels}: all that it knows is landslide; ground without must be 0, not nodata")
    splits = apart(scenes, split_blocks(cells, recipe.window, share, seed, needs_landslides))
    windows = SceneWindows(scenes, splits, recipe.window, recipe.negatives, recipe.zoom)
    held_out = [
        window
        for scene, split in zip(scenes, splits, strict=True)
        for window in held_out_windows(scene, split, recipe.window, detector)
    ]
    if needs_landslides and not any(window.has_landslide for window in held_out):
        raise InputError("no landslide in validation: the landslides are too few or too small; add labels or scenes")
    sources = [
        {
            "name": scene.scene.name,
            "split": f"blocks, {100 * share:.0f} % of them held out",
            "labels": Path(scene.labels.partition("|")[0]).name if scene.labels else None,
            "resolution_m": float(f"{scene.ground_resolution:.3g}") if scene.ground_resolution else resolution,
            "windows": count,
            "held_out": sum(window.scene is scene for window in held_out),
        }
        for scene, count in zip(scenes, windows.counts, strict=True)
    ]
    return TrainingData(
        windows,
        held_out,
        _names(len(scenes[0].scene.bands), base.bands if base else RGB, scenes[0]),
        (min(metres), max(metres)) if resolution else (min(metres) / SLACK, max(metres) * SLACK),
        sources,
        f"held-out blocks of the {'scene' if len(scenes) == 1 else f'{len(scenes)} scenes'} it was trained on",
        stretch,
        is_clean=bool(labels or normal),
    )


def _names(count: int, known: Sequence[str], scene: LabelledScene | None = None) -> tuple[str, ...]:
    """Names of the bands: the base model's if it has as many, else the raster's, else their numbers."""
    if len(known) == count:
        return tuple(known)
    if scene is None:
        return tuple(f"band {number}" for number in range(1, count + 1))
    dataset = scene.scene.dataset
    colours = [dataset.colorinterp[band - 1].name for band in scene.scene.bands]
    return tuple(
        colour if colour not in ("gray", "undefined") and colours.count(colour) == 1 else f"band {band}"
        for colour, band in zip(colours, scene.scene.bands, strict=True)
    )
