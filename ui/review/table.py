"""The polygons under review, and the columns of their GeoPackage that say what was decided about each.

Every decision goes through the layer's data provider, past the edit buffer, and so is on the disk before the next
polygon is shown: a crash loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    NULL,
    QgsDistanceArea,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsProject,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)
from qgis.PyQt.QtCore import QDateTime, QSignalBlocker

from ...processing.i18n import tr
from .errors import PolygonGoneError, ReviewError
from .landslide import ACCEPTED, Landslide

AREA = "area_m2"
MEAN_PROBABILITY = "mean_probability"
MAX_PROBABILITY = "max_probability"
NUMBER = "id"

# As the URI of a layer without geometry, since the constants for types of columns differ between QGIS 3 and 4.
_COLUMNS = "NoGeometry?field=status:string(16)&field=reviewer:string&field=reviewed_at:datetime&field=note:string"


@dataclass(frozen=True)
class _Before:
    """A row as it was before a change; `geometry` None where the change left it alone, `attributes` None if new."""

    fid: int
    attributes: dict[int, Any] | None
    geometry: QgsGeometry | None


class ReviewTable:
    """Reads and writes the decisions of one layer.

    Args:
        layer: one without an `obstacle`.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        self._layer = layer
        self._history: list[list[_Before]] = []
        self._columns: dict[str, int] = {}
        self._look_up_columns()
        self._measure = QgsDistanceArea()
        self._measure.setSourceCrs(layer.crs(), QgsProject.instance().transformContext())
        self._measure.setEllipsoid(layer.crs().ellipsoidAcronym())

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of this session to take back."""
        return bool(self._history)

    @property
    def has_probability(self) -> bool:
        """Whether the layer tells how certain the model was."""
        return self._index(MEAN_PROBABILITY) >= 0

    def add_columns(self) -> None:
        """Add those of the columns status, reviewer, reviewed_at and note that are missing.

        Raises:
            ReviewError: they could not be written.
        """
        wanted = QgsVectorLayer(_COLUMNS, "columns", "memory").fields()
        missing = [field for field in wanted if self._index(field.name()) < 0]
        if missing:
            self._do(lambda provider: provider.addAttributes(missing))
            self._layer.updateFields()
            self._look_up_columns()

    def landslides(self) -> list[Landslide]:
        """Return all polygons, in the order of the file."""
        self._look_up_columns()
        return [self._landslide(feature) for feature in self._layer.dataProvider().getFeatures()]

    def landslide(self, fid: int) -> Landslide:
        """Return one polygon as it is now.

        Raises:
            PolygonGoneError: it has been deleted.
        """
        return self._landslide(self.feature(fid))

    def feature(self, fid: int) -> QgsFeature:
        """Return the row of a polygon.

        Raises:
            PolygonGoneError: it has been deleted.
        """
        for feature in self._features([fid]):
            return feature
        raise PolygonGoneError(self._layer)

    def decide(self, fid: int, status: str, reviewer: str) -> None:
        """Accept or reject a polygon.

        Raises:
            ReviewError: it could not be written.
        """
        self._change({fid: self._decision(status, reviewer)}, {})

    def write_note(self, fid: int, note: str) -> None:
        """Keep a remark about a polygon.

        Raises:
            ReviewError: it could not be written.
        """
        self._change({fid: self._values(note=note or NULL)}, {})

    def redraw(self, outlines: dict[int, QgsGeometry], reviewer: str) -> None:
        """Give polygons new outlines (in the layer's CRS), and with that accept them.

        Raises:
            ReviewError: an outline is of no use, or could not be written.
        """
        geometries = {fid: self._usable(outline) for fid, outline in outlines.items()}
        attributes = {
            fid: {**self._drawn(geometry), **self._decision(ACCEPTED, reviewer), **self._remark(fid, tr("redrawn"))}
            for fid, geometry in geometries.items()
        }
        self._change(attributes, geometries)

    def add(self, outline: QgsGeometry, reviewer: str) -> int:
        """Add a landslide the model missed; return its row.

        Raises:
            ReviewError: the outline is of no use, or could not be written.
        """
        geometry = self._usable(outline)
        values = {
            **self._drawn(geometry),
            **self._decision(ACCEPTED, reviewer),
            **self._values(note=tr("added")),
        }
        number = self._index(NUMBER)
        if number >= 0:
            values[number] = int(self._layer.dataProvider().maximumValue(number) or 0) + 1
        feature = QgsVectorLayerUtils.createFeature(self._layer, geometry, values)
        added: list[QgsFeature] = []

        def add(provider: QgsVectorDataProvider) -> bool:
            is_added, features = provider.addFeatures([feature])
            added.extend(features)
            return bool(is_added)

        self._do(add)
        fid = int(added[0].id())
        self._history.append([_Before(fid, None, None)])
        return fid

    def undo(self) -> int | None:
        """Take back the last change of this session; return the polygon it was about, None if that is gone now.

        Raises:
            ReviewError: it could not be written.
        """
        rows = self._history[-1]
        if rows[0].attributes is None:
            self._do(lambda provider: provider.deleteFeatures([rows[0].fid]))
        else:
            self._write(
                {row.fid: row.attributes for row in rows if row.attributes is not None},
                {row.fid: row.geometry for row in rows if row.geometry is not None},
            )
        self._history.pop()
        return None if rows[0].attributes is None else rows[0].fid

    def _change(self, attributes: dict[int, dict[int, Any]], geometries: dict[int, QgsGeometry]) -> None:
        before = [
            _Before(
                feature.id(),
                {index: feature.attributes()[index] for index in attributes[feature.id()]},
                QgsGeometry(feature.geometry()) if feature.id() in geometries else None,
            )
            for feature in self._features(attributes)
        ]
        if len(before) < len(attributes):
            raise PolygonGoneError(self._layer)
        self._write(attributes, geometries)
        self._history.append(before)

    def _write(self, attributes: dict[int, dict[int, Any]], geometries: dict[int, QgsGeometry]) -> None:
        # The outline first: were QGIS to die in between, the polygon would still be one to review.
        if geometries:
            self._do(lambda provider: provider.changeGeometryValues(geometries))
        self._do(lambda provider: provider.changeAttributeValues(attributes))

    def _do(self, write: Callable[[QgsVectorDataProvider], bool]) -> None:
        """Write to the file, or say in one message why that failed."""
        provider = self._layer.dataProvider()
        # QGIS would show the provider's own words beside ours.
        with QSignalBlocker(provider):
            is_written = write(provider)
        reasons = [reason for reason in provider.errors() if reason]
        provider.clearErrors()
        if is_written:
            self._layer.updateExtents()
            # For an attribute table that is open, and for the map.
            self._layer.dataChanged.emit()
            self._layer.triggerRepaint()
            return
        if any("locked" in reason for reason in reasons):
            message = tr("{}: another program is writing to the GeoPackage. Try again when it is done.")
            raise ReviewError(message.format(self._layer.name()))
        reason = " ".join(reasons[-1].split()) if reasons else tr("no reason given")
        raise ReviewError(tr("{}: the decision could not be written: {}").format(self._layer.name(), reason))

    def _features(self, fids: Iterable[int]) -> Iterator[QgsFeature]:
        return iter(self._layer.dataProvider().getFeatures(QgsFeatureRequest().setFilterFids(list(fids))))

    def _landslide(self, feature: QgsFeature) -> Landslide:
        geometry = feature.geometry()
        values = feature.attributes()

        def value(column: str) -> Any:
            index = self._index(column)
            return None if index < 0 or values[index] == NULL else values[index]

        area, probability = value(AREA), value(MEAN_PROBABILITY)
        return Landslide(
            feature.id(),
            self._area(geometry) if area is None else float(area),
            None if probability is None else float(probability),
            geometry.boundingBox().center(),
            str(value("status") or ""),
            str(value("reviewer") or ""),
            str(value("note") or ""),
        )

    def _area(self, geometry: QgsGeometry) -> float:
        if not self._layer.crs().isValid():
            return geometry.area()
        return self._measure.measureArea(geometry)

    def _decision(self, status: str, reviewer: str) -> dict[int, Any]:
        now = QDateTime.currentDateTimeUtc()
        return self._values(status=status, reviewer=reviewer or NULL, reviewed_at=now)

    def _drawn(self, geometry: QgsGeometry) -> dict[int, Any]:
        """What is known of an outline drawn by hand: how large it is, but nothing of what the model thought of it."""
        values = {AREA: round(self._area(geometry), 2), MEAN_PROBABILITY: NULL, MAX_PROBABILITY: NULL}
        return {self._index(name): value for name, value in values.items() if self._index(name) >= 0}

    def _remark(self, fid: int, remark: str) -> dict[int, Any]:
        return {} if self.landslide(fid).note else self._values(note=remark)

    def _values(self, **values: Any) -> dict[int, Any]:
        return {self._index(name): value for name, value in values.items()}

    def _look_up_columns(self) -> None:
        """Note where each column is; asking the layer for every polygon takes too long."""
        self._columns = {field.name().lower(): index for index, field in enumerate(self._layer.fields())}

    def _index(self, column: str) -> int:
        return self._columns.get(column, -1)

    def _usable(self, outline: QgsGeometry) -> QgsGeometry:
        geometry = outline.makeValid()
        parts = geometry.coerceToType(self._layer.wkbType()) if not geometry.isEmpty() else []
        parts = [part for part in parts if part.area() > 0]
        if not parts:
            raise ReviewError(tr("This outline encloses no area; draw it once more."))
        # A line that crosses itself falls into pieces; the large one is what was meant.
        return max(parts, key=lambda part: part.area())
