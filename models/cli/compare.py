"""``landslides compare``: all three detectors on one scene, against one inventory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ..evaluation.assess import PROBABILITY, Assessment, Extent, Settings, assess, card_facts, facts
from ..evaluation.compare import PAPER_MEAN_IOU, PAPER_PATCHES, comparison_tables, flat_figures, table_text
from ..evaluation.figures import landslide_figures
from ..evaluation.page import Page, check_report, write_report
from ..evaluation.scene_report import scene_part
from ..inference.detect import SceneDetection, Targets
from ..inference.detect import Settings as DetectionSettings
from ..inference.device import Choice, int8_or_best
from ..library.card import DETECTORS, Card
from ..library.choice import reason
from ..library.shelf import check_files, find_model
from .detect import Numbers, ground_resolution
from .options import choose_device, debug_option, device_options, progress_option
from .outcome import Outcome
from .progress import Reporter, make_reporter
from .run import DONE, run


class ModelOf(click.ParamType):
    """``DETECTOR=NAME``: a detector and its model."""

    name = "DETECTOR=NAME"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        detector, _, model = str(value).partition("=")
        if not model:
            self.fail(f"'{value}' is not DETECTOR=NAME, such as patches=my-model", param, ctx)
        if detector not in DETECTORS:
            self.fail(f"'{value}': there is no detector '{detector}', only {', '.join(DETECTORS)}", param, ctx)
        return detector, model


@click.command()
@click.argument("scene")
@click.option("--truth", required=True, help="Inventory: a raster (non-zero is landslide) or polygons, in any CRS.")
@click.option(
    "--model", "chosen", type=ModelOf(), multiple=True, help="Model of a detector, by name or folder of a package; may "
    "be given for each. Without it, the default that fits the scene's ground resolution best."
)  # fmt: skip
@click.option(
    "--output-dir", type=click.Path(path_type=Path), help="Folder for the probability rasters, masks and polygons of "
    "all three; without it they are not kept."
)  # fmt: skip
@click.option("--bands", type=Numbers(int, 3), help="Red, green and blue, such as 3,2,1.")
@click.option("--extent", type=Numbers(float, 4), metavar="XMIN,YMIN,XMAX,YMAX", help="Part, in the scene's CRS.")
@click.option("--report", type=click.Path(path_type=Path), help="Report to write (HTML, one file).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@device_options()
@progress_option
@debug_option
def compare(
    scene: str,
    truth: str,
    chosen: tuple[tuple[str, str], ...],
    output_dir: Path | None,
    bands: list[int] | None,
    extent: list[float] | None,
    report: Path | None,
    as_json: bool,
    device: str,
    precision: str,
    progress: str,
    debug: bool,
) -> int:
    """Detect landslides in SCENE with all three detectors, and measure them against an inventory.

    Prints Table 1 (patches) and Table 2 (mean IoU of segmentation and anomaly) of the poster that the detectors follow,
    for this scene, with the poster's own values and the colour index beside them. Where the truth holds no landslide,
    it prints a table of false alarms.
    """
    models = dict(chosen)
    for detector in models:
        if sum(each == detector for each, _ in chosen) > 1:
            raise click.UsageError(f"--model gives {detector} more than one model")
    reporter = make_reporter("none" if as_json else progress)
    box = None if extent is None else (extent[0], extent[1], extent[2], extent[3])
    comparison = Comparison(scene, truth, models, bands, box, reporter)

    def work() -> int:
        if report is not None:
            check_report(report)
        assessments = comparison.run(output_dir, choose_device(device, precision, reporter))
        if report is not None:
            comparison.write_report(report)
        _outcome(scene, truth, assessments, report).show(reporter, as_json)
        return DONE

    with reporter:
        try:
            return run(work, reporter, comparison.discard, debug)
        finally:
            comparison.discard()


class Comparison:
    """Detects with each detector in turn and measures what comes out; ``models`` by detector, ``auto`` for the rest."""

    def __init__(
        self,
        scene: str,
        truth: str,
        models: dict[str, str],
        bands: list[int] | None,
        extent: Extent | None,
        reporter: Reporter,
    ) -> None:
        self._scene, self._truth, self._models, self._bands, self._extent = scene, truth, models, bands, extent
        self._reporter = reporter
        self._settings = Settings(scene=scene, bands=bands)
        self._temporary: TemporaryDirectory[str] | None = None
        self._running: SceneDetection | None = None
        self._cards: dict[str, Card] = {}
        self._assessments: dict[str, Assessment] = {}

    def run(self, output_dir: Path | None, choice: Choice) -> dict[str, Assessment]:
        """The three assessments, by detector.

        Raises:
            LandslideError: with one line that names the culprit.
        """
        resolution = ground_resolution(self._scene, self._bands or [1], self._extent)
        for detector in DETECTORS:
            model = self._models.get(detector, "auto")
            card = self._cards[detector] = find_model(model, detector, resolution)
            why = reason(card, resolution) if model == "auto" else f"model '{card.name}'"
            self._reporter.log(f"{detector}: {why}")
            check_files(card)
        if output_dir is None:
            self._temporary = TemporaryDirectory(prefix="landslides-", ignore_cleanup_errors=True)
        else:
            output_dir.mkdir(parents=True, exist_ok=True)
        steps = 2 * len(DETECTORS)
        for index, (detector, card) in enumerate(self._cards.items()):
            self._reporter.part(2 * index, steps)
            here = int8_or_best(card, choice, self._reporter.warning)
            self._running = SceneDetection(card, here, DetectionSettings(), self._reporter)
            targets = self._targets(output_dir, detector)
            self._running.run(self._scene, targets, self._bands, self._extent)
            self._reporter.part(2 * index + 1, steps)
            settings = replace(self._settings, threshold=card.threshold)
            self._assessments[detector] = assess(
                str(targets.probability), PROBABILITY, self._truth, settings, self._reporter
            )
            self._reporter.progress(1.0)
        return self._assessments

    def write_report(self, target: Path) -> None:
        """Both tables, then each detector by itself."""
        parts = [
            scene_part(each.name, each.measured, each.grid, each.imagery, probabilities=True,
                       heading=detector.capitalize())
            for detector, each in self._assessments.items()
        ]  # fmt: skip
        named = {"Scene": self._scene, **facts(self._assessments["segmentation"], self._settings)}
        named.pop("Prediction (probability)")
        named.pop("Threshold")
        for detector, card in self._cards.items():
            of_card = card_facts(card)
            named[detector.capitalize()] = f"{of_card.pop('Model')}: " + "; ".join(
                f"{name.lower()}: {value}" for name, value in of_card.items()
            )
        page = Page(
            title=f"Three detectors on {Path(self._scene).name}",
            subtitle=f"Measured against the inventory {Path(self._truth.partition('|')[0]).name}",
            parts=parts,
            facts=named,
            tables=comparison_tables(self._assessments),
        )
        write_report(page, target)

    def discard(self) -> None:
        """Leave nothing unfinished and nothing temporary behind."""
        if self._running is not None:
            self._running.discard()
        if self._temporary is not None:
            self._temporary.cleanup()

    def _targets(self, output_dir: Path | None, detector: str) -> Targets:
        stem = f"{Path(self._scene.split('?')[0]).stem}_{detector}"
        if output_dir is None:
            assert self._temporary is not None
            return Targets(Path(self._temporary.name) / f"{stem}_probability.tif", None, None)
        return Targets(*(output_dir / f"{stem}_{what}" for what in ("probability.tif", "mask.tif", "polygons.gpkg")))


def _outcome(scene: str, truth: str, assessments: dict[str, Assessment], report: Path | None) -> Outcome:
    tables = "\n\n".join(table_text(table) for table in comparison_tables(assessments))
    details = {}
    for detector, each in assessments.items():
        figures, index = each.figures()
        details[detector] = {
            "model": each.name,
            **figures,
            **landslide_figures(each.measured.landslides),
            "colour_index": index,
        }
    return Outcome(
        {"input": scene, **flat_figures(assessments), "report": None if report is None else str(report)},
        {**details, "poster": {"patches": PAPER_PATCHES, "mean_iou": PAPER_MEAN_IOU}},
        f"{scene} against {truth}\n\n{tables}" + (f"\n\nreport: {report}" if report else ""),
    )
