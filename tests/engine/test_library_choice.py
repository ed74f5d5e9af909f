"""`--model auto`: each scene gets the default that fits its ground resolution, and the log says which and why."""

from __future__ import annotations

import pytest
from affine import Affine
from landslide_detector.models.library import shelf
from landslide_detector.models.library.choice import choose_default, reason
from scenes import landscape, write_raster
from toy_models import write_toy

RANGES = {"fine": [0.3, 2.0], "middle": [5.0, 20.0], "broad": [0.4, 16.0]}


@pytest.fixture
def defaults(tmp_path, monkeypatch):
    """Three defaults of one detector on an otherwise empty shelf."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    return {
        name: write_toy(
            tmp_path / "shipped" / name, "segmentation",
            **{"name": name, "landslides:default": True, "landslides:resolution": ends},
        )
        for name, ends in RANGES.items()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("resolution", "chosen"),
    [
        (0.35, "fine"),
        (0.8, "fine"),  # of those that contain it, the narrowest
        (10.0, "middle"),
        (3.0, "broad"),
        (0.1, "fine"),  # outside all ranges: nearest by ratio
        (60.0, "middle"),
        (None, "fine"),
    ],
)
def test_default_that_fits_best(defaults, resolution, chosen):
    assert choose_default(list(defaults.values()), resolution).name == chosen
    assert shelf.find_model("auto", "segmentation", resolution).name == chosen


def test_own_default_goes_before_a_shipped_one_of_the_same_range(defaults, tmp_path):
    mine = write_toy(tmp_path / "mine", "segmentation", **{"landslides:resolution": RANGES["fine"]})
    assert choose_default([*defaults.values(), mine], 1.0) is mine
    assert choose_default([*defaults.values(), mine], 0.2) is mine


def test_reason_tells_a_fit_from_the_nearest(defaults):
    assert reason(defaults["fine"], 0.8).endswith("chosen as the default that fits the scene's 0.8 m")
    assert reason(defaults["fine"], 0.2).endswith("chosen as the default nearest to the scene's 0.2 m")
    assert "0.3 to 2 m a pixel" in reason(defaults["fine"], None)


def test_each_scene_gets_its_own_model_and_the_log_says_which(landslides, defaults, tmp_path, rasters_only):
    folder = tmp_path / "scenes"
    folder.mkdir()
    write_raster(folder / "aerial.tif", landscape(70, 80), transform=Affine(0.5, 0, 5e5, 0, -0.5, 3e6))
    write_raster(folder / "sentinel.tif", landscape(70, 80), transform=Affine(10, 0, 5e5, 0, -10, 3e6))
    answer = landslides(
        "detect", "segmentation", folder, "--output-dir", tmp_path / "out", "--device", "cpu", "--progress", "json"
    )
    assert answer.code == 0
    assert [result["model"] for result in answer.of("result")] == ["fine", "middle"]
    told = [line["message"] for line in answer.of("log") if "chosen as the default" in line["message"]]
    assert "aerial.tif: model 'fine' is made for 0.3 to 2 m a pixel" in told[0]
    assert "sentinel.tif: model 'middle' is made for 5 to 20 m a pixel" in told[1]


def test_named_model_is_taken_whatever_the_resolution(landslides, defaults, tmp_path, rasters_only):
    scene = write_raster(tmp_path / "scene.tif", landscape(70, 80), transform=Affine(10, 0, 5e5, 0, -10, 3e6))
    options = ("--device", "cpu", "--progress", "json", "--model", "fine")
    answer = landslides("detect", "segmentation", scene, "--mask", tmp_path / "m.tif", *options)
    assert answer.of("result")[0]["model"] == "fine"
    assert "chosen as the default" not in answer.out
