"""The networks, by the name a model card gives them. The only detector module that imports torch."""

from __future__ import annotations

import segmentation_models_pytorch as smp
from torch import nn
from torchvision.models import resnet50

from ..errors import ModelError


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
        return smp.DeepLabV3Plus(encoder, encoder_weights=None, in_channels=bands, classes=1)
    if architecture == "UNet":
        return smp.Unet(encoder, encoder_weights=None, in_channels=bands, classes=bands)
    raise ModelError(f"unknown architecture '{architecture}'")
