"""Which layers can be reviewed."""

from __future__ import annotations

from qgis.core import QgsVectorDataProvider, QgsVectorLayer, QgsWkbTypes

from ...processing.i18n import tr

_NEEDED = (
    QgsVectorDataProvider.Capability.ChangeAttributeValues
    | QgsVectorDataProvider.Capability.ChangeGeometries
    | QgsVectorDataProvider.Capability.AddFeatures
)


def obstacle(layer: QgsVectorLayer) -> str:
    """Say why a layer cannot be reviewed; empty if it can."""
    if layer.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
        return tr("{} has no polygons.").format(layer.name())
    if not layer.isValid():
        return tr("{}: the file cannot be read.").format(layer.name())
    provider = layer.dataProvider()
    if layer.providerType() != "ogr" or provider.storageType() != "GPKG":
        return tr("{} is not in a GeoPackage, where decisions are kept. Export it to one and review that.").format(
            layer.name()
        )
    if layer.readOnly() or provider.capabilities() & _NEEDED != _NEEDED:
        return tr("{}: the GeoPackage is read-only, so no decision could be kept.").format(layer.name())
    status = layer.fields().lookupField("status")
    if status >= 0 and layer.fields()[status].isNumeric():
        return tr("{}: its column “status” holds numbers, not decisions. Rename it first.").format(layer.name())
    return ""
