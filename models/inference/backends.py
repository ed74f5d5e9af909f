"""Compute backends behind one call: OpenVINO on the CPU, PyTorch on accelerators."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..detectors.base import Network
from ..errors import DeviceError, ModelError, OutOfMemoryError
from ..library.card import GRAPH, INT8_FILES, INT8_GRAPH, Card
from ..library.shelf import list_models, sha256
from .device import Choice, cache_folder, remove_oldest
from .torch_network import TorchNetwork

HINTS = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}

#: Of a window: its side, or height and width, px; None is any.
Size = int | tuple[int, int] | None


class OpenVinoNetwork:
    """A model's ONNX graph on the CPU; may be called from several threads.

    Args:
        card: the model.
        precision: ``fp32``, ``bf16`` or ``int8``.
        size: of the windows; any size is at some cost in speed.
        streams: batches computed side by side, each by its share of the cores; 1 gives each batch all cores.

    Raises:
        ModelError: the graph cannot be read or compiled, or there is none for int8.
        OutOfMemoryError: there is no room for it.
    """

    def __init__(self, card: Card, precision: str, size: Size, streams: int = 1) -> None:
        import openvino

        core = openvino.Core()
        # Its first call makes a table, and must not be made by two threads at once: each would wait for the other.
        openvino.Type.f32.to_dtype()
        path = checked_int8(card) if precision == "int8" else card.folder / GRAPH
        how: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY"} if streams == 1 else {"NUM_STREAMS": streams}
        try:
            if cache := cache_folder():
                core.set_property({"CACHE_DIR": str(cache)})
            model = core.read_model(path)
            height, width = size if isinstance(size, tuple) else (size or -1, size or -1)
            model.reshape([-1, len(card.bands), height, width])
            compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": hint(core, precision), **how})
            self._idle: SimpleQueue[Any] = SimpleQueue()
            for _ in range(streams):
                self._idle.put(compiled.create_infer_request())
            if cache:
                remove_oldest(cache)
        except RuntimeError as error:
            kind = OutOfMemoryError if _is_out_of_memory(error) else ModelError
            raise kind(f"{path}: OpenVINO cannot use it ({_last_line(error)})") from None

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute ``(N, C, H, W)`` float32; the result is the caller's own.

        Raises:
            OutOfMemoryError: the batch does not fit.
            DeviceError: it fails in another way.
        """
        request = self._idle.get()
        try:
            return np.array(request.infer({0: batch}, share_inputs=True, share_outputs=True)[0], dtype=np.float32)
        except RuntimeError as error:
            kind = OutOfMemoryError if _is_out_of_memory(error) else DeviceError
            raise kind(f"OpenVINO: {_last_line(error)}") from None
        finally:
            self._idle.put(request)


class Int8OfAnySize:
    """An int8 graph, compiled anew for windows of another shape than the last.

    Compiled for all shapes at once, OpenVINO 2026.4 can end the process (DeepLabv3+ at 544 x 512 px).
    """

    def __init__(self, card: Card) -> None:
        self._of_shape = lru_cache(1)(lambda shape: OpenVinoNetwork(card, "int8", shape))

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """As ``OpenVinoNetwork``."""
        return self._of_shape(batch.shape[2:])(batch)


def checked_int8(card: Card) -> Path:
    """A model's quantised graph.

    Raises:
        ModelError: it has none, or its files are not those of the card.
    """
    if not card.int8_sha256:
        having = ", ".join(other.name for other in list_models() if other.int8_sha256)
        raise ModelError(
            f"model '{card.name}' has no int8 copy (models with one: {having or 'none'}); use another precision, "
            "or make one: landslides models quantize --help"
        )
    for name in INT8_FILES:
        path = card.folder / name
        if not path.exists():
            raise ModelError(
                f"model '{card.name}': {path} is missing; get it with 'landslides models fetch {card.name}'"
            )
        if sha256(path) != card.int8_sha256.get(name):
            raise ModelError(f"model '{card.name}': {path} is damaged (SHA-256 does not match the card)")
    return card.folder / INT8_GRAPH


def hint(core: Any, precision: str) -> str:
    """OpenVINO's precision for what an int8 graph leaves in floating point too: bf16 where the CPU has it."""
    if precision == "int8" and "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        return "bf16"
    return HINTS[precision]


def load_network(card: Card, choice: Choice, size: Size, streams: int = 1) -> Network:
    """Load a model onto the chosen device.

    Args:
        card: the model.
        choice: device and precision.
        size: of the windows.
        streams: batches that the CPU computes side by side.

    Raises:
        ModelError: it cannot be used.
        OutOfMemoryError: there is no room for it.
    """
    if choice.device == "cpu":
        if size is None and choice.precision == "int8":
            return Int8OfAnySize(card)
        return OpenVinoNetwork(card, choice.precision, size, streams)
    return TorchNetwork(card, choice.device, choice.precision)


def _is_out_of_memory(error: RuntimeError) -> bool:
    return "alloc" in str(error).lower()  # std::bad_alloc, and what its libraries make of it


def _last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
