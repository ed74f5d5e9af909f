"""Depthwise convolutions of a network in bf16, computed in float32."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode


class DepthwiseInFloat32(TorchFunctionMode):
    """Within it, autocast passes over depthwise convolutions: they have no matrix product that bf16 would speed up.

    On the CPU their backward pass takes several times as long in bf16 as in float32 (oneDNN has no fast one), and is
    two thirds of the training step of a network made of them, as EfficientNet is.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func is not torch.conv2d or not _is_depthwise(*args, **kwargs) or not torch.is_autocast_enabled("cpu"):
            return func(*args, **kwargs)
        image, weight, *others = args
        with torch.autocast("cpu", enabled=False):
            return func(image.float(), weight.float(), *others, **kwargs).to(torch.get_autocast_dtype("cpu"))


def _is_depthwise(
    image: torch.Tensor,
    weight: torch.Tensor,
    bias: torch.Tensor | None = None,
    stride: Any = 1,
    padding: Any = 0,
    dilation: Any = 1,
    groups: int = 1,
) -> bool:
    return groups == weight.shape[0] > 1 and image.is_cpu
