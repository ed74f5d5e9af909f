"""Reporters: a progress bar for people, JSON lines for programs, plain lines for logs."""

from __future__ import annotations

import json
import sys
import threading
import time
from importlib.metadata import version
from types import TracebackType
from typing import Any

import click

CHOICES = ("auto", "bar", "json", "none")
INTERVAL = 0.2  # s between two reports of progress


class Reporter:
    """Tells of a run's progress; the base is silent but for warnings, errors and results."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._told = 0.0
        self._share = (0.0, 1.0)

    def part(self, index: int, count: int) -> None:
        """From now on progress is that of part ``index`` of ``count`` (one scene of many)."""
        self._share = (index / count, 1 / count)

    def progress(self, done: float) -> None:
        """Take the share that is done, 0 to 1."""
        total = self._share[0] + self._share[1] * done
        now = time.monotonic()
        if now - self._told < INTERVAL and done < 1:
            return
        self._told = now
        elapsed = now - self._started
        self.show(total, elapsed / total - elapsed if total > 0 else None)

    def show(self, done: float, eta: float | None) -> None:
        """Show progress; ``eta`` is seconds left."""

    def log(self, message: str) -> None:
        """A line of information."""
        click.echo(message, err=True)

    def warning(self, message: str) -> None:
        """Something the analyst must know, though the work goes on."""
        click.echo(f"Warning: {message}", err=True)

    def score(self, step: int, epoch: int, name: str, value: float, best: float) -> None:
        """What training has reached, after a validation."""
        self.log(f"Step {step}, epoch {epoch}: {name} {value:.4f} (best {best:.4f})")

    def error(self, message: str) -> None:
        """The one line that says why the work failed."""
        click.echo(f"Error: {message}", err=True)

    def result(self, **fields: Any) -> None:
        """What came out of one scene."""
        for name, value in fields.items():
            if value is not None:
                click.echo(f"{name}: {value}")

    def cancelled(self) -> None:
        """Say that the work was cancelled: the last word, whatever the worker still has to tell."""
        self.close()
        self.error("cancelled")

    def close(self) -> None:
        """Leave the terminal as it was."""

    def __enter__(self) -> Reporter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class QuietReporter(Reporter):
    """Warnings and errors only: another process tells of the same run."""

    def log(self, message: str) -> None:
        pass


class JsonReporter(Reporter):
    """One JSON object a line on standard output."""

    def __init__(self) -> None:
        super().__init__()
        self._speaking = threading.Lock()

    def show(self, done: float, eta: float | None) -> None:
        self._line("progress", done=round(done, 4), eta_s=None if eta is None else round(eta, 1))

    def log(self, message: str) -> None:
        self._line("log", message=message)

    def warning(self, message: str) -> None:
        self._line("warning", message=message)

    def error(self, message: str) -> None:
        self._line("error", message=message)

    def score(self, step: int, epoch: int, name: str, value: float, best: float) -> None:
        self._line("score", step=step, epoch=epoch, name=name, value=round(value, 4), best=round(best, 4))

    def result(self, **fields: Any) -> None:
        self._line("result", engine_version=version("landslide-detector"), **fields)

    def cancelled(self) -> None:
        # Never given back: the process ends next. The worker may hold it for good, blocked on a full pipe.
        self._speaking.acquire(timeout=0.5)
        self._write("error", message="cancelled")

    def _line(self, event: str, **fields: Any) -> None:
        with self._speaking:
            self._write(event, **fields)

    @staticmethod
    def _write(event: str, **fields: Any) -> None:
        sys.stdout.write(json.dumps({"event": event, **fields}) + "\n")
        sys.stdout.flush()


class BarReporter(Reporter):
    """A bar with the time left, on standard error."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[left]}"),
            console=Console(stderr=True), transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("working", total=1.0, left="")

    def show(self, done: float, eta: float | None) -> None:
        self._bar.update(self._task, completed=done, left="" if eta is None else f"{_clock(eta)} left")

    def log(self, message: str) -> None:
        self._bar.console.print(message, markup=False, highlight=False)

    def warning(self, message: str) -> None:
        self._bar.console.print(f"Warning: {message}", style="yellow", markup=False, highlight=False)

    def __enter__(self) -> Reporter:
        self._bar.start()
        return self

    def close(self) -> None:
        self._bar.stop()


def make_reporter(kind: str) -> Reporter:
    """A reporter of a kind of ``CHOICES``; ``auto`` is a bar on a terminal, plain lines elsewhere."""
    if kind == "json":
        return JsonReporter()
    if kind == "bar" or (kind == "auto" and sys.stderr.isatty()):
        return BarReporter()
    return Reporter()


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
