"""int8: a quantised copy beside the model, that agrees with it and says what it costs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from conftest import EXACT
from landslide_detector.models.errors import ModelError
from landslide_detector.models.inference.backends import OpenVinoNetwork, load_network
from landslide_detector.models.inference.device import Choice
from landslide_detector.models.library.card import INT8_GRAPH, INT8_WEIGHTS, read_card
from PIL import Image
from scenes import landscape, read_raster, write_raster
from toy_models import write_toy

INT8 = Choice("cpu", "int8", "chosen by the test")


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    """Landscapes and where they are red."""
    folder = tmp_path_factory.mktemp("chips")
    for name in ("images", "masks"):
        (folder / name).mkdir()
    lines = ["name,split"]
    for number in range(8):
        image = landscape(64, 64, seed=number)
        Image.fromarray(np.moveaxis(image, 0, 2)).save(folder / "images" / f"{number}.png")
        Image.fromarray((image[0] > image[1]).astype(np.uint8) * 255).save(folder / "masks" / f"{number}.png")
        lines.append(f"{number},{'val' if number % 2 else 'train'}")
    (folder / "index.csv").write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def quantised(chips, tmp_path_factory):
    from landslide_detector.models.training.quantize import quantise

    kernel = np.zeros((1, 3, 3, 3), np.float32)
    kernel[0, 0], kernel[0, 1] = 16 / 9, -16 / 9
    folder = tmp_path_factory.mktemp("models") / "toy"
    card = write_toy(folder, "segmentation", kernel)
    loss = quantise(card, chips, "train", "val", 4, lambda message: None)
    return read_card(folder), loss


def test_answers_agree(quantised):
    card, loss = quantised
    batch = np.stack([landscape(64, 64, seed) / np.float32(255) for seed in range(3)]).astype(np.float32)
    exact, coarse = (load_network(card, choice, 64)(batch) for choice in (EXACT, INT8))
    assert np.quantile(np.abs(exact - coarse), 0.99) < 0.05 * np.abs(exact).max()
    assert not np.array_equal(exact, coarse)
    assert abs(loss.points) < 3


def test_windows_of_any_shape(quantised):
    card, _ = quantised
    network = load_network(card, INT8, None)
    for height, width in ((64, 96), (96, 64), (64, 96)):
        batch = landscape(height, width)[None] / np.float32(255)
        assert network(batch).shape == (1, 1, height, width)
    square = landscape(64, 64)[None] / np.float32(255)
    assert np.array_equal(network(square), load_network(card, INT8, 64)(square))


def test_card_says_how_it_was_made_and_what_it_costs(quantised):
    card, loss = quantised
    said = card.fields["landslides:int8"]
    assert set(said["sha256"]) == {INT8_GRAPH, INT8_WEIGHTS}
    assert said["calibration"].startswith("4 chips of split 'train'")
    assert said["metrics"]["val"] == {"mean_iou_fp32": loss.fp32, "mean_iou_int8": loss.int8}
    assert sorted(path.suffix for path in card.folder.iterdir()) == [".bin", ".json", ".onnx", ".safetensors", ".xml"]


def test_detects_with_it(quantised, landslides, tmp_path):
    card, _ = quantised
    scene = write_raster(tmp_path / "s.tif", landscape(150, 210))
    maps = []
    for precision in ("fp32", "int8"):
        answer = landslides(
            "detect", "segmentation", scene, "--probability", tmp_path / "p.tif", "--model", card.folder,
            "--device", "cpu", "--precision", precision, "--progress", "json",
        )  # fmt: skip
        assert answer.code == 0
        assert any(f"on cpu, {precision}" in event["message"] for event in answer.of("log"))
        maps.append(read_raster(tmp_path / "p.tif").pixels)
    assert np.quantile(np.abs(maps[0] - maps[1]), 0.99) < 0.1


def test_damaged_copy_is_refused(quantised, tmp_path):
    import shutil

    shutil.copytree(quantised[0].folder, tmp_path / "m")
    with (tmp_path / "m" / INT8_WEIGHTS).open("ab") as handle:
        handle.write(b"x")
    with pytest.raises(ModelError, match=r"model\.int8\.bin is damaged"):
        OpenVinoNetwork(read_card(tmp_path / "m"), "int8", 64)


def test_detection_in_int8_without_a_copy_is_one_line_that_names_the_models_with_one(landslides, toys, tmp_path):
    scene = write_raster(tmp_path / "s.tif", landscape(40, 40))
    answer = landslides(
        "detect", "segmentation", scene, "--mask", tmp_path / "m.tif", "--precision", "int8", "--progress", "none",
        "--model", toys["segmentation"].folder,
    )  # fmt: skip
    assert answer.code == 1
    (line,) = answer.err.splitlines()
    assert "'toy-segmentation' has no int8 copy (models with one: anomaly-unet); use another precision" in line


def test_copy_that_was_not_fetched_is_one_line(quantised, tmp_path):
    import shutil

    shutil.copytree(quantised[0].folder, tmp_path / "m", ignore=shutil.ignore_patterns(INT8_WEIGHTS))
    with pytest.raises(ModelError, match=r"model\.int8\.bin is missing; get it with 'landslides models fetch"):
        OpenVinoNetwork(read_card(tmp_path / "m"), "int8", 64)


def test_command_needs_chips(landslides):
    assert landslides("models", "quantize", "segmentation-deeplabv3plus").code == 2


def test_model_that_is_not_there_is_named(landslides, chips):
    answer = landslides("models", "quantize", "nothing", "--chips", chips)
    assert answer.code == 1
    assert "no model 'nothing'" in json.dumps(answer.err)
