"""Stands in for the engine where its speed or its end matters: `detect` gives results that were made before.

FAKE_SECONDS says how long it takes to give them, FAKE_RESULTS is a folder with `probability.tif`, `mask.tif` and
`polygons.gpkg`. Python's standard library only.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

TILES = 120


def emit(**event):
    print(json.dumps(event), flush=True)


def value_of(option):
    return sys.argv[sys.argv.index(option) + 1]


emit(event="log", message=f"model fake on cpu, fp32 (a stand-in); {TILES} tiles of 512 px, overlap 64 px, batch 4")
seconds = float(os.environ["FAKE_SECONDS"])
start = time.monotonic()
while (elapsed := time.monotonic() - start) < seconds:
    emit(event="progress", done=round(elapsed / seconds, 4), eta_s=round(seconds - elapsed, 1))
    time.sleep(0.05)
for option, name in (("--probability", "probability.tif"), ("--mask", "mask.tif"), ("--polygons", "polygons.gpkg")):
    shutil.copy(Path(os.environ["FAKE_RESULTS"], name), value_of(option))
emit(
    event="result",
    model="segmentation-deeplabv3plus",
    threshold=0.803,
    area_m2=1234.5,
    share=0.0123,
    landslides=7,
    version="0",
)
