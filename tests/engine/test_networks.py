"""What the networks promise, whatever their weights."""

from __future__ import annotations

import torch
from landslide_detector.models.detectors.networks import build_network


def test_what_deeplab_finds_does_not_depend_on_what_is_far_away_in_its_tile():
    torch.manual_seed(0)
    network = build_network("DeepLabV3Plus", "tu-tf_efficientnet_lite0").eval()
    tile = torch.rand(1, 3, 1280, 1280)
    other = tile.clone()
    other[..., -64:, -64:] = 0
    with torch.inference_mode():
        before, after = network(tile), network(other)
    assert torch.equal(before[..., :64, :64], after[..., :64, :64])
    assert not torch.equal(before[..., -64:, -64:], after[..., -64:, -64:])
