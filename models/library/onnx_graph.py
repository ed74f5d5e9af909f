"""Reading an ONNX segmentation graph from elsewhere, and writing it as part of a model package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto, numpy_helper, shape_inference
from safetensors.numpy import save

from ..errors import ModelError, first_line
from .card import GRAPH, WEIGHTS
from .weights_file import point_to, tensor_places

#: Operators that leave each value as it is, but for its place or type.
PASSING = {"Cast", "Identity", "Reshape", "Resize", "Slice", "Squeeze", "Transpose", "Unsqueeze", "Upsample"}
#: What safetensors can hold; everything else stays inside the graph.
STORED = {
    TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.DOUBLE, TensorProto.INT8, TensorProto.UINT8,
    TensorProto.INT16, TensorProto.INT32, TensorProto.INT64,
}  # fmt: skip
SMALL = 1024  # bytes: shapes, axes and scalars stay in the graph


@dataclass(frozen=True)
class Interface:
    """What a graph takes and gives.

    Attributes:
        bands: input bands.
        size: side of its tiles, px; None takes any.
        classes: channels of its output.
        activation: ``sigmoid``, ``softmax``, or ``none`` for logits.
    """

    bands: int
    size: int | None
    classes: int
    activation: str


def read_graph(path: Path) -> Any:
    """Read an ONNX file, its external tensors included (from its own folder only), as an ``onnx.ModelProto``.

    Raises:
        ModelError: it is not readable as ONNX.
    """
    try:
        return shape_inference.infer_shapes(onnx.load(path))
    except Exception as error:  # protobuf, onnx and the file system each have errors of their own
        raise ModelError(f"{path}: not readable as an ONNX model ({first_line(error)})") from None


def image_of(graph: Any) -> Any:
    """The input that is not a stored tensor (old graphs list those among the inputs too)."""
    stored = {initializer.name for initializer in graph.initializer}
    return next((value for value in graph.input if value.name not in stored), None)


def describe(model: Any, path: Path) -> Interface:
    """Find out what a segmentation graph takes and gives.

    Raises:
        ModelError: it is not a graph from an image ``(N, C, H, W)`` to probabilities or logits ``(N, classes, H, W)``.
    """
    stored = {initializer.name for initializer in model.graph.initializer}
    inputs = [value.name for value in model.graph.input if value.name not in stored]
    if len(inputs) != 1 or len(model.graph.output) != 1:
        raise ModelError(
            f"{path}: has {len(inputs)} inputs and {len(model.graph.output)} outputs; one image in and one map out is "
            "what can be used"
        )
    value = image_of(model.graph)
    if value.type.tensor_type.elem_type not in (TensorProto.FLOAT, TensorProto.FLOAT16):
        raise ModelError(f"{path}: its input is not of a floating-point type")
    image, answer = _shape(value), _shape(model.graph.output[0])
    if len(image) != 4 or not image[1]:
        raise ModelError(f"{path}: its input has the shape {image}, not (N, bands, height, width)")
    if len(answer) != 4 or not answer[1]:
        raise ModelError(f"{path}: its output has the shape {answer}, not (N, classes, height, width)")
    if image[2] != image[3]:
        raise ModelError(f"{path}: takes tiles of {image[3]} x {image[2]} px; only square ones are possible")
    kind = _last_operator(model.graph)
    if kind in ("ArgMax", "Greater", "GreaterOrEqual"):
        raise ModelError(f"{path}: gives classes, not probabilities ({kind})")
    return Interface(image[1], image[2], answer[1], kind.lower() if kind in ("Sigmoid", "Softmax") else "none")


def save_graph(model: Any, folder: Path) -> tuple[str, ...]:
    """Write ``model.onnx`` and, with its tensors, ``model.safetensors``; return the names of the files.

    The tensors keep their types, so that what is imported answers as it did. A graph without tensors that safetensors
    can hold is kept whole.
    """
    large = {
        initializer.name: initializer
        for initializer in model.graph.initializer
        if initializer.data_type in STORED and numpy_helper.to_array(initializer).nbytes >= SMALL
    }
    files: tuple[str, ...] = (GRAPH,)
    if large:
        weights = folder / WEIGHTS
        weights.write_bytes(save({name: numpy_helper.to_array(tensor) for name, tensor in large.items()}))
        for name, place in tensor_places(weights).items():
            point_to(large[name], weights, place, large[name].data_type)
        files = (GRAPH, WEIGHTS)
    (folder / GRAPH).write_bytes(model.SerializeToString())
    return files


def _shape(value: Any) -> list[int | None]:
    """The dimensions of a value; None is one that is open."""
    dimensions = value.type.tensor_type.shape.dim
    return [dimension.dim_value if dimension.dim_value > 0 else None for dimension in dimensions]


def _last_operator(graph: Any) -> str:
    """Type of the last node that computes something."""
    producers = {name: node for node in graph.node for name in node.output}
    node = producers.get(graph.output[0].name)
    while node is not None and node.op_type in PASSING:
        node = producers.get(node.input[0])
    return "" if node is None else str(node.op_type)
