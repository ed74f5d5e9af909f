"""Where the polygons came from: the scene, the detector and the model, as the detection left it in the layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

from ..dock.detector_panel import detector_choices
from ..dock.run_property import record_of

# The algorithm that trains a detector.
TRAINERS = {
    "segmentation": "landslides:trainsegmentation",
    "patches": "landslides:trainpatchclassifier",
    "anomaly": "landslides:trainanomalydetector",
}


@dataclass(frozen=True)
class Origin:
    """The detection that made a layer; None, or empty, where nobody knows.

    Attributes:
        detector: `patches`, `segmentation` or `anomaly`.
        model: its name or folder, or `auto`.
        scene: the layer that was searched, if it is in the project.
        bands: of the scene.
        threshold: probability from which something counted as landslide.
    """

    detector: str | None = None
    model: str = "auto"
    scene: QgsRasterLayer | None = None
    bands: tuple[int, ...] = ()
    threshold: float | None = None


def origin_of(layer: QgsVectorLayer) -> Origin:
    """Return where the polygons of a layer came from."""
    record = record_of(layer)
    if record is None:
        return Origin()
    parameters = record["parameters"]
    threshold = record.get("threshold", parameters.get("THRESHOLD"))
    detectors = {choice.algorithm: choice.name for choice in detector_choices()}
    return Origin(
        detectors.get(record["algorithm"]),
        str(record.get("model") or parameters.get("MODEL") or "auto"),
        _find_scene(parameters["INPUT"]),
        tuple(int(band) for band in parameters.get("BANDS") or ()),
        None if threshold is None else float(threshold),
    )


def _find_scene(source: Any) -> QgsRasterLayer | None:
    layers = QgsProject.instance().mapLayers()
    rasters = [layer for layer in layers.values() if isinstance(layer, QgsRasterLayer)]
    return next((layer for layer in rasters if source in (layer.id(), layer.source())), None)
