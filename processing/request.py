"""The command lines of the engine: what an algorithm asks for, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .cards import AUTO

Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class DetectionRequest:
    """All that `landslides detect` is asked for; None leaves it to the model's card or to the engine.

    Attributes:
        detector: `patches`, `segmentation` or `anomaly`.
        source: data source of the scene.
        probability: GeoTIFF to write.
        mask: GeoTIFF to write.
        polygons: GeoPackage to write.
        model: name, folder or `auto`.
        bands: of the scene, counted from 1, in the model's order.
        threshold: probability from which something counts as landslide.
        extent: xmin, ymin, xmax, ymax in the scene's CRS.
        area: data source of the polygons to search in.
        screen: segment only where a coarse look at the scene is suspicious.
        min_area: of a polygon, square metres.
        tile_size: side of a tile, px.
        overlap: of neighbouring tiles, px.
        batch_size: tiles at a time.
        device: `cpu`, `cuda`, `cuda:1`, `mps`, `xpu` or `auto`.
        precision: `fp32`, `bf16`, `fp16`, `int8` or `auto`.
    """

    detector: str
    source: str
    probability: str
    mask: str
    polygons: str | None = None
    model: str = AUTO
    bands: tuple[int, ...] = ()
    threshold: float | None = None
    extent: Extent | None = None
    area: str | None = None
    screen: bool = False
    min_area: float | None = None
    tile_size: int | None = None
    overlap: int | None = None
    batch_size: int | None = None
    device: str = AUTO
    precision: str = AUTO

    def arguments(self) -> list[str]:
        """Return the arguments for the engine."""
        options = {
            "--probability": self.probability,
            "--mask": self.mask,
            "--polygons": self.polygons,
            "--model": self.model,
            "--bands": self.bands,
            "--extent": self.extent,
            "--threshold": self.threshold,
            "--aoi": self.area,
            "--screen": self.screen,
            "--min-area": self.min_area,
            "--tile-size": self.tile_size,
            "--overlap": self.overlap,
            "--batch-size": self.batch_size,
            "--device": self.device,
            "--precision": self.precision,
        }
        return ["detect", self.detector, self.source, *_words(options)]


@dataclass(frozen=True)
class TrainingRequest:
    """All that `landslides train` is asked for; None leaves it to the engine.

    Attributes:
        detector: `patches`, `segmentation` or `anomaly`.
        images: data sources of the scenes.
        output: folder of the new model.
        name: of the new model, if not that of the folder.
        base: model to start from, by name or folder; `auto`, `imagenet` or `scratch`.
        labels: data source of the landslides known.
        normal: data source of the polygons that hold normal ground.
        bands: of the scenes, counted from 1, in the order the model is to have.
        extent: xmin, ymin, xmax, ymax in the scenes' CRS.
        metres: ground resolution of scenes that do not tell it themselves, metres a pixel.
        minutes: time to train for.
        epochs: rounds to train for.
        window: side of a training window, px.
        batch_size: windows in a step.
        validation_share: share of the ground kept for validation, 0 to 1.
        device: as of a detection.
        resume: go on from the last checkpoint in `output`.
    """

    detector: str
    images: tuple[str, ...]
    output: str
    name: str | None = None
    base: str = AUTO
    labels: str | None = None
    normal: str | None = None
    bands: tuple[int, ...] = ()
    extent: Extent | None = None
    metres: float | None = None
    minutes: float | None = None
    epochs: int | None = None
    window: int | None = None
    batch_size: int | None = None
    validation_share: float | None = None
    device: str = AUTO
    resume: bool = False

    def arguments(self) -> list[str]:
        """Return the arguments for the engine."""
        images = [word for image in self.images for word in ("--image", image)]
        # The finest and the coarsest.
        resolution = [] if self.metres is None else ["--resolution", str(self.metres), str(self.metres)]
        options = {
            "--labels": self.labels,
            "--normal": self.normal,
            "--output": self.output,
            "--name": self.name,
            "--base": self.base,
            "--bands": self.bands,
            "--extent": self.extent,
            "--minutes": self.minutes,
            "--epochs": self.epochs,
            "--window": self.window,
            "--batch-size": self.batch_size,
            "--validation-share": self.validation_share,
            "--device": self.device,
            "--resume": self.resume,
        }
        return ["train", self.detector, *images, *resolution, *_words(options)]


@dataclass(frozen=True)
class AssessmentRequest:
    """All that `landslides evaluate` is asked for, of a prediction.

    Attributes:
        kind: what the prediction is: `probability`, `mask` or `polygons`.
        prediction: data source of it.
        truth: data source of the inventory.
        scene: data source of the imagery for the report's maps.
        threshold: probability from which something counts as landslide.
        extent: xmin, ymin, xmax, ymax in the prediction's CRS.
        area: data source of the polygons to look within.
        report: HTML page to write.
    """

    kind: str
    prediction: str
    truth: str
    scene: str | None = None
    threshold: float | None = None
    extent: Extent | None = None
    area: str | None = None
    report: str | None = None

    def arguments(self) -> list[str]:
        """Return the arguments for the engine."""
        options = {
            f"--{self.kind}": self.prediction,
            "--truth": self.truth,
            "--scene": self.scene,
            "--threshold": self.threshold,
            "--extent": self.extent,
            "--aoi": self.area,
            "--report": self.report,
        }
        return ["evaluate", *_words(options)]


@dataclass(frozen=True)
class ComparisonRequest:
    """All that `landslides compare` is asked for.

    Attributes:
        source: data source of the scene.
        truth: data source of the inventory.
        models: by detector: name, folder or `auto`.
        bands: of the scene, counted from 1, in the models' order.
        extent: xmin, ymin, xmax, ymax in the scene's CRS.
        device: as of a detection.
        precision: as of a detection.
        output_dir: folder for what the detectors find.
        report: HTML page to write.
    """

    source: str
    truth: str
    models: Mapping[str, str]
    bands: tuple[int, ...] = ()
    extent: Extent | None = None
    device: str = AUTO
    precision: str = AUTO
    output_dir: str | None = None
    report: str | None = None

    def arguments(self) -> list[str]:
        """Return the arguments for the engine."""
        chosen = [(detector, model) for detector, model in self.models.items() if model != AUTO]
        models = [word for detector, model in chosen for word in ("--model", f"{detector}={model}")]
        options = {
            "--truth": self.truth,
            "--bands": self.bands,
            "--extent": self.extent,
            "--device": self.device,
            "--precision": self.precision,
            "--output-dir": self.output_dir,
            "--report": self.report,
        }
        return ["compare", self.source, *models, *_words(options)]


def _words(options: Mapping[str, object]) -> list[str]:
    """Return options as words of a command line, without those that are None, empty, False or `auto`."""
    words = []
    for option, value in options.items():
        if value is None or value is False or value in ((), AUTO):
            continue
        if value is True:
            words.append(option)
            continue
        text = ",".join(map(repr, value)) if isinstance(value, tuple) else str(value)
        # A coordinate that begins with a minus sign would look like an option.
        words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    return words
