"""A model on an accelerator: PyTorch, channels last, under autocast."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import DeviceError, OutOfMemoryError, first_line
from ..library.card import Card
from .device import TORCH_TYPES


class TorchNetwork:
    """A model's tensors in its PyTorch network; may be called from several threads.

    On CUDA each thread has a stream of its own with pinned memory on both ways, so that copies and computation
    overlap, and replays batches of the usual shape as a CUDA graph. On other devices threads take turns: Apple's (MPS)
    ends the process when two threads use it at once (pytorch/pytorch#197805).

    Args:
        card: the model.
        device: a torch device.
        precision: ``fp32``, ``bf16`` or ``fp16``.

    Raises:
        ModelError: the weights do not fit the architecture.
        OutOfMemoryError: the device has no room for them.
        DeviceError: it fails in another way.
    """

    def __init__(self, card: Card, device: str, precision: str) -> None:
        import torch

        from ..detectors.networks import build_network, load_weights

        network = build_network(card.architecture, card.encoder, len(card.bands), card.patch_size, card.patch_step)
        load_weights(network, card)
        self._torch = torch
        self._device = torch.device(device)
        self._dtype = getattr(torch, TORCH_TYPES[precision])
        try:
            self._network = network.eval().to(self._device).to(memory_format=torch.channels_last)
        except RuntimeError as error:
            raise self._fault(error) from None
        self._on_cuda = self._device.type == "cuda"
        self._own = threading.local()
        self._turn = threading.Lock()
        if self._on_cuda:
            torch.backends.cudnn.benchmark = True  # windows are of one size

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute ``(N, C, H, W)`` float32; the result is the caller's own.

        Raises:
            OutOfMemoryError: the batch does not fit into the device's memory.
            DeviceError: it fails in another way.
        """
        try:
            with self._torch.inference_mode():
                if self._on_cuda:
                    return self._on_stream(batch)
                with self._turn:
                    return self._plain(batch)
        except RuntimeError as error:
            if self._on_cuda:
                self._own = threading.local()  # every thread's graph holds memory, and smaller batches will come
                self._torch.cuda.empty_cache()
            raise self._fault(error) from None

    def _fault(self, error: RuntimeError) -> DeviceError:
        kind = OutOfMemoryError if "out of memory" in str(error).lower() else DeviceError
        return kind(f"device '{self._device}': {first_line(error)}")

    def _forward(self, x: Any) -> Any:
        on = self._dtype != self._torch.float32
        # Casts of the weights are not kept between calls: a captured graph must hold its own.
        with self._torch.autocast(self._device.type, self._dtype, enabled=on, cache_enabled=not self._on_cuda):
            return self._network(x).float()

    def _plain(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        x = self._torch.from_numpy(batch).to(self._device, memory_format=self._torch.channels_last)
        return np.asarray(self._forward(x).cpu().numpy())

    def _on_stream(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        torch, own = self._torch, self._own
        if not hasattr(own, "stream"):
            own.stream, own.seen, own.shape, own.recording = torch.cuda.Stream(self._device), set(), (), None
        with torch.cuda.device(self._device), torch.cuda.stream(own.stream):
            # The usual batch is the largest that comes again. It alone is recorded, as each graph keeps memory of its
            # own: what is left over at the end of a strip may be of any number of windows.
            if batch.shape in own.seen and batch.shape > own.shape:
                own.recording = None
                with self._turn:
                    own.recording = Recording(self._forward, batch.shape, own.stream)
                own.shape = batch.shape
            if batch.shape == own.shape:
                return np.asarray(own.recording(batch))
            own.seen.add(batch.shape)
            return self._plain(batch)


class Recording:
    """The computation of a batch of one shape as a CUDA graph, with the memory it works in.

    Args:
        forward: takes and gives tensors on the device.
        shape: ``(N, C, H, W)``.
        stream: the thread's own.
    """

    def __init__(self, forward: Callable[[Any], Any], shape: tuple[int, ...], stream: Any) -> None:
        import torch

        self._stream = stream
        self._sent = torch.empty(shape, pin_memory=True)
        self._x = torch.zeros(shape, device=stream.device).contiguous(memory_format=torch.channels_last)
        forward(self._x)  # the libraries choose their algorithms before anything is recorded
        stream.synchronize()
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self._graph, stream=stream, capture_error_mode="thread_local"):
            self._y = forward(self._x)
        self._received = torch.empty(self._y.shape, pin_memory=True)

    def __call__(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        self._sent.numpy()[...] = batch
        self._x.copy_(self._sent, non_blocking=True)
        self._graph.replay()
        self._received.copy_(self._y, non_blocking=True)
        self._stream.synchronize()
        return np.array(self._received.numpy())
