"""What happens beside the steps of training: averaging, scores, the best model so far."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytorch_lightning as pl
import torch
from pytorch_lightning.callbacks import WeightAveraging
from torch import nn
from torch.optim.swa_utils import get_ema_avg_fn, update_bn

from .budget import Budget
from .tasks import Task

Number = TypeVar("Number", int, float)


class Listener(Protocol):
    """Is told of a run, for instance a reporter of the command line."""

    def progress(self, done: float) -> None: ...

    def log(self, message: str) -> None: ...

    def score(self, step: int, epoch: int, name: str, value: float, best: float) -> None: ...


class MovingAverage(WeightAveraging):
    """Exponential moving average of the weights, the one that is validated and kept.

    Before each validation batch normalisation's statistics are measured anew on some windows: those that were averaged
    belong to no one set of weights.
    """

    def __init__(self, decay: float, batches: Callable[[], list[torch.Tensor]]) -> None:
        super().__init__(use_buffers=True, avg_fn=get_ema_avg_fn(decay))
        self._batches = batches

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        super().on_validation_epoch_start(trainer, pl_module)
        assert isinstance(pl_module, Task)
        torch.manual_seed(0)  # noise that the task adds is the same in each validation
        shown = _Shown(pl_module).train(pl_module.training)
        with trainer.precision_plugin.forward_context():
            update_bn(self._batches(), shown, pl_module.device)

    def network(self) -> nn.Module:
        """The averaged network."""
        assert self._average_model is not None
        network: nn.Module = self._average_model.module.network
        return network


class _Shown(nn.Module):
    """A task's network as it sees windows in training."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.task = task

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        output: torch.Tensor = self.task.network(self.task.network_input(images))
        return output


class Seeding(pl.Callback):
    """Seeds each step by its number: a resumed run draws the noise that the uninterrupted one would have drawn."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def on_train_batch_start(self, trainer: pl.Trainer, *_: Any) -> None:
        torch.manual_seed((self._seed * 1_000_003 + trainer.global_step) * 1_009 + trainer.global_rank)


class History(pl.Callback):
    """The curve of a run: a row for each validation, kept over resumed runs and written to ``metrics.csv``.

    Args:
        path: of the table.
        budget: told how long steps take.
        steps_per_epoch: steps in which everything is shown about once.
        listener: told of progress and scores.
        improved: called with the averaged network and the rows after each validation that is the best so far.
    """

    def __init__(
        self,
        path: Path,
        budget: Budget,
        steps_per_epoch: float,
        listener: Listener,
        improved: Callable[[list[dict[str, Any]]], None],
    ) -> None:
        self.rows: list[dict[str, Any]] = []
        self._path, self._budget, self._steps_per_epoch = path, budget, steps_per_epoch
        self._listener, self._improved = listener, improved
        self._losses: list[float] = []
        self._since = time.monotonic()

    def on_train_start(self, trainer: pl.Trainer, *_: Any) -> None:
        self._budget.begin(self._budget.spent)
        self._stop_when_spent(trainer)

    def on_train_epoch_start(self, trainer: pl.Trainer, *_: Any) -> None:
        # The learning rate goes by the clock, and must be the same in all processes.
        self._budget.begin(agreed(self._budget.elapsed))
        self._since = time.monotonic()

    def on_train_epoch_end(self, trainer: pl.Trainer, *_: Any) -> None:
        self._stop_when_spent(trainer)

    def _stop_when_spent(self, trainer: pl.Trainer) -> None:
        is_spent = self._budget.upcoming(trainer.global_step) == 0
        # The clocks of processes that train together differ.
        trainer.should_stop |= trainer.strategy.reduce_boolean_decision(is_spent, all=False)

    def on_train_batch_end(self, trainer: pl.Trainer, task: pl.LightningModule, outputs: Any, *_: Any) -> None:
        self._losses.append(float(outputs["loss"]))
        now = time.monotonic()
        self._budget.count(1, now - self._since)
        self._since = now
        if trainer.is_global_zero:
            self._listener.progress(self._budget.done(trainer.global_step))

    def on_validation_start(self, *_: Any) -> None:
        self._since = time.monotonic()

    def on_validation_end(self, trainer: pl.Trainer, task: pl.LightningModule) -> None:
        assert isinstance(task, Task)
        value = float(trainer.callback_metrics["score"])
        best = max([value, *(row["score"] for row in self.rows)])
        is_better = value == best and value not in (row["score"] for row in self.rows)
        step = trainer.global_step
        row = {
            "step": step,
            "epoch": round(step / self._steps_per_epoch, 2),
            "seconds": round(self._budget.elapsed, 1),
            "learning_rate": trainer.optimizers[0].param_groups[-1]["lr"],
            "loss": sum(self._losses) / max(1, len(self._losses)),
            "score": value,
        }
        self.rows.append(row)
        self._losses = []
        if not trainer.is_global_zero:
            return
        self._write()
        if is_better:
            self._improved(self.rows)
        # Last: who cancels when this score is told finds the model that reached it.
        self._listener.score(step, int(row["epoch"]), task.score_name, value, best)
        self._budget.validation = time.monotonic() - self._since

    def _write(self) -> None:
        with self._path.open("w", newline="", encoding="utf-8") as handle:
            table = csv.DictWriter(handle, list(self.rows[0]))
            table.writeheader()
            table.writerows(self.rows)

    def state_dict(self) -> dict[str, Any]:
        return {"rows": self.rows, "seconds": self._budget.elapsed}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        self.rows = list(state_dict["rows"])
        self._budget.begin(state_dict["seconds"])


def agreed(value: Number) -> Number:
    """The first process's number, where several train together: their clocks differ."""
    if not torch.distributed.is_available() or not torch.distributed.is_initialized():
        return value
    values = [value]
    torch.distributed.broadcast_object_list(values)
    return values[0]


def read_history(path: Path) -> list[dict[str, Any]]:
    """The rows of a run's ``metrics.csv``."""
    with path.open(newline="", encoding="utf-8") as handle:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(handle)]
