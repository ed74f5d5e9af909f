"""What the hardware allows: the rate of a large matrix product, and the work in a network."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from ..inference.backends import HINTS
from ..library.card import GRAPH, Card

SIDE = 2048  # of the matrices


def product_limit(precision: str, seconds: float) -> float:
    """The fastest matrix product that OpenVINO computes at a precision, operations a second."""
    import openvino
    from openvino import opset13 as ops

    left = ops.parameter([SIDE, SIDE], np.float32)
    right = ops.constant(np.random.default_rng(0).standard_normal((SIDE, SIDE), np.float32))
    model = openvino.Model([ops.matmul(left, right, False, True)], [left])
    how = {"INFERENCE_PRECISION_HINT": HINTS[precision], "PERFORMANCE_HINT": "LATENCY"}
    request = openvino.Core().compile_model(model, "CPU", how).create_infer_request()
    batch = np.ones((SIDE, SIDE), np.float32)
    best = math.inf
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or best == math.inf:
        begun = time.perf_counter()
        request.infer({0: batch}, share_inputs=True, share_outputs=True)
        best = min(best, time.perf_counter() - begun)
    return 2 * SIDE**3 / best


def operations(card: Card, size: tuple[int, int]) -> float:
    """Multiplications and additions in a model's convolutions and products, for each pixel of a window of ``size``."""
    import openvino

    model = openvino.Core().read_model(card.folder / GRAPH)
    model.reshape([1, len(card.bands), *size])
    return sum(_operations(op) for op in model.get_ops()) / math.prod(size)


def _operations(op: Any) -> float:
    kind = op.get_type_name()
    if kind not in ("Convolution", "GroupConvolution", "MatMul"):
        return 0.0
    out = math.prod(op.get_output_shape(0))
    weights = list(op.get_input_shape(1))
    if kind == "MatMul":
        return 2.0 * out * op.get_input_shape(0)[-1]
    # Weights are (out, in, kernel...), of groups (groups, out, in, kernel...): all but what makes the outputs.
    return 2.0 * out * math.prod(weights[1:] if kind == "Convolution" else weights[2:])
