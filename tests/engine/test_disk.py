"""A disk that fills up: one line, exit code 1, nothing left and nothing lost."""

from __future__ import annotations

import json
import resource
import subprocess

import numpy as np
import pytest
from conftest import COMMAND
from scenes import write_raster


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    rng = np.random.default_rng(0)
    return write_raster(tmp_path_factory.mktemp("scene") / "s.tif", rng.integers(0, 255, (3, 600, 600), np.uint8))


def detect(card, scene, folder, largest_file):
    """Run the program where no file may grow beyond ``largest_file`` bytes."""
    outputs = ["--probability", folder / "p.tif", "--mask", folder / "m.tif", "--polygons", folder / "v.gpkg"]
    return subprocess.run(
        [*COMMAND, "detect", "segmentation", scene, *outputs, "--model", card.folder, "--progress", "json"],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file)),
    )


@pytest.mark.parametrize(
    "largest_file", [20_000, 400_000], ids=["while rows are written", "while results are finished"]
)
def test_full_disk_is_one_line_and_nothing_is_left(toys, scene, tmp_path, largest_file):
    (tmp_path / "p.tif").write_text("yesterday")
    done = detect(toys["segmentation"], scene, tmp_path, largest_file)
    assert done.returncode == 1
    errors = [event for event in map(json.loads, done.stdout.splitlines()) if event["event"] == "error"]
    assert len(errors) == 1
    assert f"{tmp_path}: cannot write there, is the disk full?" in errors[0]["message"]
    assert "\n" not in errors[0]["message"]
    assert [path.name for path in tmp_path.iterdir()] == ["p.tif"]
    assert (tmp_path / "p.tif").read_text() == "yesterday"
