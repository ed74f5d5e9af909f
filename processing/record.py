"""The record of a run, kept with the layers it gave: what was asked for, of whom, and when."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import is_given

# The custom property of a result layer that holds the record, as JSON.
PROPERTY = "landslide_detector/run"


@dataclass(frozen=True)
class RunRecord:
    """How a result came about.

    Attributes:
        algorithm: identifier, `landslides:segmentlandslides`.
        parameters: as they can be given to the algorithm again, but for the destinations; the scene by its data source.
        scene: name of the scene's layer.
        group: what the layers of the run have in common: the name of their group.
        model: name of the model that was taken.
        threshold: that was taken.
        engine_version: of the engine.
        command: the engine's command line.
        started: ISO 8601, UTC.
        finished: ISO 8601, UTC.
        provider: key of the data provider of the scene's layer.
    """

    algorithm: str
    parameters: dict[str, Any]
    scene: str
    group: str
    model: str
    threshold: float
    engine_version: str
    command: str
    started: str
    finished: str
    provider: str = "gdal"

    def write_to(self, layer: QgsMapLayer) -> None:
        """Keep the record in a layer: as a custom property to read, and in its metadata to look at."""
        layer.setCustomProperty(PROPERTY, json.dumps(asdict(self)))
        metadata = layer.metadata()
        metadata.addHistoryItem(
            f"{self.finished}: {self.algorithm}, model {self.model}, threshold {self.threshold:g}, "
            f"engine {self.engine_version}: {self.command}"
        )
        layer.setMetadata(metadata)


def now() -> str:
    """Return the present time, ISO 8601, UTC."""
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def repeatable_parameters(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    crs: QgsCoordinateReferenceSystem,
) -> dict[str, Any]:
    """Return what was given to an algorithm as JSON can hold it, without destinations. Call in the main thread.

    Rasters are named by their data source, vector layers by their identifier in the project; a selection becomes
    `{"source": ..., "selectedFeaturesOnly": true}`. An extent becomes one in `crs`, that of the scene: it may have been
    given by a layer, or in the CRS of the project.
    """
    kept = {}
    for definition in algorithm.parameterDefinitions():
        name = definition.name()
        value = parameters.get(name)
        if value is None or definition.isDestination():
            continue
        if definition.type() == "raster":
            layer = algorithm.parameterAsRasterLayer(parameters, name, context)
            value = layer if layer is not None else value
        elif definition.type() == "extent" and is_given(parameters, name):
            value = _extent_text(algorithm.parameterAsExtent(parameters, name, context, crs), crs)
        kept[name] = _plain(value)
    return kept


def _plain(value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, QgsMapLayer):
        return value.source() if isinstance(value, QgsRasterLayer) else value.id()
    if isinstance(value, QgsProcessingFeatureSourceDefinition):
        source = value.source.staticValue()
        return {"source": source, "selectedFeaturesOnly": True} if value.selectedFeaturesOnly else source
    return str(value)


def _extent_text(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem) -> str:
    name = f" [{crs.authid()}]" if crs.authid() else ""
    return f"{extent.xMinimum()},{extent.xMaximum()},{extent.yMinimum()},{extent.yMaximum()}{name}"
