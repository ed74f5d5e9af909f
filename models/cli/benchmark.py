"""``landslides benchmark``: how fast this machine detects, against what it could do."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from ..errors import InputError
from ..library.card import DETECTORS
from .options import debug_option, progress_option
from .outcome import Outcome
from .progress import make_reporter
from .run import DONE, run

PEER = "peer"


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
@click.option("--repeat", type=click.IntRange(1), default=1, show_default=True, help="Times; medians are shown.")
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
    """Measure detection on synthetic scenes.

    Shown for each detector and backend: the bare network, the whole command from start to finished files, the share
    of the one in the other, memory, the share of this machine's matrix-product limit, and how many times faster it is
    than a plain loop of ONNX Runtime in fp32 over the same tiles.
    """
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise click.UsageError(f"--json {json_file}: the folder does not exist")
    reporter = make_reporter(progress)
    place = tempfile.TemporaryDirectory(prefix="landslides-benchmark-", dir=folder, ignore_cleanup_errors=True)

    def work() -> int:
        from ..benchmark.measure import Case, has_onnxruntime, measure
        from ..benchmark.peer import OVERLAP, SIDE, TILE, write_peer
        from ..benchmark.scenes import CROWDED, PIXEL, make_block, write_rare, write_scene
        from ..benchmark.screening import measure_screening
        from ..benchmark.table import as_text
        from ..inference.streaming import Tiling
        from ..library.shelf import find_model

        def find(detector: str) -> Any:
            return find_model("auto", detector, PIXEL)

        if not has_onnxruntime():
            reporter.warning("ONNX Runtime is not installed: nothing to compare with (pip install onnxruntime)")
        chosen = list(detectors)
        if PEER in chosen and find_spec("torch") is None:
            reporter.warning("PyTorch is not installed: the peer's case is left out")
            chosen.remove(PEER)
        here = Path(place.name)
        reporter.log("making the scenes")
        smallest = min(min(size) for size in sizes)
        block = make_block(max(256, min(1024, smallest)))
        cases = []
        for width, height in sizes:
            scene = here / f"{width}x{height}.tif"
            write_scene(scene, block, width, height)
            for detector in chosen:
                if detector != PEER:
                    cases.append(Case(detector, find(detector), scene, width, height, Tiling()))
        if PEER in chosen:
            side = min(SIDE, max(max(size) for size in sizes)) if smallest < TILE else SIDE
            scene = here / "peer.tif"
            write_scene(scene, block, side, side)
            card = write_peer(here / PEER, find("segmentation"))
            cases.append(Case(PEER, card, scene, side, side, Tiling(TILE, OVERLAP)))
        outcomes: list[Any] = []
        for number, case in enumerate(cases):
            reporter.progress(number / (len(cases) + screen))
            outcomes += measure(case, repeat, seconds, reporter.log)
        screening = None
        if screen:
            reporter.progress(len(cases) / (len(cases) + 1))
            reporter.log("two-stage search")
            width, height = sizes[-1]
            scene, truth = here / "rare.tif", here / "rare_truth.tif"
            slid, intact = (make_block(len(block.truth), density) for density in (CROWDED, 0))
            write_rare(scene, truth, slid, intact, width, height)
            case = Case("two-stage search", find("segmentation"), scene, width, height, Tiling())
            screening = measure_screening(case, truth)
        reporter.progress(1.0)
        figures = {
            "outcomes": [outcome.as_dict() for outcome in outcomes],
            "screening": screening.as_dict() if screening else None,
        }
        Outcome(figures, {}, as_text(outcomes, screening)).show(reporter, as_json=False)
        if json_file is not None:
            try:
                json_file.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
            except OSError as error:
                raise InputError(f"{json_file}: cannot be written ({error.strerror})") from None
        return DONE

    with reporter, place:
        return run(work, reporter, place.cleanup, debug)
