"""Pictures for reports: small, with outlines of truth and prediction, embedded in the page."""

from __future__ import annotations

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

TRUTH, PREDICTED = (64, 156, 255), (255, 122, 40)
SIDE = 240  # px of a small picture


def embedded(pixels: NDArray[np.uint8] | Image.Image) -> str:
    """A picture ``(H, W, 3)`` as a ``data:`` address."""
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=86, subsampling=0)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")


def outlined(
    image: NDArray[np.uint8], truth: NDArray[np.bool_] | None = None, predicted: NDArray[np.bool_] | None = None
) -> Image.Image:
    """A square picture of an image ``(C, H, W)`` with the outlines of two masks ``(H, W)``, truth over prediction.

    Images of two bands or one are shown in grey.
    """
    bands = image[:3] if len(image) >= 3 else np.repeat(image[:1], 3, axis=0)
    height, width = image.shape[1:]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    smooth = Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.BICUBIC
    picture = Image.fromarray(np.ascontiguousarray(np.moveaxis(bands, 0, 2))).resize(size, smooth)
    for mask, colour in ((predicted, PREDICTED), (truth, TRUTH)):
        if mask is not None and mask.any():
            # Thickened before it is cut out, so that a landslide of one pixel shows.
            grown = Image.fromarray(mask.astype(np.uint8) * 255).resize(size, Image.Resampling.NEAREST)
            inner = grown.filter(ImageFilter.MinFilter(3))
            edge = np.asarray(grown.filter(ImageFilter.MaxFilter(3))) != np.asarray(inner)
            picture.paste(Image.new("RGB", size, colour), mask=Image.fromarray(edge.astype(np.uint8) * 255))
    framed = Image.new("RGB", (SIDE, SIDE), (24, 26, 28))
    framed.paste(picture, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return framed


def scale_bar(picture: Image.Image, metres_a_pixel: float) -> Image.Image:
    """Draw a bar of a round length into the lower left corner."""
    longest = picture.width * 0.3 * metres_a_pixel
    length = max((m * 10.0**e for e in range(-1, 6) for m in (1, 2, 5) if m * 10.0**e <= longest), default=longest)
    pixels = length / metres_a_pixel
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    draw = ImageDraw.Draw(picture)
    left, bottom = 10, picture.height - 12
    box = draw.textbbox((left, bottom - 16), label)
    draw.rectangle((left - 5, box[1] - 4, max(left + pixels, box[2]) + 5, bottom + 5), fill=(20, 22, 24))
    draw.text((left, bottom - 16), label, fill=(255, 255, 255))
    draw.line((left, bottom, left + pixels, bottom), fill=(255, 255, 255), width=3)
    return picture
