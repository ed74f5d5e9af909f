"""Chip folders: ``images/NAME.*``, ``masks/NAME.png`` (non-zero = landslide), optional ``index.csv``."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import InputError
from ..raster.stretch import Rule, Stretch, fitted, needs_scene
from .windows import Window


@dataclass(frozen=True)
class Chip:
    """One labelled image of a chip folder.

    Attributes:
        scene: name of the scene that it is a part of, if the index has one.
        stretch: that of its scene, or the rule of a card, the chip being a scene of its own; None reads it as it is.
    """

    name: str
    image: Path
    mask: Path
    source: str
    has_landslide: bool
    scene: str = ""
    stretch: Stretch | Rule | None = None

    def read(self, plain: bool = False) -> Window:
        """Return the image ``(C, H, W)`` uint8 and the mask ``(H, W)`` with 1 = landslide.

        Raises:
            InputError: not readable, not 8-bit, or of different sizes.
        """
        image = _read(self.image)
        if image.dtype != np.uint8:
            raise InputError(f"{self.image}: chips are 8-bit images, this one is {image.dtype}")
        mask = (_read(self.mask)[0] > 0).astype(np.uint8)
        if mask.shape != image.shape[1:]:
            raise InputError(f"{self.mask}: mask is {mask.shape}, image {self.image.name} is {image.shape[1:]}")
        if plain or self.stretch is None:
            return Window(image, mask)
        stretch = self.stretch
        if not isinstance(stretch, Stretch):
            stretch = fitted(stretch, image, np.ones(mask.shape, bool))
        return Window(np.rint(stretch(image) * 255).astype(np.uint8), mask)


def scene_stretch(rule: Rule, images: list[NDArray[np.uint8]]) -> Stretch:
    """The stretch of a scene of which there are only chips ``(C, H, W)``."""
    pixels = np.concatenate([image.reshape(len(image), 1, -1) for image in images], axis=2)
    return fitted(rule, pixels, np.ones(pixels.shape[1:], bool))


def stretched(chips: list[Chip], rule: Rule) -> list[Chip]:
    """Chips that are read by a rule: those of one scene, where the index names it, by the stretch of all of them."""
    if not needs_scene(rule, np.dtype(np.uint8)):
        return chips  # as they are
    found = []
    for scene, group in groupby(sorted(chips, key=attrgetter("scene")), key=attrgetter("scene")):
        parts = list(group)
        stretch = scene_stretch(rule, [chip.read(plain=True).image for chip in parts]) if scene else rule
        found += [replace(chip, stretch=stretch) for chip in parts]
    return found


def _read(path: Path) -> NDArray[Any]:
    from PIL import Image  # a chip has no georeference, and PIL does not warn about that for every file

    try:
        pixels = np.asarray(Image.open(path))
    except OSError as error:
        raise InputError(f"{path}: cannot be read as an image ({error})") from None
    return np.moveaxis(np.atleast_3d(pixels), 2, 0)


def read_chip_folder(folder: Path, split: str | None = None) -> list[Chip]:
    """List the chips of a folder, or of one of its splits.

    Raises:
        InputError: the folder is no chip folder, a mask is missing, or the split is empty.
    """
    # QGIS leaves NAME.png.aux.xml beside images it has shown.
    files = (path for path in sorted((folder / "images").glob("*")) if path.is_file() and path.suffix != ".xml")
    images = {path.stem: path for path in files}
    if not images:
        raise InputError(f"{folder}: no images/NAME.* found, this is not a chip folder")
    index = folder / "index.csv"
    if index.exists():
        with index.open(newline="", encoding="utf-8") as handle:
            table = csv.DictReader(handle)
            if "name" not in (table.fieldnames or ()):
                raise InputError(f"{index}: has no column 'name'")
            rows = [row for row in table if split in (None, row.get("split"))]
    elif split is None:
        rows = [{"name": name} for name in images]
    else:
        raise InputError(f"{folder}: a split was asked for, but there is no index.csv")
    if not rows:
        raise InputError(f"{index}: no chip in split '{split}'")
    return [_chip(folder, images, row) for row in rows]


def _chip(folder: Path, images: dict[str, Path], row: dict[str, str]) -> Chip:
    name = row["name"]
    mask = folder / "masks" / f"{name}.png"
    if name not in images:
        raise InputError(f"{folder / 'images'}: no image for '{name}', which index.csv lists")
    if not mask.exists():
        raise InputError(f"{mask}: mask not found")
    flag = row.get("has_landslide", "")
    has_landslide = flag == "1" if flag in ("0", "1") else bool(_read(mask).any())
    return Chip(name, images[name], mask, row.get("source", ""), has_landslide, row.get("scene", ""))
