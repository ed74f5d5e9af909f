"""The peer's case: DeepLabv3+ with a ResNet50 encoder, tiles of 512 px that overlap by 64 px; random weights."""

from __future__ import annotations

from pathlib import Path

from ..library.card import Card, read_card

SIDE = 3000  # px of the scene it was measured on
TILE, OVERLAP = 512, 64
ENCODER = "resnet50"


def write_peer(folder: Path, like: Card) -> Card:
    """Write the model package, its card like that of a segmentation model. Needs PyTorch."""
    import torch

    from ..detectors.networks import build_network
    from ..training.export import export_package

    torch.manual_seed(0)
    network = build_network("DeepLabV3Plus", ENCODER, len(like.bands))
    fields = {
        **like.fields,
        "name": "deeplabv3plus-resnet50-random",
        "landslides:default": False,
        "landslides:encoder": ENCODER,
        "landslides:tile_size": TILE,
        "landslides:overlap": OVERLAP,
        # Random answers lie anywhere; as a map of landslides they would be polygons without end.
        "landslides:threshold": 1.0,
    }
    export_package(network, folder, fields, len(like.bands), TILE)
    return read_card(folder)
