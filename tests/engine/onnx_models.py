"""Small ONNX segmentation models as others export them, whose answers are known exactly."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

METADATA = {
    "model_type": "Segmentor",
    "class_names": {0: "background", 1: "road", 2: "landslide"},
    "resolution": 200,  # centimetres
    "tile_size": 64,
    "tiles_overlap": 25,  # percent
    "seg_thresh": 0.6,
}


def scores(image: np.ndarray, classes: int, gain: float = 16.0) -> np.ndarray:
    """What the models compute before their activation: ``(classes, H, W)`` of an image ``(C, H, W)``.

    The last class is gain * (first band - second band), the others are gain * 0.1 * their number.
    """
    maps = [np.full(image.shape[1:], gain * 0.1 * number) for number in range(classes - 1)]
    return np.stack([*maps, gain * (image[0].astype(np.float64) - image[-1 if len(image) < 2 else 1])])


def write_onnx(
    path: Path,
    metadata: dict[str, Any] | None = None,
    *,
    bands: int = 3,
    classes: int = 3,
    activation: str | None = "Softmax",
    size: int | None = 64,
    batch: int | str = 1,
    resized: bool = False,
    opset: int = 17,
    data_type: int = TensorProto.FLOAT,
    kernel: int = 1,
) -> Path:
    """Write a model that is one convolution with ``classes`` channels and an activation over them.

    Args:
        activation: operator, or None for logits.
        resized: put a resize by 1 behind the activation, so that it cannot be cut off.
        kernel: side of the convolution, of which only the middle counts; a larger one makes larger weights.
    """
    real = np.float16 if data_type == TensorProto.FLOAT16 else np.float32
    weight = np.zeros((classes, bands, kernel, kernel), real)
    weight[-1, 0, kernel // 2, kernel // 2] = 16
    weight[-1, min(1, bands - 1), kernel // 2, kernel // 2] -= 16
    bias = np.array([*(1.6 * number for number in range(classes - 1)), 0.0], real)
    tensors = [numpy_helper.from_array(weight, "conv.weight"), numpy_helper.from_array(bias, "conv.bias")]
    nodes = [helper.make_node("Conv", ["input", "conv.weight", "conv.bias"], ["scores"], pads=[kernel // 2] * 4)]
    last = "scores"
    if activation:
        over_classes = {"axis": 1} if activation in ("Softmax", "ArgMax") else {}
        nodes.append(helper.make_node(activation, [last], ["activated"], **over_classes))
        last = "activated"
    if resized:
        tensors.append(numpy_helper.from_array(np.ones(4, np.float32), "scales"))
        nodes.append(helper.make_node("Resize", [last, "", "scales"], ["resized"], mode="nearest"))
        last = "resized"
    side: list[Any] = ["height", "width"] if size is None else [size, size]
    answer_type = TensorProto.INT64 if activation == "ArgMax" else data_type
    graph = helper.make_graph(
        nodes, "model",
        [helper.make_tensor_value_info("input", data_type, [batch, bands, *side])],
        [helper.make_tensor_value_info(last, answer_type, [batch, 1 if activation == "ArgMax" else classes, *side])],
        tensors,
    )  # fmt: skip
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    for key, value in (METADATA if metadata is None else metadata).items():
        model.metadata_props.add(key=key, value=json.dumps(value))
    onnx.save(model, path)
    return path
