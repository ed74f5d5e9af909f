"""Parameters and outputs of a detection: the same for the three detectors, but for their models."""

from __future__ import annotations

from qgis.core import (
    QgsProcessing,
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from .cards import AUTO, list_cards
from .i18n import tr

_DEVICES = ("auto", "cpu", "cuda", "cuda:0", "cuda:1", "mps", "xpu")
_PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8")
_INTEGER = QgsProcessingParameterNumber.Type.Integer
_DOUBLE = QgsProcessingParameterNumber.Type.Double


class DetectionParameters:
    """Names of the parameters and outputs; fixed for ever, since models and scripts hold them."""

    INPUT = "INPUT"
    BANDS = "BANDS"
    EXTENT = "EXTENT"
    AOI = "AOI"
    MODEL = "MODEL"
    THRESHOLD = "THRESHOLD"
    RESOLUTION = "RESOLUTION"
    TILE_SIZE = "TILE_SIZE"
    OVERLAP = "OVERLAP"
    BATCH_SIZE = "BATCH_SIZE"
    DEVICE = "DEVICE"
    PRECISION = "PRECISION"
    PROBABILITY = "PROBABILITY"
    MASK = "MASK"
    POLYGONS = "POLYGONS"
    AREA = "AREA"
    SHARE = "SHARE"
    COUNT = "COUNT"


def detection_parameters(detector: str) -> list[tuple[QgsProcessingParameterDefinition, bool]]:
    """Return the parameters in the order of the form, each with whether it is an advanced one."""
    names = DetectionParameters
    polygon = QgsProcessing.SourceType.TypeVectorPolygon
    plain = [
        QgsProcessingParameterRasterLayer(names.INPUT, tr("Scene")),
        QgsProcessingParameterBand(
            names.BANDS,
            tr("Bands, in the model's order"),
            None,
            names.INPUT,
            optional=True,
            allowMultiple=True,
        ),
        QgsProcessingParameterExtent(names.EXTENT, tr("Extent to search"), optional=True),
        QgsProcessingParameterFeatureSource(names.AOI, tr("Area of interest"), [polygon], optional=True),
        _choice(names.MODEL, tr("Model"), (AUTO, *(card.name for card in list_cards(detector)))),
        QgsProcessingParameterNumber(
            names.THRESHOLD,
            tr("Threshold"),
            _DOUBLE,
            None,
            optional=True,
            minValue=0,
            maxValue=1,
        ),
    ]
    advanced = [
        _optional_number(names.RESOLUTION, tr("Rendering resolution (map units a pixel)"), _DOUBLE, 1e-9),
        _optional_number(names.TILE_SIZE, tr("Tile size (pixels, in steps of 32)"), _INTEGER, 32),
        _optional_number(names.OVERLAP, tr("Overlap of tiles (pixels)"), _INTEGER, 0),
        _optional_number(names.BATCH_SIZE, tr("Batch size (tiles)"), _INTEGER, 1),
        _choice(names.DEVICE, tr("Device"), _DEVICES),
        QgsProcessingParameterEnum(
            names.PRECISION, tr("Precision"), list(_PRECISIONS), defaultValue=AUTO, usesStaticStrings=True
        ),
    ]
    destinations = [
        QgsProcessingParameterRasterDestination(names.PROBABILITY, tr("Landslide probability")),
        QgsProcessingParameterRasterDestination(names.MASK, tr("Landslide mask")),
        QgsProcessingParameterVectorDestination(
            names.POLYGONS, tr("Landslide polygons"), polygon, optional=True, createByDefault=True
        ),
    ]
    return [
        *((parameter, False) for parameter in plain),
        *((parameter, True) for parameter in advanced),
        *((parameter, False) for parameter in destinations),
    ]


def detection_outputs() -> list[QgsProcessingOutputDefinition]:
    """Return the numbers a detection gives beside its layers."""
    names = DetectionParameters
    return [
        QgsProcessingOutputNumber(names.AREA, tr("Area detected (m²; none without georeference)")),
        QgsProcessingOutputNumber(names.SHARE, tr("Share of the scene's valid pixels (0 to 1)")),
        QgsProcessingOutputNumber(names.COUNT, tr("Number of landslides")),
    ]


def _choice(name: str, description: str, values: tuple[str, ...]) -> QgsProcessingParameterString:
    """Return a list to choose from that takes any other text too: the folder of a model, `cuda:3`."""
    parameter = QgsProcessingParameterString(name, description, AUTO)
    parameter.setMetadata({"widget_wrapper": {"value_hints": list(values)}})
    return parameter


def _optional_number(name: str, description: str, kind: object, minimum: float) -> QgsProcessingParameterNumber:
    return QgsProcessingParameterNumber(name, description, kind, None, optional=True, minValue=minimum)
