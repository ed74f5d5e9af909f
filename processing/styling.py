"""Names, groups and styles of the layers that QGIS loads when an algorithm has finished."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingParameterDefinition,
)

from .i18n import tr

_STYLES = Path(__file__).parent / "styles"

# QGIS keeps only a bare pointer to a post-processor; without a reference here Python would delete it first.
_waiting: set[_Styler] = set()


class _Styler(QgsProcessingLayerPostProcessorInterface):
    """Gives one layer its style, in the main thread, once it is in the project."""

    def __init__(self, style: str) -> None:
        super().__init__()
        self._style = style
        _waiting.add(self)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        message, is_loaded = layer.loadNamedStyle(str(_STYLES / f"{self._style}.qml"))
        if is_loaded:
            layer.triggerRepaint()
        else:
            feedback.pushWarning(tr("{}: style not loaded: {}").format(layer.name(), message))
        _waiting.discard(self)


def style_output(
    context: QgsProcessingContext,
    destination: str,
    parameter: QgsProcessingParameterDefinition,
    label: str,
    style: str | None,
    group: str,
) -> None:
    """Name, group and style an output, if QGIS is going to load it at all.

    Args:
        context: of the run.
        destination: what the algorithm returns for this output.
        parameter: definition of the output.
        label: name for the layer; one that a model's author gave to it stays.
        style: name of a file in `styles`; None for QGIS's own.
        group: name of the layer tree's group (from QGIS 3.32).
    """
    if not context.willLoadLayerOnCompletion(destination):
        return
    details = context.layerToLoadOnCompletionDetails(destination)
    if details.name in ("", parameter.description()):
        details.name = label
        # Else a user's preference for file names would turn it into something like OUTPUT.
        details.forceName = True
    if hasattr(details, "groupName") and not details.groupName:
        details.groupName = group
    if style is not None:
        details.setPostProcessor(_Styler(style))
