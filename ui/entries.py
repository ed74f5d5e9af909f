"""The entries of the button's drop-down: which algorithm, its words and its icon."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from qgis.PyQt.QtCore import QCoreApplication
from qgis.PyQt.QtGui import QIcon

_ICONS = Path(__file__).parent / "icons"


def tr(text: str) -> str:
    """Translate `text` into the language of the user's QGIS."""
    return QCoreApplication.translate("LandslideDetector", text)


def icon(name: str) -> QIcon:
    """Return the icon `ui/icons/NAME.svg`."""
    return QIcon(str(_ICONS / f"{name}.svg"))


@dataclass(frozen=True)
class Entry:
    """One entry of the drop-down.

    Attributes:
        algorithm: id of the Processing algorithm whose dialog the entry opens.
        icon: name of the icon in `ui/icons`.
        text: what the entry says; `&` marks the key that picks it.
        hint: one sentence for the tooltip.
    """

    algorithm: str
    icon: str
    text: str
    hint: str

    @property
    def name(self) -> str:
        """The algorithm's own name, without its provider's."""
        return self.algorithm.partition(":")[2]


def detectors() -> list[Entry]:
    """Return the three detectors, the one to begin with first."""
    return [
        Entry(
            "landslides:segmentlandslides",
            "segmentation",
            tr("&Segment Landslides…"),
            tr("Outlines landslides pixel by pixel (DeepLabv3+)."),
        ),
        Entry(
            "landslides:detectpatches",
            "patches",
            tr("Detect Landslide &Patches…"),
            tr("Says for each patch of the scene how likely it holds a landslide (ResNet50)."),
        ),
        Entry(
            "landslides:detectanomalies",
            "anomaly",
            tr("Detect &Anomalies…"),
            tr("Marks what does not look like normal terrain (U-Net that learned without labels)."),
        ),
    ]


def tools() -> list[Entry]:
    """Return the entries that need no layer."""
    return [
        Entry(
            "landslides:createsamplescene",
            "sample",
            tr("&Create Sample Scene…"),
            tr("Makes a synthetic scene with known landslides, to try the detectors on."),
        ),
        Entry(
            "landslides:checkenvironment",
            "environment",
            tr("Check &Environment…"),
            tr("Shows what is installed, and which device the detectors will use and why."),
        ),
    ]
