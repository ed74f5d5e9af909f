"""Parameters that several algorithms share; each carries its help, for tooltips and the help page."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsProcessing,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterMapLayer,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from .cards import AUTO
from .engine import settings
from .i18n import tr

INTEGER = QgsProcessingParameterNumber.Type.Integer
DOUBLE = QgsProcessingParameterNumber.Type.Double
RASTER = QgsProcessing.SourceType.TypeRaster
POLYGON = QgsProcessing.SourceType.TypeVectorPolygon

_DEVICES = (AUTO, "cpu", "cuda", "cuda:0", "cuda:1", "mps", "xpu")


def with_help(parameter: QgsProcessingParameterDefinition, text: str) -> QgsProcessingParameterDefinition:
    """Give a parameter its help."""
    parameter.setHelp(text)
    return parameter


def advanced(parameters: Iterable[QgsProcessingParameterDefinition]) -> list[QgsProcessingParameterDefinition]:
    """Mark parameters as rarely needed."""
    marked = list(parameters)
    for parameter in marked:
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
    return marked


def scene_parameter(name: str) -> QgsProcessingParameterDefinition:
    """Return the raster to search."""
    return with_help(
        QgsProcessingParameterRasterLayer(name, tr("Scene")),
        tr(
            "Satellite or aerial imagery of any size and data type that QGIS can show. A layer that is no file (WMS, "
            "XYZ tiles, a database) is first read into a temporary GeoTIFF, within the extent, which is then needed. "
            "So is a file that the engine cannot open (ECW, MrSID, FITS), all of it if there is no extent. Values "
            "marked as nodata, masks and transparent pixels are left out. Your layer is only read, never changed."
        ),
    )


def extent_parameter(name: str, description: str) -> QgsProcessingParameterDefinition:
    """Return a part of the scene."""
    return with_help(
        QgsProcessingParameterExtent(name, description, optional=True),
        tr("Only this part is looked at. It may be given in any CRS. Without it, the whole scene is."),
    )


def area_parameter(name: str) -> QgsProcessingParameterDefinition:
    """Return the polygons to look within."""
    return with_help(
        QgsProcessingParameterFeatureSource(name, tr("Area of interest"), [POLYGON], optional=True),
        tr(
            "Only what lies within these polygons is looked at, or within the selected ones. The layer may come from "
            "any source, in any CRS."
        ),
    )


def truth_parameter(name: str) -> QgsProcessingParameterDefinition:
    """Return what is known of the landslides."""
    return with_help(
        QgsProcessingParameterMapLayer(name, tr("Truth: landslides known"), None, False, [RASTER, POLYGON]),
        tr(
            "An inventory of the landslides: polygons, or a raster that is not zero where a landslide is. Its filter "
            "and unsaved edits count. It may have any CRS."
        ),
    )


def resolution_parameter(name: str) -> QgsProcessingParameterDefinition:
    """Return the resolution at which a layer that is no file is read."""
    return with_help(
        optional_number(name, tr("Rendering resolution (map units a pixel)"), DOUBLE, 1e-9),
        tr(
            "For layers that are no files. If it is not set, the layer's own, or else the ground resolution the model "
            "was trained for."
        ),
    )


def device_parameter(name: str) -> QgsProcessingParameterDefinition:
    """Return what to compute on."""
    return with_help(
        open_choice(name, tr("Device"), _DEVICES, settings.DEVICE.value()),
        tr(
            "<i>auto</i> takes a GPU if the engine can use one, else the CPU; <i>cpu</i>, <i>cuda</i>, <i>cuda:1</i>, "
            "<i>mps</i> and <i>xpu</i> insist on one."
        ),
    )


def report_parameter(name: str, description: str, text: str) -> QgsProcessingParameterDefinition:
    """Return a destination for an HTML page, which QGIS then shows among its results."""
    return with_help(
        QgsProcessingParameterFileDestination(name, description, "HTML (*.html)", optional=True, createByDefault=True),
        text,
    )


def open_choice(
    name: str, description: str, values: Iterable[str], default: str = AUTO
) -> QgsProcessingParameterString:
    """Return a list to choose from that takes any other text too: the folder of a model, `cuda:3`."""
    parameter = QgsProcessingParameterString(name, description, default)
    hints = list(dict.fromkeys([*values, default]))
    parameter.setMetadata({"widget_wrapper": {"value_hints": hints}})
    return parameter


def optional_number(
    name: str, description: str, kind: QgsProcessingParameterNumber.Type, minimum: float
) -> QgsProcessingParameterNumber:
    """Return a number that may be left to the engine."""
    return QgsProcessingParameterNumber(name, description, kind, None, optional=True, minValue=minimum)
