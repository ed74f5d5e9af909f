"""What a set-up has left: an engine, or none."""

from __future__ import annotations

from landslide_detector.processing.engine import find, find_engine
from landslide_detector.processing.engine.install import Plan, read_marker


def packages(plan: Plan) -> set[str]:
    """Names of the packages in the engine's environment."""
    return {path.name.partition("-")[0] for path in plan.folder.rglob("*.dist-info")} - {"pip", "setuptools"}


def is_absent(plan: Plan) -> bool:
    """Whether there is no engine, and nothing pretends that there is."""
    return read_marker(plan.folder) is None and find.managed_folder() == plan.folder and not is_found()


def is_found() -> bool:
    try:
        find_engine()
    except find.EngineNotFoundError:
        return False
    return True
