"""One polygon as the review sees it."""

from __future__ import annotations

from dataclasses import dataclass

from qgis.core import QgsPointXY

ACCEPTED = "accepted"
REJECTED = "rejected"


@dataclass(frozen=True)
class Landslide:
    """One polygon as the review sees it.

    Attributes:
        fid: its row in the GeoPackage.
        area: square metres; map units squared without a CRS.
        mean_probability: 0 to 1; None where the layer does not tell.
        centre: of its bounding box, in the layer's CRS.
        status: `accepted`, `rejected`, or empty while nobody has decided.
        reviewer: who decided, empty if nobody.
        note: a remark, mostly empty.
    """

    fid: int
    area: float
    mean_probability: float | None
    centre: QgsPointXY
    status: str
    reviewer: str
    note: str
