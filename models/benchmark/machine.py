"""The machine that is measured."""

from __future__ import annotations

import os
import platform
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Its processor, memory and system.

    ``precisions`` are those the processor computes natively, as OpenVINO finds them; ``instructions`` its vector and
    matrix instruction sets (Linux; elsewhere, and of other processors than Intel's and AMD's, there are none).
    """
    import openvino
    import psutil

    core = openvino.Core()
    cpuinfo = Path("/proc/cpuinfo")
    words = cpuinfo.read_text(encoding="utf-8").split() if cpuinfo.exists() else []
    return {
        "cpu": core.get_property("CPU", "FULL_DEVICE_NAME"),
        "cores": os.cpu_count(),
        "precisions": list(core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")),
        "instructions": sorted({word for word in words if word.startswith(("avx", "amx"))}),
        "memory": psutil.virtual_memory().total,
        "system": platform.platform(),
    }
