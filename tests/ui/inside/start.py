"""Started inside QGIS by `qgis --code`: plays one scenario, writes what it saw as JSON, and closes QGIS.

The environment says which: LANDSLIDES_UI_TEST is the path of a JSON object with `scenario` (a function in
`scenarios`, or MODULE:FUNCTION of another module beside it), `arguments` (given to it by name), `verdict` (the file
to write), `pictures` (a folder), `seconds` (the time allowed) and `here` (the folder of this file).
"""

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.utils import iface

TEST = json.loads(Path(os.environ["LANDSLIDES_UI_TEST"]).read_text())
sys.path.insert(0, str(Path(TEST["here"])))


def write_verdict(verdict: dict) -> None:
    Path(TEST["verdict"]).write_text(json.dumps(verdict, indent=1))


def main() -> None:
    import window

    window.PICTURES = Path(TEST["pictures"])
    module, _, scenario = TEST["scenario"].rpartition(":")
    errors: list[str] = []
    # An exception in a slot reaches nobody: QGIS would show it in a box and go on.
    sys.excepthook = lambda *error: errors.append("".join(traceback.format_exception(*error)))

    def give_up() -> None:
        window.picture(f"{scenario}_timed_out")
        write_verdict({"error": f"not done after {TEST['seconds']} s", "uncaught": errors})
        os._exit(1)

    QTimer.singleShot(int(TEST["seconds"] * 1000), give_up)
    iface.mainWindow().setGeometry(0, 0, 1600, 1000)
    try:
        seen = getattr(importlib.import_module(module or "scenarios"), scenario)(**TEST["arguments"])
        write_verdict({"seen": seen, "uncaught": errors})
    except Exception:
        window.picture(f"{scenario}_failed")
        write_verdict({"error": traceback.format_exc(), "uncaught": errors})
    # Else QGIS asks about layers in temporary folders before it closes.
    QgsProject.instance().clear()
    iface.actionExit().trigger()


# Once the window's event loop runs.
QTimer.singleShot(0, main)
