"""``landslides benchmark``: how fast this machine detects, against what it could do."""

from __future__ import annotations

import json
import re
import tempfile
from dataclasses import asdict
from datetime import datetime, timezone
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

import click

from ..errors import InputError, LandslideError
from ..library.card import DETECTORS
from .environment import installed
from .options import debug_option, progress_option
from .outcome import Outcome
from .progress import make_reporter
from .run import DONE, run

PEER = "peer"
NEEDED = ("onnxruntime", "psutil")
VERSIONS = ("landslide-detector", "numpy", "rasterio", "openvino", "onnxruntime", "torch")


class SizesType(click.ParamType):
    """Sizes of scenes, ``WxH`` with commas between; read as a list of ``(width, height)``."""

    name = "WxH,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[tuple[int, int]]:
        sizes = []
        for part in str(value).split(","):
            match = re.fullmatch(r"(\d+)[xX](\d+)", part.strip())
            if not match or min(int(match[1]), int(match[2])) < 1:
                self.fail(f"'{part}' is not a size such as 2048x2048", param, ctx)
            sizes.append((int(match[1]), int(match[2])))
        return sizes


class CasesType(click.ParamType):
    """Names of detectors, and ``peer``, with commas between."""

    name = "NAME,..."

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        names = [part.strip() for part in str(value).split(",")]
        for name in names:
            if name not in (*DETECTORS, PEER):
                self.fail(f"'{name}' is none of {', '.join((*DETECTORS, PEER))}", param, ctx)
        return names


@click.command()
@click.option("--sizes", type=SizesType(), default="2048x2048", show_default=True, help="Scenes to make, px.")
@click.option(
    "--detectors", type=CasesType(), default=",".join((*DETECTORS, PEER)), show_default=True,
    help="What to measure; peer is DeepLabv3+ with ResNet50 on 3000 x 3000 px (needs PyTorch).",
)  # fmt: skip
@click.option("--repeat", type=click.IntRange(1), default=3, show_default=True, help="Times; medians are shown.")
@click.option(
    "--seconds", type=click.FloatRange(0.1), default=5.0, show_default=True,
    help="For each measurement of the bare network and of the plain loop.",
)  # fmt: skip
@click.option("--screen", is_flag=True, help="Measure two-stage search too: speed, and the recall it costs.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write all figures to this file.")
@click.option("--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), help="For the scenes.")
@progress_option
@debug_option
def benchmark(
    sizes: list[tuple[int, int]],
    detectors: list[str],
    repeat: int,
    seconds: float,
    screen: bool,
    json_file: Path | None,
    folder: Path | None,
    progress: str,
    debug: bool,
) -> int:
    """Measure detection on synthetic scenes. Needs the packages onnxruntime and psutil.

    Shown for each detector and backend: the bare network, the whole command from start to finished files, the share
    of the one in the other, memory, the share of this machine's matrix-product limit, and how many times faster it is
    than a plain loop of ONNX Runtime in fp32 over the same tiles; the wait for a small part of the largest scene; and
    how far the answers are from those of PyTorch in fp32.
    """
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise click.UsageError(f"--json {json_file}: the folder does not exist")
    reporter = make_reporter(progress)
    place = tempfile.TemporaryDirectory(prefix="landslides-benchmark-", dir=folder, ignore_cleanup_errors=True)

    def work() -> int:
        from ..benchmark.agreement import measure_agreement
        from ..benchmark.case import Case
        from ..benchmark.extent import measure_extent
        from ..benchmark.machine import machine
        from ..benchmark.measure import measure
        from ..benchmark.peer import OVERLAP, SIDE, TILE, write_peer
        from ..benchmark.scenes import CROWDED, PIXEL, make_block, write_rare, write_scene
        from ..benchmark.screening import measure_screening
        from ..benchmark.table import as_text
        from ..inference.streaming import Tiling
        from ..library.shelf import find_model

        missing = [package for package in NEEDED if find_spec(package) is None]
        if missing:
            raise LandslideError(f"the benchmark needs {' and '.join(missing)}: pip install {' '.join(missing)}")
        has_torch = find_spec("torch") is not None
        if not has_torch:
            reporter.warning("PyTorch is not installed: the peer's case and the comparison with fp32 are left out")
        models = {name: find_model("auto", name, PIXEL) for name in detectors if name != PEER}
        here = Path(place.name)
        reporter.log("making the scenes")
        largest = max(sizes, key=prod)
        smallest = min(map(min, sizes))
        block = make_block(max(256, min(1024, smallest)))
        cases = []
        for width, height in sizes:
            scene = here / f"{width}x{height}.tif"
            write_scene(scene, block, width, height)
            cases += [Case(name, card, scene, width, height, Tiling()) for name, card in models.items()]
        if PEER in detectors and has_torch:
            side = min(SIDE, max(max(size) for size in sizes)) if smallest < TILE else SIDE
            scene = here / "peer.tif"
            write_scene(scene, block, side, side)
            card = write_peer(here / PEER, find_model("auto", "segmentation", PIXEL))
            cases.append(Case(PEER, card, scene, side, side, Tiling(TILE, OVERLAP)))
        outcomes: list[Any] = []
        extents: list[Any] = []
        agreements: list[Any] = []
        for number, case in enumerate(cases):
            reporter.progress(number / (len(cases) + screen))
            outcomes += measure(case, repeat, seconds, reporter.log)
            if case.name != PEER and (case.width, case.height) == largest:
                extents.append(measure_extent(case, repeat, reporter.log))
                agreements += measure_agreement(case, reporter.log) if has_torch else []
        screening = None
        if screen:
            reporter.progress(len(cases) / (len(cases) + 1))
            scene, truth = here / "rare.tif", here / "rare_truth.tif"
            slid, intact = (make_block(len(block.truth), density) for density in (CROWDED, 0))
            write_rare(scene, truth, slid, intact, *largest)
            case = Case("two-stage search", find_model("auto", "segmentation", PIXEL), scene, *largest, Tiling())
            screening = measure_screening(case, truth, repeat, reporter.log)
        reporter.progress(1.0)
        figures = {
            "date": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "machine": machine(),
            "versions": {package: installed(package) for package in VERSIONS},
            "repeat": repeat,
            "seconds": seconds,
            "outcomes": [asdict(outcome) for outcome in outcomes],
            "extents": [asdict(extent) for extent in extents],
            "agreements": [asdict(agreement) for agreement in agreements],
            "screening": asdict(screening) if screening else None,
        }
        Outcome(figures, {}, as_text(outcomes, extents, agreements, screening)).show(reporter, as_json=False)
        if json_file is not None:
            try:
                json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
            except OSError as error:
                raise InputError(f"{json_file}: cannot be written ({error.strerror})") from None
        return DONE

    with reporter, place:
        return run(work, reporter, place.cleanup, debug)
