"""The engine's set-up: a Python environment of its own in the user's profile, made, repaired and removed by the plugin.

Needs no window; QGIS's own packages are never touched.
"""

from __future__ import annotations

import os

from qgis.core import QgsApplication

from .. import settings
from ..environment import engine_environment
from ..managed import PLUGIN, Installed, Size, managed_folder, python_of, read_marker, size_on_disk
from .failure import SetupError
from .process import SetupCancelled
from .room import weight_of
from .setup import Plan, is_outdated, remove_engine, set_up
from .sources import Gpu, Sources, find_gpu, sources_from_settings, torch_index_name
from .watch import Report

__all__ = [
    "Gpu",
    "Installed",
    "Plan",
    "Report",
    "SetupCancelled",
    "SetupError",
    "Size",
    "Sources",
    "find_gpu",
    "is_outdated",
    "managed_folder",
    "plan_setup",
    "python_of",
    "read_marker",
    "remove_engine",
    "set_up",
    "size_on_disk",
    "sources_from_settings",
    "tool_environment",
    "torch_index_name",
    "weight_of",
]


def tool_environment() -> dict[str, str]:
    """Return the environment variables for the tools of the set-up."""
    return {**engine_environment(os.environ, QgsApplication.prefixPath()), **settings.engine_variables()}


def plan_setup(size: Size, rebuild: bool = False) -> Plan:
    """Return the plan that the settings make. To be called in the main thread."""
    return Plan(
        folder=managed_folder(),
        plugin=PLUGIN,
        size=size,
        sources=sources_from_settings(),
        environment=tool_environment(),
        python=settings.PYTHON.value(),
        rebuild=rebuild,
    )
