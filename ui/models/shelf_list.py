"""The list of models: shipped ones, the user's own, and those to be downloaded."""

from __future__ import annotations

from qgis.core import QgsFileUtils
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from ...processing.cards import ModelCard, list_cards
from ...processing.catalogue import Offer, read_catalogue
from ...processing.i18n import tr
from ..dock.scene_facts import metres_range

_NAME, _DETECTOR, _RESOLUTION, _STATE = range(4)
_KEY = Qt.ItemDataRole.UserRole
_HALF_PRECISION = 2  # bytes of a weight


class ShelfList(QTreeWidget):
    """The models in three groups.

    Signals:
        chosen: another model is the current one; with its name, empty for none.
    """

    chosen = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("LandslideModels")
        self.setAccessibleName(tr("Models"))
        self.setColumnCount(4)
        self.setHeaderLabels([tr("Model"), tr("Detector"), tr("Metres a pixel"), tr("Size")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setIndentation(12)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.header().setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        self.currentItemChanged.connect(lambda item, _before: self.chosen.emit(self._key(item)))
        self._cards: dict[str, ModelCard] = {}
        self._offers: dict[str, Offer] = {}

    @property
    def name(self) -> str:
        """The current model's name; empty for none."""
        return self._key(self.currentItem())

    def names(self) -> list[str]:
        """Return the names of all models that are listed."""
        return list(self._cards)

    def card(self, name: str) -> ModelCard | None:
        """Return a model's card."""
        return self._cards.get(name)

    def offer(self, name: str) -> Offer | None:
        """Return where a model can be had, None if it is here already or nowhere."""
        card = self._cards.get(name)
        return self._offers.get(name) if card is not None and card.missing else None

    def refresh(self, choose: str = "") -> None:
        """List what there is now; the current model, or `choose`, is the current one again."""
        wanted = choose or self.name
        here = {card.name: card for card in list_cards()}
        self._offers = read_catalogue()
        self._cards = {**{name: offer.card for name, offer in self._offers.items()}, **here}
        groups: dict[str, list[ModelCard]] = {
            tr("Shipped and downloaded"): [],
            tr("Your own"): [],
            tr("To download"): [],
        }
        shipped, own, to_download = groups.values()
        for name, card in self._cards.items():
            if name in self._offers:
                (to_download if card.missing else shipped).append(card)
            else:
                (own if card.is_own else shipped).append(card)
        self.blockSignals(True)
        self.clear()
        groups = [(tr("Shipped and downloaded"), shipped), (tr("Your own"), own), (tr("To download"), to_download)]
        for title, cards in groups:
            if cards:
                self._add_group(title, cards)
        self.expandAll()
        self.blockSignals(False)
        self.setCurrentItem(self._find(wanted) or self._find(""))
        self.chosen.emit(self.name)

    def show_state(self, name: str, text: str) -> None:
        """Show how far the download of a model is."""
        item = self._find(name)
        if item is not None:
            item.setText(_STATE, text)

    def _add_group(self, title: str, cards: list[ModelCard]) -> None:
        group = QTreeWidgetItem(self, [title])
        font = group.font(_NAME)
        font.setBold(True)
        group.setFont(_NAME, font)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFirstColumnSpanned(True)
        for card in cards:
            item = QTreeWidgetItem(group, [card.name, detector_name(card.detector), metres_range(card), size(card)])
            item.setData(_NAME, _KEY, card.name)
            item.setToolTip(_NAME, str(card.fields.get("description", "")))
            if card.is_default:
                item.setText(_DETECTOR, tr("{} (default)").format(detector_name(card.detector)))
                item.setToolTip(_DETECTOR, tr("Taken where the model is 'auto' and the scene's resolution fits"))

    def _find(self, name: str) -> QTreeWidgetItem | None:
        """Return the item of a model; for an empty name the first of all."""
        for group in (self.topLevelItem(row) for row in range(self.topLevelItemCount())):
            for item in (group.child(row) for row in range(group.childCount())):
                if name in ("", item.data(_NAME, _KEY)):
                    return item
        return None

    @staticmethod
    def _key(item: QTreeWidgetItem | None) -> str:
        return str(item.data(_NAME, _KEY) or "") if item is not None else ""


def detector_name(detector: str) -> str:
    """Return a detector in words."""
    names = {"patches": tr("Patches"), "segmentation": tr("Segmentation"), "anomaly": tr("Anomaly")}
    return names.get(detector, detector)


def size(card: ModelCard) -> str:
    """Return how large a model's files are; of one that is not here, by the number of its weights."""
    if not card.missing:
        here = sum((card.folder / name).stat().st_size for name in card.files)
        return QgsFileUtils.representFileSize(here)
    parameters = card.fields.get("mlm:total_parameters")
    return tr("about {}").format(QgsFileUtils.representFileSize(parameters * _HALF_PRECISION)) if parameters else ""
