"""Tiny model packages whose answers are known exactly: hand-made graphs, written as real packages are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from landslide_detector.models.library.card import CARD, GRAPH, WEIGHTS, Card, read_card
from landslide_detector.models.library.shelf import sha256
from landslide_detector.models.training.export import share_weights
from onnx import TensorProto, helper
from safetensors.numpy import save

SEGMENTATION_GAIN = 16.0  # logit = gain * (red - green)
PATCH_GAIN = 32.0  # logit = gain * (mean red - mean green)
ANOMALY = {"smoothings": [1], "midpoint": 0.45, "slope": 6.0, "weights": [[1.0, 0.0, 0.0, 0.0]]}

ARCHITECTURES = {"patches": "PatchClassifier", "segmentation": "DeepLabV3Plus", "anomaly": "UNet"}
SIZES = {"patches": (64, 16), "segmentation": (64, 16), "anomaly": (64, 16)}  # tile and overlap, px
PATCH = 32
CELL = PATCH - SIZES["patches"][1]


def card_fields(detector: str, **changes: Any) -> dict[str, Any]:
    """A card of a toy: bands as they are scaled to [0, 1], no further standardisation."""
    tile_size, overlap = SIZES[detector]
    bands = changes.pop("bands", ["red", "green", "blue"])
    fields = {
        "name": f"toy-{detector}",
        "detector": detector,
        "description": "A toy for tests",
        "version": "1.2.3",
        "mlm:architecture": ARCHITECTURES[detector],
        "landslides:encoder": "resnet18",
        "mlm:input": [
            {"bands": bands, "value_scaling": [{"type": "z-score", "mean": 0.0, "stddev": 1.0}] * len(bands)}
        ],
        "landslides:stretch": {"percentiles": [1, 99], "range": [0.05, 0.85]},
        "landslides:resolution": [0.5, 15],
        "landslides:tile_size": tile_size,
        "landslides:overlap": overlap,
        "landslides:threshold": 0.5,
    }
    if detector == "patches":
        fields["landslides:patch_size"] = PATCH
    if detector == "anomaly":
        fields["landslides:anomaly"] = ANOMALY
    return {**fields, **changes}


def write_toy(
    folder: Path, detector: str, kernel: np.ndarray | None = None, pooled: bool | None = None, **changes: Any
) -> Card:
    """Write a package that is one convolution, and read it back.

    Args:
        kernel: ``(out, in, k, k)``; the default is a red-minus-green logit, for ``anomaly`` a network that restores
            nothing (so that the error is the image itself).
        pooled: average over each patch first, as a patch classifier does; the default is by detector.
        changes: card fields.
    """
    if kernel is None:
        kernel = default_kernel(detector)
    if pooled is None:
        pooled = detector == "patches"
    folder.mkdir(parents=True, exist_ok=True)
    kernel = np.asarray(kernel, np.float32)
    (folder / WEIGHTS).write_bytes(save({"convolution.weight": kernel.astype(np.float16)}))
    model = graph_of(kernel, pooled)
    share_weights(model, folder / WEIGHTS)
    (folder / GRAPH).write_bytes(model.SerializeToString())
    write_card(folder, card_fields(detector, **changes))
    return read_card(folder)


def write_card(folder: Path, fields: dict[str, Any]) -> None:
    """Write a card with the checksums of the files beside it."""
    sums = {name: sha256(folder / name) for name in (WEIGHTS, GRAPH) if (folder / name).exists()}
    (folder / CARD).write_text(json.dumps({**fields, "landslides:sha256": sums}), encoding="utf-8")


def default_kernel(detector: str) -> np.ndarray:
    if detector == "anomaly":
        return np.zeros((3, 3, 1, 1), np.float32)
    gain = PATCH_GAIN if detector == "patches" else SEGMENTATION_GAIN
    return np.array([gain, -gain, 0.0], np.float32).reshape(1, 3, 1, 1)


def blur_kernel(bands: int, size: int) -> np.ndarray:
    """Mean over ``size`` x ``size`` px of each band by itself ``(bands, bands, size, size)``."""
    return np.eye(bands, dtype=np.float32)[:, :, None, None] * np.full((size, size), 1 / size**2, np.float32)


def graph_of(kernel: np.ndarray, pooled: bool) -> onnx.ModelProto:
    out, bands, size, _ = kernel.shape
    weight = helper.make_tensor("convolution.weight", TensorProto.FLOAT, kernel.shape, kernel.ravel().tolist())
    shape: list[Any] = ["batch", bands, "height", "width"]
    pads = [size // 2] * 4
    if pooled:
        nodes = [
            helper.make_node("AveragePool", ["image"], ["mean"], kernel_shape=[PATCH] * 2, strides=[CELL] * 2),
            helper.make_node("Conv", ["mean", "convolution.weight"], ["result"], pads=pads),
        ]
    else:
        nodes = [helper.make_node("Conv", ["image", "convolution.weight"], ["result"], pads=pads)]
    result = helper.make_tensor_value_info("result", TensorProto.FLOAT, ["batch", out, "rows", "columns"])
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "toy", [image], [result], [weight])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def logistic(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.asarray(logits, np.float64)))


def expected_segmentation(image: np.ndarray) -> np.ndarray:
    """The default toy's probability for an image ``(3, H, W)`` in [0, 1]."""
    return logistic(SEGMENTATION_GAIN * (image[0].astype(np.float64) - image[1]))


def expected_anomaly(image: np.ndarray) -> np.ndarray:
    """The default toy's probability: nothing is restored, so the first term is the pixel's brightness."""
    return logistic(ANOMALY["slope"] * (image.astype(np.float64).mean(axis=0) - ANOMALY["midpoint"]))


def expected_patches(image: np.ndarray) -> np.ndarray:
    """The default toy's probability grid: patches centred on cells, the image mirrored at its edges."""
    margin = (PATCH - CELL) // 2
    height, width = image.shape[1:]
    mirrored = np.pad(image.astype(np.float64), [(0, 0), (margin, PATCH), (margin, PATCH)], mode="symmetric")
    result = np.empty((-(-height // CELL), -(-width // CELL)))
    for row, column in np.ndindex(result.shape):
        patch = mirrored[:, row * CELL : row * CELL + PATCH, column * CELL : column * CELL + PATCH]
        result[row, column] = logistic(PATCH_GAIN * (patch[0].mean() - patch[1].mean()))
    return result


def expected(detector: str, image: np.ndarray) -> np.ndarray:
    """The default toy's map for an image ``(3, H, W)`` in [0, 1]."""
    if detector == "patches":
        return expected_patches(image)
    return {"segmentation": expected_segmentation, "anomaly": expected_anomaly}[detector](image)
