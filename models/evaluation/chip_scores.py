"""A model on a chip folder beside the colour index: figures, intervals, false alarms, worst cases."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..inference.device import Choice
from ..library.card import Card
from ..training.chips import Chip
from .chips import Answer, ChipScores, predict_chips, suspicion
from .colour import CHIP_THRESHOLD, PIXEL_THRESHOLD, colour_index
from .confidence import confidence_intervals
from .figures import Intervals
from .imagery import BANDS
from .metrics import BinaryScores

WORST = 12


@dataclass(frozen=True)
class FalseAlarms:
    """The share of landslide-free chips, or of their pixels, that is taken for landslide, and its 95 % interval."""

    share: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Level:
    """Figures of one kind: by pixel, or by chip.

    Attributes:
        scores, threshold: of the model.
        intervals: 95 % intervals of its headline figures, as far as they are defined.
        baseline, baseline_threshold: the colour index; None where the chips have no true colour.
        turned: the model with test-time augmentation, where it was asked for.
    """

    scores: BinaryScores
    threshold: float
    intervals: Intervals
    baseline: BinaryScores | None
    baseline_threshold: float
    turned: BinaryScores | None


@dataclass(frozen=True)
class ChipEvaluation:
    """What a model is worth on labelled chips.

    Attributes:
        levels: ``pixel`` (not for ``patches``) and ``chip``.
        chips: how many there are.
        landslide_free: how many of them hold no landslide.
        false_alarms: on these, by the same names as ``levels``; empty where there is no such chip.
        worst: the answers that are most wrong, the worst first.
    """

    levels: dict[str, Level]
    chips: int
    landslide_free: int
    false_alarms: dict[str, FalseAlarms]
    worst: list[Answer]

    @property
    def threshold(self) -> float:
        """The same at every level."""
        return self.levels["chip"].threshold


def evaluate_chips(
    card: Card,
    chips: list[Chip],
    choice: Choice,
    *,
    threshold: float | None = None,
    turned: bool,
    side: int | None = None,
    progress: Callable[[float], None],
) -> ChipEvaluation:
    """Measure a model on chips, and the colour index beside it.

    Args:
        card: the model.
        chips: labelled chips.
        choice: where to compute.
        threshold: probability from which on it is landslide; None takes the card's.
        turned: once more with test-time augmentation.
        side: px that chips are resized to first.
        progress: told the share that is done.

    Raises:
        InputError: the index says that no chip holds a landslide, and a mask holds one.
    """
    threshold = card.threshold if threshold is None else threshold
    none_is_known = not any(chip.has_landslide for chip in chips)
    is_patch = card.detector == "patches"
    model, baseline, augmented = ChipScores(), ChipScores(), ChipScores()
    rounds = 9 if turned else 1  # eight views of each chip cost eight times one
    worst: list[tuple[float, int, Answer]] = []
    free: list[bool] = []
    colour = [card.bands.index(band) for band in BANDS] if set(BANDS) <= set(card.bands) else None
    for index, answer in enumerate(predict_chips(card, chips, choice, side=side)):
        if none_is_known and answer.mask.any():
            raise InputError(f"{answer.chip.mask}: holds a landslide, though index.csv says that no chip has one")
        model.add(answer.probability, answer.truth, answer.chip.has_landslide)
        free.append(not answer.chip.has_landslide)
        if colour is not None:
            simple = colour_index(answer.image[colour])
            if is_patch:
                simple = np.array([suspicion(simple)], np.float32)
            baseline.add(simple, answer.truth, answer.chip.has_landslide)
        case = (wrongness(answer, threshold), -index, answer)
        heapq.heappushpop(worst, case) if len(worst) == WORST else heapq.heappush(worst, case)
        progress((index + 1) / len(chips) / rounds)
    if turned:
        for index, answer in enumerate(predict_chips(card, chips, choice, turned=True, side=side)):
            augmented.add(answer.probability, answer.truth, answer.chip.has_landslide)
            progress((1 + 8 * (index + 1) / len(chips)) / rounds)
    by_level = {"chip": "whole"} if is_patch else {"pixel": "pixels", "chip": "whole"}
    levels = {}
    for name, kind in by_level.items():
        parts = getattr(model, kind)
        levels[name] = Level(
            BinaryScores.total(parts),
            threshold,
            confidence_intervals(parts, threshold),
            BinaryScores.total(getattr(baseline, kind)) if colour is not None else None,
            PIXEL_THRESHOLD if name == "pixel" else CHIP_THRESHOLD,
            BinaryScores.total(getattr(augmented, kind)) if turned else None,
        )
    return ChipEvaluation(
        levels,
        len(chips),
        sum(free),
        {name: _false_alarms(getattr(model, kind), free, threshold) for name, kind in by_level.items() if any(free)},
        [answer for *_, answer in sorted(worst, key=lambda case: case[:2], reverse=True)],
    )


def wrongness(answer: Answer, threshold: float) -> float:
    """How wrong an answer is: the share of its pixels; of one probability, its distance from the truth."""
    if answer.probability.size == 1:
        return float(np.abs(answer.probability - answer.truth).max())
    return float(((answer.probability >= np.float32(threshold)) != answer.truth).mean())


def _false_alarms(parts: list[BinaryScores], free: list[bool], threshold: float) -> FalseAlarms:
    of_free = [part for part, is_free in zip(parts, free, strict=True) if is_free]
    _, fp, _, tn = BinaryScores.total(of_free).confusion(threshold)
    intervals = confidence_intervals(of_free, threshold, ("false_alarm_share",))
    return FalseAlarms(fp / (fp + tn), intervals["false_alarm_share"])
