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
PIECE = 128  # px: side of the pieces that such a scene is made of


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

    The corner is made of those pieces of the block that hold landslides, the rest of those that hold none.
    """
    rng = np.random.default_rng(0)
    side = block.truth.shape[0] // PIECE
    pieces = [
        np.s_[row * PIECE : (row + 1) * PIECE, column * PIECE : (column + 1) * PIECE]
        for row in range(side)
        for column in range(side)
    ]
    slides = [piece for piece in pieces if block.truth[piece].any()] or pieces
    clean = [piece for piece in pieces if not block.truth[piece].any()] or pieces
    rows, columns = -(-height // PIECE), -(-width // PIECE)
    share = max(RARE, float(np.mean([block.truth[piece].mean() for piece in slides])))
    cells = sorted(np.ndindex(rows, columns), key=max)
    corner = set(cells[: round(RARE * len(cells) / share)])
    with _open(path, 3, width, height) as scene, _open(truth, 1, width, height) as mask:
        for row in range(rows):
            pools = [slides if (row, column) in corner else clean for column in range(columns)]
            places = [pool[rng.integers(len(pool))] for pool in pools]
            image = np.concatenate([block.image[(slice(None), *place)] for place in places], axis=2)
            landslides = np.concatenate([block.truth[place] for place in places], axis=1)
            window = Window(0, row * PIECE, width, min(PIECE, height - row * PIECE))
            scene.write(image[:, : window.height, :width], window=window)
            mask.write(landslides[: window.height, :width], 1, window=window)


def _open(path: Path, bands: int, width: int, height: int) -> rasterio.io.DatasetWriter:
    return rasterio.open(
        path, "w", driver="GTiff", count=bands, width=width, height=height, dtype="uint8", crs="EPSG:32648",
        transform=Affine(PIXEL, 0, 500_000, 0, -PIXEL, 3_000_000), tiled=True, blockxsize=256, blockysize=256,
        compress="DEFLATE", zlevel=3, bigtiff="IF_SAFER", num_threads="ALL_CPUS",
    )  # fmt: skip
