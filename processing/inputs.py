"""What parameters hold, read and checked in the main thread; an error names the parameter or layer at fault."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import is_given
from .cards import find_card
from .i18n import tr
from .request import Extent
from .scene import SceneError, resolve_scene
from .sources import Source


def raster_layer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> QgsRasterLayer:
    """Return the raster of a parameter.

    Raises:
        QgsProcessingException: there is no such layer.
    """
    layer = algorithm.parameterAsRasterLayer(parameters, name, context)
    if layer is None or not layer.isValid():
        raise QgsProcessingException(algorithm.invalidRasterError(parameters, name))
    return layer


def extent_on(
    layer: Any,
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
) -> QgsRectangle:
    """Return an extent in the CRS of a layer, null if none was given.

    Raises:
        QgsProcessingException: it lies beside the layer.
    """
    if not is_given(parameters, name):
        return QgsRectangle()
    extent = algorithm.parameterAsExtent(parameters, name, context, layer.crs())
    if extent.isEmpty() or not extent.intersects(layer.extent()):
        raise QgsProcessingException(tr("The extent does not touch {}.").format(layer.name()))
    return extent


def corners(extent: QgsRectangle) -> Extent | None:
    """Return an extent as the engine takes it, None for a null one."""
    return None if extent.isNull() else (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum())


def scene_source(
    layer: QgsRasterLayer,
    extent: QgsRectangle,
    resolution: float | None,
    model: str,
    detector: str,
    context: QgsProcessingContext,
) -> Source:
    """Return a raster as the engine will read it.

    Args:
        layer: the raster; it is only looked at.
        extent: the part that is needed, in the layer's CRS; null for all of it.
        resolution: map units a pixel for layers that are no files; None for the one `model` was trained for.
        model: by name or folder, or `auto`.
        detector: the model is for.
        context: of the run.

    Raises:
        QgsProcessingException: it cannot be read as asked for.
    """
    card = find_card(model, detector)
    try:
        return resolve_scene(
            layer, extent, resolution, card.typical_resolution if card else None, context.transformContext()
        )
    except SceneError as error:
        raise QgsProcessingException(str(error)) from None


def check_bands(bands: tuple[int, ...], layer: QgsRasterLayer) -> None:
    """Make sure that a raster has the bands asked for.

    Raises:
        QgsProcessingException: it does not.
    """
    for band in bands:
        # A picture that is rendered has bands its layer does not show.
        if layer.providerType() == "gdal" and not 1 <= band <= layer.bandCount():
            raise QgsProcessingException(
                tr("{layer} has no band {band}, only {count}.").format(
                    layer=layer.name(), band=band, count=layer.bandCount()
                )
            )


def number(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> float | None:
    """Return an optional number."""
    return algorithm.parameterAsDouble(parameters, name, context) if is_given(parameters, name) else None


def integer(
    algorithm: QgsProcessingAlgorithm, parameters: dict[str, Any], name: str, context: QgsProcessingContext
) -> int | None:
    """Return an optional whole number."""
    return algorithm.parameterAsInt(parameters, name, context) if is_given(parameters, name) else None


def text(
    algorithm: QgsProcessingAlgorithm,
    parameters: dict[str, Any],
    name: str,
    context: QgsProcessingContext,
    default: str,
) -> str:
    """Return a text, or `default` where it is empty."""
    return algorithm.parameterAsString(parameters, name, context).strip() or default
