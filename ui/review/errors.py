"""What can go wrong in a review; each message is one line for the reviewer."""

from __future__ import annotations

from qgis.core import QgsVectorLayer

from ...processing.i18n import tr


class ReviewError(Exception):
    """The review cannot go on; the message is one line that says why."""


class PolygonGoneError(ReviewError):
    """A polygon has been deleted meanwhile."""

    def __init__(self, layer: QgsVectorLayer) -> None:
        super().__init__(tr("{}: this polygon has been deleted meanwhile.").format(layer.name()))
