"""What each detector is shown in training: windows drawn from chips."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from .augment import augment, augmentation, random_window
from .chips import Chip, balanced_weights

Sample = tuple[torch.Tensor, torch.Tensor]


class WindowSampler(IterableDataset[Sample]):
    """An endless stream of augmented windows ``(3, size, size)`` uint8 with their targets.

    Args:
        chips: labelled chips.
        detector: which target goes with a window: ``patches`` gives 0 or 1, ``segmentation`` the mask
            ``(size, size)``, ``anomaly`` windows free of landslides (the target is not used).
        size: window side in px.
        negatives: share of draws from chips without landslides.
        seed: stream seed; each worker and each restart draws differently.
    """

    def __init__(self, chips: list[Chip], detector: str, size: int, negatives: float = 0.4, seed: int = 0) -> None:
        self.chips = chips
        self.detector = detector
        self.size = size
        self.weights = balanced_weights(chips, negatives)
        self.seed = seed
        # A cloud is bright and bare of texture like a scar: the anomaly detector is not to learn to restore it.
        self.transform = augmentation(0.1, clouds=False) if detector == "anomaly" else augmentation()

    def __iter__(self) -> Iterator[Sample]:
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        torch.manual_seed(int(rng.integers(2**31)))
        while True:
            chip = self.chips[rng.choice(len(self.chips), p=self.weights)]
            sample = self._draw(chip, rng)
            if sample is not None:
                yield sample

    def _draw(self, chip: Chip, rng: np.random.Generator) -> Sample | None:
        image, mask = chip.read()
        if self.detector == "segmentation":
            window, target = random_window(image, mask, self.size, (0.6, 2.0), rng)
            pixels, labels = augment(window, target, self.transform)
            return pixels, labels
        for _ in range(8):
            # From the whole chip shrunk into one window to half a window enlarged.
            fit = self.size / max(image.shape[1:])
            window, target = random_window(image, mask, self.size, (min(fit, 1.0), 2.0), rng)
            pixels, labels = augment(window, target, self.transform)
            label = self._label(labels)
            if label is not None:
                return pixels, torch.tensor(label)
        return None

    def _label(self, target: torch.Tensor) -> float | None:
        """The window's label, or None where it would be a coin's toss (a sliver of a slide)."""
        share = float(target.float().mean())
        if self.detector == "anomaly":
            return 0.0 if share == 0 else None
        if share == 0:
            return 0.0
        return 1.0 if share > 0.02 else None
