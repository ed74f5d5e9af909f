"""Compute backends behind one call: OpenVINO on the CPU, PyTorch on accelerators."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import DeviceError, ModelError
from ..library.card import GRAPH, Card
from .device import Choice, cache_folder


class OpenVinoNetwork:
    """A model's ONNX graph on the CPU.

    Args:
        card: the model.
        precision: ``fp32`` or ``bf16``.
        size: window side, px; None takes windows of any size, at some cost in speed.

    Raises:
        ModelError: the graph cannot be read or compiled.
    """

    def __init__(self, card: Card, precision: str, size: int | None) -> None:
        import openvino

        core = openvino.Core()
        path = card.folder / GRAPH
        try:
            if cache := cache_folder():
                core.set_property({"CACHE_DIR": str(cache)})
            model = core.read_model(path)
            model.reshape([-1, len(card.bands), size or -1, size or -1])
            self._compiled = core.compile_model(
                model,
                "CPU",
                {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": {"fp32": "f32", "bf16": "bf16"}[precision]},
            )
        except RuntimeError as error:
            raise ModelError(f"{path}: OpenVINO cannot use it ({str(error).strip().splitlines()[-1]})") from None

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute ``(N, C, H, W)`` float32."""
        return np.array(self._compiled(batch)[0], dtype=np.float32)


class TorchNetwork:
    """A model's tensors in its PyTorch network, channels last, under autocast.

    Args:
        card: the model.
        device: a torch device.
        precision: ``fp32``, ``bf16`` or ``fp16``.

    Raises:
        ModelError: the weights do not fit the architecture.
    """

    def __init__(self, card: Card, device: str, precision: str) -> None:
        import torch

        from ..detectors.networks import build_network, load_weights

        network = build_network(card.architecture, card.encoder, len(card.bands))
        load_weights(network, card)
        self._torch = torch
        self._device = torch.device(device)
        self._dtype = {"fp32": None, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
        self._network = network.eval().to(self._device).to(memory_format=torch.channels_last)

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute ``(N, C, H, W)`` float32.

        Raises:
            DeviceError: the device fails, for instance out of memory.
        """
        torch = self._torch
        try:
            x = torch.from_numpy(batch).to(self._device, memory_format=torch.channels_last)
            with (
                torch.inference_mode(),
                torch.autocast(self._device.type, self._dtype, enabled=self._dtype is not None),
            ):
                return np.asarray(self._network(x).float().cpu().numpy())
        except RuntimeError as error:
            raise DeviceError(f"device '{self._device}': {str(error).strip().splitlines()[0]}") from None


def load_network(card: Card, choice: Choice, size: int | None) -> OpenVinoNetwork | TorchNetwork:
    """Load a model onto the chosen device."""
    if choice.device == "cpu":
        return OpenVinoNetwork(card, choice.precision, size)
    return TorchNetwork(card, choice.device, choice.precision)
