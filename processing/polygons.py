"""Polygons (an area of interest, labels, an inventory) as something another process can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    QgsProcessingFeedback,
    QgsProviderRegistry,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
)

from .i18n import tr

# The verdict of a review, which training reads: rejected polygons are no landslides.
_STATUS = "status"


class FilePolygons:
    """All features of a file that the engine can open itself."""

    takes_time = False

    def __init__(self, source: str) -> None:
        self._source = source

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        return self._source


class FeaturePolygons:
    """Features of any provider: a selection, a filtered layer, unsaved edits, a database, a memory layer."""

    takes_time = False

    def __init__(
        self, layer: QgsVectorLayer, request: QgsFeatureRequest, label: str, context: QgsProcessingContext
    ) -> None:
        # Not the layer, nor QGIS's source of its features, which points to it: it may be removed meanwhile.
        self._features = QgsVectorLayerFeatureSource(layer)
        self._type = layer.wkbType()
        self._request = request
        self._label = label
        self._transform_context = context.transformContext()

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        """Copy the polygons, and their status if they have one, to a GeoPackage in `folder`.

        Raises:
            QgsProcessingException: it could not be written.
        """
        path = folder / "polygons.gpkg"
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.driverName = "GPKG"
        options.layerName = "polygons"
        status = self._features.fields().lookupField(_STATUS)
        fields = QgsFields()
        if status >= 0:
            fields.append(self._features.fields().at(status))
        writer = QgsVectorFileWriter.create(
            str(path), fields, self._type, self._features.crs(), self._transform_context, options
        )
        for source in self._features.getFeatures(self._request):
            feature = QgsFeature(fields)
            feature.setGeometry(source.geometry())
            if status >= 0:
                feature.setAttributes([source.attribute(status)])
            writer.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        error = writer.errorMessage()
        del writer  # writes what is still in memory
        if error:
            raise QgsProcessingException(tr("{}: could not be written for the engine: {}").format(self._label, error))
        return str(path)


def resolve_polygons(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> FilePolygons | FeaturePolygons:
    """Work out how the engine will read the polygons of a parameter. Call in the main thread.

    Raises:
        QgsProcessingException: there is no such layer, or nothing in it.
    """
    features = algorithm.parameterAsSource(parameters, name, context)
    value = parameters[name]
    chosen = value.source if isinstance(value, QgsProcessingFeatureSourceDefinition) else value
    layer = algorithm.parameterAsVectorLayer({name: chosen}, name, context)
    if features is None or layer is None:
        raise QgsProcessingException(algorithm.invalidSourceError(parameters, name))
    label = algorithm.parameterDefinition(name).description()
    if features.featureCount() == 0:
        raise QgsProcessingException(tr("{}: there are no polygons; is nothing selected?").format(label))
    if not _is_restricted(value):
        source = _plain_file(layer)
        return FeaturePolygons(layer, QgsFeatureRequest(), label, context) if source is None else FilePolygons(source)
    return FeaturePolygons(layer, QgsFeatureRequest().setFilterFids(_identifiers(features)), label, context)


def _is_restricted(value: Any) -> bool:
    """Return whether a parameter asks for some of a layer's features only."""
    if not isinstance(value, QgsProcessingFeatureSourceDefinition):
        return False
    # The filter expression came with QGIS 3.32.
    return value.selectedFeaturesOnly or value.featureLimit != -1 or bool(getattr(value, "filterExpression", ""))


def _identifiers(features: QgsProcessingFeatureSource) -> list[int]:
    request = QgsFeatureRequest().setFlags(QgsFeatureRequest.Flag.NoGeometry).setNoAttributes()
    # The engine repairs rings that cross themselves; refusing them here would help nobody.
    any_geometry = QgsProcessingFeatureSource.Flag.FlagSkipGeometryValidityChecks
    return [feature.id() for feature in features.getFeatures(request, any_geometry)]


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
