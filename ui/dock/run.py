"""A run: one algorithm on one scene, with all that is needed to do it again."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timezone
from enum import Enum
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer

from ...processing.i18n import tr

DESTINATIONS = ("POLYGONS", "MASK", "PROBABILITY")  # from the top of the map down


class RunState(str, Enum):
    """How far a run is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        return self not in (RunState.QUEUED, RunState.RUNNING)

    @property
    def label(self) -> str:
        return {
            RunState.QUEUED: tr("waiting"),
            RunState.RUNNING: tr("running"),
            RunState.DONE: tr("done"),
            RunState.FAILED: tr("failed"),
            RunState.CANCELLED: tr("cancelled"),
        }[self]


@dataclass(frozen=True)
class SceneReference:
    """A raster layer as it can be found again, in this project or another.

    Attributes:
        layer: identifier in the project it was used in.
        name: of the layer.
        source: data source.
        provider: key of its data provider.
    """

    layer: str
    name: str
    source: str
    provider: str

    @classmethod
    def of(cls, layer: QgsRasterLayer) -> SceneReference:
        return cls(layer.id(), layer.name(), layer.source(), layer.providerType())

    def find(self, project: QgsProject) -> QgsRasterLayer | None:
        """Return the layer in `project`, by identifier or else by data source."""
        layer = project.mapLayer(self.layer)
        if isinstance(layer, QgsRasterLayer):
            return layer
        for layer in project.mapLayers().values():
            if isinstance(layer, QgsRasterLayer) and layer.source() == self.source:
                return layer
        return None

    def load(self, project: QgsProject) -> QgsRasterLayer | None:
        """Return the layer, added to `project` if it is not in it; None if its data are gone."""
        layer = self.find(project)
        if layer is None:
            layer = QgsRasterLayer(self.source, self.name, self.provider)
            if not layer.isValid():
                return None
            project.addMapLayer(layer)
        return layer


@dataclass
class Run:
    """One detection, waiting, at work or over.

    Attributes:
        algorithm: identifier, `landslides:segmentlandslides`.
        label: what a person calls the algorithm.
        scene: what it runs on.
        parameters: of the algorithm but for the scene and the destinations; they fit into JSON.
        folder: where its files go; empty for temporary ones.
        state: how far it is.
        message: why it failed or was cancelled, else empty.
        results: what the algorithm returned.
        record: of how they came about, as the algorithm keeps it in its layers.
        log: what it said.
        created: ISO 8601, UTC.
        identifier: unique.
    """

    algorithm: str
    label: str
    scene: SceneReference
    parameters: dict[str, Any]
    folder: str = ""
    state: RunState = RunState.QUEUED
    message: str = ""
    results: dict[str, Any] = field(default_factory=dict)
    record: dict[str, Any] = field(default_factory=dict)
    log: str = ""
    created: str = field(default_factory=lambda: datetime.now(timezone.utc).isoformat(timespec="seconds"))
    identifier: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def title(self) -> str:
        return f"{self.scene.name}: {self.label}"

    def again(self) -> Run:
        """Return a new run of the same, which writes to new files."""
        return Run(self.algorithm, self.label, self.scene, dict(self.parameters), self.folder)

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "state": self.state.value}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Run:
        """Make a run of what `to_dict` gave.

        Raises:
            KeyError, TypeError, ValueError: it is no such thing.
        """
        known = {item.name for item in fields(cls)}
        kept = {name: value for name, value in values.items() if name in known}
        kept["scene"] = SceneReference(**kept["scene"])
        kept["state"] = RunState(kept["state"])
        return cls(**kept)
