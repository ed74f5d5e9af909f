"""Whether an engine can train: that needs PyTorch, which the light engine does without.

Looked up in the folders of its environment: starting it for that would take half a second each time a form opens.
"""

from __future__ import annotations

from pathlib import Path

from ..i18n import tr
from .find import Engine, EngineNotFoundError

_NEEDED = ("pytorch_lightning", "torch")


def check_can_train(engine: Engine) -> Engine:
    """Return the engine, if nothing tells that it cannot train.

    Raises:
        EngineNotFoundError: PyTorch is not in its environment; the message says how to add it.
    """
    folders = _package_folders(engine.program)
    if folders and not all(any((folder / name).is_dir() for folder in folders) for name in _NEEDED):
        raise EngineNotFoundError(
            tr(
                "Training needs PyTorch, which the landslide engine {program} does not have. Add it in QGIS: Raster > "
                "Landslide Detector > Set up engine…, With PyTorch. Or in a terminal: {command}"
            ).format(
                program=engine.program,
                command=f"{engine.program.parent / 'pip'} install 'landslide-detector[torch]'",
            )
        )
    return engine


def _package_folders(program: Path) -> list[Path]:
    """Return where the packages of a program's virtual environment lie; none if that cannot be told."""
    # Not resolved: the program of an environment may be a link to one outside.
    environment = program.parent.parent
    try:
        settings = (environment / "pyvenv.cfg").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    if "include-system-site-packages = true" in settings.lower():
        return []
    return [*environment.glob("lib/python3*/site-packages"), *environment.glob("Lib/site-packages")]
