"""Training: a few steps give a package that detects, and an interrupted run goes on where it was."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

import numpy as np
import pytest
import torch
from chip_folders import write_chips
from conftest import COMMAND, DETECTORS
from landslide_detector.models.inference.backends import OpenVinoNetwork, TorchNetwork
from landslide_detector.models.library.card import read_card
from landslide_detector.models.library.shelf import check_files
from landslide_detector.models.training import trainer
from landslide_detector.models.training.chips import read_chip_folder
from landslide_detector.models.training.package import write_package
from landslide_detector.models.training.recipes import RECIPES
from pytorch_lightning.callbacks import ModelCheckpoint
from scenes import landscape, read_raster, write_raster

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    """Several threads only wait for each other on images as small as these."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def chips(tmp_path_factory):
    folder = write_chips(tmp_path_factory.mktemp("training") / "chips")
    return [read_chip_folder(folder, split) for split in ("train", "val")]


def recipe_for(detector, steps=2):
    return replace(RECIPES[detector], window=64, batch_size=2, steps=steps, tile_size=64, overlap=32)


@pytest.mark.parametrize("detector", DETECTORS)
def test_two_steps_give_a_package_that_detects(detector, chips, run_detection, tmp_path):
    progressed = []
    recipe = recipe_for(detector)
    network = trainer.fit(detector, recipe, *chips, tmp_path / "training", False, progressed.append)
    assert progressed == [0.5, 1.0]
    fields = write_package(network, tmp_path / "my model", detector, recipe, *chips, (0.5, 15))
    card = read_card(tmp_path / "my model")
    check_files(card)
    assert (card.name, card.detector, card.resolution) == ("my model", detector, (0.5, 15))
    assert 0 <= card.threshold <= 1
    assert set(fields["landslides:metrics"]["val"]) >= {"f1", "iou", "auroc"}
    images = np.random.default_rng(0).standard_normal((2, 3, 64, 64), np.float32)
    torch_answer = TorchNetwork(card, "cpu", "fp32")(images)
    scale = max(1.0, np.abs(torch_answer).max())
    assert np.abs(OpenVinoNetwork(card, "fp32", 64)(images) - torch_answer).max() < 1e-3 * scale
    run = run_detection(card, write_raster(tmp_path / "s.tif", landscape(90, 100)))
    assert np.isfinite(read_raster(run.probability).pixels).all()


def at_every_step(folder, **settings):
    return ModelCheckpoint(folder, **{**settings, "every_n_train_steps": 1})


def test_interrupted_run_goes_on_from_its_checkpoint(chips, tmp_path, monkeypatch):
    monkeypatch.setattr(trainer, "ModelCheckpoint", at_every_step)
    recipe = recipe_for("anomaly", steps=4)

    def interrupt(done):
        if done >= 0.5:
            raise KeyboardInterrupt

    with pytest.raises((KeyboardInterrupt, SystemExit)):
        trainer.fit("anomaly", recipe, *chips, tmp_path, False, interrupt)
    assert torch.load(tmp_path / "last.ckpt", weights_only=False)["global_step"] in (1, 2)
    progressed = []
    trainer.fit("anomaly", recipe, *chips, tmp_path, True, progressed.append)
    assert 2 <= len(progressed) <= 3
    assert progressed[-1] == 1.0
    assert torch.load(tmp_path / "last.ckpt", weights_only=False)["global_step"] == 4


def test_fine_tuning_starts_from_the_base_model(chips, tmp_path):
    recipe = recipe_for("anomaly", steps=1)
    network = trainer.fit("anomaly", recipe, *chips, tmp_path / "first", False, lambda done: None)
    write_package(network, tmp_path / "base", "anomaly", recipe, *chips, (0.5, 15))
    still = replace(recipe, learning_rate=1e-12)
    tuned = trainer.fit(
        "anomaly", still, *chips, tmp_path / "second", False, lambda done: None, read_card(tmp_path / "base")
    )
    name = "decoder.blocks.0.conv1.0.weight"
    first, second = (model.state_dict()[name].float().cpu() for model in (network, tuned))
    assert torch.allclose(first, second, atol=2e-3)


def test_command_trains_and_tells_what_it_reached(tmp_path):
    chips = write_chips(tmp_path / "chips")
    options = ["--steps", "1", "--batch-size", "2", "--resolution", "0.5", "10", "--progress", "json"]
    done = subprocess.run(
        [*COMMAND, "train", "anomaly", "--chips", chips, "--output", tmp_path / "model", *options],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["event"] == "result"
    assert events[-1]["folder"] == str(tmp_path / "model")
    assert {"f1", "iou", "auroc"} <= set(events[-1])
    assert read_card(tmp_path / "model").detector == "anomaly"


def test_missing_chips_are_one_line(landslides, tmp_path):
    answer = landslides(
        "train", "patches", "--chips", tmp_path / "gone", "--output", tmp_path / "m", "--resolution", "1", "2",
        "--progress", "none",
    )  # fmt: skip
    assert answer.code == 1
    assert answer.error == f"Error: {tmp_path / 'gone'}: no images/NAME.* found, this is not a chip folder"
