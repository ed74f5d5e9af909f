"""How each detector is trained unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..raster.stretch import USUAL, Rule


@dataclass(frozen=True)
class Recipe:
    """Network and training settings of a detector.

    Attributes:
        window: side of a training window, for ``patches`` of a patch, px.
        steps: optimiser steps, where no other budget is given.
        learning_rate: peak of the one-cycle schedule; fine-tuning takes ``FINE_TUNING`` of it.
        tile_size, overlap: of the finished model, px; patches overlap by half.
        negatives: share of the windows drawn where there is no landslide.
        zoom: lowest and highest enlargement of a window.
        averaging: decay, for each step, of the moving average of the weights.
        patience: validations without improvement after which training stops.
        dense_weight: weight of the loss of an auxiliary head that predicts the mask (``patches`` only; 0 is none).
        stretch: how pixel values become the network's, where the model to start from has no say.
        imagenet: where no other model is to start from: whether the encoder has ImageNet weights or random ones; None
            takes the former if they are to be had.
    """

    architecture: str
    encoder: str
    window: int
    batch_size: int
    steps: int
    learning_rate: float
    tile_size: int
    overlap: int
    negatives: float = 0.4
    zoom: tuple[float, float] = (0.5, 2.0)
    averaging: float = 0.98
    patience: int = 8
    dense_weight: float = 0.0
    stretch: Rule = field(default_factory=lambda: USUAL)
    imagenet: bool | None = None


FINE_TUNING = 0.3
HELD_OUT = 0.2  # share of the scenes' blocks
BY_SCENE: Rule = {"median": 0.3, "deviation": 0.07}  # room for what is darker, and more for bright slides

RECIPES = {
    "patches": Recipe("PatchClassifier", "resnet50", 128, 32, 900, 1e-3, 1024, 64, dense_weight=0.5),
    "segmentation": Recipe("DeepLabV3Plus", "tu-tf_efficientnet_lite2", 256, 16, 500, 1.5e-3, 640, 32),
    # What ImageNet's features know they restore, landslides included.
    "anomaly": Recipe("UNet", "resnet18", 128, 16, 420, 1e-3, 640, 32, negatives=0.6, imagenet=False),
}
