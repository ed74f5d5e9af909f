"""Small trainings as a program: what PyTorch does to threads and signals stays out of the test run.

python train_tiny.py JSON

The argument is an object of ``[ACTION, FOLDER, SETTINGS]`` by name: ``ACTION`` is a function of this module, called
with the folder and the settings. What they return is printed as the last line, by the same names. Several trainings in
one program share the time it takes to load PyTorch.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from landslide_detector.models.inference.device import Choice
from landslide_detector.models.library.card import read_card
from landslide_detector.models.training.budget import Budget
from landslide_detector.models.training.callbacks import read_history
from landslide_detector.models.training.chip_windows import ChipWindows
from landslide_detector.models.training.chips import read_chip_folder
from landslide_detector.models.training.data import chip_data, scene_data
from landslide_detector.models.training.recipes import RECIPES, Recipe
from landslide_detector.models.training.train import train
from landslide_detector.models.training.trainer import Machine
from landslide_detector.models.training.windows import TrainingData

RESOLUTION = (0.5, 15.0)
HERE = Machine(Choice("cpu", "fp32", "chosen by the test"))


def tiny(detector: str, **changes: Any) -> Recipe:
    encoder = RECIPES[detector].encoder if detector == "patches" else "resnet18"
    small = {"window": 64, "batch_size": 2, "tile_size": 64, "overlap": 32, "imagenet": False, "encoder": encoder}
    return replace(RECIPES[detector], **{**small, **changes})


class Told:
    """Remembers what a run tells; may end the process at a step, as a kill does."""

    def __init__(self, kill_at: int | None = None) -> None:
        self.progressed: list[float] = []
        self.scores: list[dict[str, Any]] = []
        self.logs: list[str] = []
        self.kill_at = kill_at

    def progress(self, done: float) -> None:
        self.progressed.append(done)
        if self.kill_at is not None and len(self.progressed) == self.kill_at:
            os._exit(9)

    def log(self, message: str) -> None:
        self.logs.append(message)

    def score(self, step: int, epoch: int, name: str, value: float, best: float) -> None:
        self.scores.append({"step": step, "epoch": epoch, "name": name, "value": value, "best": best})


def on_chips(folder: Path, chips: str, detector: str, steps: int, kill_at: int | None = None, resume: bool = False,
             base: str | None = None, **changes: Any) -> dict[str, Any]:  # fmt: skip
    """Train on a chip folder."""
    recipe, card = tiny(detector, **changes), read_card(Path(base)) if base else None
    data = chip_data(detector, Path(chips), recipe, card, RESOLUTION)
    told = Told(kill_at)
    result = train(detector, recipe, data, folder, card, Budget(steps=steps), HERE, told, resume=resume)
    return {**vars(told), "result": result, "rows": read_history(folder / "training" / "metrics.csv")}


def on_scenes(folder: Path, images: list[str], labels: list[str], detector: str, steps: int | None = None,
              minutes: float | None = None, normal: str | None = None, bands: list[int] | None = None,
              **changes: Any) -> dict[str, Any]:  # fmt: skip
    """Train on scenes."""
    recipe, told = tiny(detector, **changes), Told()
    data = scene_data(detector, images, labels, normal, recipe, None, bands=bands)
    result = train(detector, recipe, data, folder, None, Budget(steps, minutes), HERE, told)
    return {**vars(told), "result": result}


def overfit(folder: Path, chips: str, steps: int) -> dict[str, Any]:
    """Train on all chips of a folder, and judge on the very same."""
    recipe = tiny("segmentation", batch_size=8, averaging=0.9, learning_rate=2e-3, zoom=(0.6, 1.5))
    all_chips = read_chip_folder(Path(chips))
    windows = ChipWindows(all_chips, "segmentation", recipe.negatives, recipe.zoom)
    sources = [{"name": "all", "windows": 8, "held_out": 8}]
    data = TrainingData(windows, all_chips, ("red", "green", "blue"), RESOLUTION, sources, "what it was trained on")
    return train("segmentation", recipe, data, folder, None, Budget(steps=steps), HERE, Told())


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    jobs = json.loads(sys.argv[1])
    print(json.dumps({name: globals()[act](Path(folder), **more) for name, (act, folder, more) in jobs.items()}))
