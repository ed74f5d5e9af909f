"""What each detector learns: loss and validation score, for pytorch-lightning's loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytorch_lightning as pl
import segmentation_models_pytorch as smp
import torch
from torch import nn
from torchmetrics import MeanMetric, Metric
from torchmetrics.classification import BinaryAUROC, BinaryAveragePrecision, BinaryJaccardIndex

from ..detectors.networks import PatchClassifier
from .depthwise import DepthwiseInFloat32
from .windows import IGNORED, LANDSLIDE, SLIVER

Batch = tuple[torch.Tensor, torch.Tensor]
SCALES = (1, 4, 16, 64)  # px, of the anomaly detector's noise


class Task(pl.LightningModule):
    """A network with its normalisation, trained by AdamW.

    Args:
        network: takes ``(N, C, H, W)``.
        mean, stddev: of each band, of values in [0, 1].
        learning_rate: its peak.
        schedule: tells the share of the peak for a number of steps that are done.
        pretrained: whether the encoder is, and is to move slower than the fresh decoder above it.
    """

    #: What the validation score is called; higher is better.
    score_name: str
    score: Metric

    def __init__(
        self,
        network: nn.Module,
        mean: tuple[float, ...],
        stddev: tuple[float, ...],
        learning_rate: float,
        schedule: Callable[[int], float],
        pretrained: bool,
    ) -> None:
        super().__init__()
        self.network = network.to(memory_format=torch.channels_last)
        self.register_buffer("mean", torch.tensor(mean).view(-1, 1, 1), persistent=False)
        self.register_buffer("stddev", torch.tensor(stddev).view(-1, 1, 1), persistent=False)
        self._learning_rate, self._schedule, self._pretrained = learning_rate, schedule, pretrained

    def normalise(self, images: torch.Tensor) -> torch.Tensor:
        """uint8 ``(N, C, H, W)`` to standardised float32."""
        scaled = (images.float() / 255 - self.mean) / self.stddev
        return scaled.contiguous(memory_format=torch.channels_last)

    def network_input(self, images: torch.Tensor) -> torch.Tensor:
        """What the network is shown in training for a batch of uint8 windows ``(N, C, H, W)``."""
        return self.normalise(images)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The network's answer, for training: fast on a CPU too."""
        with DepthwiseInFloat32():
            return self.network(x)

    def configure_optimizers(self) -> dict[str, Any]:
        encoder = [p for n, p in self.named_parameters() if n.startswith("network.encoder.")]
        other = [p for n, p in self.named_parameters() if not n.startswith("network.encoder.")]
        rates = [self._learning_rate / 3 if self._pretrained else self._learning_rate, self._learning_rate]
        groups = [{"params": p, "lr": r} for p, r in zip((encoder, other), rates, strict=True) if p]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.02)
        # Asks how far the run has come each time, so that a resumed run with another budget has the right rate.
        schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, self._schedule)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}

    def on_validation_epoch_end(self) -> None:
        self.log("score", self.score.compute())
        self.score.reset()


class PatchTask(Task):
    """Binary classification of patches: cross-entropy; validated by average precision.

    Args:
        dense_weight: of the loss of an auxiliary head that predicts the mask from the encoder's last two
            stages. It tells the network where the landslide is, not only that there is one, and is no part of the
            result.
    """

    score_name = "average precision"

    def __init__(self, dense_weight: float = 0.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.score = BinaryAveragePrecision()
        self.loss = smp.losses.SoftBCEWithLogitsLoss(ignore_index=IGNORED, smooth_factor=0.05)
        self._dense_weight = dense_weight
        assert isinstance(self.network, PatchClassifier)
        self.dense_head = DenseHead(self.network.channels) if dense_weight else None

    def training_step(self, batch: Batch, _: int) -> torch.Tensor:
        images, masks = batch
        assert isinstance(self.network, PatchClassifier)
        with DepthwiseInFloat32():
            middle, last = self.network.stages(self.normalise(images))
        loss = self.loss(self.network.judge(last), patch_labels(masks, self.network.patch, self.network.step))
        if self.dense_head is not None:
            loss = loss + self._dense_weight * self.dense_head.loss(middle, last, masks)
        return loss

    def validation_step(self, batch: Batch, _: int) -> None:
        images, masks = batch
        probability = self.network(self.normalise(images)).float().flatten().sigmoid()
        self.score.update(probability, (masks == LANDSLIDE).flatten(1).any(1).int())


def patch_labels(masks: torch.Tensor, patch: int, step: int) -> torch.Tensor:
    """Labels ``(N, 1, rows, columns)`` of the patches in windows ``(N, H, W)``: 1, 0, or ``IGNORED``.

    Ignored are those whose label would be a coin's toss, as ``windows.patch_label`` has it.
    """
    seen, share = (
        nn.functional.avg_pool2d(is_so[:, None].float(), patch, step)
        for is_so in (masks != IGNORED, masks == LANDSLIDE)
    )
    labels = (share > 0).float()
    labels[(seen < 0.5) | ((share > 0) & (share <= SLIVER * seen))] = IGNORED
    return labels


class DenseHead(nn.Module):
    """Landslide logits at a sixteenth of the input's size, from an encoder's last two stages.

    Args:
        stages: channels of these.
    """

    def __init__(self, stages: tuple[int, ...], channels: int = 128) -> None:
        super().__init__()
        self.middle, self.last = (nn.Conv2d(count, channels, 1) for count in stages)
        self.logit = nn.Conv2d(channels, 1, 3, padding=1)

    def forward(self, middle: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
        coarse = nn.functional.interpolate(self.last(last), middle.shape[2:], mode="bilinear")
        return self.logit(nn.functional.relu(self.middle(middle) + coarse))

    def loss(self, middle: torch.Tensor, last: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
        """Cross-entropy with the share of landslide in each cell; cells that are mostly unknown do not count."""
        logits = self(middle, last)
        known = (masks != IGNORED)[:, None].float()
        size = logits.shape[2:]
        seen = nn.functional.adaptive_avg_pool2d(known, size)
        share = nn.functional.adaptive_avg_pool2d((masks == LANDSLIDE)[:, None].float(), size) / seen.clamp(min=1e-6)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, share.clamp(max=1), reduction="none")
        return (loss * (seen > 0.5)).sum() / (seen > 0.5).sum().clamp(min=1)


class SegmentationTask(Task):
    """Pixel masks: soft Dice plus cross-entropy; validated by the landslide IoU at 0.5."""

    score_name = "IoU"

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.score = BinaryJaccardIndex(ignore_index=IGNORED)
        self.dice = smp.losses.DiceLoss("binary", smooth=1.0, ignore_index=IGNORED)
        self.cross_entropy = smp.losses.SoftBCEWithLogitsLoss(ignore_index=IGNORED)

    def training_step(self, batch: Batch, _: int) -> torch.Tensor:
        logits = self(self.normalise(batch[0]))
        target = batch[1].unsqueeze(1).float()
        return self.dice(logits, target) + self.cross_entropy(logits, target)

    def validation_step(self, batch: Batch, _: int) -> None:
        images, masks = batch
        self.score.update(self.network(self.normalise(images)).float().squeeze(1).sigmoid(), masks.int())


class AnomalyTask(Task):
    """Denoising of normal ground: ``L = L_r(x, f_r(x + z)), z ~ N(0, 1)`` on standardised input (Kimura, Ridge-i).

    The noise has several scales. Of single pixels alone it is averaged away, and a landslide goes through unharmed
    (Wyatt et al. 2022, AnoDDPM).

    No label enters the loss. Where labels are known, validation tells how well what is not restored ranks landslides
    (AUROC), else the share of the noise that is removed.

    Args:
        labelled: whether validation has landslides.
        trim: share of the ground, the worst restored, that is left out of the loss: on a scene whose landslides are not
            known they are rare, and they are to stay hard to restore (trimmed least squares, Rousseeuw 1984).
    """

    def __init__(self, labelled: bool = True, trim: float = 0.0, **settings: Any) -> None:
        super().__init__(**settings)
        self.score_name = "AUROC" if labelled else "noise removed"
        self.score = BinaryAUROC(thresholds=200, ignore_index=IGNORED) if labelled else MeanMetric()
        self._labelled, self._trim = labelled, trim
        self.smooth = nn.AvgPool2d(15, 1, 7, count_include_pad=False)

    def network_input(self, images: torch.Tensor) -> torch.Tensor:
        """Standardised windows under noise, ``x + z``."""
        x = self.normalise(images)
        return x + noise_like(x)

    def training_step(self, batch: Batch, _: int) -> torch.Tensor:
        return self._trimmed(self._error(batch[0]), batch[1] == 0)

    def _error(self, images: torch.Tensor) -> torch.Tensor:
        """Mean squared error of the bands ``(N, H, W)``; that of the noise is 1."""
        restored = self(self.network_input(images)).float()
        return (restored - self.normalise(images)).square().mean(1)

    def _trimmed(self, error: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        if self._trim:
            local = self.smooth(error.detach())
            kept = torch.sort(local[known])[0]
            if len(kept):
                known = known & (local <= kept[int((1 - self._trim) * (len(kept) - 1))])
        return (error * known).sum() / known.sum().clamp(min=1)

    def validation_step(self, batch: Batch, _: int) -> None:
        images, masks = batch
        if not self._labelled:
            self.score.update(1 - self._trimmed(self._error(images), masks == 0))
            return
        x = self.normalise(images)
        residual = x - self.network(x).float()
        self.score.update(self.smooth(residual.mean(1, keepdim=True)).squeeze(1).sigmoid(), masks.int())


def noise_like(x: torch.Tensor) -> torch.Tensor:
    """Noise for images ``(N, C, H, W)``, N(0, 1) at each pixel: fields of ``SCALES``, all of them as strong."""
    fields = []
    for scale in SCALES:
        cells = [-(-side // scale) + 1 for side in x.shape[2:]]
        field = torch.randn(*x.shape[:2], *cells, device=x.device)
        if scale > 1:
            field = nn.functional.interpolate(field, scale_factor=scale, mode="bicubic")
            field = field / field.std()
        row, column = (int(torch.randint(scale, ())) for _ in range(2))
        fields.append(field[..., row : row + x.shape[2], column : column + x.shape[3]])
    return torch.stack(fields).sum(0) / len(SCALES) ** 0.5


TASKS: dict[str, type[Task]] = {"patches": PatchTask, "segmentation": SegmentationTask, "anomaly": AnomalyTask}
