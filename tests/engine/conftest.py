"""Shared by the engine's tests: toy models, detection in this process, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio.shutil
from evaluation_case import half_found
from landslide_detector.models.cli.main import main
from landslide_detector.models.detectors.base import Network
from landslide_detector.models.detectors.registry import build_detector
from landslide_detector.models.inference import detect as detect_module
from landslide_detector.models.inference.detect import Detection, SceneDetection, Settings, Targets
from landslide_detector.models.inference.device import Choice
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.library.card import Card
from landslide_detector.models.raster.cog import write_cog
from landslide_detector.models.raster.polygons import write_polygons
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning
from scenes import landscape
from toy_models import write_toy

DETECTORS = ("patches", "segmentation", "anomaly")
EXACT = Choice("cpu", "fp32", "chosen by the test")


def pytest_configure(config):
    # rasterio multiplies transforms the way affine 3 will give up one day.
    config.addinivalue_line("filterwarnings", "ignore:Use `@` matmul:PendingDeprecationWarning")


@pytest.fixture(scope="session", autouse=True)
def _own_caches(tmp_path_factory):
    """No test reads or writes the user's models and caches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("LANDSLIDES_MODELS", str(tmp_path_factory.mktemp("own_models")))
        yield


@pytest.fixture(scope="session")
def toys(tmp_path_factory) -> dict[str, Card]:
    """The default toy of each detector."""
    folder = tmp_path_factory.mktemp("toys")
    return {detector: write_toy(folder / f"toy-{detector}", detector) for detector in DETECTORS}


class FinishingHere:
    """The finishing steps in this process: the same functions, without the start of three interpreters."""

    def __init__(self) -> None:
        self._printed: list[str] = []

    def prepare(self) -> None:
        pass

    def cog(self, source: Path, target: Path, resampling: str) -> None:
        write_cog(source, target, resampling)
        self._printed.append("")

    def polygons(self, mask: Path, probability: Path, target: Path, min_area: float) -> None:
        self._printed.append(str(write_polygons(mask, probability, target, min_area)))

    def wait(self) -> list[str]:
        return self._printed

    def kill(self) -> None:
        pass


@pytest.fixture
def finishing_here(monkeypatch):
    """Finish results in this process. Tests of cancelling and of full disks do without."""
    monkeypatch.setattr(detect_module, "FinishingSteps", FinishingHere)


@pytest.fixture
def rasters_only(monkeypatch):
    """Leave out overviews and polygons, where a test looks at pixels only."""

    def plain(self: FinishingHere, source: Path, target: Path, resampling: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            rasterio.shutil.copy(source, target, driver="GTiff")

    monkeypatch.setattr(FinishingHere, "cog", plain)
    monkeypatch.setattr(FinishingHere, "wait", lambda self: ["0"])
    monkeypatch.setattr(FinishingHere, "polygons", lambda self, mask, probability, target, min_area: target.touch())


@dataclass
class Told:
    """A reporter that remembers."""

    progressed: list[float] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def progress(self, done: float) -> None:
        self.progressed.append(done)

    def log(self, message: str) -> None:
        self.logs.append(message)

    def warning(self, message: str) -> None:
        self.warnings.append(message)


@dataclass(frozen=True)
class Run:
    """A finished detection and its files."""

    detection: Detection
    told: Told
    probability: Path
    mask: Path
    polygons: Path


@pytest.fixture
def run_detection(finishing_here, tmp_path) -> Callable[..., Run]:
    """Detect a scene with a model: ``run_detection(card, scene, threshold=..., tiling=..., name=..., **where)``."""

    def run(
        card: Card,
        scene: Path | str,
        *,
        threshold: float | None = None,
        tiling: Tiling | None = None,
        screen: Card | None = None,
        min_area: float | None = 0.0,
        resume: bool = False,
        name: str = "result",
        **where: Any,
    ) -> Run:
        told = Told()
        folder = tmp_path / name
        folder.mkdir(exist_ok=resume)
        targets = Targets(folder / "probability.tif", folder / "mask.tif", folder / "polygons.gpkg")
        # Tiles of the card's size: small scenes of many tiles.
        tiling = tiling or Tiling(card.tile_size, card.overlap)
        settings = Settings(threshold, tiling, screen, min_area, resume)
        detection = SceneDetection(card, EXACT, settings, told).run(str(scene), targets, **where)
        return Run(detection, told, folder / "probability.tif", folder / "mask.tif", folder / "polygons.gpkg")

    return run


@dataclass(frozen=True)
class Answer:
    """What a command line answered."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.events if line["event"] == event]

    @property
    def error(self) -> str:
        """The one line that says what is wrong."""
        (line,) = self.err.strip().splitlines()
        return line


@pytest.fixture
def landslides(finishing_here, monkeypatch, capfd) -> Callable[..., Answer]:
    """Run the command line in this process: ``landslides("detect", "segmentation", ...)``."""

    def run(*arguments: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["landslides", *map(str, arguments)])
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capfd.readouterr()
        return Answer(int(ended.value.code or 0), out, err)

    return run


COMMAND = [sys.executable, "-c", "from landslide_detector.models.cli.main import main; main()"]
WATCHED = "import sys; sys.argv = ['landslides', *sys.argv[1:]]\n" + (
    "from landslide_detector.models.cli.main import main\n"
    "try:\n    main()\n"
    "finally:\n    print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
)
TORCH = {"torch", "torchvision", "pytorch_lightning", "segmentation_models_pytorch"}


def loaded_by(*arguments: str | Path) -> tuple[int, set[str]]:
    """Exit code, and the top-level packages a command imports."""
    done = subprocess.run([sys.executable, "-c", WATCHED, *map(str, arguments)], capture_output=True, text=True)
    return done.returncode, set(done.stdout.splitlines()[-1].split()[1:])


def probabilities(card: Card, network: Network, size: int) -> NDArray[np.float32]:
    """What a model says of two landscapes, by a network of its own."""
    images = np.stack([landscape(size, size, seed=seed) for seed in range(2)]).astype(np.float32) / 255
    return build_detector(card).predict(network, images, np.ones((2, size, size), bool))


@pytest.fixture
def case(tmp_path):
    """A scene at 2 m with two landslides, one of them half found, and one false alarm."""
    return half_found(tmp_path)
