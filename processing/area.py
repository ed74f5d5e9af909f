"""The area of interest: polygons as something another process can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from qgis.core import (
    QgsFeature,
    QgsFeatureRequest,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsProcessingFeatureSourceDefinition,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
)

from .i18n import tr


class Area(Protocol):
    """Polygons, resolved in the main thread, made readable for the engine in a worker thread."""

    def materialise(self, folder: Path) -> str:
        """Return the data source for the engine; temporary files go into `folder`."""
        ...


class FileArea:
    """All features of a file that the engine can open itself."""

    def __init__(self, source: str) -> None:
        self._source = source

    def materialise(self, folder: Path) -> str:
        return self._source


class FeatureArea:
    """Features of any provider: a selection, a filtered layer, unsaved edits, a database, a memory layer."""

    def __init__(self, features: QgsProcessingFeatureSource, context: QgsProcessingContext) -> None:
        self._features = features
        self._transform_context = context.transformContext()

    def materialise(self, folder: Path) -> str:
        """Copy the polygons to a temporary GeoPackage.

        Raises:
            QgsProcessingException: it could not be written.
        """
        path = folder / "area.gpkg"
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = "area"
        writer = QgsVectorFileWriter.create(
            str(path),
            QgsFields(),
            self._features.wkbType(),
            self._features.sourceCrs(),
            self._transform_context,
            options,
        )
        # The engine repairs rings that cross themselves; refusing them here would help nobody.
        any_geometry = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
        for source in self._features.getFeatures(QgsFeatureRequest(), any_geometry):
            feature = QgsFeature()
            feature.setGeometry(source.geometry())
            writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        error = writer.errorMessage()
        del writer  # writes what is still in memory
        if error:
            raise QgsProcessingException(tr("The area of interest could not be written: {}").format(error))
        return str(path)


def resolve_area(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> Area:
    """Work out how the engine will read the polygons of a parameter. Call in the main thread.

    Raises:
        QgsProcessingException: there is no such layer, or nothing in it.
    """
    features = algorithm.parameterAsSource(parameters, name, context)
    if features is None:
        raise QgsProcessingException(algorithm.invalidSourceError(parameters, name))
    if features.featureCount() == 0:
        raise QgsProcessingException(tr("The area of interest has no polygons; is nothing selected?"))
    layer = algorithm.parameterAsVectorLayer(parameters, name, context)
    source = None if layer is None or _is_restricted(parameters[name]) else _plain_file(layer)
    return FeatureArea(features, context) if source is None else FileArea(source)


def _is_restricted(value: Any) -> bool:
    """Return whether a parameter asks for some of a layer's features only."""
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return False
    # The filter expression came with QGIS 3.32.
    return value.selectedFeaturesOnly or value.featureLimit != -1 or bool(getattr(value, "filterExpression", ""))


def _plain_file(layer: QgsVectorLayer) -> str | None:
    """Return the data source of a layer that shows just what its file holds, else None."""
    if layer.providerType() != "ogr" or layer.subsetString() or layer.isModified():
        return None
    if layer.crs() != layer.dataProvider().crs():
        return None
    parts = QgsProviderRegistry.instance().decodeUri("ogr", layer.source())
    path = parts.get("path") or ""
    if not Path(path).is_file() or parts.get("layerId") is not None:
        return None
    layer_name = parts.get("layerName")
    return str(Path(path).absolute()) + (f"|layername={layer_name}" if layer_name else "")
