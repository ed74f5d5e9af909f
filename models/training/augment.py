"""Random windows and their augmentation, on uint8 images ``(C, H, W)`` and masks ``(H, W)``."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torchvision import tv_tensors
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from .windows import LANDSLIDE, Window

Image = NDArray[np.uint8]
Mask = NDArray[np.uint8]


def random_window(
    image: Image, mask: Mask, size: int, zoom: tuple[float, float], rng: np.random.Generator
) -> tuple[Image, Mask]:
    """Cut a ``size`` px window at a random place and a random zoom (> 1 enlarges).

    A small chip is mirrored at its edges, but enlarged rather than repeated more than a little.
    """
    lowest = float(np.clip(0.7 * size / min(mask.shape), *zoom))
    factor = float(np.exp(rng.uniform(np.log(lowest), np.log(zoom[1]))))
    side = max(8, round(size / factor))
    image, mask = pad_to(image, side), pad_to(mask, side)
    top = rng.integers(0, image.shape[1] - side + 1)
    left = rng.integers(0, image.shape[2] - side + 1)
    image = image[:, top : top + side, left : left + side]
    mask = mask[top : top + side, left : left + side]
    return resize(image, size), resize(mask[None], size, nearest=True)[0]


def pad_to(array: NDArray[np.uint8], height: int, width: int | None = None) -> NDArray[np.uint8]:
    """Mirror the last two axes at the bottom and right until they reach ``height`` x ``width`` (default square)."""
    missing = [max(0, height - array.shape[-2]), max(0, (width or height) - array.shape[-1])]
    if not any(missing):
        return array
    return np.pad(array, [(0, 0)] * (array.ndim - 2) + [(0, m) for m in missing], mode="symmetric")


def resize(array: NDArray[np.uint8], size: int, nearest: bool = False) -> NDArray[np.uint8]:
    """Resample ``(C, H, W)`` to ``size`` x ``size`` px."""
    mode = v2.InterpolationMode.NEAREST if nearest else v2.InterpolationMode.BILINEAR
    out = functional.resize(torch.from_numpy(np.ascontiguousarray(array)), [size, size], mode, antialias=not nearest)
    return out.numpy()


def turned(window: Window, size: int, angle: float) -> Window:
    """The middle ``size`` px of a window, turned by an angle in degrees.

    No pixel is made up where the window is as large as ``reach`` says. (All in one step: torchvision turns the corners
    too, and takes three times as long.)
    """
    cosine, sine = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    share = size / len(window.mask)
    place = torch.tensor([[cosine, -sine, 0.0], [sine, cosine, 0.0]], dtype=torch.float32) * share
    grid = nn.functional.affine_grid(place[None], [1, 1, size, size], align_corners=False)

    def cut(values: NDArray[np.uint8], mode: str) -> NDArray[np.uint8]:
        pixels = torch.from_numpy(np.ascontiguousarray(values)).float()[None]
        found = nn.functional.grid_sample(pixels, grid, mode, padding_mode="border", align_corners=False)
        return found[0].round().to(torch.uint8).numpy()

    return Window(cut(window.image, "bilinear"), cut(window.mask[None], "nearest")[0])


def reach(size: int, angle: float) -> int:
    """Side of the smallest window that holds a square of ``size`` px turned by an angle in degrees."""
    return int(np.ceil(size * (abs(np.cos(np.radians(angle))) + abs(np.sin(np.radians(angle)))) - 1e-6))


class QuarterTurn(nn.Module):
    """Turn by a quarter, every other time; with the flips all eight ways to lie are as likely."""

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if torch.rand(()) < 0.5:
            return tv_tensors.Image(image.rot90(1, (1, 2))), tv_tensors.Mask(mask.rot90(1, (0, 1)))
        return image, mask


class Colour(nn.Module):
    """Brightness, contrast, saturation, and a gain and offset for each band: sensors, light and stretches differ.

    All of them are linear in a pixel's bands, so one matrix does them in a single pass, whatever the number of bands
    (torchvision's ``ColorJitter`` takes one or three, and twenty times as long).

    Args:
        strength: largest relative change of brightness, contrast and saturation.
    """

    def __init__(self, strength: float) -> None:
        super().__init__()
        self.strength = strength

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        bands = image.shape[0]
        brightness, contrast, saturation = (1 + self.strength * (2 * torch.rand(3) - 1)).tolist()
        pixels = image.reshape(bands, -1).float()
        matrix = saturation * torch.eye(bands) + (1 - saturation) / bands
        offset = torch.zeros(bands)
        if torch.rand(()) < 0.5:
            matrix = matrix * (1 + 0.12 * (2 * torch.rand(bands, 1) - 1))
            offset = 12 * (2 * torch.rand(bands) - 1)
        # Contrast pivots on the window's mean grey, which a sample of the pixels tells well enough.
        grey = pixels[:, ::16].mean() * brightness
        matrix, offset = brightness * contrast * matrix, contrast * offset + (1 - contrast) * grey
        changed = torch.addmm(offset[:, None], matrix, pixels).clamp_(0, 255).to(torch.uint8)
        return tv_tensors.Image(changed.view(image.shape)), mask


class Haze(nn.Module):
    """Blend towards a random bright grey, as thin cloud and aerosol do."""

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if torch.rand(()) < 0.2:
            amount, grey = 0.4 * torch.rand(()), 150 + 80 * torch.rand(())
            hazy = image * (1 - amount) + amount * grey
            image = tv_tensors.Image(hazy.clamp(0, 255).to(torch.uint8))
        return image, mask


def soft_blobs(height: int, width: int) -> torch.Tensor:
    """Smooth random field of large blobs with ragged rims, ``(1, height, width)`` in [0, 1]."""
    coarse = (max(1, height // 4), max(1, width // 4))  # nothing in it is finer
    field = torch.zeros(1, 1, *coarse)
    for cells, amplitude in ((3, 1.0), (8, 0.35), (24, 0.12)):
        noise = amplitude * torch.randn(1, 1, cells, cells)
        field += nn.functional.interpolate(noise, coarse, mode="bicubic")
    return nn.functional.interpolate(torch.sigmoid(6 * (field - 0.6)), (height, width), mode="bilinear")[0]


class Shadow(nn.Module):
    """Darken a part, as clouds do that stand beside the window."""

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if torch.rand(()) < 0.15:
            depth = (0.3 + 0.35 * torch.rand(())) * soft_blobs(*image.shape[1:])
            image = tv_tensors.Image((image * (1 - depth)).to(torch.uint8))
        return image, mask


class Cloud(nn.Module):
    """Cover a part with white cloud; what cannot be seen is no landslide."""

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if torch.rand(()) < 0.12:
            alpha = 0.97 * soft_blobs(*image.shape[1:])
            white = 200 + 50 * torch.rand(()) + 25 * soft_blobs(*image.shape[1:])
            image = tv_tensors.Image((image * (1 - alpha) + alpha * white).clamp(0, 255).to(torch.uint8))
            mask = tv_tensors.Mask(torch.where((alpha[0] >= 0.5) & (mask == LANDSLIDE), 0, mask))
        return image, mask


class LowerResolution(nn.Module):
    """Lose detail, as out of focus or enlarged imagery has."""

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if torch.rand(()) < 0.2:
            height, width = image.shape[1:]
            share = float(0.45 + 0.5 * torch.rand(()))
            coarse = functional.resize(image, [max(8, round(height * share)), max(8, round(width * share))])
            image = tv_tensors.Image(functional.resize(coarse, [height, width]))
        return image, mask


class Compressed(nn.Module):
    """JPEG artefacts, on images of one or three bands."""

    def __init__(self) -> None:
        super().__init__()
        self.jpeg = v2.JPEG((50, 95))

    def forward(self, image: tv_tensors.Image, mask: tv_tensors.Mask) -> tuple[tv_tensors.Image, tv_tensors.Mask]:
        if image.shape[0] in (1, 3) and torch.rand(()) < 0.2:
            image = self.jpeg(image)
        return image, mask


def augmentation(colour: float = 0.3, clouds: bool = True) -> v2.Compose:
    """Flips, quarter turns, colour, haze, shadow, cloud, loss of detail and JPEG; masks follow."""
    return v2.Compose(
        [
            v2.RandomHorizontalFlip(),
            v2.RandomVerticalFlip(),
            QuarterTurn(),
            Colour(colour),
            Haze(),
            Shadow(),
            Cloud() if clouds else v2.Identity(),
            LowerResolution(),
            Compressed(),
        ]
    )


def augment(image: Image, mask: Mask, transform: v2.Compose) -> tuple[torch.Tensor, torch.Tensor]:
    """Apply a joint transform; return tensors uint8 ``(C, H, W)`` and ``(H, W)``."""
    out_image, out_mask = transform(
        tv_tensors.Image(torch.from_numpy(np.ascontiguousarray(image))),
        tv_tensors.Mask(torch.from_numpy(np.ascontiguousarray(mask))),
    )
    return out_image.as_subclass(torch.Tensor), out_mask.as_subclass(torch.Tensor)
