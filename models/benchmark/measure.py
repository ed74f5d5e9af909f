"""The bare network, the whole command and the plain loop, in turn and repeated."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..detectors.registry import build_detector
from ..inference.backends import load_network
from ..inference.device import Choice, choose
from ..library.card import Card
from .baseline import plain_loop
from .case import Case, Say, Turn, medians
from .command import time_detect
from .limits import operations, product_limit


@dataclass(frozen=True)
class Outcome:
    """What was measured of a case on a backend.

    Attributes:
        tile: height and width, px.
        overlap: of neighbouring tiles, of patches that of patches, px.
        batch: tiles computed together.
        useful: px of the scene for each px computed (tiles overlap).
        medians: of each figure of ``turns``:
            ``raw``: px that the bare network computes, a second;
            ``end_to_end``: px of the scene, a second, from the command's start to the finished files;
            ``efficiency``: ``end_to_end / (raw * useful)``;
            ``peak``: memory of the command and its child processes, bytes;
            ``baseline``: px of the scene a second in the plain loop of ONNX Runtime fp32;
            ``speed_up``: ``end_to_end / baseline``;
            on the CPU in floating point also ``limit``: operations a second of a large matrix product at this
            precision; and ``of_limit``: share of it that the bare network reaches.
        turns: the figures of each turn.
    """

    case: str
    model: str
    width: int
    height: int
    tile: tuple[int, int]
    overlap: int
    batch: int
    backend: str
    useful: float
    medians: Turn
    turns: list[Turn]


def measure(case: Case, repeat: int, seconds: float, say: Say) -> Iterator[Outcome]:
    """Measure a case on every backend; the parts take turns, so that a busy machine disturbs all alike.

    Args:
        case: the model and its scene.
        repeat: times that everything is measured.
        seconds: time for each measurement of the bare network and of the plain loop.
        say: told what is under way.

    Raises:
        LandslideError: the command fails.
    """
    card, grid, pixels = case.card, case.grid, case.width * case.height
    useful = pixels / grid.work
    work = operations(card, grid.size)
    for choice in backends(card):
        turns: list[Turn] = []
        for turn in range(repeat):
            say(f"{case.name}, {choice.device} {choice.precision}: {turn + 1} of {repeat}")
            found: Turn = {"raw": raw_rate(card, choice, grid.size, seconds)}
            if choice.device == "cpu" and choice.precision != "int8":
                found["limit"] = product_limit(choice.precision, min(1.0, seconds))
                found["of_limit"] = found["raw"] * work / found["limit"]
            timing = time_detect(case, choice)
            found["peak"] = timing.peak
            found["end_to_end"] = pixels / timing.seconds
            found["efficiency"] = found["end_to_end"] / (found["raw"] * useful)
            found["baseline"] = plain_loop(card, case.scene, case.scene.with_name("plain.tif"), grid, seconds)
            found["speed_up"] = found["end_to_end"] / found["baseline"]
            turns.append(found)
        yield Outcome(
            case=case.name,
            model=card.name,
            width=case.width,
            height=case.height,
            tile=grid.size,
            overlap=case.tiling.for_card(card)[1],
            batch=_batch(card, choice),
            backend=f"{choice.device} {choice.precision}",
            useful=useful,
            medians=medians(turns),
            turns=turns,
        )


def backends(card: Card) -> list[Choice]:
    """Where a model can be computed here: as ``auto`` does, on the CPU, there in fp32, and in int8 if it has a copy."""
    found = [choose(), choose("cpu"), choose("cpu", "fp32")]
    if card.int8_sha256:
        found.append(choose("cpu", "int8"))
    return list({(choice.device, choice.precision): choice for choice in found}.values())


def raw_rate(card: Card, choice: Choice, size: tuple[int, int], seconds: float) -> float:
    """Px of windows that the bare network computes a second; the better of its ways."""
    count = _batch(card, choice)
    batch = np.zeros((count, len(card.bands), *size), np.float32)
    rates = []
    ways = sorted({1, os.cpu_count() or 1}) if choice.device == "cpu" else [1]
    for streams in ways:
        network = load_network(card, choice, size, streams)
        with ThreadPoolExecutor(streams) as pool:
            list(pool.map(network, [batch] * streams))
            done, begun = 0, time.perf_counter()
            while time.perf_counter() - begun < seconds / len(ways):
                list(pool.map(network, [batch] * streams))
                done += streams
            rates.append(done * count * size[0] * size[1] / (time.perf_counter() - begun))
    return max(rates)


def _batch(card: Card, choice: Choice) -> int:
    """Tiles that are computed together unless something else is asked for."""
    return build_detector(card).batch_sizes[choice.device != "cpu"]
