"""Where the engine is: the program `landslides` in a Python environment of its own."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsApplication, QgsSettings

from ..i18n import tr

ENVIRONMENT_VARIABLE = "LANDSLIDES_ENGINE"
SETTING = "landslide_detector/engine"

_PLUGIN = Path(__file__).resolve().parents[2]


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
    named = [
        (os.environ.get(ENVIRONMENT_VARIABLE, ""), tr("the environment variable {}").format(ENVIRONMENT_VARIABLE)),
        (str(QgsSettings().value(SETTING) or ""), tr("the setting {}").format(SETTING)),
    ]
    for path, origin in named:
        if path:
            # Falling back on another engine would hide that the one asked for is gone.
            if not _is_program(Path(path)):
                raise EngineNotFoundError(
                    tr("The landslide engine is not at {path}, where {origin} says it is. {advice}").format(
                        path=path, origin=origin, advice=_advice()
                    )
                )
            return Engine(Path(path), origin)

    for folder, origin in [
        (_PLUGIN / ".venv", tr("the environment beside the plugin")),
        (managed_folder(), tr("the environment in the QGIS profile")),
    ]:
        program = program_of(folder)
        if _is_program(program):
            return Engine(program, origin)

    on_path = shutil.which("landslides")
    if on_path:
        return Engine(Path(on_path), tr("the PATH"))
    raise EngineNotFoundError(tr("The landslide engine is not installed. {}").format(_advice()))


def managed_folder() -> Path:
    """Return the virtual environment the plugin itself looks after, in the user's QGIS profile."""
    return Path(QgsApplication.qgisSettingsDirPath()) / "landslides" / "engine"


def program_of(environment: Path) -> Path:
    """Return where a virtual environment keeps the engine's program, whether or not it is there."""
    if os.name == "nt":
        return environment / "Scripts" / "landslides.exe"
    return environment / "bin" / "landslides"


def _is_program(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _advice() -> str:
    return tr(
        "In a checkout of the plugin run 'make setup'; otherwise install it by 'pip install' into a Python environment "
        "of its own and name its program 'landslides' in the setting {setting} or the environment variable {variable}."
    ).format(setting=SETTING, variable=ENVIRONMENT_VARIABLE)
