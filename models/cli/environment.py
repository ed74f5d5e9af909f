"""``landslides environment``: what is installed, and what will compute."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from ..errors import LandslideError
from ..inference import device as devices
from ..library.shelf import check_files, list_models, scan_shelves, user_folder
from .options import debug_option, device_options
from .progress import make_reporter
from .run import DONE, run

PACKAGES = (
    "numpy", "rasterio", "openvino", "geopandas", "safetensors", "torch", "torchvision",
    "segmentation-models-pytorch", "pytorch-lightning", "onnx",
)  # fmt: skip


@click.command()
@device_options()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@debug_option
def environment(device: str, precision: str, as_json: bool, debug: bool) -> int:
    """Say what is installed, which device and precision will be used, and why."""
    reporter = make_reporter("none")

    def work() -> int:
        facts = collect(device, precision)
        click.echo(json.dumps(facts) if as_json else describe(facts))
        return DONE

    with reporter:
        return run(work, reporter, lambda: None, debug)


def installed(package: str) -> str | None:
    """Version of a package, None where it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def collect(device: str = "auto", precision: str = "auto") -> dict[str, Any]:
    """Gather the facts; nothing heavy is imported unless an accelerator shows.

    Raises:
        DeviceError: the device or precision asked for is not there.
    """
    import rasterio

    choice = devices.choose(device, precision)
    return {
        "version": installed("landslide-detector"),
        "python": platform.python_version(),
        "executable": sys.executable,
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "gdal": rasterio.__gdal_version__,
        "packages": {package: installed(package) for package in PACKAGES},
        "device": choice.device,
        "precision": choice.precision,
        "reason": choice.reason,
        "devices": _devices(choice),
        "models": [card.name for card in list_models()],
        "model_faults": _model_faults(),
        "model_folder": str(user_folder()),
    }


def describe(facts: dict[str, Any]) -> str:
    """The facts as text that can be pasted into a report of a fault."""
    lines = [
        f"Landslide Detector engine {facts['version']}",
        f"Python {facts['python']} ({facts['executable']})",
        f"{facts['system']}, {facts['cores']} cores, GDAL {facts['gdal']}",
        f"Will compute on: {facts['device']}, {facts['precision']} ({facts['reason']})",
    ]
    lines += [
        f"  {found['name']}: {'usable' if found['usable'] else 'not usable'}, {found['note']}"
        for found in facts["devices"]
    ]
    lines.append("Packages:")
    lines += [f"  {package} {number or 'not installed'}" for package, number in facts["packages"].items()]
    lines.append(f"Models: {', '.join(facts['models']) or 'none'} (your own go into {facts['model_folder']})")
    lines += [f"  fault: {fault}" for fault in facts["model_faults"]]
    if facts["packages"]["torch"] is None:
        lines.append("Training and GPUs need the extra 'torch': pip install 'landslide-detector[torch]'")
    return "\n".join(lines)


def _devices(choice: devices.Choice) -> list[dict[str, Any]]:
    failed = dict(fault.split(": ", 1) for fault in choice.passed_over)
    found = [{"name": "cpu", "usable": True, "note": "OpenVINO"}]
    for name in devices.candidates():
        usable = name not in failed
        found.append({"name": name, "usable": usable, "note": failed.get(name, "PyTorch")})
    return found


def _model_faults() -> list[str]:
    cards, faults = scan_shelves()
    for card in cards.values():
        try:
            check_files(card)
        except LandslideError as error:
            faults.append(str(error))
    return faults
