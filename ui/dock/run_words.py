"""A run in words."""

from __future__ import annotations

from typing import Any

from ...processing.i18n import tr
from .run import Run, RunState
from .scene_facts import square_metres


def describe(run: Run) -> str:
    """Return in words what a run was asked, gave and said."""
    asked = [
        f"{run.title}: {run.state.label}",
        tr("Area: {}").format(_area(run.parameters)),
        *(f"{name}: {value}" for name, value in run.parameters.items() if name not in ("EXTENT", "AOI")),
    ]
    return "\n".join([*asked, outcome(run), "", run.log]).strip()


def outcome(run: Run) -> str:
    """Return in one line what came out of a run."""
    if run.state is not RunState.DONE:
        return run.message
    count, area, share = (run.results.get(name) for name in ("COUNT", "AREA", "SHARE"))
    if count == 0:
        return tr("No landslide found.")
    landslides = tr("1 landslide") if count == 1 else tr("{} landslides").format(count)
    parts = [landslides, *([square_metres(area)] if area is not None else [])]
    if share is not None:
        parts.append(tr("{:.2%} of the scene").format(share))
    return ", ".join(parts)


def _area(parameters: dict[str, Any]) -> str:
    if parameters.get("AOI"):
        return tr("polygons")
    return tr("rectangle") if parameters.get("EXTENT") else tr("whole layer")
