"""How many windows are computed together, and what happens when they do not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import OutOfMemoryError

T = TypeVar("T")


class Batching:
    """The number of windows computed together, which shrinks when they do not fit.

    Attributes:
        size: windows in a batch.
        workers: batches in the making at a time: one more than the network takes, so that none waits.

    Args:
        warn: told when the size had to shrink.
    """

    def __init__(self, size: int, workers: int, warn: Callable[[str], None]) -> None:
        self.size = size
        self.workers = workers
        self._warn = warn

    def run(self, work: Callable[[list[T]], NDArray[np.float32]], windows: Sequence[T]) -> NDArray[np.float32]:
        """Compute a batch; where it does not fit, by halves, and all later batches are of that size.

        Raises:
            OutOfMemoryError: not even a single window fits.
        """
        try:
            return work(list(windows))
        except (MemoryError, OutOfMemoryError) as error:
            if len(windows) == 1:
                raise OutOfMemoryError(str(error) or "out of memory") from None
        half = len(windows) // 2
        if half < self.size:
            self._warn(f"{len(windows)} windows at a time do not fit into memory: going on with {half}")
            self.size = half
        return np.concatenate([self.run(work, windows[:half]), self.run(work, windows[half:])])
