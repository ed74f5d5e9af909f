"""The settings of a run, kept in the layers it gave: from them it can be repeated."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer

from .run import DESTINATIONS, RUN_PROPERTY, Run, SceneReference


def keep_run(layer: QgsMapLayer, run: Run) -> None:
    """Write the settings of `run` into a custom property of `layer`, unless the algorithm has done so itself."""
    if layer.customProperty(RUN_PROPERTY):
        return
    settings = {
        "algorithm": run.algorithm,
        "parameters": {
            "INPUT": run.scene.source,
            **{name: value for name, value in run.parameters.items() if name not in DESTINATIONS},
        },
        "model": run.parameters.get("MODEL", "auto"),
        "scene": run.scene.name,
        "created": run.created,
    }
    layer.setCustomProperty(RUN_PROPERTY, json.dumps(settings))


def settings_of(layer: QgsMapLayer | None) -> dict[str, Any] | None:
    """Return the settings of the run that gave `layer`; None if there are none that make sense."""
    if layer is None:
        return None
    try:
        settings = json.loads(layer.customProperty(RUN_PROPERTY) or "null")
        return settings if settings["algorithm"] and settings["parameters"]["INPUT"] else None
    except (ValueError, TypeError, KeyError):
        return None


def run_of(layer: QgsMapLayer) -> Run | None:
    """Return a new run with the settings of the one that gave `layer`; None if it is not known."""
    settings = settings_of(layer)
    if settings is None:
        return None
    algorithm = QgsApplication.processingRegistry().algorithmById(settings["algorithm"])
    if algorithm is None:
        return None
    parameters = dict(settings["parameters"])
    source = str(parameters.pop("INPUT"))
    scene = _scene(source, str(settings.get("scene", "")))
    kept = {name: value for name, value in parameters.items() if name not in DESTINATIONS and value is not None}
    return Run(settings["algorithm"], algorithm.displayName(), scene, kept)


def _scene(source: str, name: str) -> SceneReference:
    """Return the scene of a data source, or of a layer's identifier."""
    layer = QgsProject.instance().mapLayer(source)
    if layer is None:
        named = SceneReference("", name or source, source, "gdal")
        layer = named.find(QgsProject.instance())
        return SceneReference.of(layer) if layer is not None else named
    return SceneReference.of(layer) if isinstance(layer, QgsRasterLayer) else SceneReference("", name, source, "gdal")
