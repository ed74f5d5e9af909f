"""Scenes of any size, fast: one synthetic block and its mirror images, repeated."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.windows import Window

from ..sample.scene import make_scene

PIXEL = 0.8  # m
RARE = 0.02  # landslide share of a scene for two-stage search
CLEAN = 128  # px: side of the landslide-free pieces that such a scene is made of


@dataclass(frozen=True)
class Block:
    """A piece of landscape and its truth: image ``(3, H, W)`` uint8, truth ``(H, W)``, 1 landslide."""

    image: NDArray[np.uint8]
    truth: NDArray[np.uint8]


def make_block(side: int) -> Block:
    """A block of landscape with landslides, without cloud or collar."""
    scene = make_scene(side, side, seed=3, framed=False)
    return Block(np.ascontiguousarray(scene.image), (scene.truth == 1).astype(np.uint8))


def write_scene(path: Path, block: Block, width: int, height: int) -> None:
    """Cover ``width`` x ``height`` px with the block and its mirror images, as a tiled, compressed GeoTIFF."""
    pair = np.concatenate([block.image, block.image[:, :, ::-1]], axis=2)
    image = np.concatenate([pair, pair[:, ::-1]], axis=1)
    across = np.tile(image, (1, 1, -(-width // image.shape[2])))[:, :, :width]
    with _open(path, 3, width, height) as dataset:
        for row in range(0, height, across.shape[1]):
            rows = min(across.shape[1], height - row)
            dataset.write(across[:, :rows], window=Window(0, row, width, rows))


def write_rare(path: Path, truth: Path, block: Block, width: int, height: int) -> None:
    """A scene with landslides on ``RARE`` of its area, all in one corner, as an earthquake leaves them.

    The rest is made of the block's landslide-free pieces.
    """
    rng = np.random.default_rng(0)
    side = block.truth.shape[0] // CLEAN
    places = [(row * CLEAN, column * CLEAN) for row in range(side) for column in range(side)]
    clean = [
        block.image[:, row : row + CLEAN, column : column + CLEAN]
        for row, column in places
        if not block.truth[row : row + CLEAN, column : column + CLEAN].any()
    ] or [block.image[:, :CLEAN, :CLEAN]]
    rows, columns = -(-height // CLEAN), -(-width // CLEAN)
    image = np.empty((3, rows * CLEAN, columns * CLEAN), np.uint8)
    for row in range(rows):
        for column in range(columns):
            piece = clean[rng.integers(len(clean))]
            image[:, row * CLEAN : (row + 1) * CLEAN, column * CLEAN : (column + 1) * CLEAN] = piece
    image = image[:, :height, :width]
    mask = np.zeros((height, width), np.uint8)
    wanted = RARE * height * width
    for row, column in sorted(places):
        if mask.sum() >= wanted:
            break
        place = np.s_[row : min(height, row + CLEAN), column : min(width, column + CLEAN)]
        image[(slice(None), *place)] = block.image[(slice(None), *place)]
        mask[place] = block.truth[place]
    with _open(path, 3, width, height) as dataset:
        dataset.write(image)
    with _open(truth, 1, width, height) as dataset:
        dataset.write(mask, 1)


def _open(path: Path, bands: int, width: int, height: int) -> rasterio.io.DatasetWriter:
    return rasterio.open(
        path, "w", driver="GTiff", count=bands, width=width, height=height, dtype="uint8", crs="EPSG:32648",
        transform=Affine(PIXEL, 0, 500_000, 0, -PIXEL, 3_000_000), tiled=True, blockxsize=256, blockysize=256,
        compress="DEFLATE", zlevel=3, bigtiff="IF_SAFER", num_threads="ALL_CPUS",
    )  # fmt: skip
