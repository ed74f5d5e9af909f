"""How many batches at a time, and of how many windows: found by trying, where the work is long enough to repay it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..detectors.base import Network
from ..errors import OutOfMemoryError

SHARE = 0.02  # of the expected time that trying may take
GAIN = 1.05  # what is less faster than this is not worth a larger batch
TRIES = 3


@dataclass(frozen=True)
class Setting:
    """Batches computed side by side, and windows in each."""

    streams: int
    batch: int

    def __str__(self) -> str:
        return f"batch {self.batch}" + (f", {self.streams} side by side" if self.streams > 1 else "")


@dataclass(frozen=True)
class Tuned:
    """The network as it will be used, and why so."""

    network: Network
    setting: Setting
    reason: str


def tune(
    load: Callable[[int], Network],
    start: Setting,
    others: list[Setting],
    shape: tuple[int, int, int],
    windows: int,
    why: str,
) -> Tuned:
    """Try settings on windows of zeros and keep the fastest.

    Args:
        load: gives a network that computes so many batches side by side.
        start: the setting that is taken without trying.
        others: settings to try, most promising first, as long as time allows.
        shape: of a window, ``(C, H, W)``.
        windows: number of windows to compute in all.
        why: the reason for the setting that is taken without trying.
    """
    best = Tuned(load(start.streams), start, why)
    # To measure that setting, which the others are compared with, takes as long as that many windows.
    if not others or (TRIES + 1) * start.streams * start.batch > SHARE * windows:
        return best
    begun = time.monotonic()
    try:
        rate = first = _rate(best.network, start, shape)
    except (MemoryError, OutOfMemoryError):
        return best  # the work itself will find out what fits
    allowed = SHARE * windows / rate
    for setting in others:
        expected = (TRIES + 1) * setting.streams * setting.batch / rate
        if time.monotonic() - begun + expected > allowed:
            break
        try:
            network = load(setting.streams)
            found = _rate(network, setting, shape)
        except (MemoryError, OutOfMemoryError):
            continue  # it would not fit later either
        if found > GAIN * rate:
            best, rate = Tuned(network, setting, f"{found / first:.2f} times as fast as {start}"), found
    return best


def _rate(network: Network, setting: Setting, shape: tuple[int, int, int]) -> float:
    """Windows a second, by the median of some runs after one that does not count."""
    from concurrent.futures import ThreadPoolExecutor

    batches = [np.zeros((setting.batch, *shape), np.float32)] * setting.streams
    times = []
    with ThreadPoolExecutor(setting.streams) as pool:
        for _ in range(TRIES + 1):
            begun = time.monotonic()
            list(pool.map(network, batches))
            times.append(time.monotonic() - begun)
    return setting.streams * setting.batch / float(np.median(times[1:]))
