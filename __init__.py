"""Landslide Detector: a QGIS plugin that maps landslides in satellite and aerial imagery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plugin import LandslideDetectorPlugin


def classFactory(iface: Any) -> LandslideDetectorPlugin:  # noqa: N802 (the name QGIS calls)
    """Return the plugin object; called by QGIS when the plugin is loaded."""
    from .plugin import LandslideDetectorPlugin

    return LandslideDetectorPlugin(iface)
