"""Base of the three trainings: from rasters and polygons to a model that the detections list."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import EngineAlgorithm, is_given, only_result
from .cards import AUTO, shipped_cards, user_folder
from .engine import Engine, EngineOutput
from .engine.packages import check_can_train
from .i18n import tr
from .inputs import check_bands, corners, extent_on, integer, number, scene_source, text
from .polygons import resolve_polygons
from .request import TrainingRequest
from .sources import Source, engine_inputs
from .training_parameters import MINUTES, STARTS, training_outputs, training_parameters, training_scores
from .training_parameters import TrainingParameters as P

_CARD = "card.json"
_REPORT = "report.html"


@dataclass(frozen=True)
class _Plan:
    """What `prepareAlgorithm` found out in the main thread, for `processAlgorithm` in a worker thread.

    Attributes:
        request: for the engine, still without data sources and folder.
        images: the scenes, by keys that name them in their order.
        polygons: `labels` and `normal`, those that there are.
        name: of the new model.
    """

    request: TrainingRequest
    images: dict[str, Source]
    polygons: dict[str, Source]
    name: str


class TrainingAlgorithm(EngineAlgorithm):
    """A training. A subclass names its detector, and whether that learns from landslides.

    The engine writes the model anew whenever validation finds it better, so that a cancel keeps the best one.
    """

    DETECTOR = ""
    NEEDS_LABELS = True

    def __init__(self) -> None:
        super().__init__()
        self._plan: _Plan | None = None

    def group(self) -> str:
        return tr("Training")

    def groupId(self) -> str:
        return "training"

    def tags(self) -> list[str]:
        return tr("landslide,training,learn,fine-tune,model,deep learning,neural network").split(",")

    def initAlgorithm(self, configuration: dict[str, Any] | None = None) -> None:
        for parameter in training_parameters(self.DETECTOR, self.NEEDS_LABELS):
            self.addParameter(parameter)
        for output in training_outputs():
            self.addOutput(output)

    def find_engine(self) -> Engine:
        return check_can_train(super().find_engine())

    def prepareAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> bool:
        super().prepareAlgorithm(parameters, context, feedback)
        given = (self, parameters)
        layers = self._scenes(parameters, context)
        if self.NEEDS_LABELS and not is_given(parameters, P.LABELS):
            raise QgsProcessingException(self.invalidSourceError(parameters, P.LABELS))
        bands = _bands(parameters.get(P.BANDS))
        for layer in layers:
            check_bands(bands, layer)
        base = text(*given, P.BASE, context, AUTO)
        extent = self._extent(parameters, layers, context)
        resolution = number(*given, P.RESOLUTION, context)
        images = {
            f"scene{index}": scene_source(layer, extent, resolution, base, self.DETECTOR, context)
            for index, layer in enumerate(layers)
        }
        polygons: dict[str, Source] = {
            key: resolve_polygons(*given, name, context)
            for key, name in [("labels", P.LABELS), ("normal", P.NORMAL)]
            if is_given(parameters, name)
        }
        budget = self.parameterAsDouble(parameters, P.BUDGET, context)
        is_timed = self.parameterAsEnumString(parameters, P.BUDGET_TYPE, context) == MINUTES
        request = TrainingRequest(
            detector=self.DETECTOR,
            images=(),
            output="",
            base=base,
            bands=bands,
            extent=corners(extent),
            metres=number(*given, P.GROUND_RESOLUTION, context),
            minutes=budget if is_timed else None,
            epochs=None if is_timed else max(1, round(budget)),
            window=integer(*given, P.WINDOW, context),
            batch_size=integer(*given, P.BATCH_SIZE, context),
            validation_share=self.parameterAsDouble(parameters, P.VALIDATION_SHARE, context),
            device=text(*given, P.DEVICE, context, AUTO),
            resume=self.parameterAsBoolean(parameters, P.RESUME, context),
        )
        name = _checked_name(self.parameterAsString(parameters, P.NAME, context))
        self._plan = _Plan(request, images, polygons, name)
        return True

    def processAlgorithm(
        self, parameters: dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> dict[str, Any]:
        assert self._plan is not None  # nosec B101 (QGIS prepares an algorithm before it runs it)
        folder = user_folder() / self._plan.name
        if is_given(parameters, P.MODEL):
            folder = Path(self.parameterAsFileOutput(parameters, P.MODEL, context))
        request = self._plan.request
        if (folder / _CARD).exists() and not request.resume:
            raise QgsProcessingException(
                tr("There is a model in {} already: choose another name, or resume its training.").format(folder)
            )
        with engine_inputs({**self._plan.images, **self._plan.polygons}, feedback) as inputs:
            if feedback.isCanceled():
                return {}
            request = replace(
                request,
                images=tuple(inputs.names[key] for key in self._plan.images),
                labels=inputs.names.get("labels"),
                normal=inputs.names.get("normal"),
                output=str(folder),
                name=None if folder.name == self._plan.name else self._plan.name,
            )
            output = self.run_engine(request.arguments(), inputs.feedback)
        if output.cancelled:
            return self._kept(folder, output, feedback)
        found = only_result(output)
        if folder.parent == user_folder():
            feedback.pushInfo(tr("The detection algorithms list the new model as {}.").format(self._plan.name))
        else:
            feedback.pushInfo(tr("The new model is in {}; a detection takes this folder for its model.").format(folder))
        return {**self._results(folder), **{name.upper(): found.get(name) for name in training_scores()}}

    def _kept(self, folder: Path, output: EngineOutput, feedback: QgsProcessingFeedback) -> dict[str, Any]:
        """Say what a cancelled training leaves behind."""
        if not (folder / _CARD).is_file():
            feedback.pushInfo(tr("No model was written: the training was cancelled before its first validation."))
            return {}
        if output.scores:
            last = output.scores[-1]
            best = tr("{name} {value:.3f} on validation data").format(name=last["name"], value=last["best"])
        else:
            best = tr("from before")
        feedback.pushInfo(
            tr("The best model so far ({best}) is kept in {folder}; resuming goes on with its training.").format(
                best=best, folder=folder
            )
        )
        return self._results(folder)

    def _results(self, folder: Path) -> dict[str, Any]:
        assert self._plan is not None  # nosec B101
        results = {P.MODEL: str(folder), P.MODEL_NAME: self._plan.name}
        if (folder / _REPORT).is_file():
            results[P.REPORT] = str(folder / _REPORT)
        return results

    def _scenes(self, parameters: dict[str, Any], context: QgsProcessingContext) -> list[QgsRasterLayer]:
        given = parameters.get(P.INPUT)
        layers = []
        for entry in given if isinstance(given, (list, tuple)) else [given]:
            # One by one: of a list QGIS leaves out what it cannot load, and does not say what it was.
            loaded = self.parameterAsLayerList({P.INPUT: [entry]}, P.INPUT, context)
            if len(loaded) != 1 or not isinstance(loaded[0], QgsRasterLayer) or not loaded[0].isValid():
                raise QgsProcessingException(self.invalidRasterError({P.INPUT: entry}, P.INPUT))
            layers += loaded
        return layers

    def _extent(
        self, parameters: dict[str, Any], layers: list[QgsRasterLayer], context: QgsProcessingContext
    ) -> QgsRectangle:
        if is_given(parameters, P.EXTENT) and any(layer.crs() != layers[0].crs() for layer in layers):
            raise QgsProcessingException(
                tr("The scenes have different CRS: train on all of each, without an extent, or on one at a time.")
            )
        extents = [extent_on(layer, self, parameters, P.EXTENT, context) for layer in layers]
        return extents[0]


def _bands(value: Any) -> tuple[int, ...]:
    """Return bands given as text, or as a list by a script.

    Raises:
        QgsProcessingException: they are no whole numbers.
    """
    entries = value if isinstance(value, (list, tuple)) else re.findall(r"[^\s,;]+", str(value or ""))
    try:
        return tuple(int(entry) for entry in entries)
    except ValueError:
        raise QgsProcessingException(tr("Bands: {} are no numbers such as 1,2,3").format(value)) from None


def _checked_name(name: str) -> str:
    """Return the name of a model, which is to be that of a folder too.

    Raises:
        QgsProcessingException: it cannot be.
    """
    name = name.strip()
    if not re.fullmatch(r"\w[\w .+-]*", name) or name.endswith(".") or name in (AUTO, *STARTS):
        raise QgsProcessingException(
            tr("Name of the new model: '{}' cannot be one; use letters, digits, '-', '_' and spaces.").format(name)
        )
    if name in shipped_cards():
        raise QgsProcessingException(tr("Name of the new model: {} is a shipped one, choose another.").format(name))
    return name
