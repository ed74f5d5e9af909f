"""Names, groups, styles and records of the layers that QGIS loads when an algorithm has finished."""

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
from .record import RunRecord

_STYLES = Path(__file__).parent / "styles"

# QGIS keeps only a bare pointer to a post-processor; without a reference here Python would delete it first.
_waiting: set[_Finisher] = set()


class _Finisher(QgsProcessingLayerPostProcessorInterface):
    """Gives one layer its style and its record, in the main thread, once it is in the project."""

    def __init__(self, style: str | None, record: RunRecord | None) -> None:
        super().__init__()
        self._style = style
        self._record = record
        _waiting.add(self)

    def postProcessLayer(
        self, layer: QgsMapLayer, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> None:
        _waiting.discard(self)
        if self._style is not None:
            message, is_loaded = layer.loadNamedStyle(str(_STYLES / f"{self._style}.qml"))
            if is_loaded:
                layer.triggerRepaint()
            else:
                feedback.pushWarning(tr("{}: style not loaded: {}").format(layer.name(), message))
        # After the style, whose file may bring custom properties of its own.
        if self._record is not None:
            self._record.write_to(layer)


def style_output(
    context: QgsProcessingContext,
    destination: str,
    parameter: QgsProcessingParameterDefinition,
    label: str,
    style: str | None,
    group: str,
    record: RunRecord | None = None,
) -> None:
    """Name, group and style an output, and keep the record of its run in it, if QGIS is going to load it at all.

    Args:
        context: of the run.
        destination: what the algorithm returns for this output.
        parameter: definition of the output.
        label: name for the layer; one that a model's author gave to it stays.
        style: name of a file in `styles`; None for QGIS's own.
        group: name of the layer tree's group (from QGIS 3.32).
        record: of the run.
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
    if style is not None or record is not None:
        details.setPostProcessor(_Finisher(style, record))
