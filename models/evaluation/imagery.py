"""The scene under a prediction: red, green and blue as 8-bit, on the prediction's grid."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..raster.reader import estimate_stretch
from ..raster.scene import Scene
from ..raster.stretch import USUAL
from .aligned import AlignedRaster
from .chips import SUSPICIOUS
from .colour import WINDOW, colour_index

BANDS = ("red", "green", "blue")


class Imagery:
    """A scene's true colour on the grid of a prediction.

    Args:
        path: the scene.
        grid: the prediction.
        fine: parts into which each side of a pixel of the grid is cut: a patch's pixels.
        bands: 1-based band numbers of red, green and blue; None finds them.

    Raises:
        InputError: not readable, without three bands, or nowhere on the grid.
    """

    def __init__(self, path: str, grid: Scene, fine: int, bands: list[int] | None = None) -> None:
        self.path = path
        self._scene = Scene(path, bands or BANDS)
        self._stretch = estimate_stretch(self._scene, USUAL)
        self._aligned = AlignedRaster(self._scene.dataset, grid, fine)
        self._fine = fine
        self._height, self._width = grid.region.height * fine, grid.region.width * fine

    def window(self, rows: tuple[int, int], columns: tuple[int, int]) -> NDArray[np.uint8]:
        """True colour of a window of the grid ``(3, rows * fine, columns * fine)``; beyond the scene it is black."""
        fine = self._fine
        return self._true_colour((rows[0] * fine, rows[1] * fine), (columns[0] * fine, columns[1] * fine))

    def overview(self, shape: tuple[int, int]) -> NDArray[np.uint8]:
        """True colour of the whole grid ``(3, *shape)``."""
        return self._true_colour((0, self._height), (0, self._width), shape)

    def colour_index(self, first: int, last: int) -> NDArray[np.float32]:
        """The baseline's probabilities of rows of the grid ``(rows, width)``.

        That of a patch is that of its most suspicious hundredth.
        """
        top, bottom = first * self._fine, last * self._fine
        above, below = min(top, WINDOW // 2), min(self._height - bottom, WINDOW // 2)
        index = colour_index(self._true_colour((top - above, bottom + below), (0, self._width)))
        index = index[above : above + bottom - top]
        if self._fine == 1:
            return index
        patches = index.reshape(last - first, self._fine, -1, self._fine).swapaxes(1, 2)
        return np.quantile(patches.reshape(*patches.shape[:2], -1), SUSPICIOUS, axis=2).astype(np.float32)

    def _true_colour(
        self, rows: tuple[int, int], columns: tuple[int, int], shape: tuple[int, int] | None = None
    ) -> NDArray[np.uint8]:
        pixels, inside = self._aligned.read(self._scene.bands, rows, columns, shape)
        return np.asarray(np.round(self._stretch(pixels) * 255) * inside, np.uint8)
