"""Parameters and outputs of a detection: the same for the three detectors, but for their models."""

from __future__ import annotations

from qgis.core import (
    QgsProcessingOutputDefinition,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterVectorDestination,
)

from .cards import AUTO, list_cards
from .engine import settings
from .i18n import tr
from .parameters import (
    DOUBLE,
    INTEGER,
    POLYGON,
    advanced,
    area_parameter,
    device_parameter,
    extent_parameter,
    open_choice,
    optional_number,
    resolution_parameter,
    scene_parameter,
    with_help,
)

_PRECISIONS = (AUTO, "fp32", "bf16", "fp16", "int8")


class DetectionParameters:
    """Names of the parameters and outputs; fixed for ever, since models and scripts hold them."""

    INPUT = "INPUT"
    BANDS = "BANDS"
    EXTENT = "EXTENT"
    AOI = "AOI"
    MODEL = "MODEL"
    THRESHOLD = "THRESHOLD"
    SCREEN = "SCREEN"
    MIN_AREA = "MIN_AREA"
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


def bands_parameter(name: str, scene: str) -> QgsProcessingParameterDefinition:
    """Return the choice of bands of the raster parameter `scene`."""
    return with_help(
        QgsProcessingParameterBand(
            name, tr("Bands, in the model's order"), None, scene, optional=True, allowMultiple=True
        ),
        tr(
            "Which bands to use, in the order the model wants them (the shipped models: red, green, blue). If none is "
            "chosen, red, green and blue by the colour interpretation of the raster, else the first ones."
        ),
    )


def screen_parameter() -> QgsProcessingParameterDefinition:
    """Return the choice of a two-stage search."""
    return with_help(
        QgsProcessingParameterBoolean(
            DetectionParameters.SCREEN, tr("Screen first: segment only where a coarse look is suspicious"), False
        ),
        tr(
            "For large scenes with few landslides, 2 to 3 times as fast: everything is looked at with a quarter of the "
            "resolution (beyond 0.9 m a pixel with up to half), and only where that looks suspicious with the full "
            "one. A landslide the first look misses stays unfound: small ones on their own, and ground that has slid "
            "almost whole. A scene coarser than 1.8 m a pixel, or without georeference, is segmented whole."
        ),
    )


def model_parameter(name: str, description: str, detector: str) -> QgsProcessingParameterDefinition:
    """Return the choice of a detector's model."""
    return with_help(
        open_choice(name, description, (AUTO, *(card.name for card in list_cards(detector)))),
        tr(
            "<i>auto</i> takes, by the scene's ground resolution, the one of this detector's models that fits it "
            "best, and the log says which; the list has the shipped models and your own. In a script or in "
            "<i>qgis_process</i> the folder of a model will do as well."
        ),
    )


def detection_parameters(detector: str, can_screen: bool) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters in the order of the form."""
    names = DetectionParameters
    return [
        scene_parameter(names.INPUT),
        bands_parameter(names.BANDS, names.INPUT),
        extent_parameter(names.EXTENT, tr("Extent to search")),
        area_parameter(names.AOI),
        model_parameter(names.MODEL, tr("Model (auto: by the scene's resolution)"), detector),
        with_help(
            QgsProcessingParameterNumber(
                names.THRESHOLD, tr("Threshold"), DOUBLE, None, optional=True, minValue=0, maxValue=1
            ),
            tr(
                "From which probability on something counts as landslide. If it is not set, the one that was best on "
                "the model's validation data. A lower one finds more and raises more false alarms; the probability "
                "raster shows what a change would bring."
            ),
        ),
        *([screen_parameter()] if can_screen else []),
        *advanced(_fine_tuning(overlaps=detector != "patches")),
        *_destinations(),
    ]


def _fine_tuning(overlaps: bool) -> list[QgsProcessingParameterDefinition]:
    """Return the parameters few need; `overlaps`: whether the overlap of tiles is free (of patches it is not)."""
    names = DetectionParameters
    overlap = with_help(
        optional_number(names.OVERLAP, tr("Overlap of tiles (pixels)"), INTEGER, 0),
        tr("By how much neighbouring tiles overlap, so that no seams show. The model knows best."),
    )
    return [
        with_help(
            optional_number(names.MIN_AREA, tr("Smallest landslide (m²)"), DOUBLE, 0),
            tr(
                "Smaller ones become no polygons. If it is not set, those under 4 pixels (of patches, none); 0 keeps "
                "all."
            ),
        ),
        resolution_parameter(names.RESOLUTION),
        with_help(
            optional_number(names.TILE_SIZE, tr("Tile size (pixels, in steps of 32)"), INTEGER, 32),
            tr("Side of the pieces the scene is cut into for the network. The model knows best."),
        ),
        *([overlap] if overlaps else []),
        with_help(
            optional_number(names.BATCH_SIZE, tr("Batch size (tiles)"), INTEGER, 1),
            tr("How many tiles are computed together; fewer need less memory."),
        ),
        device_parameter(names.DEVICE),
        with_help(
            QgsProcessingParameterEnum(
                names.PRECISION,
                tr("Arithmetic precision"),
                list(_PRECISIONS),
                defaultValue=settings.PRECISION.value(),
                usesStaticStrings=True,
            ),
            tr(
                "<i>auto</i> takes the fastest that does not change the result noticeably on this machine; <i>fp32</i> "
                "is exact and slow; <i>int8</i> is the fastest on a CPU and a little less exact. It needs a model with "
                "an int8 copy, of those shipped the anomaly detector's; any other is computed as by <i>auto</i>."
            ),
        ),
    ]


def _destinations() -> list[QgsProcessingParameterDefinition]:
    names = DetectionParameters
    return [
        with_help(
            QgsProcessingParameterRasterDestination(names.PROBABILITY, tr("Landslide probability")),
            tr(
                "GeoTIFF with one band from 0 to 1; NaN where the scene has no data. Of the patch classifier, one "
                "pixel is one step of the patches."
            ),
        ),
        with_help(
            QgsProcessingParameterRasterDestination(names.MASK, tr("Landslide mask")),
            tr("GeoTIFF, 1 where the probability reaches the threshold, else 0; 255 where the scene has no data."),
        ),
        with_help(
            QgsProcessingParameterVectorDestination(
                names.POLYGONS, tr("Landslide polygons"), POLYGON, optional=True, createByDefault=True
            ),
            tr("The landslides of the mask, as outlines. Written as GeoPackage, or in any other format QGIS writes."),
        ),
    ]


def detection_outputs() -> list[QgsProcessingOutputDefinition]:
    """Return the numbers a detection gives beside its layers."""
    names = DetectionParameters
    return [
        QgsProcessingOutputNumber(names.AREA, tr("Area detected (m²; none without georeference)")),
        QgsProcessingOutputNumber(names.SHARE, tr("Share of the scene's valid pixels (0 to 1)")),
        QgsProcessingOutputNumber(names.COUNT, tr("Number of landslides")),
    ]
