"""Layers on their way to the engine: resolved in the main thread, made readable for it in a worker thread."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from qgis.core import (
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingMultiStepFeedback,
    QgsProcessingUtils,
)

from .rendering import RenderingError
from .scene import SceneError


class Source(Protocol):
    """A layer that was resolved in the main thread."""

    @property
    def takes_time(self) -> bool:
        """Whether `materialise` is worth a step of its own on the progress bar."""
        ...

    def materialise(self, folder: Path, feedback: QgsProcessingFeedback) -> str:
        """Return the data source for the engine; temporary files go into `folder`, which is its own."""
        ...


@dataclass(frozen=True)
class EngineInputs:
    """What the engine can read now.

    Attributes:
        names: the data sources, in the order and under the keys they were given; incomplete after a cancel.
        folder: for more temporary files; it goes when the inputs do.
        feedback: for the engine, whose progress is the last step.
    """

    names: dict[str, str]
    folder: Path
    feedback: QgsProcessingFeedback


@contextmanager
def engine_inputs(sources: Mapping[str, Source], feedback: QgsProcessingFeedback) -> Iterator[EngineInputs]:
    """Make all sources readable; what is temporary among them is deleted in the end.

    Raises:
        QgsProcessingException: a layer could not be read, or its copy not be written.
    """
    steps = QgsProcessingMultiStepFeedback(1 + sum(source.takes_time for source in sources.values()), feedback)
    step = 0
    with TemporaryDirectory(dir=QgsProcessingUtils.tempFolder()) as name:
        inputs = EngineInputs({}, Path(name), steps)
        for key, source in sources.items():
            if feedback.isCanceled():
                break
            place = inputs.folder / key
            place.mkdir()
            try:
                inputs.names[key] = source.materialise(place, steps)
            except (SceneError, RenderingError) as error:
                raise QgsProcessingException(str(error)) from None
            if source.takes_time:
                step += 1
                steps.setCurrentStep(step)
        yield inputs
