"""The networks, by the name a model card gives them. The only detector module that imports torch."""

from __future__ import annotations

import segmentation_models_pytorch as smp
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from ..errors import ModelError
from ..library.card import WEIGHTS, Card

POOLED = 31  # features of 16 px: all of a tile of 256 px
STRIDE = 32  # px to an encoder's last feature


class PatchClassifier(nn.Module):
    """Judges every patch of a tile: an encoder's last features are averaged over each patch, not over the tile.

    With the encoder ``resnet50`` it makes of a tile as large as a patch what the published ResNet50 does. (Going over a
    whole image at once is Sermanet et al. 2014, OverFeat.)

    Args:
        encoder: by its name in segmentation-models-pytorch.
        bands: of the input.
        patch: side of a patch, px.
        step: px from one patch to the next.

    Attributes:
        channels: of the two feature maps of ``stages``.
    """

    def __init__(self, encoder: str, bands: int, patch: int, step: int) -> None:
        super().__init__()
        self.encoder = smp.encoders.get_encoder(encoder, in_channels=bands, weights=None)
        self.channels = tuple(self.encoder.out_channels[-2:])
        self.patch, self.step = patch, step
        self.mean = nn.AvgPool2d(patch // STRIDE, step // STRIDE)
        self.fc = nn.Conv2d(self.channels[-1], 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits ``(N, 1, rows, columns)`` of the patches in tiles ``(N, bands, H, W)``."""
        return self.judge(self.stages(x)[1])

    def stages(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The last two feature maps: a sixteenth and a thirty-second of the input's size."""
        middle, last = self.encoder(x)[-2:]
        return middle, last

    def judge(self, last: torch.Tensor) -> torch.Tensor:
        """Logits of the patches, from the last feature map."""
        return self.fc(self.mean(last))


def build_network(
    architecture: str, encoder: str, bands: int = 3, patch: int | None = None, step: int | None = None
) -> nn.Module:
    """Build a network with random weights; input ``(N, bands, H, W)``, output logits or a reconstruction.

    ``PatchClassifier`` gives ``(N, 1, rows, columns)``, a logit for each patch; ``DeepLabV3Plus`` ``(N, 1, H, W)``;
    ``UNet`` ``(N, bands, H, W)``.

    Args:
        patch, step: side of a patch and px from one to the next, multiples of 32 (``PatchClassifier`` only).

    Raises:
        ModelError: unknown architecture or encoder, or patches that do not fall on its features.
    """
    if architecture not in ("PatchClassifier", "DeepLabV3Plus", "UNet"):
        raise ModelError(f"unknown architecture '{architecture}'")
    try:
        if architecture == "PatchClassifier":
            if not patch or not step or patch % STRIDE or step % STRIDE:
                raise ModelError(f"patches of {patch} px every {step} px: multiples of {STRIDE} are needed")
            return PatchClassifier(encoder, bands, patch, step)
        if architecture == "UNet":
            return smp.Unet(encoder, encoder_weights=None, in_channels=bands, classes=bands)
        network = smp.DeepLabV3Plus(encoder, encoder_weights=None, in_channels=bands, classes=1)
    except (KeyError, ValueError, RuntimeError) as error:  # smp, torch and timm refuse a name each in its own way
        raise ModelError(f"encoder '{encoder}': segmentation-models-pytorch has none for {architecture}") from error
    _pool_nearby(network)
    return network


def _pool_nearby(network: smp.DeepLabV3Plus) -> None:
    """Let the image pooling of DeepLabv3+ see some 500 px around each place, whatever the size of the tile.

    Pooled over the whole tile, as published, a landslide's probability would depend on what else is in its tile, and so
    on the tile's size.
    """
    pooling = network.decoder.aspp[0].convs[-1]
    # Down and then across: the same mean, for a fifteenth of the additions, which rival all convolutions otherwise.
    pooling[0] = nn.Sequential(
        *(
            nn.AvgPool2d(size, stride=1, padding=(size[0] // 2, size[1] // 2), count_include_pad=False)
            for size in ((POOLED, 1), (1, POOLED))
        )
    )


def load_weights(network: nn.Module, card: Card) -> None:
    """Load a model package's fp16 tensors into its network, as fp32.

    Raises:
        ModelError: the file is not readable, or its tensors are not those of this network.
    """
    path = card.folder / WEIGHTS
    try:
        tensors = {name: tensor.float() for name, tensor in load_file(path).items()}
        outcome = network.load_state_dict(tensors, strict=False)
    except (RuntimeError, OSError, SafetensorError) as error:
        raise ModelError(f"{path}: does not fit {card.architecture} ({str(error).splitlines()[0]})") from None
    # The counters of batch normalisation are integers, used in training only, and not part of a package.
    missing = [name for name in outcome.missing_keys if not name.endswith("num_batches_tracked")]
    if missing or outcome.unexpected_keys:
        culprit = [*missing, *outcome.unexpected_keys][0]
        raise ModelError(f"{path}: does not fit {card.architecture} (tensor '{culprit}')")
