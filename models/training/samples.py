"""What each detector is shown in training: augmented windows, each made anew from its number alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch.utils.data import Dataset, Sampler

from .augment import augment, augmentation, pad_to, reach, resize, turned
from .windows import IGNORED, LANDSLIDE, Labelled, Window, WindowSource, patch_label

Sample = tuple[torch.Tensor, torch.Tensor]
LARGE = 4  # of as many batches one has windows twice as large
TURNED = 0.25  # share of the windows that are cut at an angle; all are turned by quarters
DRAWS = 64  # of windows a detector can use, before the next best is taken


class WindowSamples(Dataset[Sample]):
    """Augmented windows ``(C, size, size)`` uint8 with their masks ``(size, size)`` uint8, any number of them.

    Window ``n`` depends on ``seed`` and ``n`` only: a resumed run goes on with the windows the first would have seen,
    whatever the number of worker processes.

    Args:
        source: where windows come from.
        detector: ``patches`` has no windows with a mere sliver of a slide, ``anomaly`` none with any landslide.
        size: window side in px, of ``patches`` that of a patch. Every fourth batch has windows twice as large, but for
            ``anomaly``: patches lie amid ground that goes on, and what DeepLabv3+ sees at its wide dilations is ground
            and not the padding around a window, as in a scene.
        seed: of the stream.
        batch: windows in a batch, of all processes.
    """

    def __init__(self, source: WindowSource, detector: str, size: int, seed: int = 0, batch: int = 1) -> None:
        self.source = source
        self.detector = detector
        self.size = size
        self.seed = seed
        self.batch = batch
        # A cloud is bright and bare of texture like a scar: the anomaly detector is not to learn to restore it.
        self.transform = augmentation(0.1, clouds=False) if detector == "anomaly" else augmentation()

    @property
    def period(self) -> int:
        """Windows after which their sizes begin anew."""
        return LARGE * self.batch

    def __getitem__(self, number: int) -> Sample:
        rng = np.random.default_rng([self.seed, number])
        is_large = self.detector != "anomaly" and number % self.period >= self.period - self.batch
        size = 2 * self.size if is_large else self.size
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(int(rng.integers(2**31)))
            for _ in range(DRAWS):
                window = self._draw(size, rng)
                # Judged before it is augmented, which is the costly part.
                if not self._is_usable(window):
                    continue
                image, mask = augment(window.image, window.mask, self.transform)
                if self._is_usable(Window(image.numpy(), mask.numpy())):
                    return image, mask
            # Nothing fits: what is not wanted stays in the picture and out of the loss.
            window = self.source.draw(size, rng)
            target = torch.from_numpy(window.mask)
            if self.detector == "anomaly":
                target = torch.where(target == 0, 0, IGNORED).to(torch.uint8)
            return torch.from_numpy(window.image), target

    def _draw(self, size: int, rng: np.random.Generator) -> Window:
        """A window; some lie at any angle in a larger one that is drawn."""
        if rng.random() >= TURNED:
            return self.source.draw(size, rng)
        angle = rng.uniform(0, 90)
        return turned(self.source.draw(reach(size, angle), rng), size, angle)

    def _is_usable(self, window: Window) -> bool:
        if self.detector == "patches" and len(window.mask) == self.size:
            return patch_label(window.mask) is not None
        if self.detector == "anomaly" and (window.mask == LANDSLIDE).any():
            return False
        return bool((window.mask != IGNORED).mean() > 0.25)


class Upcoming(Sampler[int]):
    """The numbers of the windows from now to the next validation, asked for anew in each epoch.

    Args:
        first: tells the number of the next window, of all processes.
        count: tells how many windows there are to be, of all processes.
        rank: tells which of the processes that train together this is.
        ranks: how many there are.
    """

    def __init__(self, first: Callable[[], int], count: Callable[[], int], rank: Callable[[], int], ranks: int) -> None:
        self._first, self._count, self._rank, self._ranks = first, count, rank, ranks

    def __iter__(self) -> Iterator[int]:
        first = self._first()
        return iter(range(first + self._rank(), first + self._count(), self._ranks))


class HeldOutSamples(Dataset[Sample]):
    """What is held out, unaltered: one resized patch each, or padded by mirroring to a multiple of 32 px."""

    def __init__(self, items: list[Labelled], detector: str, size: int) -> None:
        self.items, self.detector, self.size = items, detector, size

    def __len__(self) -> int:
        return len(self.items)

    def __getitem__(self, index: int) -> Sample:
        image, mask = self.items[index].read()
        if self.detector == "patches":
            # A small slide must not get lost between the sampled pixels.
            landslide = torch.from_numpy((mask == LANDSLIDE).astype(np.float32))
            shrunk = torch.nn.functional.adaptive_max_pool2d(landslide[None], self.size)[0]
            return torch.from_numpy(resize(image, self.size)), shrunk.to(torch.uint8)
        height, width = (-(-side // 32) * 32 for side in mask.shape)
        return torch.from_numpy(pad_to(image, height, width)), torch.from_numpy(pad_to(mask, height, width))
