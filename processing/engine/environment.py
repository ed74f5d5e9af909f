"""The environment variables the engine is started with: the user's, without what belongs to QGIS's own Python."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# Set by QGIS's launchers on Windows and macOS, by AppImage, Flatpak and conda. An interpreter that inherits them loads
# the modules, PROJ database or GDAL drivers of another one: the commonest way such a set-up breaks.
_OF_QGIS = (
    "PYTHONHOME",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONEXECUTABLE",
    "__PYVENV_LAUNCHER__",
    "OSGEO4W_ROOT",
    "PROJ_LIB",
    "PROJ_DATA",
    "GDAL_DATA",
    "GDAL_DRIVER_PATH",
    "GDAL_PYTHON_DRIVER_PATH",
    "QT_PLUGIN_PATH",
    "QT_QPA_PLATFORM_PLUGIN_PATH",
)
_SEARCH_PATHS = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH")
# A QGIS installed by the system shares its folders with everything else.
_SYSTEM_PREFIXES = ("/", "/usr", "/usr/local", "/opt/homebrew")


def engine_environment(inherited: Mapping[str, str], qgis_prefix: str) -> dict[str, str]:
    """Return the environment for the engine.

    Args:
        inherited: the environment of QGIS.
        qgis_prefix: folder QGIS is installed in; the search paths lose what lies inside it, unless it is a folder of
            the system.
    """
    environment = {name: value for name, value in inherited.items() if name.upper() not in _OF_QGIS}
    roots = [Path(root) for root in (qgis_prefix, inherited.get("OSGEO4W_ROOT", "")) if root]
    foreign = [root for root in roots if root.as_posix() not in _SYSTEM_PREFIXES]
    for name, value in environment.items():
        if name.upper() in _SEARCH_PATHS:
            kept = [entry for entry in value.split(os.pathsep) if not _is_inside(entry, foreign)]
            environment[name] = os.pathsep.join(kept)
    # File names go through pipes; on Windows Python would otherwise write them in the old code page.
    environment["PYTHONUTF8"] = "1"
    return environment


def _is_inside(entry: str, roots: list[Path]) -> bool:
    return any(root == Path(entry) or root in Path(entry).parents for root in roots)
