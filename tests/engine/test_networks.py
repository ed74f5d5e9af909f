"""What the networks promise, whatever their weights."""

from __future__ import annotations

import pytest
import torch
from landslide_detector.models.detectors.networks import build_network
from landslide_detector.models.errors import ModelError
from torchvision.models import resnet50


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


class TestPatches:
    def test_of_one_patch_it_makes_what_the_published_network_does(self):
        torch.manual_seed(0)
        network, published = (
            build_network("PatchClassifier", "resnet50", 3, 96, 32).eval(),
            resnet50(num_classes=1).eval(),
        )
        tensors = {name.removeprefix("encoder."): tensor for name, tensor in network.state_dict().items()}
        tensors["fc.weight"] = tensors["fc.weight"].flatten(1)
        published.load_state_dict(tensors)
        x = torch.randn(2, 3, 96, 96)
        with torch.inference_mode():
            assert torch.allclose(network(x)[:, :, 0, 0], published(x), atol=1e-5)

    @pytest.mark.parametrize("encoder", ["resnet50", "tu-tf_efficientnet_lite0"])
    def test_a_tile_has_a_logit_for_every_patch(self, encoder):
        network = build_network("PatchClassifier", encoder, 4, 128, 64).eval()
        with torch.inference_mode():
            assert network(torch.zeros(1, 4, 256, 384)).shape == (1, 1, 3, 5)

    @pytest.mark.parametrize(("patch", "step"), [(100, 64), (128, 48)])
    def test_patches_beside_its_features_are_refused(self, patch, step):
        with pytest.raises(ModelError, match="multiples of 32 are needed"):
            build_network("PatchClassifier", "resnet50", 3, patch, step)
