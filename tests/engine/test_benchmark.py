"""The benchmark on a tiny size: every column is there, and the figures agree with each other."""

from __future__ import annotations

import json

import numpy as np
import pytest
import rasterio
from landslide_detector.models.benchmark import limits, measure
from landslide_detector.models.benchmark.baseline import plain_loop
from landslide_detector.models.benchmark.scenes import RARE, Block, make_block, write_rare, write_scene
from landslide_detector.models.detectors.registry import build_detector
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.library import shelf
from scenes import landscape, read_raster, write_raster
from toy_models import expected_segmentation, write_card


@pytest.fixture
def toy_shelf(toys, monkeypatch, tmp_path):
    """The toys are the default models."""
    for card in toys.values():
        write_card(card.folder, {**card.fields, "landslides:default": True})
    monkeypatch.setattr(shelf, "SHIPPED", next(iter(toys.values())).folder.parent)


def test_table_and_file_hold_every_figure(toy_shelf, landslides, tmp_path):
    answer = landslides(
        "benchmark", "--sizes", "256x256", "--detectors", "segmentation", "--repeat", "1", "--seconds", "0.1",
        "--screen", "--json", tmp_path / "figures.json", "--folder", tmp_path, "--progress", "none",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    head, row, *_ = answer.out.splitlines()
    assert head.split()[:4] == ["case", "scene", "tile", "backend"]
    assert row.startswith("segmentation  256x256")
    assert "two-stage search, landslides on" in answer.out
    figures = json.loads((tmp_path / "figures.json").read_text())
    (outcome,) = figures["outcomes"]
    assert outcome["efficiency"] == pytest.approx(outcome["end_to_end"] / (outcome["raw"] * outcome["useful"]))
    assert outcome["speed_up"] == pytest.approx(outcome["end_to_end"] / outcome["baseline"])
    assert 0 < outcome["of_limit"] < 1.5
    assert outcome["peak"] > 50e6
    assert 0 <= figures["screening"]["screened_recall"] <= figures["screening"]["recall"] <= 1
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


@pytest.mark.parametrize("option", [["--sizes", "2048"], ["--detectors", "clouds"], ["--json", "/nowhere/f.json"]])
def test_wrong_usage(landslides, option):
    assert landslides("benchmark", *option).code == 2


def test_scene_is_the_block_and_its_mirror_images(tmp_path):
    image = landscape(64, 64)
    write_scene(tmp_path / "s.tif", Block(image, np.zeros((64, 64), np.uint8)), 150, 100)
    with rasterio.open(tmp_path / "s.tif") as dataset:
        pixels = dataset.read()
    assert pixels.shape == (3, 100, 150)
    assert np.array_equal(pixels[:, :64, :64], image)
    assert np.array_equal(pixels[:, :64, 64:128], image[:, :, ::-1])


def test_rare_scene_has_the_landslides_it_says_in_one_corner(tmp_path):
    ground = landscape(128, 128)
    truth = np.zeros((128, 128), np.uint8)
    truth[20:60, 20:60] = 1
    slid = Block(np.where(truth == 1, 255, ground).astype(np.uint8), truth)
    intact = Block(ground, np.zeros_like(truth))
    write_rare(tmp_path / "s.tif", tmp_path / "t.tif", slid, intact, 900, 800)
    mask = read_raster(tmp_path / "t.tif").pixels
    with rasterio.open(tmp_path / "s.tif") as dataset:
        image = dataset.read()
    assert mask.shape == (800, 900)
    assert RARE * 0.8 < mask.mean() < RARE * 1.2
    assert not mask[500:].any()
    assert not mask[:, 500:].any()
    assert ((image == 255).all(axis=0) == (mask == 1)).all()
    assert np.array_equal(image[:, 512:640, 512:640], ground)
    assert np.array_equal(image[:, 640:768, 768:896], ground[:, ::-1])


@pytest.mark.parametrize("density", [0, 6])
def test_landslides_are_as_dense_as_asked_for(density):
    block = make_block(512, density)
    assert (block.truth.mean() > 2 * make_block(512).truth.mean()) if density else not block.truth.any()


def test_operations_are_those_of_the_graph(toys):
    assert limits.operations(toys["segmentation"], (64, 32)) == 2 * 3  # one product of three bands for each px


def test_plain_loop_writes_the_networks_answer(toys, tmp_path):
    card = toys["segmentation"]
    image = landscape(150, 210)
    scene = write_raster(tmp_path / "s.tif", image)
    grid = build_detector(card).grid(150, 210, 64, 16)
    assert plain_loop(card, scene, tmp_path / "p.tif", grid, 60) > 0
    assert np.abs(read_raster(tmp_path / "p.tif").pixels - expected_segmentation(image / 255)).max() < 1e-3


def test_failing_command_is_one_line(toys, tmp_path):
    from landslide_detector.models.errors import LandslideError

    case = measure.Case("segmentation", toys["segmentation"], tmp_path / "missing.tif", 10, 10, Tiling())
    with pytest.raises(LandslideError, match=r"segmentation: detect failed \(Error: .*missing\.tif"):
        measure.command_rate(case, measure.choose("cpu"))
