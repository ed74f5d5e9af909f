"""Memory is bounded by a row of tiles, not by the scene."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import rasterio
from conftest import COMMAND
from rasterio.windows import Window
from scenes import METRES_2, UTM
from toy_models import write_toy

MEASURED = (
    "import resource, subprocess, sys\n"
    "code = subprocess.run(sys.argv[1:]).returncode\n"
    "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, file=sys.stderr)\n"
    "sys.exit(code)"
)


def test_scene_of_36_million_pixels_stays_under_a_gigabyte(tmp_path):
    side = 6000
    profile = {"driver": "GTiff", "count": 3, "height": side, "width": side, "dtype": "uint8", "crs": UTM}
    with rasterio.open(
        tmp_path / "s.tif", "w", **profile, transform=METRES_2, tiled=True, compress="DEFLATE"
    ) as dataset:
        rows = np.full((3, 500, side), 100, np.uint8)
        for top in range(0, side, 500):
            rows[0, :, 1000:1050] = top % 255
            dataset.write(rows, window=Window(0, top, side, 500))
    card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:tile_size": 512, "landslides:overlap": 64})
    done = subprocess.run(
        [
            sys.executable, "-c", MEASURED, *COMMAND, "detect", "segmentation", tmp_path / "s.tif", "--probability",
            tmp_path / "p.tif", "--model", card.folder, "--progress", "none",
        ],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    peak = int(done.stderr.rpartition("PEAK")[2])
    assert peak < 1e9
