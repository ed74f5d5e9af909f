"""Generated chip folders."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from PIL import Image


def write_chips(folder: Path, count: int = 8, size: int = 96, seed: int = 0) -> Path:
    """Green chips; every second one has a red square that is its landslide. Half for training, half for validation."""
    rng = np.random.default_rng(seed)
    (folder / "images").mkdir(parents=True)
    (folder / "masks").mkdir()
    rows = []
    for number in range(count):
        name = f"chip {number}"
        image = rng.integers(60, 110, (size, size, 3)).astype(np.uint8)
        image[..., 1] += 60
        mask = np.zeros((size, size), np.uint8)
        if number % 2:
            top, left = rng.integers(0, size // 6, 2)
            mask[top : top + size // 3, left : left + size // 3] = 255
            image[mask > 0] = (200, 100, 60)
        Image.fromarray(image).save(folder / "images" / f"{name}.png")
        Image.fromarray(mask).save(folder / "masks" / f"{name}.png")
        rows.append({"name": name, "split": "train" if number < count // 2 else "val", "source": f"s{number % 4}"})
    with (folder / "index.csv").open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, ["name", "split", "source"])
        writer.writeheader()
        writer.writerows(rows)
    return folder
