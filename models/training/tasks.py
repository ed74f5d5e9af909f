"""What each detector learns: loss, validation scores and optimiser, for pytorch-lightning's loop."""

from __future__ import annotations

from typing import Any

import pytorch_lightning as pl
import segmentation_models_pytorch as smp
import torch
from torch import nn
from torchmetrics.classification import BinaryAUROC, BinaryAveragePrecision, BinaryJaccardIndex

from ..detectors.networks import build_network
from .pretrained import load_imagenet_encoder

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


class Task(pl.LightningModule):
    """A network with its normalisation and a one-cycle AdamW schedule.

    Args:
        architecture: ``ResNet50``, ``DeepLabV3Plus`` or ``UNet``.
        encoder: encoder name of segmentation-models-pytorch; ImageNet weights are used where they are at hand.
        learning_rate: peak rate of the schedule.
        steps: optimiser steps of the whole schedule.
    """

    score = "val_score"
    #: What a unit of the network's input stands for, in standard deviations of a band.
    unit = 1.0

    def __init__(self, architecture: str, encoder: str, learning_rate: float, steps: int) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.network = build_network(architecture, encoder)
        self.pretrained = load_imagenet_encoder(self.network, encoder)
        self.network.to(memory_format=torch.channels_last)
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(3, 1, 1), persistent=False)
        self.register_buffer("std", self.unit * torch.tensor(IMAGENET_STD).view(3, 1, 1), persistent=False)

    def normalise(self, images: torch.Tensor) -> torch.Tensor:
        """uint8 ``(N, 3, H, W)`` to standardised float32."""
        scaled = (images.float() / 255 - self.mean) / self.std
        return scaled.contiguous(memory_format=torch.channels_last)

    def network_input(self, images: torch.Tensor) -> torch.Tensor:
        """What the network is shown in training for a batch of uint8 windows ``(N, 3, H, W)``."""
        return self.normalise(images)

    def configure_optimizers(self) -> dict[str, Any]:
        rate = self.hparams["learning_rate"]
        encoder = [p for n, p in self.network.named_parameters() if n.startswith("encoder.")]
        other = [p for n, p in self.network.named_parameters() if not n.startswith("encoder.")]
        # A pretrained encoder moves slower than the fresh decoder above it.
        rates = [rate / 3 if self.pretrained else rate, rate]
        groups = [{"params": p, "lr": r} for p, r in zip((encoder, other), rates, strict=True) if p]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, [g["lr"] for g in groups], total_steps=self.hparams["steps"], pct_start=0.15
        )
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


class PatchTask(Task):
    """Binary classification of patches: cross-entropy; validated by average precision."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.average_precision = BinaryAveragePrecision()

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> torch.Tensor:
        images, labels = batch
        logits = self.network(self.normalise(images)).squeeze(1)
        smoothed = labels.float() * 0.9 + 0.05
        loss = nn.functional.binary_cross_entropy_with_logits(logits, smoothed)
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> None:
        images, labels = batch
        probability = self.network(self.normalise(images)).squeeze(1).sigmoid()
        self.average_precision.update(probability, labels.int())

    def on_validation_epoch_end(self) -> None:
        self.log(self.score, self.average_precision.compute(), prog_bar=True)
        self.average_precision.reset()


class SegmentationTask(Task):
    """Pixel masks: soft Dice plus cross-entropy; validated by the landslide IoU at 0.5."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.dice = smp.losses.DiceLoss("binary", smooth=1.0)
        self.iou = BinaryJaccardIndex()

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> torch.Tensor:
        images, masks = batch
        logits = self.network(self.normalise(images))
        target = masks.unsqueeze(1).float()
        loss = self.dice(logits, target) + nn.functional.binary_cross_entropy_with_logits(logits, target)
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> None:
        images, masks = batch
        self.iou.update(self.network(self.normalise(images)).squeeze(1).sigmoid(), masks.int())

    def on_validation_epoch_end(self) -> None:
        self.log(self.score, self.iou.compute(), prog_bar=True)
        self.iou.reset()


class AnomalyTask(Task):
    """Denoising of normal ground: ``L = L_r(x, f_r(x + z)), z ~ N(0, 1)`` on standardised input (Kimura, Ridge-i).

    The unit of the input is three deviations of a pixel: a weaker noise a U-Net removes by averaging alone, and
    restores a landslide as well as a forest; under this one it must lean on what normal ground looks like. No label
    enters the loss; labelled validation chips only tell how well the error ranks landslides (AUROC).
    """

    unit = 3.0

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.auroc = BinaryAUROC(thresholds=200)

    def network_input(self, images: torch.Tensor) -> torch.Tensor:
        """Standardised windows under noise, ``x + z``."""
        x = self.normalise(images)
        return x + torch.randn_like(x)

    def training_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> torch.Tensor:
        restored = self.network(self.network_input(batch[0]))
        loss = self.unit**2 * nn.functional.mse_loss(restored, self.normalise(batch[0]))
        self.log("loss", loss, prog_bar=True)
        return loss

    def validation_step(self, batch: tuple[torch.Tensor, torch.Tensor], _: int) -> None:
        x, masks = self.normalise(batch[0]), batch[1]
        residual = x - torch.stack([self.network(self.network_input(batch[0])) for _ in range(2)]).mean(0)
        smooth = self.unit * nn.functional.avg_pool2d(residual, 15, 1, 7, count_include_pad=False)
        error = smooth.square().sum(1)
        self.auroc.update(1 - torch.exp(-error), masks.int())

    def on_validation_epoch_end(self) -> None:
        self.log(self.score, self.auroc.compute(), prog_bar=True)
        self.auroc.reset()


TASKS: dict[str, type[Task]] = {"patches": PatchTask, "segmentation": SegmentationTask, "anomaly": AnomalyTask}
