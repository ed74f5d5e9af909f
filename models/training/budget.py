"""How long to train, and the learning rate on the way."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field

VALIDATIONS = 12  # in a run
LONGEST = 200  # steps from one validation to the next, at most
FIRST = 4  # steps before the first validation of a run by the clock, which has to find out how long a step takes
WARM_UP = 0.12  # share of the run in which the learning rate rises


@dataclass
class Budget:
    """A number of steps, or minutes including validation; a run that is resumed goes on counting.

    Attributes:
        steps, minutes: one of them is given.
        spent: seconds of earlier runs.
        validation: seconds that the last validation took, with all that follows from it.
    """

    steps: int | None = None
    minutes: float | None = None
    spent: float = 0.0
    validation: float = 0.0
    _started: float = field(default_factory=time.monotonic)
    _training: float = 0.0  # seconds of this run that went into steps
    _trained: int = 0  # steps of this run

    @property
    def elapsed(self) -> float:
        """Seconds of this run and of those it resumes."""
        return self.spent + time.monotonic() - self._started

    def begin(self, spent: float) -> None:
        """Start the clock, after runs that took ``spent`` seconds."""
        self.spent, self._started = spent, time.monotonic()

    def count(self, steps: int, seconds: float) -> None:
        """Note that steps took a time."""
        self._trained += steps
        self._training += seconds

    def done(self, step: int) -> float:
        """The share of the run that is done after a number of steps, 0 to 1."""
        if self.steps is not None:
            return min(1.0, step / self.steps)
        assert self.minutes is not None
        return min(1.0, self.elapsed / (60 * self.minutes))

    def upcoming(self, step: int) -> int:
        """Steps to take until the next validation; 0 when the budget is spent."""
        if self.steps is not None:
            share = max(1, min(LONGEST, math.ceil(self.steps / VALIDATIONS)))
            return max(0, min(share, self.steps - step))
        assert self.minutes is not None
        left = 60 * self.minutes - self.elapsed
        if not self._trained:
            return FIRST if left > 0 else 0
        step_seconds = self._training / self._trained
        if left < step_seconds:
            return 0
        # Not more time for validation than for training.
        interval = max(60 * self.minutes / VALIDATIONS, self.validation)
        seconds = left if left < 1.5 * interval else interval
        return max(1, min(LONGEST, int(seconds / step_seconds)))

    def rate(self, step: int) -> float:
        """Share of the peak learning rate: a rise, then a half cosine to almost nothing (one cycle, Smith 2018)."""
        done = self.done(step)
        if done < WARM_UP:
            return 0.04 + 0.96 * (0.5 - 0.5 * math.cos(math.pi * done / WARM_UP))
        return 1e-4 + (1 - 1e-4) * (0.5 + 0.5 * math.cos(math.pi * (done - WARM_UP) / (1 - WARM_UP)))
