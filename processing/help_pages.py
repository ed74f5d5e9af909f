"""The help pages: what is particular to an algorithm from its own file, what is shared from one place.

`help/NAME.html` says what the algorithm does, its limits and its source. A comment `<!-- parameters -->` in it becomes
the lists of parameters and outputs, from the texts they carry as tooltips; `<!-- include PART -->` becomes the file
`help/parts/PART.html`; a picture `help/NAME.png` is shown at the top. All of them may be there in other languages, in a
folder of the language's name (`help/ja/NAME.html`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition

from .i18n import localised, tr

_FOLDER = Path(__file__).parent / "help"
_INCLUDE = re.compile(r"<!-- include (\w+) -->")
_PARAMETERS = "<!-- parameters -->"
_PICTURE_WIDTH_PX = 420


def help_page(algorithm: QgsProcessingAlgorithm) -> str:
    """Return the help of an algorithm that has been initialised, as HTML in one line."""
    name = algorithm.name()
    text = _read(f"{name}.html")
    text = _INCLUDE.sub(lambda found: _read(f"parts/{found[1]}.html"), text)
    text = text.replace(_PARAMETERS, _parameters(algorithm))
    picture = localised(_FOLDER, f"{name}.png")
    if picture.is_file():
        text = f'<p><img src="{picture.as_uri()}" width="{_PICTURE_WIDTH_PX}"></p>{text}'
    # QGIS takes the end of a line for the end of a paragraph.
    return " ".join(text.split())


def tutorial_page() -> Path:
    """Return the tutorial, in the user's language if there is one."""
    return localised(_FOLDER, "tutorial.html")


def _read(name: str) -> str:
    return localised(_FOLDER, name).read_text(encoding="utf-8")


def _parameters(algorithm: QgsProcessingAlgorithm) -> str:
    definitions = algorithm.parameterDefinitions()
    advanced = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    inputs = [definition for definition in definitions if not definition.isDestination()]
    destinations = [definition for definition in definitions if definition.isDestination()]
    names = {definition.name() for definition in definitions}
    values = [output.description() for output in algorithm.outputDefinitions() if output.name() not in names]
    outputs = _described(destinations)
    if values:
        outputs += f"<p><b>{tr('Values')}</b>: {escape('; '.join(values), quote=False)}.</p>"
    sections = [
        (tr("Parameters"), _described(item for item in inputs if not item.flags() & advanced)),
        (tr("Advanced parameters"), _described(item for item in inputs if item.flags() & advanced)),
        (tr("Outputs"), outputs),
    ]
    return "".join(f"<h3>{heading}</h3>{text}" for heading, text in sections if text)


def _described(definitions: Iterable[QgsProcessingParameterDefinition]) -> str:
    return "".join(
        f"<p><b>{escape(definition.description(), quote=False)}</b>: {definition.help()}</p>"
        for definition in definitions
    )
