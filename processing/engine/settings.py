"""What a person may set: an environment variable wins over QGIS's setting, and that over the default.

The only place where either is read. The variables are for machines without a window, and for administrators.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsSettings

_GROUP = "landslide_detector"
_NO = ("0", "false", "no", "off")


@dataclass(frozen=True)
class Option:
    """One thing that can be set.

    Attributes:
        name: of the setting, within the plugin's group of QGIS's settings.
        variable: the environment variable that wins over the setting.
        default: what holds when neither is there.
    """

    name: str
    variable: str
    default: str = ""

    @property
    def key(self) -> str:
        """The whole name of the setting."""
        return f"{_GROUP}/{self.name}"

    @property
    def is_fixed(self) -> bool:
        """Whether the environment decides, so that a setting would be of no effect."""
        return bool(os.environ.get(self.variable))

    def value(self) -> str:
        """Return what holds."""
        return os.environ.get(self.variable) or self.stored() or self.default

    def is_on(self) -> bool:
        """Return what holds as yes or no."""
        return self.value().strip().lower() not in _NO

    def stored(self) -> str:
        """Return QGIS's setting, empty if there is none."""
        return str(QgsSettings().value(self.key) or "").strip()

    def store(self, text: str) -> None:
        """Set QGIS's setting; an empty text, or the default, removes it."""
        text = text.strip()
        if text in ("", self.default):
            QgsSettings().remove(self.key)
        else:
            QgsSettings().setValue(self.key, text)


# The `landslides` program, or the Python it is installed in; empty: the engine the plugin set up itself.
ENGINE = Option("engine", "LANDSLIDES_ENGINE")
# Folder of the user's own models.
MODELS = Option("models", "LANDSLIDES_MODELS", str(Path.home() / ".landslides" / "models"))
# What the algorithms' forms open with.
DEVICE = Option("device", "LANDSLIDES_DEVICE", "auto")
PRECISION = Option("precision", "LANDSLIDES_PRECISION", "auto")
# The set-up's: the Python to make the engine's environment with, and where packages come from.
PYTHON = Option("python", "LANDSLIDES_PYTHON")
WHEELS = Option("wheels", "LANDSLIDES_WHEELS")
INDEX_URL = Option("index_url", "LANDSLIDES_INDEX_URL")
TORCH_INDEX_URL = Option("torch_index_url", "LANDSLIDES_TORCH_INDEX_URL")
QGIS_PROXY = Option("qgis_proxy", "LANDSLIDES_QGIS_PROXY", "1")

OPTIONS = (ENGINE, MODELS, DEVICE, PRECISION, PYTHON, WHEELS, INDEX_URL, TORCH_INDEX_URL, QGIS_PROXY)


def engine_variables() -> dict[str, str]:
    """Return the environment variables by which the engine learns what is set here."""
    return {MODELS.variable: MODELS.value()} if MODELS.value() != MODELS.default else {}
