"""Spatial blocks: which parts of scenes are for training and which are held out.

Neighbouring pixels are alike, so a random choice of windows would validate a model on what it has as good as seen.
Whole blocks are held out instead, and what lies within a guard margin around them is not used at all.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import InputError

MULTIPLE = 32  # px: block sides, so that networks take a block whole
SIDES = (4, 3, 2, 1, 0.5, 0.25)  # of a block, in windows
FEWEST = 10  # blocks with landslide to aim for, else smaller blocks are tried


@dataclass(frozen=True)
class Cells:
    """What lies where in a scene, on cells of ``size`` working px.

    Attributes:
        valid: ``(rows, columns)``, cells with data that may be used.
        landslide: cells that a landslide touches.
        rejected: cells with something that review has found to be no landslide.
    """

    size: int
    valid: NDArray[np.bool_]
    landslide: NDArray[np.bool_]
    rejected: NDArray[np.bool_]


@dataclass(frozen=True)
class Split:
    """Blocks of one scene.

    Attributes:
        side: of a block, working px.
        held_out: blocks that are held out, ``(n, 2)`` rows and columns of the block grid.
        validation: the cells of those blocks, which alone validation may see.
        training: the cells that training may see: no block held out, and not the guard around it.
    """

    side: int
    held_out: NDArray[np.int64]
    validation: NDArray[np.bool_]
    training: NDArray[np.bool_]


def split_blocks(scenes: list[Cells], window: int, share: float, seed: int, labelled: bool) -> list[Split]:
    """Hold out a share of the scenes' blocks, stratified by how much landslide they hold.

    Blocks are up to four windows wide, and smaller where the landslides would else lie in a few of them only.

    Args:
        scenes: the scenes' cells.
        window: side of a training window, working px.
        share: of the blocks, to hold out.
        seed: of the choice.
        labelled: whether both sides must have landslides.

    Raises:
        InputError: too few places with landslides, or too little ground, for two sides.
    """
    sides = {max(MULTIPLE, round(window * share / MULTIPLE) * MULTIPLE) for share in SIDES} | {MULTIPLE}
    for side in sorted(sides, reverse=True):
        amounts = [_per_block(cells.landslide & cells.valid, side // cells.size) for cells in scenes]
        usable = [_per_block(cells.valid, side // cells.size) > 0 for cells in scenes]
        slides = sum(int((amount > 0).sum()) for amount in amounts)
        ground = sum(int(known.sum()) for known in usable)
        if (slides >= FEWEST or not labelled) and ground >= 2 * FEWEST:
            break
    if ground < 2:
        raise InputError("the scenes hold too little ground to train on one part and validate on another")
    if labelled and slides < 2:
        raise InputError(
            "no landslide in validation: all landslides lie in one place; add labels elsewhere, or another scene"
        )
    chosen = _choose(amounts, usable, share, np.random.default_rng([seed, 1]))
    return [_split(cells, side, held) for cells, held in zip(scenes, chosen, strict=True)]


def _per_block(flags: NDArray[np.bool_], cells: int) -> NDArray[np.int64]:
    """How many cells of each block are set."""
    rows, columns = flags.shape
    padded = np.pad(flags, [(0, -rows % cells), (0, -columns % cells)])
    return padded.reshape(padded.shape[0] // cells, cells, -1, cells).sum(axis=(1, 3))


def _choose(
    amounts: list[NDArray[np.int64]],
    usable: list[NDArray[np.bool_]],
    share: float,
    rng: np.random.Generator,
) -> list[NDArray[np.bool_]]:
    """Of every few blocks in the order of their amount of landslide, one is held out."""
    amount = np.concatenate([a.ravel() for a in amounts])
    known = np.concatenate([u.ravel() for u in usable])
    held = np.zeros(amount.size, bool)
    for stratum in (np.flatnonzero(known & (amount > 0)), np.flatnonzero(known & (amount == 0))):
        order = rng.permutation(stratum)
        order = order[np.argsort(amount[order], kind="stable")]
        count = round(share * len(order))
        if len(order) > 1 and (amount[stratum] > 0).any():
            count = max(1, min(count, len(order) - 1))
        # One from each group of about equal amounts.
        held[[rng.choice(group) for group in np.array_split(order, count)] if count else []] = True
    if not held.any():
        held[rng.choice(np.flatnonzero(known))] = True
    ends = np.cumsum([a.size for a in amounts])[:-1]
    return [part.reshape(a.shape) for part, a in zip(np.split(held, ends), amounts, strict=True)]


def _split(cells: Cells, side: int, held: NDArray[np.bool_]) -> Split:
    per_block = side // cells.size
    blocks = np.kron(held, np.ones((per_block, per_block), bool))[: cells.valid.shape[0], : cells.valid.shape[1]]
    return Split(side, np.argwhere(held), blocks, ~dilated(blocks, max(1, per_block // 8)))


def dilated(flags: NDArray[np.bool_], cells: int) -> NDArray[np.bool_]:
    """Flags, and all within a number of cells around them."""
    grown = torch.nn.functional.max_pool2d(
        torch.from_numpy(flags.astype(np.float32))[None], 2 * cells + 1, stride=1, padding=cells
    )
    return grown[0].numpy() > 0
