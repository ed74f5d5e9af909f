"""Results on the map: one group for each run, polygons above mask above probability."""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingUtils,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from ...processing.i18n import tr
from .run import DESTINATIONS, Run
from .run_property import record_of, set_record
from .styles import load_style, style_of

# The mask says what the polygons say, so it waits unseen.
_HIDDEN = "MASK"


def add_results(run: Run, context: QgsProcessingContext) -> QgsLayerTreeGroup:
    """Add the layers of a run that is done to the project, named and styled by its algorithm.

    Call in the main thread.
    """
    found = {}
    for destination, details in context.layersToLoadOnCompletion().items():
        layer = QgsProcessingUtils.mapLayerFromString(destination, context)
        if layer is None:
            continue
        # The context would delete it with itself.
        context.takeResultLayer(layer.id())
        layer.setName(details.name or layer.name())
        if details.postProcessor() is not None:
            details.postProcessor().postProcessLayer(layer, context, context.feedback())
        run.record = record_of(layer) or run.record
        found[details.outputName] = layer
    return _add(run, found)


def reload_results(run: Run) -> list[QgsMapLayer]:
    """Add the layers of a past run to the project; return those whose files are still there."""
    titles = {"POLYGONS": tr("landslides"), "MASK": tr("landslide mask"), "PROBABILITY": tr("landslide probability")}
    found = {}
    for name, title in titles.items():
        path = str(run.results.get(name) or "")
        if not path or not Path(path.split("|", maxsplit=1)[0]).exists():
            continue
        make = QgsVectorLayer if name == "POLYGONS" else QgsRasterLayer
        layer = make(path, f"{run.scene.name}: {title}")
        if layer.isValid():
            load_style(layer, style_of(name, run.algorithm))
            if run.record:
                set_record(layer, run.record)
            found[name] = layer
    if found:
        _add(run, found)
    return list(found.values())


def layers_of(run: Run) -> list[QgsMapLayer]:
    """Return the layers in the project that show the files of a run."""
    paths = {str(run.results[name]) for name in DESTINATIONS if run.results.get(name)}
    return [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.source().split("|", maxsplit=1)[0] in paths
    ]


def _add(run: Run, layers: dict[str, QgsMapLayer]) -> QgsLayerTreeGroup:
    project = QgsProject.instance()
    group = project.layerTreeRoot().insertGroup(0, run.title)
    for name in DESTINATIONS:
        if name in layers:
            project.addMapLayer(layers[name], False)
            node = group.addLayer(layers[name])
            node.setExpanded(False)
            node.setItemVisibilityChecked(name != _HIDDEN)
    return group
