"""The colour index: the baseline that every evaluation prints beside a detector.

One line of arithmetic, ``(R - G) / (R + G + B)`` of a 7-px mean. A network that does not beat it has no business on a
map. It ranks the pixels of one scene well, and its threshold does not travel.
"""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

WINDOW = 7  # px
#: Best F1 of pixels (0.176) over the 253 chips of Bijie's split `val`, with and without landslides, at full size.
#: On `test` it gives mean IoU 0.477 and IoU 0.094 on Bijie, F1 0.138 on Landslide4Sense and 0.822 on Jiuzhaigou, and on
#: Iburi 0.606; chosen on the chips with landslides alone it would be 0.450.
PIXEL_THRESHOLD = 0.466
#: Best F1 of chips (0.498) over the same, a chip's value being that of its most suspicious hundredth; for patches.
CHIP_THRESHOLD = 0.442


def colour_index(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Map an 8-bit image ``(3, H, W)``, red, green, blue, to ``clip(index + 0.5, 0, 1)``, ``(H, W)``; black is 0."""
    red, green, blue = _box_sums(image)
    total = red + green + blue
    index = (red - green) / np.maximum(total, 1)
    return np.where(total > 0, np.clip(index + np.float32(0.5), 0, 1), 0).astype(np.float32)


def _box_sums(image: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Sums over ``WINDOW`` x ``WINDOW`` px, the edge mirrored (a common factor cancels in the index)."""
    half = WINDOW // 2
    height, width = image.shape[1:]
    padded = np.pad(image, ((0, 0), (half, half), (half, half)), mode="symmetric").astype(np.float32)
    rows = reduce(np.add, (padded[:, shift : shift + height] for shift in range(WINDOW)))
    return reduce(np.add, (rows[:, :, shift : shift + width] for shift in range(WINDOW)))
