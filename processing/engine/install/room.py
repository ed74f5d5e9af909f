"""How much an engine takes, and whether the disk has room for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from ...i18n import tr
from ..managed import Size, size_on_disk
from .failure import DiskFullError

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Weight:
    """What a set-up takes.

    Attributes:
        download: bytes to fetch, about.
        installed: bytes on the disk, about.
    """

    download: int
    installed: int


# The first and the last measured on Linux with Python 3.11.
_LIGHT = Weight(200 * _MEGABYTE, 650 * _MEGABYTE)
_TORCH_CPU = Weight(600 * _MEGABYTE, 2000 * _MEGABYTE)
_TORCH_CUDA = Weight(2900 * _MEGABYTE, 5400 * _MEGABYTE)
# The plugin itself is a wheel of a few hundred bytes; now and then a dependency is new.
_UPDATE = 100 * _MEGABYTE


def weight_of(size: Size, has_cuda: bool = False) -> Weight:
    """Return what a size of engine takes; the libraries of CUDA are the larger part of a PyTorch that has them."""
    if size is Size.LIGHT:
        return _LIGHT
    return _TORCH_CUDA if has_cuda else _TORCH_CPU


def check_room(folder: Path, weight: Weight, is_downloaded: bool, is_update: bool) -> None:
    """Check that there is room for an engine in `folder`, beside what is already there of it.

    Args:
        folder: of the engine.
        weight: what all of it takes.
        is_downloaded: whether it comes from the network.
        is_update: whether a finished engine of this size is to follow the plugin.

    Raises:
        DiskFullError: there is not.
    """
    if is_update:
        needed = _UPDATE
    else:
        # Downloads lie there twice, as they came and in the cache, until all is installed.
        needed = weight.installed + (2 * weight.download if is_downloaded else 0) - size_on_disk(folder)
    free = shutil.disk_usage(folder.parent).free
    if free < needed:
        raise DiskFullError(
            tr("Not enough room on the disk: {folder} has {free} MB free, the set-up needs {needed} MB.").format(
                folder=folder.parent, free=free // _MEGABYTE, needed=needed // _MEGABYTE
            )
        )
