"""The training loop: steps, validation, weight averaging, checkpoints, resume."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import EarlyStopping, ModelCheckpoint
from torch import nn
from torch.utils.data import DataLoader

from ..errors import InputError
from ..inference.device import Choice
from .budget import Budget
from .callbacks import History, Listener, MovingAverage, Seeding, agreed
from .recipes import FINE_TUNING, Recipe
from .samples import HeldOutSamples, Upcoming, WindowSamples
from .tasks import TASKS, Task
from .windows import TrainingData, some

CHECKPOINT = "last.ckpt"
METRICS = "metrics.csv"
STATISTICS_BATCHES = 10  # that batch normalisation is measured on before a validation
VALIDATION_WINDOWS = 120  # looked at in each validation; the finished model is judged on more
TRIM = 0.1  # share of the ground left out where landslides may be in it that no label tells of
PRECISIONS = {"fp32": "32-true", "bf16": "bf16-mixed", "fp16": "16-mixed"}

Improved = Callable[[nn.Module, list[dict[str, Any]]], None]


@dataclass(frozen=True)
class Machine:
    """Where to train.

    Attributes:
        choice: device and precision.
        devices, nodes: of that kind, that train together.
    """

    choice: Choice
    devices: int = 1
    nodes: int = 1


def fit(
    detector: str,
    recipe: Recipe,
    data: TrainingData,
    network: nn.Module,
    normalisation: tuple[tuple[float, ...], tuple[float, ...]],
    budget: Budget,
    machine: Machine,
    folder: Path,
    listener: Listener,
    improved: Improved,
    *,
    resume: bool = False,
    fine_tuning: bool = False,
    pretrained: bool = False,
    seed: int = 0,
) -> bool:
    """Train a detector's network.

    ``last.ckpt`` and ``metrics.csv`` are written to ``folder`` at each validation; with ``resume`` the run goes on from
    there, with the windows, noise and learning rate that an uninterrupted run of this budget would have had.

    Args:
        normalisation: mean and deviation of each band, of values in [0, 1].
        listener: told of progress and scores.
        improved: called with the averaged network and the curve after each validation that is the best so far.
        fine_tuning: the network comes from another model: a smaller learning rate.
        pretrained: the encoder comes from ImageNet: it moves slower than the rest.

    Returns:
        Whether this is the process, of those that train together, that the model is left to.

    Raises:
        InputError: nothing to resume from.
    """
    checkpoint = folder / CHECKPOINT
    if resume and not checkpoint.exists():
        raise InputError(f"{checkpoint}: no checkpoint to resume from; train without --resume")
    folder.mkdir(parents=True, exist_ok=True)
    expected = ("does not have many workers", "LeafSpec", "weights_only", "`_log_api_event`", "conditioned on metric")
    warnings.filterwarnings("ignore", f".*({'|'.join(expected)}).*")
    logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)
    torch.manual_seed(seed)
    held_out = some(data.held_out, VALIDATION_WINDOWS).items
    task = _task(detector, recipe, data, network, normalisation, budget, fine_tuning, pretrained)
    ranks = machine.devices * machine.nodes
    samples = WindowSamples(data.windows, detector, recipe.window, seed, recipe.batch_size * ranks)
    averaging = MovingAverage(recipe.averaging, _Remembered(samples, recipe.batch_size))
    history = History(
        folder / METRICS,
        budget,
        max(1.0, len(data.windows) / (recipe.batch_size * ranks)),
        listener,
        lambda rows: improved(averaging.network(), rows),
    )
    trainer = pl.Trainer(
        accelerator=machine.choice.device.partition(":")[0],
        devices=_devices(machine),
        num_nodes=machine.nodes,
        precision=PRECISIONS[machine.choice.precision],
        max_epochs=-1,
        max_steps=budget.steps or -1,
        num_sanity_val_steps=0,
        logger=False,
        callbacks=[
            averaging,
            Seeding(seed),
            history,
            # Not strict: a resumed run begins with the end of the epoch it was saved in, which has no score yet.
            EarlyStopping("score", mode="max", patience=recipe.patience, strict=False, check_on_train_epoch_end=True),
            ModelCheckpoint(folder, Path(CHECKPOINT).stem, save_on_train_epoch_end=True, enable_version_counter=False),
        ],
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=1.0,
        use_distributed_sampler=False,
    )
    upcoming = Upcoming(
        first=lambda: trainer.global_step * recipe.batch_size * ranks,
        count=lambda: agreed(budget.upcoming(trainer.global_step)) * recipe.batch_size * ranks,
        rank=lambda: trainer.global_rank,
        ranks=ranks,
    )
    workers = _workers(machine)
    trainer.fit(
        task,
        DataLoader(
            samples, recipe.batch_size, sampler=upcoming, drop_last=True, num_workers=workers,
            persistent_workers=workers > 0, prefetch_factor=4 if workers else None,
        ),
        DataLoader(HeldOutSamples(held_out, detector, recipe.window), batch_size=32 if detector == "patches" else 1),
        ckpt_path=checkpoint if resume else None,
        # The checkpoint is this run's own; packages that are handed on hold plain tensors only.
        weights_only=False if resume else None,
    )  # fmt: skip
    return trainer.is_global_zero


def _task(
    detector: str,
    recipe: Recipe,
    data: TrainingData,
    network: nn.Module,
    normalisation: tuple[tuple[float, ...], tuple[float, ...]],
    budget: Budget,
    fine_tuning: bool,
    pretrained: bool,
) -> Task:
    special: dict[str, Any] = {}
    if detector == "patches":
        special["dense_weight"] = recipe.dense_weight
    if detector == "anomaly":
        labelled = any(item.has_landslide for item in data.held_out)
        special = {"labelled": labelled, "trim": 0.0 if data.is_clean else TRIM}
    return TASKS[detector](
        network=network,
        mean=normalisation[0],
        stddev=normalisation[1],
        learning_rate=recipe.learning_rate * (FINE_TUNING if fine_tuning else 1.0),
        schedule=budget.rate,
        pretrained=pretrained,
        **special,
    )


class _Remembered:
    """Some batches of training windows, drawn when they are first asked for and then kept.

    Their numbers are beyond those of any run, and begin where the batches' sizes begin anew.
    """

    def __init__(self, samples: WindowSamples, batch_size: int) -> None:
        self._samples, self._batch_size = samples, batch_size
        self._batches: list[torch.Tensor] = []

    def __call__(self) -> list[torch.Tensor]:
        if not self._batches:
            beyond = self._samples.period * 2**30
            windows = (self._samples[beyond + k][0] for k in range(STATISTICS_BATCHES * self._batch_size))
            while batch := list(islice(windows, self._batch_size)):
                self._batches.append(torch.stack(batch))
        return self._batches


def _devices(machine: Machine) -> list[int] | int:
    _, _, number = machine.choice.device.partition(":")
    return [int(number)] if number else machine.devices


def _workers(machine: Machine) -> int:
    """Processes that draw windows: one beside a CPU that computes, else the cores shared by the accelerators."""
    cores = os.cpu_count() or 1
    return 1 if machine.choice.device == "cpu" else max(1, min(8, cores // machine.devices))
