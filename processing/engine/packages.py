"""What an engine can do besides detecting: training and reports need packages the light engine does without.

Looked up in the folders of its environment, since starting it for that would take half a second each time a form opens.
"""

from __future__ import annotations

from pathlib import Path

from ..i18n import tr
from .find import Engine, EngineNotFoundError

_TRAINING = ("pytorch_lightning", "torch")
_REPORTS = ("matplotlib", "jinja2")


def check_can_train(engine: Engine) -> Engine:
    """Return the engine, if nothing tells that it cannot train.

    Raises:
        EngineNotFoundError: PyTorch is not in its environment; the message says how to add it.
    """
    if _lacks(engine, _TRAINING):
        raise EngineNotFoundError(
            tr("Training needs PyTorch, which the landslide engine {program} does not have. {advice}").format(
                program=engine.program, advice=_advice(engine)
            )
        )
    return engine


def why_no_report(engine: Engine) -> str:
    """Return why an engine cannot write reports, and what to do; empty if nothing tells that it cannot."""
    if not _lacks(engine, _REPORTS):
        return ""
    return tr("No report: it needs {packages}, which the landslide engine {program} does not have. {advice}").format(
        packages=", ".join(_REPORTS), program=engine.program, advice=_advice(engine)
    )


def _lacks(engine: Engine, packages: tuple[str, ...]) -> bool:
    folders = _package_folders(engine.program)
    return bool(folders) and not all(any((folder / name).is_dir() for folder in folders) for name in packages)


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


def _advice(engine: Engine) -> str:
    return tr(
        "Add it in QGIS: Raster > Landslide Detector > Set up the engine, with training. Or in a terminal: {command}"
    ).format(command=f"{engine.program.parent / 'pip'} install 'landslide-detector[torch]'")
