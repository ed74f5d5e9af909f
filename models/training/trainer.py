"""The training loop: steps, validation, weight averaging, checkpoints, resume."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import ModelCheckpoint, WeightAveraging
from pytorch_lightning.loggers import CSVLogger
from torch.optim.swa_utils import get_ema_avg_fn
from torch.utils.data import DataLoader, Dataset

from .augment import pad_to, resize
from .chips import Chip, read_chip_folder
from .samples import Sample, WindowSampler
from .tasks import TASKS, Task


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


def train(
    detector: str,
    chips: Path,
    output: Path,
    *,
    architecture: str,
    encoder: str,
    steps: int,
    size: int,
    batch_size: int = 16,
    learning_rate: float = 1e-3,
    validations: int = 4,
    resume: bool = False,
    seed: int = 0,
) -> Task:
    """Train a detector on a chip folder's ``train`` split, validating on ``val``; return it with averaged weights.

    Checkpoints (``last.ckpt``) and ``metrics.csv`` are written to ``output``; with ``resume`` the run goes on from
    the last checkpoint there, with the same schedule.
    """
    warnings.filterwarnings("ignore", ".*(does not have many workers|IterableDataset).*")
    pl.seed_everything(seed, workers=True)
    settings = {"architecture": architecture, "encoder": encoder, "learning_rate": learning_rate, "steps": steps}
    task = TASKS[detector](**settings)
    checkpoint = output / "last.ckpt"
    started = checkpoint if resume and checkpoint.exists() else None
    stream = WindowSampler(
        read_chip_folder(chips, "train"),
        detector,
        size,
        negatives=0.6 if detector == "anomaly" else 0.4,
        seed=seed if started is None else int(np.random.default_rng().integers(2**31)),
    )
    held_out = ValidationChips(read_chip_folder(chips, "val"), detector, size)
    trainer = pl.Trainer(
        max_steps=steps,
        val_check_interval=max(1, steps // validations),
        limit_val_batches=1.0,
        num_sanity_val_steps=0,
        logger=CSVLogger(output, name="", version=""),
        log_every_n_steps=10,
        callbacks=[
            MovingAverage(),
            ModelCheckpoint(output, filename="last", every_n_train_steps=50, save_on_train_epoch_end=False,
                            enable_version_counter=False),
        ],
        enable_progress_bar=False,
        enable_model_summary=False,
        gradient_clip_val=1.0,
    )
    trainer.fit(
        task,
        DataLoader(stream, batch_size, num_workers=1, persistent_workers=True, prefetch_factor=4),
        DataLoader(held_out, batch_size=32 if detector == "patches" else 1),
        ckpt_path=started,
        weights_only=False if started else None,
    )
    trainer.save_checkpoint(output / "last.ckpt")
    return task
