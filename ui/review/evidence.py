"""What a review teaches: a copy of the reviewed polygons for the training, and the ground they stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...processing.i18n import tr
from .errors import ReviewError
from .landslide import ACCEPTED, REJECTED

# Polygons nobody has decided about are neither landslide nor proof of none: the training leaves their ground out.
UNSURE = "unsure"

# Round the reviewed polygons, as a share of the size of the ground they lie on, and at least of the mean polygon.
_MARGIN = 0.05
_POLYGONS_ROUND = 5

_STATUS = "status"
_LAYER = "landslides"


@dataclass(frozen=True)
class Evidence:
    """The outcome of a review at one moment.

    Attributes:
        source: data source of the labels: polygons with a column `status`.
        extent: the ground that was reviewed; within it, what is outside of all polygons is no landslide.
        accepted: number of polygons, like `rejected`.
    """

    source: str
    extent: QgsReferencedRectangle
    accepted: int
    rejected: int


def collect_evidence(layer: QgsVectorLayer, folder: Path) -> Evidence:
    """Copy the polygons with their decisions into a GeoPackage of their own, so that the review can go on meanwhile.

    Raises:
        ReviewError: nothing has been reviewed, or the copy cannot be written.
    """
    column = layer.fields().lookupField(_STATUS)
    fields = QgsFields()
    fields.append(layer.fields()[column])
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "reviewed.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = _LAYER
    writer = QgsVectorFileWriter.create(
        str(path), fields, layer.wkbType(), layer.crs(), QgsProject.instance().transformContext(), options
    )
    decisions = {ACCEPTED: 0, REJECTED: 0, UNSURE: 0}
    extent, sides = QgsRectangle(), 0.0
    for polygon in layer.dataProvider().getFeatures():
        status = polygon.attributes()[column]
        status = status if status in (ACCEPTED, REJECTED) else UNSURE
        decisions[status] += 1
        if status != UNSURE:
            box = polygon.geometry().boundingBox()
            extent.combineExtentWith(box)
            sides += max(box.width(), box.height())
        feature = QgsFeature(fields)
        feature.setGeometry(polygon.geometry())
        feature.setAttributes([status])
        writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
    error = writer.errorMessage()
    del writer  # writes what is still in memory
    if error:
        raise ReviewError(tr("{}: cannot be written: {}").format(path, error))
    reviewed = decisions[ACCEPTED] + decisions[REJECTED]
    if reviewed == 0:
        raise ReviewError(tr("Nothing has been reviewed yet."))
    extent.grow(max(_MARGIN * max(extent.width(), extent.height()), _POLYGONS_ROUND * sides / reviewed))
    return Evidence(
        f"{path}|layername={_LAYER}",
        QgsReferencedRectangle(extent, layer.crs()),
        decisions[ACCEPTED],
        decisions[REJECTED],
    )
