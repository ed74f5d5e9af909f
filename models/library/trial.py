"""A model tried out before it goes on the shelf."""

from __future__ import annotations

import numpy as np

from ..detectors.registry import build_detector
from ..errors import ModelError
from ..inference.backends import load_network
from ..inference.device import choose
from .card import Card


def try_model(card: Card) -> None:
    """Let a model answer two tiles of noise.

    Raises:
        ModelError: it cannot be computed, or its answer is not a map of probabilities of the tile's size.
    """
    detector = build_detector(card)
    grid = detector.grid(card.tile_size, card.tile_size, card.tile_size, card.overlap)
    side, _ = grid.size
    images = np.random.default_rng(0).random((2, len(card.bands), *grid.size), np.float32)
    network = load_network(card, choose("cpu", "fp32"), grid.size)
    try:
        answer = detector.predict(network, images, np.ones((2, *grid.size), dtype=bool))
    except (RuntimeError, ValueError, IndexError) as error:
        fault = str(error).strip().splitlines()[-1]
        raise ModelError(f"model '{card.name}': cannot compute two tiles of {side} px at a time ({fault})") from None
    wanted = (2, *grid.out_size)
    if answer.shape != wanted:
        raise ModelError(f"model '{card.name}': for two tiles of {side} px it answers {answer.shape}, not {wanted}")
    if not (np.isfinite(answer).all() and answer.min() >= 0 and answer.max() <= 1):
        raise ModelError(f"model '{card.name}': does not answer probabilities")
