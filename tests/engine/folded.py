"""Weights as the CPU computes with them: batch norms folded into the convolutions."""

from __future__ import annotations

import openvino
import torch


def lost_in_bf16(graph):
    """Mean error of each convolution's folded weights when they are rounded to bf16, as a share of their mean size."""
    lost = []
    for operation in openvino.convert_model(graph).get_ops():
        if operation.get_type_name() in ("Convolution", "GroupConvolution"):
            source = operation.input_value(1).get_node()
            while source.get_type_name() != "Constant":
                source = source.input_value(0).get_node()
            weights = torch.tensor(source.data).float()
            lost.append(float((weights - weights.bfloat16().float()).abs().sum() / weights.abs().sum()))
    return lost
