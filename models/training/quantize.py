"""Post-training quantisation of a model to int8, calibrated on imagery, its loss of accuracy measured."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import Network
from ..detectors.registry import build_detector
from ..errors import ModelError
from ..evaluation.chips import chip_batch, predict_chips
from ..evaluation.metrics import BinaryScores
from ..inference.backends import load_network
from ..inference.device import Choice
from ..library.card import CARD, GRAPH, INT8_FILES, INT8_GRAPH, INT8_WEIGHTS, Card, read_card
from ..library.shelf import sha256
from .chips import Chip, read_chip_folder

EXACT, QUANTISED = Choice("cpu", "fp32", "for comparison"), Choice("cpu", "int8", "for comparison")


@dataclass(frozen=True)
class Loss:
    """Mean IoU (for patches that of chips) before and after, at the model's threshold."""

    fp32: float
    int8: float

    @property
    def points(self) -> float:
        """What is lost, in percentage points."""
        return 100 * (self.fp32 - self.int8)


class Recorder:
    """A network that keeps what it is given: just what a detector feeds it."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.batches: list[NDArray[np.float32]] = []

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        self.batches += [image[None].copy() for image in batch]
        return self._network(batch)


def quantise(
    card: Card, chips: Path, calibration: str, validation: str, windows: int, say: Callable[[str], None]
) -> Loss:
    """Write a quantised copy of a model beside it, and what it costs into the card.

    Weights and activations become 8-bit integers by NNCF's post-training quantisation: the ranges of the activations
    are those met on the calibration chips.

    Args:
        card: the model, in a folder that can be written.
        chips: chip folder.
        calibration: split whose chips calibrate.
        validation: split on which accuracy is measured.
        windows: number of chips that calibrate.
        say: told what is under way.

    Raises:
        ModelError: NNCF is not installed, or the model cannot be quantised or written.
        InputError: the chips cannot be read.
    """
    measured = read_chip_folder(chips, validation)
    found = read_chip_folder(chips, calibration)
    drawn = random.Random(0).sample(found, min(windows, len(found)))  # noqa: S311 (not for secrets)
    say(f"calibrating on {len(drawn)} chips of '{calibration}'")
    graph = _quantised(card, calibration_inputs(card, drawn))
    _save(graph, card.folder)
    fields = {
        **card.fields,
        "landslides:int8": {
            "sha256": {name: sha256(card.folder / name) for name in INT8_FILES},
            "calibration": f"{len(drawn)} chips of split '{calibration}', NNCF post-training quantisation",
            "made": date.today().isoformat(),
        },
    }
    _write_card(card.folder, fields)
    say(f"measuring on {len(measured)} chips of '{validation}', in fp32 and in int8")
    made = read_card(card.folder)
    loss = Loss(mean_iou(made, measured, EXACT), mean_iou(made, measured, QUANTISED))
    fields["landslides:int8"]["metrics"] = {validation: {"mean_iou_fp32": loss.fp32, "mean_iou_int8": loss.int8}}
    _write_card(card.folder, fields)
    return loss


def calibration_inputs(card: Card, chips: list[Chip]) -> list[NDArray[np.float32]]:
    """What the network is given for each chip, ``(1, C, H, W)``."""
    detector = build_detector(card)
    recorder = Recorder(load_network(card, EXACT, card.patch_size))
    for chip in chips:
        images, valid, _ = chip_batch(card, chip)
        detector.predict(recorder, images, valid)
    return recorder.batches


def mean_iou(card: Card, chips: list[Chip], choice: Choice) -> float:
    """Mean of the IoU of landslide and background at the model's threshold, over all chips together."""
    scores = BinaryScores()
    for answer in predict_chips(card, chips, choice):
        scores.update(answer.probability, answer.truth)
    return round(float(scores.at(card.threshold)["mean_iou"]), 4)


def _quantised(card: Card, inputs: list[NDArray[np.float32]]) -> Any:
    try:
        import nncf
    except ImportError:
        raise ModelError("quantising needs the package nncf: pip install nncf") from None
    import logging

    import openvino

    nncf.set_log_level(logging.ERROR)
    model = openvino.Core().read_model(card.folder / GRAPH)
    model.reshape([-1, len(card.bands), -1, -1])
    try:
        return nncf.quantize(
            model,
            nncf.Dataset(inputs),
            preset=nncf.QuantizationPreset.MIXED,  # activations of EfficientNet and its like are not symmetric
            subset_size=len(inputs),
        )
    except Exception as error:  # NNCF raises kinds of its own
        raise ModelError(f"{card.folder / GRAPH}: cannot be quantised ({error})") from None


def _save(graph: Any, folder: Path) -> None:
    import openvino

    # OpenVINO writes the weights beside the graph, under its name.
    unfinished = folder / "unfinished.int8.xml"
    try:
        openvino.save_model(graph, unfinished)
        unfinished.with_suffix(".bin").replace(folder / INT8_WEIGHTS)
        unfinished.replace(folder / INT8_GRAPH)
    except (OSError, RuntimeError) as error:
        raise ModelError(f"{folder}: cannot be written ({error})") from None


def _write_card(folder: Path, fields: dict[str, Any]) -> None:
    unfinished = folder / f"{CARD}.unfinished"
    unfinished.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    unfinished.replace(folder / CARD)
