"""Writing a model package: one copy of the weights (fp16) that PyTorch, OpenVINO and ONNX Runtime all read."""

from __future__ import annotations

import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import TensorProto, helper
from safetensors.torch import load, save
from torch import nn

from ..library.card import CARD, GRAPH, WEIGHTS, Card
from ..library.shelf import sha256
from ..library.weights_file import point_to, tensor_places

#: The layer that gives the logits. What follows it, a bilinear enlargement, keeps a slope and an offset.
LAST_LAYERS = {"PatchClassifier": "fc", "DeepLabV3Plus": "segmentation_head.0"}


def export_package(network: nn.Module, folder: Path, fields: dict[str, Any], bands: int, size: int) -> None:
    """Write ``model.safetensors``, ``model.onnx`` and ``card.json``.

    Args:
        network: trained network, input ``(N, bands, size, size)``.
        folder: the package; it is made if need be.
        fields: the card; checksums are added.
        bands: input bands.
        size: window side of the traced example, px (the graph takes any multiple of 32).
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = network.eval().cpu().to(memory_format=torch.contiguous_format)
    tensors = {
        name: tensor.detach().to(torch.float16).contiguous()
        for name, tensor in network.state_dict().items()
        if tensor.is_floating_point()
    }
    graph = trace(network, bands, size)
    round_to_bf16(graph, tensors)
    (folder / WEIGHTS).write_bytes(save(tensors))
    share_weights(graph, folder / WEIGHTS)
    # The weights stay where they are: the graph only points into their file.
    (folder / GRAPH).write_bytes(graph.SerializeToString())
    checksums = {name: sha256(folder / name) for name in (WEIGHTS, GRAPH)}
    card = {**fields, "landslides:sha256": checksums}
    (folder / CARD).write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def round_to_bf16(model: onnx.ModelProto, tensors: dict[str, torch.Tensor]) -> None:
    """Round the weights of convolutions so that bf16 has them as they are, once the batch norms are folded into them.

    OpenVINO folds them first and rounds then. That alone, emulated, changed 0.1 % of a segmentation's mask, twice as
    much as rounding all that passes between the layers. Rounded beforehand, both precisions compute with the same
    weights.

    Args:
        model: the graph, its initializers named as the tensors.
        tensors: fp16, changed in place.
    """
    readers: defaultdict[str, list[onnx.NodeProto]] = defaultdict(list)
    for node in model.graph.node:
        for name in node.input:
            readers[name].append(node)
    for node in model.graph.node:
        if node.op_type != "Conv" or node.input[1] not in tensors:
            continue
        weight = tensors[node.input[1]]
        scale = torch.ones(1)
        following = readers[node.output[0]]
        if [reader.op_type for reader in following] == ["BatchNormalization"]:
            gain, _, _, variance = (tensors[name].float() for name in following[0].input[1:])
            epsilon = next(attribute.f for attribute in following[0].attribute if attribute.name == "epsilon")
            scale = (gain / (variance + epsilon).sqrt()).reshape(-1, *[1] * (weight.dim() - 1))
        rounded = (weight.float() * scale).bfloat16().float() / scale
        weight.copy_(torch.where(rounded.isfinite(), rounded, weight.float()))


def scale_logits(card: Card, slope: float, offset: float) -> str:
    """Make a package's logits ``slope * logit + offset``, and return the new checksum of its weights.

    The graph stays as it is: it points into the file of weights, whose layout does not change.
    """
    path = card.folder / WEIGHTS
    tensors = load(path.read_bytes())
    weight, bias = (f"{LAST_LAYERS[card.architecture]}.{name}" for name in ("weight", "bias"))
    tensors[weight] = (slope * tensors[weight].float()).bfloat16().half()  # as in round_to_bf16
    tensors[bias] = (slope * tensors[bias].float() + offset).half()
    # Not in place: a network may still have the file open.
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_bytes(save(tensors))
    unfinished.replace(path)
    return sha256(path)


def trace(network: nn.Module, bands: int, size: int) -> onnx.ModelProto:
    """The network as an ONNX graph whose initializers bear the names of its tensors."""
    buffer = io.BytesIO()
    torch.onnx.export(
        network,
        (torch.zeros(1, bands, size, size),),
        buffer,  # type: ignore[arg-type]  # a file object is taken too
        dynamo=False,
        do_constant_folding=False,
        training=torch.onnx.TrainingMode.PRESERVE,
        input_names=["image"],
        output_names=["result"],
        dynamic_axes={"image": {0: "batch", 2: "height", 3: "width"}, "result": {0: "batch"}},
        opset_version=17,
    )
    return onnx.load_from_string(buffer.getvalue())


def share_weights(model: onnx.ModelProto, weights: Path) -> None:
    """Make the graph's fp32 initializers casts of the fp16 tensors in a safetensors file beside it."""
    places = tensor_places(weights)
    graph = model.graph
    casts = []
    for initializer in graph.initializer:
        if initializer.name not in places:
            continue
        name = initializer.name
        initializer.name = f"{name}.fp16"
        point_to(initializer, weights, places[name], TensorProto.FLOAT16)
        casts.append(helper.make_node("Cast", [initializer.name], [name], to=TensorProto.FLOAT))
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
