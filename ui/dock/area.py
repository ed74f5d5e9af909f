"""Where to search: what a person points at, as parameters of an algorithm, fixed at the moment of pressing Run."""

from __future__ import annotations

import uuid
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from ...processing.i18n import tr


class AreaError(Exception):
    """There is nothing to search; the message says why."""


def extent_parameter(rectangle: QgsRectangle, crs: QgsCoordinateReferenceSystem, scene: QgsRasterLayer) -> str:
    """Return a rectangle as the value of an extent parameter, in the scene's CRS and within the scene.

    Raises:
        AreaError: it does not touch the scene.
    """
    try:
        transform = QgsCoordinateTransform(crs, scene.crs(), QgsProject.instance())
        within = transform.transformBoundingBox(rectangle).intersect(scene.extent())
    except QgsCsException:
        within = QgsRectangle()
    if within.isEmpty():
        raise AreaError(tr("It does not show any of {}.").format(scene.name()))
    corners = [within.xMinimum(), within.xMaximum(), within.yMinimum(), within.yMaximum()]
    name = f" [{scene.crs().authid()}]" if scene.crs().authid() else ""
    return ",".join(map(repr, corners)) + name


def parse_extent(value: str, crs: QgsCoordinateReferenceSystem) -> QgsReferencedRectangle:
    """Return the rectangle of an extent parameter, in `crs` unless it names its own.

    Raises:
        AreaError: it is no such thing.
    """
    corners, _, name = value.rstrip("]").partition("[")
    try:
        left, right, bottom, top = (float(number) for number in corners.split(","))
        if name:
            crs = QgsCoordinateReferenceSystem(name)
            if not crs.isValid():
                raise ValueError(name)
    except ValueError:
        raise AreaError(tr("The extent of the earlier run cannot be read: {}").format(value)) from None
    return QgsReferencedRectangle(QgsRectangle(left, bottom, right, top), crs)


def polygons_parameter(layer: QgsVectorLayer | None, folder: Path) -> str:
    """Write the selected polygons of a layer to a file of `folder` and return its path.

    A copy, since by the time the run begins, or is repeated, something else may be selected.

    Raises:
        AreaError: nothing is selected, or the copy cannot be written.
    """
    if layer is None or layer.selectedFeatureCount() == 0:
        raise AreaError(tr("No polygon is selected."))
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"area_{uuid.uuid4().hex}.gpkg"
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = "area"
    options.onlySelectedFeatures = True
    options.attributes = []
    options.skipAttributeCreation = True
    context = QgsProject.instance().transformContext()
    error, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(layer, str(path), context, options)
    if error != QgsVectorFileWriter.WriterError.NoError:
        raise AreaError(message)
    return str(path)
