"""Makes what the model manager's tests need, with the engine's Python: `make_models.py FOLDER`.

FOLDER/slides is a model package whose download takes a while, FOLDER/foreign.onnx an ONNX model of three classes, none
of them named landslide.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "engine"))

from onnx_models import METADATA, write_onnx
from toy_models import write_toy

folder = Path(sys.argv[1])
kernel = np.random.default_rng(0).standard_normal((1, 3, 601, 601)).astype(np.float32) / 1e5
write_toy(
    folder / "slides", "segmentation", kernel, name="slides-of-the-institute", license="CC-BY-4.0",
    description="Made for this test.",
)  # fmt: skip
write_onnx(folder / "foreign.onnx", {**METADATA, "class_names": {0: "background", 1: "road", 2: "scar"}})
