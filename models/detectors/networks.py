"""The networks, by the name a model card gives them. The only detector module that imports torch."""

from __future__ import annotations

import segmentation_models_pytorch as smp
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from torchvision.models import resnet50

from ..errors import ModelError
from ..library.card import WEIGHTS, Card

POOLED = 31  # features of 16 px: all of a tile of 256 px


def build_network(architecture: str, encoder: str, bands: int = 3) -> nn.Module:
    """Build a network with random weights; input ``(N, bands, H, W)``, output logits or a reconstruction.

    ``ResNet50`` gives ``(N, 1)``, ``DeepLabV3Plus`` ``(N, 1, H, W)``, ``UNet`` ``(N, bands, H, W)``.

    Raises:
        ModelError: unknown architecture.
    """
    if architecture == "ResNet50":
        network = resnet50(num_classes=1)
        if bands != 3:
            network.conv1 = nn.Conv2d(bands, 64, 7, 2, 3, bias=False)
        return network
    if architecture == "DeepLabV3Plus":
        network = smp.DeepLabV3Plus(encoder, encoder_weights=None, in_channels=bands, classes=1)
        _pool_nearby(network)
        return network
    if architecture == "UNet":
        return smp.Unet(encoder, encoder_weights=None, in_channels=bands, classes=bands)
    raise ModelError(f"unknown architecture '{architecture}'")


def _pool_nearby(network: smp.DeepLabV3Plus) -> None:
    """Let the image pooling of DeepLabv3+ see some 500 px around each place, whatever the size of the tile.

    Pooled over the whole tile, as published, a landslide's probability would depend on what else is in its tile, and so
    on the tile's size.
    """
    pooling = network.decoder.aspp[0].convs[-1]
    pooling[0] = nn.AvgPool2d(POOLED, stride=1, padding=POOLED // 2, count_include_pad=False)


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
