"""Scenes of any size, fast: one synthetic block and its mirror images, repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from ..sample.scene import make_scene

PIXEL = 0.8  # m
RARE = 0.02  # landslide share of a scene for two-stage search
CROWDED = 8.0  # density of the landslides where they are, times the usual


@dataclass(frozen=True)
class Block:
    """A piece of landscape and its truth: image ``(3, H, W)`` uint8, truth ``(H, W)``, 1 landslide."""

    image: NDArray[np.uint8]
    truth: NDArray[np.uint8]


def make_block(side: int, density: float = 1.0) -> Block:
    """A block of landscape, without cloud or collar.

    Args:
        side: px.
        density: of its landslides, times the usual; 0 is the same landscape without any.
    """
    scene = make_scene(side, side, seed=3, framed=False, density=density)
    return Block(np.ascontiguousarray(scene.image), (scene.truth == 1).astype(np.uint8))


def write_scene(path: Path, block: Block, width: int, height: int) -> None:
    """Cover ``width`` x ``height`` px with the block and its mirror images, as a tiled, compressed GeoTIFF."""
    with _open(path, 3, width, height) as dataset:
        for window, flipped in _strips(block, width, height):
            dataset.write(_across(block.image, window, flipped), window=window)


def write_rare(path: Path, truth: Path, slid: Block, intact: Block, width: int, height: int) -> None:
    """A scene with landslides on ``RARE`` of its area, all in one corner, as an earthquake leaves them.

    Args:
        path: the scene.
        truth: its truth, 1 landslide.
        slid: the landscape of the corner, more than ``RARE`` of it landslide.
        intact: the same landscape without landslides.
        width, height: px.
    """
    side = round(sqrt(RARE / float(slid.truth.mean()) * width * height))
    with _open(path, 3, width, height) as scene, _open(truth, 1, width, height) as mask:
        for window, flipped in _strips(slid, width, height):
            image, landslides = _across(intact.image, window, flipped), _across(intact.truth, window, flipped)
            corner = np.s_[..., : max(0, side - window.row_off), :side]
            image[corner] = _across(slid.image, window, flipped)[corner]
            landslides[corner] = _across(slid.truth, window, flipped)[corner]
            scene.write(image, window=window)
            mask.write(landslides, 1, window=window)


def _strips(block: Block, width: int, height: int) -> Iterator[tuple[Window, bool]]:
    """Strips of blocks, and whether they are upside down there."""
    side = len(block.truth)
    for number, row in enumerate(range(0, height, side)):
        yield Window(0, row, width, min(side, height - row)), bool(number % 2)


def _across(tile: NDArray[np.uint8], window: Window, flipped: bool) -> NDArray[np.uint8]:
    """A strip of a tile ``(..., H, W)`` and its mirror images in turn."""
    pair = np.concatenate([tile, tile[..., ::-1]], axis=-1)
    repeated = np.concatenate([pair] * -(-window.width // pair.shape[-1]), axis=-1)[..., : window.width]
    return (repeated[..., ::-1, :] if flipped else repeated)[..., : window.height, :]


def _open(path: Path, bands: int, width: int, height: int) -> rasterio.io.DatasetWriter:
    return rasterio.open(
        path, "w", driver="GTiff", count=bands, width=width, height=height, dtype="uint8", crs="EPSG:32648",
        transform=Affine(PIXEL, 0, 500_000, 0, -PIXEL, 3_000_000), tiled=True, blockxsize=256, blockysize=256,
        compress="DEFLATE", zlevel=3, bigtiff="IF_SAFER", num_threads="ALL_CPUS",
    )  # fmt: skip
