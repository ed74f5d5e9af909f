"""Small trainings as a program: what PyTorch does to threads and signals stays out of the test run.

python train_tiny.py packages|interrupted|tuned CHIPS FOLDER

``packages`` writes a model package of each detector, ``interrupted`` ends a run half way and resumes it, ``tuned``
trains a model on from another. The last line printed is a JSON object of what the test wants to know.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from landslide_detector.models.library.card import DETECTORS, read_card
from landslide_detector.models.training import trainer
from landslide_detector.models.training.chips import read_chip_folder
from landslide_detector.models.training.package import write_package
from landslide_detector.models.training.recipes import RECIPES, Recipe
from pytorch_lightning.callbacks import ModelCheckpoint

RESOLUTION = (0.5, 15.0)


def tiny(detector: str, steps: int) -> Recipe:
    return replace(RECIPES[detector], window=64, batch_size=2, steps=steps, tile_size=64, overlap=32)


def packages(chips: list, folder: Path) -> dict[str, Any]:
    told = {}
    for detector in DETECTORS:
        recipe, progressed = tiny(detector, 2), []
        network = trainer.fit(detector, recipe, *chips, folder / "training" / detector, False, progressed.append)
        write_package(network, folder / detector, detector, recipe, *chips, RESOLUTION)
        told[detector] = progressed
    return told


def interrupted(chips: list, folder: Path) -> dict[str, Any]:
    def at_every_step(where: Path, **settings: Any) -> ModelCheckpoint:
        return ModelCheckpoint(where, **{**settings, "every_n_train_steps": 1})

    def interrupt(done: float) -> None:
        if done >= 0.5:
            raise KeyboardInterrupt

    def step() -> int:
        return int(torch.load(folder / "last.ckpt", weights_only=False)["global_step"])

    trainer.ModelCheckpoint = at_every_step
    progressed: list[float] = []
    try:
        trainer.fit("anomaly", tiny("anomaly", 4), *chips, folder, False, interrupt)
    except (KeyboardInterrupt, SystemExit):
        first = step()
    trainer.fit("anomaly", tiny("anomaly", 4), *chips, folder, True, progressed.append)
    return {"step_at_interrupt": first, "progressed": progressed, "step_at_end": step()}


def tuned(chips: list, folder: Path) -> dict[str, Any]:
    recipe = tiny("anomaly", 1)
    network = trainer.fit("anomaly", recipe, *chips, folder / "1", False, lambda done: None)
    write_package(network, folder / "base", "anomaly", recipe, *chips, RESOLUTION)
    base = read_card(folder / "base")
    # With next to no learning rate the outcome is what it started from.
    still = replace(recipe, learning_rate=1e-12)
    after = trainer.fit("anomaly", still, *chips, folder / "2", False, lambda done: None, base)
    before, after = (dict(model.named_parameters()) for model in (network, after))
    return {"largest_change": max(float((before[name] - after[name]).detach().abs().max()) for name in before)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    split = [read_chip_folder(Path(sys.argv[2]), name) for name in ("train", "val")]
    action = {"packages": packages, "interrupted": interrupted, "tuned": tuned}[sys.argv[1]]
    print(json.dumps(action(split, Path(sys.argv[3]))))
