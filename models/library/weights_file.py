"""One copy of the weights for two runtimes: an ONNX graph whose tensors lie in a safetensors file beside it."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any


def tensor_places(weights: Path) -> dict[str, tuple[int, int]]:
    """Byte offset and length of each tensor in a safetensors file."""
    with weights.open("rb") as handle:
        (header,) = struct.unpack("<Q", handle.read(8))
        entries = json.loads(handle.read(header))
    return {
        name: (8 + header + entry["data_offsets"][0], entry["data_offsets"][1] - entry["data_offsets"][0])
        for name, entry in entries.items()
        if name != "__metadata__"
    }


def point_to(initializer: Any, weights: Path, place: tuple[int, int], data_type: int) -> None:
    """Replace an ONNX initializer's values by a pointer into the weights file.

    Args:
        initializer: an ``onnx.TensorProto``.
        place: byte offset and length.
        data_type: of the tensor in the file, a value of ``onnx.TensorProto.DataType``.
    """
    for field in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data", "external_data"):
        initializer.ClearField(field)
    initializer.data_type = data_type
    initializer.data_location = initializer.EXTERNAL
    for key, value in (("location", weights.name), ("offset", place[0]), ("length", place[1])):
        initializer.external_data.add(key=key, value=str(value))
