"""How fast a run is, and how long it will take: from the progress it reports."""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass
from math import ceil

from ...processing.i18n import tr

# The rate is that of the last while: the first seconds, in which the model is loaded, say little about the rest.
_WINDOW_S = 20.0
_TILES = re.compile(r"\b(\d+) tiles\b")


@dataclass(frozen=True)
class Reading:
    """A look at the meter.

    Attributes:
        done: share of the work that is done, 0 to 1.
        left_s: seconds left, None as long as nobody knows.
        tiles_per_s: tiles a second, None as long as nobody knows.
    """

    done: float
    left_s: float | None
    tiles_per_s: float | None

    def text(self) -> str:
        """Return it in words: `42 %, 1 min 20 s left, 12 tiles/s`."""
        parts = [tr("{:.0f} %").format(100 * self.done)]
        if self.left_s is not None:
            parts.append(tr("{} left").format(_duration(self.left_s)))
        if self.tiles_per_s is not None:
            parts.append(tr("{:.3g} tiles/s").format(self.tiles_per_s))
        return ", ".join(parts)


class RunMeter:
    """Takes the progress of one run and works out its rate."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, float]] = deque()
        self._tiles: int | None = None

    def hear(self, message: str) -> None:
        """Take a line of the log: the engine says there how many tiles there are."""
        found = _TILES.search(message)
        if found:
            self._tiles = int(found.group(1))

    def read(self, done: float, now: float | None = None) -> Reading:
        """Take the share that is done, 0 to 1, and return where the run stands.

        Args:
            done: share of the work.
            now: seconds of a monotonic clock; None for this moment.
        """
        now = time.monotonic() if now is None else now
        if done > 0 and (not self._samples or done > self._samples[-1][1]):
            self._samples.append((now, done))
        while len(self._samples) > 2 and now - self._samples[1][0] > _WINDOW_S:
            self._samples.popleft()
        if len(self._samples) < 2:
            return Reading(done, None, None)
        (first, from_share), (_last, to_share) = self._samples[0], self._samples[-1]
        rate = (to_share - from_share) / max(now - first, 1e-3)
        return Reading(done, (1 - done) / rate, None if self._tiles is None else rate * self._tiles)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(ceil(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return tr("{hours} h {minutes} min").format(hours=hours, minutes=minutes)
    return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest) if minutes else tr("{} s").format(rest)
