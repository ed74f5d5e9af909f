"""Strips: each row is read once, memory is one strip, resampled strips fit together."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import rasterio
from landslide_detector.models.inference.grid import dense_grid
from landslide_detector.models.raster.reader import StripReader, WorkingGrid, estimate_stretch, needs_long_read
from landslide_detector.models.raster.scene import Scene
from scenes import landscape, write_raster


@pytest.fixture
def scene(tmp_path):
    scene = Scene(str(write_raster(tmp_path / "s.tif", landscape(150, 80))), [1, 2, 3])
    yield scene
    scene.close()


@pytest.fixture
def reads(monkeypatch):
    """Window and shape of each read of a scene from now on."""
    seen, read = [], Scene.read

    def watched(self, window, shape, *how):
        seen.append((window, shape))
        return read(self, window, shape, *how)

    monkeypatch.setattr(Scene, "read", watched)
    return seen


def strips(grid):
    """First and last row of each row of tiles, and the first of the next."""
    rows = [row for row, _ in grid.rows]
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        yield row, min(grid.height, row + grid.size[0]), following


def rows_of(window):
    return range(int(window.row_off), int(window.row_off + window.height))


def test_each_row_is_read_once(scene, reads):
    reader = StripReader(scene, WorkingGrid(80, 150, 1.0, 1.0))
    for first, last, following in strips(dense_grid(150, 80, 64, 16)):
        pixels, _ = reader.read(first, last, following=following)
        assert np.array_equal(pixels, landscape(150, 80)[:, first:last])
    assert [row for window, _ in reads for row in rows_of(window)] == list(range(150))


def test_blocks_of_columns_read_each_row_once_as_well(scene, reads):
    reader = StripReader(scene, WorkingGrid(80, 150, 1.0, 1.0))
    for first, last, following in strips(dense_grid(150, 80, 64, 16)):
        for left, right in ((0, 50), (30, 80)):
            pixels, valid = reader.read(first, last, left, right, following)
            assert np.array_equal(pixels, landscape(150, 80)[:, first:last, left:right])
            assert valid.all()
    read_rows = {0: [], 30: []}
    for window, _ in reads:
        read_rows[int(window.col_off)] += rows_of(window)
    assert read_rows == {0: list(range(150)), 30: list(range(150))}


def test_only_one_strip_is_held(scene):
    reader = StripReader(scene, WorkingGrid(80, 150, 1.0, 1.0))
    for first, last, following in strips(dense_grid(150, 80, 64, 16)):
        pixels, valid = reader.read(first, last, following=following)
        assert pixels.shape == (3, last - first, 80)
        assert valid.shape == (last - first, 80)


@pytest.mark.parametrize("factor", [2.5, 0.4])
def test_resampled_strips_are_the_resampled_scene(scene, factor):
    width, height = round(80 / factor), round(150 / factor)
    grid = WorkingGrid(width, height, 80 / width, 150 / height)
    whole, _ = StripReader(scene, grid).read(0, height)
    reader = StripReader(scene, grid)
    for first in range(0, height, 13):
        pixels, _ = reader.read(first, min(height, first + 13))
        difference = np.abs(pixels.astype(int) - whole[:, first : first + 13])
        assert difference.max() <= 1  # of 255: rounding


def test_stretch_reads_a_decimated_scene(tmp_path, reads):
    path = write_raster(tmp_path / "wide.tif", np.ones((1, 30, 5000), np.uint16))
    scene = Scene(str(path), [1])
    estimate_stretch(scene, {"percentiles": (1, 99), "range": (0.05, 0.85)})
    scene.close()
    assert [shape for _, shape in reads] == [(6, 1024)]


def test_long_read_for_percentiles_is_that_of_a_large_raster_without_overviews(tmp_path, monkeypatch):
    percentiles, median = {"percentiles": (1, 99), "range": (0.05, 0.85)}, {"median": 0.3, "deviation": 0.07}

    def is_long(path, rule=percentiles):
        scene = Scene(str(path), [1])
        found = needs_long_read(scene, rule)
        scene.close()
        return found

    deep = write_raster(tmp_path / "deep.tif", np.ones((1, 700, 700), np.uint16))
    assert not is_long(deep)
    monkeypatch.setattr("landslide_detector.models.raster.reader.LONG_READ", 600 * 600)
    assert is_long(deep)
    assert not is_long(deep, median)
    assert not is_long(write_raster(tmp_path / "bytes.tif", np.ones((1, 700, 700), np.uint8)))
    with rasterio.open(deep, "r+") as dataset:
        dataset.build_overviews([2])
    assert not is_long(deep)


@pytest.mark.parametrize("rule", [{"median": 0.3, "deviation": 0.07}, {"percentiles": (1, 99), "range": (0.05, 0.85)}])
def test_stretch_of_a_small_survey_on_a_large_canvas_is_that_of_the_survey(tmp_path, rule):
    survey = np.random.default_rng(0).integers(2000, 6000, (1, 300, 300), np.uint16)
    canvas = np.zeros((1, 4000, 4000), np.uint16)
    canvas[:, 850:1150, 850:1150] = survey
    stretches = []
    for name, pixels in (("survey", survey), ("canvas", canvas)):
        scene = Scene(str(write_raster(tmp_path / f"{name}.tif", pixels, nodata=0)), [1])
        stretches.append(estimate_stretch(scene, rule))
        scene.close()
    assert stretches[1].gain == pytest.approx(stretches[0].gain, rel=0.05)
    assert stretches[1].offset == pytest.approx(stretches[0].offset, abs=0.03)


def test_scene_full_of_data_is_not_searched_for_it(tmp_path, reads):
    scene = Scene(str(write_raster(tmp_path / "s.tif", np.ones((1, 2000, 2000), np.uint8), nodata=0)), [1])
    estimate_stretch(scene, {"median": 0.3, "deviation": 0.07})
    scene.close()
    assert len(reads) == 36


def test_eight_bit_is_taken_as_it_is_without_a_look(scene, monkeypatch):
    monkeypatch.setattr(Scene, "read", lambda *_: pytest.fail("read"))
    stretch = estimate_stretch(scene, {"percentiles": (1, 99), "range": (0.05, 0.85)})
    values = np.arange(256, dtype=np.uint8).reshape(1, 16, 16).repeat(3, axis=0)
    assert np.allclose(stretch(values), values / 255)


def test_block_that_gdal_finds_no_room_for_is_out_of_memory_and_no_damage(tmp_path):
    """So the engine goes on with smaller tiles, which leave room."""
    profile = {"tiled": True, "blockxsize": 8192, "blockysize": 8192, "compress": "DEFLATE"}
    path = write_raster(tmp_path / "s.tif", np.zeros((1, 100, 100), np.uint8), **profile)
    program = """
import resource, sys
from pathlib import Path
from rasterio.enums import Resampling
from rasterio.windows import Window
from landslide_detector.models.raster.scene import Scene

scene = Scene(sys.argv[1], [1])
held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + 2**24, held + 2**24))
try:
    scene.read(Window(0, 0, 10, 10), (10, 10), Resampling.nearest)
except MemoryError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", program, path], check=True, capture_output=True, text=True)
    assert done.stdout == f"{path}: GDAL is out of memory\n"
