"""Which device computes, at which precision, and why."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from ..errors import DeviceError, first_line
from ..library.card import ONNX, Card

CACHED = 2**30  # bytes of compiled models that are kept
PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8")
TORCH_TYPES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}


@dataclass
class Choice:
    """A device and precision with the reason for them.

    Attributes:
        device: ``cpu``, ``cuda``, ``cuda:N``, ``mps`` or ``xpu``.
        precision: ``fp32``, ``bf16``, ``fp16`` or ``int8``.
        reason: one sentence for the log.
        passed_over: devices that were found and do not work, each with its fault.
    """

    device: str
    precision: str
    reason: str
    passed_over: list[str] = field(default_factory=list)


def choose(device: str = "auto", precision: str = "auto") -> Choice:
    """Choose where to compute. Only a sign of an accelerator, or its name, makes this import torch.

    Raises:
        DeviceError: what was asked for by name is not there, fails a small real operation, or cannot do the precision.
    """
    if device == "cpu":
        return _on_cpu(precision, "asked for", [])
    if precision == "int8":
        if device == "auto":
            return _on_cpu(precision, "int8 is for the CPU", [])
        raise DeviceError("precision 'int8' is for the CPU; use auto, fp32, bf16 or fp16")
    if device != "auto":
        fault = probe(device, precision)
        if fault:
            raise DeviceError(f"device '{device}': {fault}")
        return _on_accelerator(device, precision, "asked for", [])
    passed_over: list[str] = []
    for candidate in candidates():
        fault = probe(candidate, precision)
        if not fault:
            return _on_accelerator(candidate, precision, "the first accelerator that works", passed_over)
        passed_over.append(f"{candidate}: {fault}")
    reason = "no accelerator works" if passed_over else "no accelerator found"
    return _on_cpu(precision, reason, passed_over)


def choice_for(card: Card, choice: Choice) -> Choice:
    """Where a model is computed: one that is known as a graph only, with no PyTorch network, on the CPU."""
    if card.architecture != ONNX or choice.device == "cpu":
        return choice
    return _on_cpu("auto", "an imported ONNX model computes there", choice.passed_over)


def int8_or_best(card: Card, choice: Choice, warn: Callable[[str], None]) -> Choice:
    """Where a model is computed if int8 was asked for of several at once: without an int8 copy at the best precision.

    Args:
        card: the model.
        choice: what was asked for.
        warn: told of a model without an int8 copy.
    """
    if choice.precision != "int8" or card.int8_sha256:
        return choice
    best = _on_cpu("auto", "int8 was asked for", choice.passed_over)
    warn(f"model '{card.name}' has no int8 copy: computed in {best.precision}")
    return best


def candidates() -> list[str]:
    """Accelerators of which this machine shows a sign, without importing anything heavy."""
    found = []
    if shutil.which("nvidia-smi") or Path("/dev/nvidia0").exists() or Path("/dev/kfd").exists():
        found.append("cuda")
    if platform.system() == "Darwin" and platform.machine() == "arm64":
        found.append("mps")
    if shutil.which("xpu-smi") or _torch_is_for_intel():
        found.append("xpu")
    return found


def _torch_is_for_intel() -> bool:
    """Whether PyTorch is the build for Intel's GPUs, which alone can use them; its version ends in ``+xpu``."""
    try:
        return version("torch").endswith("+xpu")
    except PackageNotFoundError:
        return False


def probe(device: str, precision: str) -> str | None:
    """Try a small convolution on an accelerator, at the precision that will be used; return what is wrong, or None.

    It is computed in this process and waited for without limit: a driver that hangs makes the run hang.
    """
    if importlib.util.find_spec("torch") is None:
        return "PyTorch is not installed in the engine (extra 'torch')"
    try:
        import torch

        chosen, _ = _accelerator_precision(device, precision)
        dtype = getattr(torch, TORCH_TYPES[chosen])
        x = torch.ones(1, 3, 16, 16, device=device)
        with torch.autocast(x.device.type, dtype, enabled=chosen != "fp32"):
            result = torch.nn.functional.conv2d(x, torch.ones(2, 3, 3, 3, device=device))
        if result.dtype != dtype or float(result.float().mean().cpu()) != 27.0:
            return f"gives a wrong result for a small convolution in {chosen}"
    except Exception as error:  # drivers raise whatever they like
        return first_line(error)
    return None


def _on_accelerator(device: str, precision: str, reason: str, passed_over: list[str]) -> Choice:
    """One that has been tried out."""
    chosen, why = _accelerator_precision(device, precision)
    return Choice(device, chosen, f"{reason}, {_name(device)}; {why}", passed_over)


def _accelerator_precision(device: str, precision: str) -> tuple[str, str]:
    """The precision to compute at, and why."""
    if precision != "auto":
        return precision, "precision asked for"
    if device.startswith("cuda"):
        import torch

        # Older ones emulate bf16, and PyTorch counts that as supported.
        if torch.cuda.get_device_capability(device) >= (8, 0):
            return "bf16", "it computes bf16 natively"
        return "fp16", "it has no native bf16"
    if device.startswith("xpu"):
        return "bf16", "its matrix units compute bf16"
    return "fp32", "there is no 16-bit type that every PyTorch computes there"


def _name(device: str) -> str:
    """What the maker calls it."""
    import torch

    kind = torch.device(device).type
    return str(getattr(torch, kind).get_device_name(device)) if kind in ("cuda", "xpu") else "Apple GPU"


def _on_cpu(precision: str, reason: str, passed_over: list[str]) -> Choice:
    if precision == "fp16":
        raise DeviceError("precision 'fp16' is not available on the CPU; use auto, fp32, bf16 or int8")
    native = _cpu_has_bf16()
    if precision == "auto":
        chosen = "bf16" if native else "fp32"
        reason += "; the CPU computes bf16 natively" if native else "; the CPU has no native bf16"
        return Choice("cpu", chosen, reason, passed_over)
    if precision == "bf16" and not native:
        raise DeviceError("precision 'bf16': this CPU has no AMX or AVX512-BF16; use auto or fp32")
    return Choice("cpu", precision, f"{reason}; precision asked for", passed_over)


def _cpu_has_bf16() -> bool:
    import openvino

    capabilities: Any = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "BF16" in capabilities


def cache_folder() -> Path | None:
    """Folder for compiled models in the system's cache folder for this user; None where it cannot be written."""
    if os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif platform.system() == "Darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = base / "landslides"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None  # models then take a moment longer to load, that is all
    return folder if os.access(folder, os.W_OK) else None


def remove_oldest(folder: Path, limit: int = CACHED) -> None:
    """Delete the compiled models of a cache folder that were used longest ago, until the others fit a limit, bytes."""
    with contextlib.suppress(OSError):  # another process may do the same
        files = [(path.stat(), path) for path in folder.glob("*.blob")]
        total = sum(found.st_size for found, _ in files)
        for found, path in sorted(files, key=lambda item: max(item[0].st_atime, item[0].st_mtime)):
            if total <= limit:
                break
            path.unlink()
            total -= found.st_size
