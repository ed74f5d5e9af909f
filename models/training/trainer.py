"""The training loop: steps, validation, weight averaging, checkpoints, resume."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import ModelCheckpoint, WeightAveraging
from pytorch_lightning.loggers import CSVLogger
from torch import nn
from torch.optim.swa_utils import get_ema_avg_fn, update_bn
from torch.utils.data import DataLoader, Dataset

from ..detectors.networks import load_weights
from ..library.card import Card
from .augment import pad_to, resize
from .chips import Chip
from .recipes import Recipe
from .samples import Sample, WindowSampler
from .tasks import TASKS, Task

VALIDATIONS = 4  # in a run
STATISTICS_BATCHES = 25
VALIDATION_CHIPS = 120  # looked at in each; the finished model is judged on all


class ValidationChips(Dataset[Sample]):
    """Whole chips, unaltered: one resized patch each, or padded by mirroring to a multiple of 32 px."""

    def __init__(self, chips: list[Chip], detector: str, size: int) -> None:
        self.chips, self.detector, self.size = chips, detector, size

    def __len__(self) -> int:
        return len(self.chips)

    def __getitem__(self, index: int) -> Sample:
        chip = self.chips[index]
        image, mask = chip.read()
        if self.detector == "patches":
            return torch.from_numpy(resize(image, self.size)), torch.tensor(float(chip.has_landslide))
        height, width = (-(-n // 32) * 32 for n in mask.shape)
        return torch.from_numpy(pad_to(image, height, width)), torch.from_numpy(pad_to(mask, height, width))


class MovingAverage(WeightAveraging):
    """Exponential moving average of the weights, the one that is validated and kept."""

    def __init__(self, decay: float = 0.98) -> None:
        super().__init__(use_buffers=True, avg_fn=get_ema_avg_fn(decay))


class Telling(pl.Callback):
    """Tells a progress callback the share of steps that are done."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        self._progress = progress

    def on_train_batch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        self._progress(trainer.global_step / trainer.max_steps)


def fit(
    detector: str,
    recipe: Recipe,
    training: list[Chip],
    validation: list[Chip],
    folder: Path,
    resume: bool,
    progress: Callable[[float], None],
    base: Card | None = None,
    seed: int = 0,
) -> nn.Module:
    """Train a detector's network and return it with averaged weights.

    Checkpoints (``last.ckpt``, every 50 steps) and ``metrics.csv`` are written to ``folder``; with ``resume`` the run
    goes on from the last checkpoint there, on the same schedule. Weights start from ``base``, else from ImageNet where
    a package provides them, else at random.

    Raises:
        ModelError: the base model has another architecture.
    """
    warnings.filterwarnings("ignore", ".*(does not have many workers|IterableDataset|LeafSpec|weights_only).*")
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    pl.seed_everything(seed, workers=True)
    task = TASKS[detector](
        architecture=recipe.architecture,
        encoder=recipe.encoder,
        learning_rate=recipe.learning_rate,
        steps=recipe.steps,
    )
    if base is not None:
        load_weights(task.network, base)
    checkpoint = folder / "last.ckpt"
    resumed = resume and checkpoint.exists()
    # A resumed run must not see the first run's windows again.
    stream_seed = seed + int(checkpoint.stat().st_mtime) if resumed else seed
    negatives = 0.6 if detector == "anomaly" else 0.4
    stream = WindowSampler(training, detector, recipe.window, negatives, stream_seed)
    held_out = ValidationChips(_some(validation, VALIDATION_CHIPS), detector, recipe.window)
    trainer = pl.Trainer(
        max_steps=recipe.steps,
        val_check_interval=max(1, recipe.steps // VALIDATIONS),
        num_sanity_val_steps=0,
        logger=CSVLogger(folder, name="", version=""),
        log_every_n_steps=10,
        callbacks=[
            MovingAverage(),
            ModelCheckpoint(
                folder,
                filename="last",
                every_n_train_steps=50,
                save_on_train_epoch_end=False,
                enable_version_counter=False,
            ),
            Telling(progress),
        ],
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=1.0,
    )
    trainer.fit(
        task,
        DataLoader(stream, recipe.batch_size, num_workers=1, persistent_workers=True, prefetch_factor=4),
        DataLoader(held_out, batch_size=32 if detector == "patches" else 1),
        ckpt_path=checkpoint if resumed else None,
        # The checkpoint is this run's own; packages that are handed on hold plain tensors only.
        weights_only=False if resumed else None,
    )
    trainer.save_checkpoint(checkpoint)
    refresh_statistics(task, stream, recipe.batch_size)
    return task.network


def refresh_statistics(task: Task, stream: WindowSampler, batch_size: int) -> None:
    """Measure batch normalisation's statistics anew: those that were averaged belong to no one set of weights."""
    batches = islice(DataLoader(stream, batch_size), STATISTICS_BATCHES)
    update_bn(batches, _Normalised(task))


class _Normalised(nn.Module):
    """A task's network as it sees windows in training; takes a batch and ignores its targets."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.task.network(self.task.network_input(images))
        return output


def _some(chips: list[Chip], count: int) -> list[Chip]:
    """At most ``count`` chips, evenly spread."""
    return chips[:: max(1, -(-len(chips) // count))]
