"""The benchmark on a tiny size: every column is there, and the figures agree with each other."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from importlib.util import find_spec

import numpy as np
import psutil
import pytest
import rasterio
from landslide_detector.models.benchmark import agreement, command, limits, measure
from landslide_detector.models.benchmark.baseline import plain_loop
from landslide_detector.models.benchmark.case import Case
from landslide_detector.models.benchmark.scenes import RARE, Block, make_block, write_rare, write_scene
from landslide_detector.models.cli import benchmark as cli
from landslide_detector.models.detectors.registry import build_detector
from landslide_detector.models.errors import LandslideError
from landslide_detector.models.inference.backends import OpenVinoNetwork
from landslide_detector.models.inference.device import choose
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.library import shelf
from landslide_detector.models.library.shelf import find_model
from scenes import landscape, read_raster, write_raster
from toy_models import expected_segmentation, write_card


@pytest.fixture
def toy_shelf(toys, monkeypatch, tmp_path):
    """The toys are the default models."""
    for card in toys.values():
        write_card(card.folder, {**card.fields, "landslides:default": True})
    monkeypatch.setattr(shelf, "SHIPPED", next(iter(toys.values())).folder.parent)


def test_table_and_file_hold_every_figure(toy_shelf, landslides, tmp_path, monkeypatch):
    # A toy is a graph alone, not a network of PyTorch's.
    monkeypatch.setattr(agreement, "TorchNetwork", lambda card, *where: OpenVinoNetwork(card, "fp32", None))
    answer = landslides(
        "benchmark", "--sizes", "128x128,256x256", "--detectors", "segmentation", "--repeat", "2", "--seconds", "0.1",
        "--screen", "--json", tmp_path / "figures.json", "--folder", tmp_path, "--progress", "none",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    head, row, *_ = answer.out.splitlines()
    assert head.split()[:4] == ["case", "scene", "tile", "backend"]
    assert row.startswith("segmentation  128x128")
    for line in ("matrix products, cpu fp32:", "segmentation, cpu ", "two-stage search, landslides on"):
        assert any(said.startswith(line) for said in answer.out.splitlines())
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert datetime.fromisoformat(figures["date"]).tzinfo
    assert figures["machine"]["cpu"]
    assert all(figures["versions"][package] for package in ("openvino", "onnxruntime", "torch"))
    assert figures["repeat"] == 2
    found = [outcome for outcome in figures["outcomes"] if outcome["backend"] == "cpu fp32"]
    assert [(outcome["width"], outcome["overlap"], outcome["batch"]) for outcome in found] == [
        (128, 16, 1), (256, 16, 1),
    ]  # fmt: skip
    for outcome in found:
        assert len(outcome["turns"]) == 2
        for turn in outcome["turns"]:
            assert turn["efficiency"] == pytest.approx(turn["end_to_end"] / (turn["raw"] * outcome["useful"]))
            assert turn["speed_up"] == pytest.approx(turn["end_to_end"] / turn["baseline"])
            assert 0 < turn["of_limit"] < 1.5
        for name, value in outcome["medians"].items():
            assert value == pytest.approx(np.mean([turn[name] for turn in outcome["turns"]]))  # of two
        assert outcome["medians"]["peak"] > 50e6
    (extent,) = figures["extents"]
    assert (extent["width"], sorted(extent["medians"])) == (256, ["cold", "warm"])
    assert all(each["probability"] < 0.02 for each in figures["agreements"])
    assert len(figures["screening"]["turns"]) == 2
    assert 0 <= figures["screening"]["screened_recall"] <= figures["screening"]["recall"] <= 1
    assert [path.name for path in tmp_path.iterdir()] == ["figures.json"]


@pytest.mark.parametrize("package", ["onnxruntime", "psutil"])
def test_missing_package_is_named_in_one_line(landslides, monkeypatch, package):
    monkeypatch.setattr(cli, "find_spec", lambda name: None if name == package else find_spec(name))
    answer = landslides("benchmark", "--progress", "none")
    assert answer.code == 1
    assert answer.err.splitlines() == [f"Error: the benchmark needs {package}: pip install {package}"]


def test_each_model_is_measured_in_fp32_too_and_in_int8_where_it_has_a_copy(toys):
    assert ("cpu", "fp32") in [(choice.device, choice.precision) for choice in measure.backends(toys["patches"])]
    assert "int8" in [choice.precision for choice in measure.backends(find_model("anomaly-unet"))]


def test_int8_is_further_from_pytorch_than_fp32(tmp_path):
    write_scene(tmp_path / "s.tif", make_block(256), 150, 100)  # less than a whole tile
    case = Case("anomaly", find_model("anomaly-unet"), tmp_path / "s.tif", 150, 100, Tiling(128, 32))
    found = {each.backend: each for each in agreement.measure_agreement(case, print)}
    assert found["cpu fp32"].probability < 1e-3
    assert found["cpu fp32"].mask < 1e-3
    assert found["cpu int8"].probability > 10 * found["cpu fp32"].probability


def test_memory_counts_child_processes():
    child = "import time; held = bytearray(300 * 2**20); print('ready', flush=True); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with psutil.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        assert command._resident(process) > 300 * 2**20
        for each in (*process.children(), process):
            each.kill()
        process.wait()
        assert command._resident(process) == 0


def test_first_run_of_an_extent_finds_no_compiled_model(toys, tmp_path):
    write_scene(tmp_path / "s.tif", make_block(256), 256, 256)
    case = Case("segmentation", toys["segmentation"], tmp_path / "s.tif", 256, 256, Tiling())
    timing = command.time_detect(case, choose("cpu"), cache=tmp_path / "cache")
    assert timing.seconds > 0
    assert list((tmp_path / "cache").rglob("*.blob"))


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
    case = Case("segmentation", toys["segmentation"], tmp_path / "missing.tif", 10, 10, Tiling())
    with pytest.raises(LandslideError, match=r"segmentation: detect failed \(Error: .*missing\.tif"):
        command.time_detect(case, choose("cpu"))
