"""One review of one layer: where the reviewer is, what is decided, and where to go next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import chain

from qgis.core import QgsGeometry, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, pyqtSignal

from .landslide import ACCEPTED, REJECTED, Landslide
from .order import along_the_map, largest_first, least_certain_first
from .table import ReviewTable


class Order(str, Enum):
    """In which order to go through the polygons."""

    LARGEST = "largest"
    LEAST_CERTAIN = "least certain"
    MAP = "map"


class Shown(str, Enum):
    """Which polygons to step through."""

    ALL = "all"
    UNDECIDED = ""
    ACCEPTED = ACCEPTED
    REJECTED = REJECTED

    def includes(self, landslide: Landslide) -> bool:
        return self is Shown.ALL or _decision(landslide) == self.value


@dataclass(frozen=True)
class Progress:
    """How far the review is.

    Attributes:
        total: polygons in the layer.
        reviewed: of these decided about.
        accepted: of these accepted.
        accepted_area: square metres.
    """

    total: int
    reviewed: int
    accepted: int
    accepted_area: float

    @property
    def left(self) -> int:
        return self.total - self.reviewed


class ReviewSession(QObject):
    """Steps through the polygons of a layer and writes what is decided.

    Signals:
        moved: another polygon is to be looked at, or none.
        changed: a polygon, or the list of them, has changed.

    Args:
        layer: one without an `obstacle`.
        threshold: of the detection, None if unknown.

    Raises:
        ReviewError: the columns for the decisions could not be added.
    """

    moved = pyqtSignal()
    changed = pyqtSignal()

    def __init__(self, layer: QgsVectorLayer, threshold: float | None) -> None:
        super().__init__()
        self.layer = layer
        self.reviewer = ""
        self.table = ReviewTable(layer)
        self.table.add_columns()
        self._threshold = threshold
        self._order = Order.LARGEST
        self._shown = Shown.ALL
        self._landslides: dict[int, Landslide] = {}
        self._sequence: list[int] = []
        self._current: int | None = None
        self.reload()

    @property
    def current(self) -> Landslide | None:
        """The polygon to look at."""
        return None if self._current is None else self._landslides.get(self._current)

    @property
    def order(self) -> Order:
        return self._order

    @property
    def shown(self) -> Shown:
        return self._shown

    @property
    def landslides(self) -> list[Landslide]:
        """Those to step through, in their order."""
        everything = (self._landslides[fid] for fid in self._sequence)
        return [landslide for landslide in everything if self._shown.includes(landslide)]

    def progress(self) -> Progress:
        """Return how far the review is."""
        everything = self._landslides.values()
        accepted = [landslide.area for landslide in everything if landslide.status == ACCEPTED]
        reviewed = sum(1 for landslide in everything if _decision(landslide))
        return Progress(len(self._landslides), reviewed, len(accepted), sum(accepted))

    def reload(self) -> None:
        """Read the layer anew: it may have been edited."""
        self._landslides = {landslide.fid: landslide for landslide in self.table.landslides()}
        self._sort()
        if self._current not in self._landslides:
            self._current = None
            self._go_to_undecided()
        self.changed.emit()
        self.moved.emit()

    def set_order(self, order: Order) -> None:
        """Sort anew and begin with the first undecided polygon."""
        self._order = order
        self._sort()
        self._current = None
        self._go_to_undecided()
        self.moved.emit()

    def show_only(self, shown: Shown) -> None:
        """Step through these polygons only, beginning with the first unless the current one is among them."""
        self._shown = shown
        if self.current is None or not shown.includes(self.current):
            self._current = None
            self._go_to_undecided()
        self.moved.emit()

    def step(self, by: int) -> None:
        """Go to the next polygon (`by` 1) or the previous (-1), round and round, deciding nothing."""
        fid = next(self._from_current(by), None)
        if fid is not None:
            self._current = fid
            self.moved.emit()

    def decide(self, status: str) -> None:
        """Accept or reject the current polygon, and go on to the next undecided one.

        Raises:
            ReviewError: it could not be written.
        """
        if self._current is not None:
            self.table.decide(self._current, status, self.reviewer)
            self._refresh(self._current)
            self._go_on()

    def write_note(self, note: str) -> None:
        """Keep a remark about the current polygon.

        Raises:
            ReviewError: it could not be written.
        """
        if self._current is not None:
            self.table.write_note(self._current, note)
            self._refresh(self._current)

    def redraw(self, outlines: dict[int, QgsGeometry]) -> None:
        """Give polygons new outlines, which accepts them, and go on.

        Raises:
            ReviewError: they could not be written.
        """
        self.table.redraw(outlines, self.reviewer)
        self._refresh(*outlines)
        self._go_on()

    def add(self, outline: QgsGeometry) -> None:
        """Add a landslide that was missed; the current polygon stays the current one.

        Raises:
            ReviewError: it could not be written.
        """
        fid = self.table.add(outline, self.reviewer)
        self._sequence.append(fid)
        self._refresh(fid)

    def undo(self) -> None:
        """Take back the last change and go back to the polygon it was about.

        Raises:
            ReviewError: it could not be written.
        """
        if not self.table.can_undo:
            return
        fid = self.table.undo()
        if fid is None:
            self.reload()
            return
        self._current = fid
        self._refresh(fid)
        self.moved.emit()

    def _refresh(self, *fids: int) -> None:
        for fid in fids:
            self._landslides[fid] = self.table.landslide(fid)
        self.changed.emit()

    def _sort(self) -> None:
        sort: dict[Order, Callable[[list[Landslide]], list[Landslide]]] = {
            Order.LARGEST: largest_first,
            Order.LEAST_CERTAIN: lambda landslides: least_certain_first(landslides, self._threshold),
            Order.MAP: along_the_map,
        }
        self._sequence = [landslide.fid for landslide in sort[self._order](list(self._landslides.values()))]

    def _go_on(self) -> None:
        self._go_to_undecided()
        self.moved.emit()

    def _go_to_undecided(self) -> None:
        """Go to the next polygon of those shown, to an undecided one if there is one."""
        undecided = (fid for fid in self._from_current(1) if not _decision(self._landslides[fid]))
        fid = next(undecided, None)
        is_shown = self.current is not None and self._shown.includes(self.current)
        if fid is None and not (is_shown and self._shown is Shown.ALL):
            fid = next(self._from_current(1), None)
        if fid is not None or not is_shown:
            self._current = fid

    def _from_current(self, by: int) -> Iterator[int]:
        """Yield the polygons shown, from the one after (or before) the current one all the way round to it."""
        sequence = self._sequence[::by]
        start = sequence.index(self._current) + 1 if self._current in self._landslides else 0
        for fid in chain(sequence[start:], sequence[:start]):
            if self._shown.includes(self._landslides[fid]):
                yield fid


def _decision(landslide: Landslide) -> str:
    """Return what was decided; words of other programs count as undecided."""
    return landslide.status if landslide.status in (ACCEPTED, REJECTED) else ""
