"""Where the engine is: the program `landslides` in a Python environment of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from ..i18n import tr
from . import settings
from .managed import PLUGIN as _PLUGIN
from .managed import managed_folder, program_of, read_marker

ENVIRONMENT_VARIABLE = settings.ENGINE.variable
SETTING = settings.ENGINE.key


class EngineNotFoundError(Exception):
    """No engine is installed, or it is not where a setting says. The message says what to do."""


@dataclass(frozen=True)
class Engine:
    """An engine that was found.

    Attributes:
        program: the `landslides` program.
        origin: what named it, in words for the log.
    """

    program: Path
    origin: str


def find_engine() -> Engine:
    """Find the engine; what a person named explicitly wins over what merely lies around.

    Raises:
        EngineNotFoundError: there is none, or the place named by environment or setting holds no program.
    """
    named = settings.ENGINE.value()
    if named:
        if settings.ENGINE.is_fixed:
            origin = tr("the environment variable {}").format(ENVIRONMENT_VARIABLE)
        else:
            origin = tr("the setting {}").format(SETTING)
        program = program_at(Path(named))
        # Falling back on another engine would hide that the one asked for is gone.
        if program is None:
            raise EngineNotFoundError(
                tr("The landslide engine is not at {path}, where {origin} says it is. {advice}").format(
                    path=named, origin=origin, advice=_advice()
                )
            )
        return Engine(program, origin)

    beside, managed = program_of(_PLUGIN / ".venv"), program_of(managed_folder())
    if _is_program(beside):
        return Engine(beside, tr("the environment beside the plugin"))
    if _is_program(managed) and read_marker(managed_folder()) is not None:
        return Engine(managed, tr("the environment in the QGIS profile"))
    on_path = shutil.which("landslides")
    if on_path:
        return Engine(Path(on_path), tr("the PATH"))
    if managed_folder().exists():
        raise EngineNotFoundError(tr("The set-up of the landslide engine is not finished. {}").format(_advice()))
    raise EngineNotFoundError(tr("The landslide engine is not installed. {}").format(_advice()))


def program_at(path: Path) -> Path | None:
    """Return the engine's program at a place a person named: itself, its environment, or the environment's Python.

    Returns:
        None if there is no engine.
    """
    if path.is_dir():
        places = [program_of(path)]
    elif path.stem.lower().startswith("python"):
        # Beside it in `bin` or `Scripts`; a Python of conda's on Windows lies above `Scripts`.
        places = [path.with_name("landslides.exe" if os.name == "nt" else "landslides"), program_of(path.parent)]
    else:
        places = [path]
    return next((place for place in places if _is_program(place)), None)


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _advice() -> str:
    return tr(
        "Set it up in QGIS: Raster > Landslide Detector > Set up engine. Without a window: run 'make setup' in a "
        "checkout of the plugin, or 'pip install' it into a Python environment of its own, and name its program "
        "'landslides' in the setting {setting} or the environment variable {variable}."
    ).format(setting=SETTING, variable=ENVIRONMENT_VARIABLE)
