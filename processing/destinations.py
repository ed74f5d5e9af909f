"""Where results go: rasters and GeoPackages straight from the engine, other vector formats by way of one."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingUtils,
    QgsVectorLayer,
)

from .i18n import tr

_RASTER_SUFFIXES = (".tif", ".tiff")
_FEATURE_ID = "fid"


def raster_destination(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> str:
    """Return the file a raster goes to.

    Raises:
        QgsProcessingException: it is not named as a GeoTIFF.
    """
    path = str(algorithm.parameterAsOutputLayer(parameters, name, context))
    if Path(path).suffix.lower() not in _RASTER_SUFFIXES:
        raise QgsProcessingException(tr("{}: rasters are written as GeoTIFF, name the file .tif").format(path))
    return path


@dataclass(frozen=True)
class VectorDestination:
    """Where polygons go.

    Attributes:
        final: what was asked for: a file of any format, or a table of a database (`ogr:...`, `postgis:...`).
    """

    final: str

    @property
    def is_geopackage(self) -> bool:
        """Whether the engine can write it itself."""
        return Path(self.final).suffix.lower() == ".gpkg" and not self._is_database

    @property
    def _is_database(self) -> bool:
        scheme = self.final.split(":", maxsplit=1)[0]
        return len(scheme) > 1 and scheme != self.final  # one letter is a Windows drive

    def check(self) -> None:
        """Make sure that a file can be written there, before anything is computed; a database tells in the end only.

        Raises:
            QgsProcessingException: it cannot.
        """
        if self._is_database:
            return
        path = Path(self.final)
        reason = ""
        if not path.parent.is_dir():
            reason = tr("There is no folder {}.").format(path.parent)
        elif not os.access(path if path.exists() else path.parent, os.W_OK):
            reason = os.strerror(errno.EACCES)
        if reason:
            raise QgsProcessingException(tr("{}: cannot be written: {}").format(self.final, reason))

    def engine_path(self, folder: Path) -> str:
        """Return the GeoPackage for the engine to write: the final one, or a temporary one in `folder`."""
        return self.final if self.is_geopackage else str(folder / "polygons.gpkg")

    def finish(self, folder: Path, context: QgsProcessingContext) -> str:
        """Convert what the engine wrote, where needed, and return where the polygons are now.

        Raises:
            QgsProcessingException: the destination cannot be written.
        """
        if self.is_geopackage:
            return self.final
        source = QgsVectorLayer(self.engine_path(folder), "polygons", "ogr")
        fields = QgsFields(source.fields())
        identifier = fields.lookupField(_FEATURE_ID)
        # The row number of the GeoPackage: other formats have one of their own, and a table may have it taken.
        if identifier >= 0:
            fields.remove(identifier)
        try:
            sink, final = QgsProcessingUtils.createFeatureSink(
                self.final, context, fields, source.wkbType(), source.crs(), {}
            )
        except QgsProcessingException as error:
            # The exception would keep the layer alive until after QGIS has gone, and crash it then.
            del source
            raise QgsProcessingException(tr("{}: cannot be written: {}").format(self.final, error)) from None
        for polygon in source.getFeatures():
            feature = QgsFeature(fields)
            feature.setGeometry(polygon.geometry())
            values = polygon.attributes()
            if identifier >= 0:
                del values[identifier]
            feature.setAttributes(values)
            if not sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert):
                raise QgsProcessingException(tr("{}: cannot be written: {}").format(self.final, sink.lastError()))
        del sink  # writes what is still in memory
        return str(final)


def vector_destination(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> VectorDestination:
    """Return where the polygons of a parameter go.

    Raises:
        QgsProcessingException: there is no such folder, or it cannot be written to.
    """
    final = str(algorithm.parameterAsOutputLayer(parameters, name, context))
    if final == "memory:":
        # A layer in memory lives in one thread; a temporary file does the same service.
        final = QgsProcessingUtils.generateTempFilename("polygons.gpkg")
    destination = VectorDestination(final)
    destination.check()
    return destination
