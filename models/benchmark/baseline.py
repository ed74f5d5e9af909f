"""What one would otherwise run: ONNX Runtime in fp32, one tile after another, in a plain read-infer-write loop."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import rasterio
from rasterio.windows import Window

from ..detectors.base import sigmoid
from ..inference.grid import TileGrid
from ..library.card import GRAPH, Card


def plain_loop(card: Card, scene: Path, output: Path, grid: TileGrid, seconds: float) -> float:
    """Run the loop over a scene, or as much of it as fits into a time.

    Args:
        card: the model.
        scene: RGB raster, 8-bit.
        output: probability raster to write.
        grid: the same tiles as the engine's.
        seconds: time after which it stops, at the end of a tile.

    Returns:
        Px of the scene a second.
    """
    import onnxruntime

    session = onnxruntime.InferenceSession(card.folder / GRAPH, providers=["CPUExecutionProvider"])
    mean = np.array(card.mean, np.float32)[:, None, None]
    stddev = np.array(card.stddev, np.float32)[:, None, None]
    tiles = [tile for strip in grid.strips() for tile in strip]
    begun = time.perf_counter()
    done = 0
    with rasterio.open(scene) as source:
        profile = source.profile | {"count": 1, "dtype": "float32", "height": grid.height, "width": grid.width}
        with rasterio.open(output, "w", **profile) as target:
            for tile in tiles:
                window = Window(tile.column, tile.row, grid.size[1], grid.size[0])
                pixels = source.read(window=window, boundless=True)
                batch = ((pixels.astype(np.float32) / 255 - mean) / stddev)[None]
                (result,) = session.run(None, {session.get_inputs()[0].name: batch})
                values = sigmoid(result).reshape(-1, *grid.out_size)[0]
                rows = min(grid.out_size[0], grid.height - tile.out_row)
                columns = min(grid.out_size[1], grid.width - tile.out_column)
                place = Window(tile.out_column, tile.out_row, columns, rows)
                target.write(values[:rows, :columns], 1, window=place)
                done += 1
                if time.perf_counter() - begun > seconds:
                    break
    share = done / len(tiles)
    return share * grid.height * grid.width * grid.step**2 / (time.perf_counter() - begun)
