"""How each detector is trained unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """Network and training settings of a detector.

    Attributes:
        window: side of a training window, px.
        tile_size, overlap: of the finished model, px.
        learning_rate: peak of the one-cycle schedule.
    """

    architecture: str
    encoder: str
    window: int
    batch_size: int
    steps: int
    learning_rate: float
    tile_size: int
    overlap: int


RECIPES = {
    "patches": Recipe("ResNet50", "resnet50", 128, 32, 560, 1e-3, 128, 64),
    "segmentation": Recipe("DeepLabV3Plus", "tu-tf_efficientnet_lite0", 256, 16, 500, 1.5e-3, 512, 64),
    "anomaly": Recipe("UNet", "resnet18", 128, 16, 420, 1e-3, 512, 64),
}
