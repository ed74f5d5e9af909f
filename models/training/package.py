"""The model package that comes out of training: written anew whenever validation improves, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from torch import nn

from ..evaluation.metrics import BinaryScores
from ..library.card import ANOMALY_TERMS, CARD, GRAPH, WEIGHTS
from ..raster.stretch import Rule
from .calibration import calibrate
from .export import export_package
from .recipes import Recipe
from .replacing import replace_files
from .windows import HeldOut, TrainingData

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STDDEV = (0.229, 0.224, 0.225)
#: What a unit of the anomaly network's input, and so of its noise, stands for in deviations of a pixel: a weaker noise
#: a U-Net removes by averaging alone, and restores a landslide as well as a forest.
NOISE_UNIT = 3.0

SMOOTHINGS = [9, 27]  # px: narrow landslides are seen in the one, wide ones among fields and roads in the other
TASK_NAMES = {
    "patches": "scene-classification",
    "segmentation": "semantic-segmentation",
    "anomaly": "anomaly-detection",
}
OUTPUTS = {"patches": "landslide logit", "segmentation": "landslide logit", "anomaly": "restored image"}
ORDER = ["batch", "bands", "height", "width"]
FILES = (WEIGHTS, GRAPH, CARD)
UNLICENSED = "not stated"

Normalisation = tuple[tuple[float, ...], tuple[float, ...]]


def default_normalisation(detector: str, bands: int, stretch: Rule) -> Normalisation:
    """Mean and deviation of each band, of values in [0, 1]: where the stretch puts a scene's own, or else ImageNet's.

    Bands that ImageNet does not have are taken for an average one.
    """
    if "median" in stretch:
        return (stretch["median"],) * bands, (stretch["deviation"],) * bands
    unit = NOISE_UNIT if detector == "anomaly" else 1.0
    mean = [*IMAGENET_MEAN, *[sum(IMAGENET_MEAN) / 3] * bands][:bands]
    stddev = [*IMAGENET_STDDEV, *[sum(IMAGENET_STDDEV) / 3] * bands][:bands]
    return tuple(round(m, 4) for m in mean), tuple(round(s * unit, 4) for s in stddev)


def card_fields(
    name: str,
    detector: str,
    recipe: Recipe,
    data: TrainingData,
    normalisation: Normalisation,
    parameters: int,
) -> dict[str, Any]:
    """A model card without what is measured: field names follow STAC MLM 1.5 where it has one."""
    side, bands = recipe.tile_size, len(data.bands)
    patches = (side - recipe.overlap) // (recipe.window - recipe.overlap) if detector == "patches" else 0
    results = {
        "patches": [-1, 1, patches, patches],
        "segmentation": [-1, 1, side, side],
        "anomaly": [-1, bands, side, side],
    }
    result = results[detector]
    fields: dict[str, Any] = {
        "name": name,
        "detector": detector,
        "description": f"{recipe.architecture} trained on {', '.join(str(s['name']) for s in data.sources)}",
        "version": "1.0.0",
        "license": UNLICENSED,
        "mlm:name": name,
        "mlm:architecture": recipe.architecture,
        "mlm:framework": "pytorch",
        "mlm:tasks": [TASK_NAMES[detector]],
        "mlm:total_parameters": parameters,
        "mlm:input": [
            {
                "name": "image",
                "bands": list(data.bands),
                "input": {"shape": [-1, bands, side, side], "dim_order": ORDER, "data_type": "float32"},
                "value_scaling": [
                    {"type": "z-score", "mean": mean, "stddev": stddev}
                    for mean, stddev in zip(*normalisation, strict=True)
                ],
            }
        ],
        "mlm:output": [
            {
                "name": OUTPUTS[detector],
                "tasks": [TASK_NAMES[detector]],
                "result": {"shape": result, "dim_order": ORDER[: len(result)], "data_type": "float32"},
                "classification:classes": [{"value": 0, "name": "background"}, {"value": 1, "name": "landslide"}],
            }
        ],
        "landslides:encoder": recipe.encoder,
        "landslides:stretch": dict(data.stretch),
        "landslides:resolution": [float(f"{metres:.3g}") for metres in data.resolution],
        "landslides:tile_size": side,
        "landslides:overlap": recipe.overlap,
        "landslides:threshold": 0.5,
        "landslides:training_data": data.sources,
        "landslides:limits": limits(data),
        "landslides:trained": date.today().isoformat(),
    }
    if detector == "patches":
        fields["landslides:patch_size"] = recipe.window
    if detector == "anomaly":
        weights = [[1.0] * ANOMALY_TERMS] * len(SMOOTHINGS)
        fields["landslides:anomaly"] = {"smoothings": SMOOTHINGS, "midpoint": 1.0, "slope": 1.0, "weights": weights}
    return fields


def limits(data: TrainingData) -> str:
    """What a model's figures stand on, and what they do not tell, for its card."""
    finest, coarsest = data.resolution
    count = sum(item.has_landslide for item in data.held_out)
    measured = f"Measured on {data.validation} only, where {count} of {len(data.held_out)} windows have landslides."
    if not count:
        measured = f"Not measured: no landslide is known on {data.validation}."
    elsewhere = "Expect less in another region, season or sensor."
    return f"{measured} {elsewhere} For imagery of {finest:.3g} to {coarsest:.3g} m a pixel."


def write_package(
    network: nn.Module, folder: Path, fields: dict[str, Any], held_out: HeldOut, is_clean: bool = True
) -> tuple[dict[str, Any], BinaryScores]:
    """Export a network, calibrate it on what is held out, and put the package into place.

    Args:
        network: the trained network.
        folder: of the package; other files in it are left alone.
        fields: the card, without what is measured.
        held_out: what the network was not trained on.
        is_clean: whether all landslides of it are known.

    Returns:
        The card's fields, and the scores on what is held out.
    """
    with _put_into_place(folder) as unfinished:
        size = fields["landslides:tile_size"]
        export_package(network, unfinished, fields, len(fields["mlm:input"][0]["bands"]), size)
        return calibrate(unfinished, held_out, is_clean)


def calibrate_package(folder: Path, held_out: HeldOut, is_clean: bool = True) -> tuple[dict[str, Any], BinaryScores]:
    """Calibrate a package that is in place anew, as ``write_package`` does."""
    with _put_into_place(folder) as unfinished:
        for name in FILES:
            shutil.copyfile(folder / name, unfinished / name)
        return calibrate(unfinished, held_out, is_clean)


@contextmanager
def _put_into_place(folder: Path) -> Iterator[Path]:
    """A folder to make a package in, which is moved when it is whole: what was there before stays usable until then."""
    unfinished = folder / ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    yield unfinished
    replace_files(unfinished, folder, FILES)
    shutil.rmtree(unfinished, ignore_errors=True)
