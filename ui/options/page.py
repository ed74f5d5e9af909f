"""The page "Landslide Detector" in Settings > Options: all that can be set, each with its environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QFormLayout, QGroupBox, QLabel, QPushButton, QVBoxLayout, QWidget

from ...processing.engine import settings
from ...processing.i18n import tr
from .fields import CheckField, ChoiceField, Field, FileField, FolderField, TextField

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

# By which `showOptionsDialog` finds the page.
PAGE = "LandslideDetectorOptions"
_ICON = Path(__file__).resolve().parents[2] / "processing" / "icons" / "landslides.svg"

_DEVICES = ("auto", "cpu", "cuda", "cuda:0", "cuda:1", "mps", "xpu")
_PRECISIONS = ("auto", "fp32", "bf16", "fp16", "int8")


class OptionsPage(QgsOptionsPageWidget):
    """The form.

    Args:
        parent: given by QGIS.
        iface: the QGIS window.
    """

    def __init__(self, parent: QWidget | None, iface: QgisInterface) -> None:
        super().__init__(parent)
        self.setObjectName(PAGE)
        self._iface = iface
        self._fields: list[Field] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        detection = self._group(layout, tr("Detection"))
        self._add(
            detection,
            tr("Engine"),
            FileField(settings.ENGINE, tr("the one set up by the plugin")),
            tr("The program landslides, the Python it is installed in, or their environment's folder."),
        )
        self._add(
            detection,
            tr("Folder of models"),
            FolderField(settings.MODELS, settings.MODELS.default),
            tr("Where your own and downloaded models are kept."),
        )
        self._add(
            detection,
            tr("Device"),
            ChoiceField(settings.DEVICE, _DEVICES, is_editable=True),
            tr("What the forms of the algorithms open with; auto takes a GPU that works, else the CPU."),
        )
        self._add(
            detection,
            tr("Arithmetic precision"),
            ChoiceField(settings.PRECISION, _PRECISIONS),
            tr(
                "What the forms of the algorithms open with; auto takes the fastest the device computes natively. "
                "Models without an int8 copy are computed as by auto where int8 is set."
            ),
        )
        self._add_setup(layout)
        layout.addStretch()

    def apply(self) -> None:
        """Keep what is in the form; called by QGIS on OK."""
        for field in self._fields:
            field.keep()

    def _add_setup(self, layout: QVBoxLayout) -> None:
        setup = self._group(layout, tr("Set-up of the engine"))
        self._add(
            setup,
            tr("Python"),
            FileField(settings.PYTHON, tr("any of 3.10 or newer on this machine")),
            tr("The Python to make the engine's environment with."),
        )
        self._add(
            setup,
            tr("Folder of wheels"),
            FolderField(settings.WHEELS, tr("none: packages are downloaded")),
            tr("Packages come from here, without any network. Where there is one, fill it by: pip wheel PLUGIN_FOLDER"),
        )
        self._add(
            setup,
            tr("Package index"),
            TextField(settings.INDEX_URL, tr("pip's own")),
            tr("Address of a package index (https://…/simple), for all packages."),
        )
        self._add(
            setup,
            tr("PyTorch's index"),
            TextField(settings.TORCH_INDEX_URL, tr("chosen by the driver found")),
            tr("Address of the index for torch and torchvision; else the package index, if one is named."),
        )
        self._add(
            setup,
            "",
            CheckField(settings.QGIS_PROXY, tr("Use the proxy of QGIS's network options")),
            tr("Otherwise that of the environment (HTTPS_PROXY) or of pip's configuration."),
        )
        button = QPushButton(tr("Set up the engine…"))
        button.setObjectName("open_setup")
        button.clicked.connect(lambda _checked: self._open_setup())
        setup.addRow("", button)

    def _group(self, layout: QVBoxLayout, title: str) -> QFormLayout:
        group = QGroupBox(title)
        layout.addWidget(group)
        return QFormLayout(group)

    def _add(self, form: QFormLayout, label: str, field: Field, explanation: str) -> None:
        option = field.option
        tip = "\n".join([explanation, tr("Environment variable: {}").format(option.variable)])
        field.widget.setToolTip(tip)
        field.widget.setObjectName(option.name)
        if option.is_fixed:
            field.widget.setEnabled(False)
            field.widget.setToolTip(f"{tip}\n{tr('It is set, and wins over what is set here.')}")
        title = QLabel(label)
        title.setToolTip(field.widget.toolTip())
        title.setBuddy(field.widget)
        form.addRow(title, field.widget)
        self._fields.append(field)

    def _open_setup(self) -> None:
        # A page of a modal dialog cannot be left for a window behind it.
        self.apply()
        self.window().close()
        from ..setup import open_setup

        open_setup(self._iface)


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time QGIS opens its Options dialog."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__(tr("Landslide Detector"), QIcon(str(_ICON)))
        self._iface = iface
        self._page: OptionsPage | None = None

    def createWidget(self, parent: QWidget | None = None) -> QgsOptionsPageWidget:
        # Held, or Python would let go of the half of it that is written in Python while QGIS shows it.
        self._page = OptionsPage(parent, self._iface)
        return self._page


def register_options(iface: QgisInterface) -> OptionsFactory:
    """Add the page to QGIS's Options; keep what is returned, for QGIS does not."""
    factory = OptionsFactory(iface)
    iface.registerOptionsWidgetFactory(factory)
    return factory


def unregister_options(iface: QgisInterface, factory: OptionsFactory) -> None:
    """Take the page out of QGIS's Options."""
    iface.unregisterOptionsWidgetFactory(factory)
