"""The record that result layers carry of their run: from it the run can be repeated."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import QgsApplication, QgsMapLayer, QgsProject

from ...processing.record import PROPERTY
from .run import Run, SceneReference


def record_of(layer: QgsMapLayer | None) -> dict[str, Any] | None:
    """Return the record of the run that gave `layer`; None if there is none that makes sense."""
    if layer is None:
        return None
    try:
        record = json.loads(layer.customProperty(PROPERTY) or "null")
        return record if record["algorithm"] and record["parameters"]["INPUT"] else None
    except (ValueError, TypeError, KeyError):
        return None


def set_record(layer: QgsMapLayer, record: dict[str, Any]) -> None:
    """Keep a record in `layer`."""
    layer.setCustomProperty(PROPERTY, json.dumps(record))


def run_of(layer: QgsMapLayer | None) -> Run | None:
    """Return a new run with the settings of the one that gave `layer`; None if they are not known."""
    record = record_of(layer)
    algorithm = QgsApplication.processingRegistry().algorithmById(record["algorithm"]) if record else None
    if record is None or algorithm is None:
        return None
    parameters = dict(record["parameters"])
    source = str(parameters.pop("INPUT"))
    scene = SceneReference("", str(record.get("scene") or source), source, record.get("provider") or "gdal")
    loaded = scene.find(QgsProject.instance())
    return Run(
        record["algorithm"],
        algorithm.displayName(),
        scene if loaded is None else SceneReference.of(loaded),
        {name: value for name, value in parameters.items() if value is not None},
    )
