"""What the set-up's page says of the engine and of this machine."""

from __future__ import annotations

from pathlib import Path

from ...processing.engine.find import Engine
from ...processing.engine.install import Gpu, Installed, Size, Sources, torch_index_name, weight_of
from ...processing.i18n import tr

_GIGABYTE = 1_000_000_000


def megabytes(size: int) -> str:
    """Return a number of bytes as people say it."""
    if size >= _GIGABYTE:
        return tr("{:.1f} GB").format(size / _GIGABYTE)
    return tr("{} MB").format(round(size / 1_000_000))


def headline(engine: Engine | None, installed: Installed | None, is_begun: bool, is_managed: bool) -> str:
    """Say in one sentence how things stand.

    Args:
        engine: the one the algorithms run; None if there is none.
        installed: what the plugin has set up.
        is_begun: whether a set-up was begun and not finished.
        is_managed: whether `engine` is the one the plugin has set up.
    """
    if engine is not None and is_managed and installed is not None:
        if installed.size is Size.TORCH:
            return tr("The engine is ready: detection, training and GPU, version {}.").format(installed.version)
        return tr("The engine is ready: detection on the CPU, version {}.").format(installed.version)
    if engine is not None:
        return tr("The engine is ready; it was not set up here.")
    if is_begun:
        return tr("The set-up of the engine is not finished.")
    return tr("The detectors need their engine, which is not set up yet.")


def details(engine: Engine | None, installed: Installed | None, folder: Path, size: int | None) -> str:
    """Say what is installed and where, line by line."""
    lines = []
    if engine is not None:
        lines.append(tr("Used: {program} ({origin})").format(program=engine.program, origin=engine.origin))
    if installed is not None:
        torch = tr(", PyTorch from {}").format(installed.torch_index) if installed.torch_index else ""
        lines.append(
            tr("Set up: version {version}, Python {python}{torch}; computes on {device}").format(
                version=installed.version, python=installed.python, torch=torch, device=installed.device
            )
        )
    where = tr("Folder: {}").format(folder)
    lines.append(f"{where} ({megabytes(size)})" if size else where)
    return "\n".join(lines)


def size_label(size: Size) -> str:
    """Return the words of a choice; an ampersand marks its key."""
    smallest = megabytes(weight_of(size).installed)
    if size is Size.LIGHT:
        return tr("Set up (&CPU, about {})").format(smallest)
    largest = megabytes(weight_of(size, has_cuda=True).installed)
    return tr("With &PyTorch, for training and GPU ({smallest} to {largest})").format(
        smallest=smallest, largest=largest
    )


def gpu_line(gpu: Gpu | None) -> str:
    """Say which PyTorch this machine gets, and why."""
    if gpu is None:
        return tr("No NVIDIA driver found: PyTorch for the CPU.")
    name = torch_index_name(gpu)
    found = tr("{name}, its driver runs CUDA {major}.{minor}").format(
        name=gpu.name, major=gpu.cuda[0], minor=gpu.cuda[1]
    )
    if name == "cpu":
        return tr("{}, which no PyTorch of today supports: PyTorch for the CPU.").format(found)
    return tr("{found}: PyTorch for {index}.").format(found=found, index=name)


def sources_line(sources: Sources) -> str:
    """Say where packages come from."""
    line = tr("Packages come from {}").format(sources.in_words())
    if sources.proxy and not sources.wheels:
        line += tr(", through the proxy {}").format(sources.proxy_in_words())
    return f"{line}."
