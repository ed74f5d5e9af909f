"""Results on the map: one group for each run, polygons above mask above probability."""

from __future__ import annotations

from collections.abc import Iterator
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
from qgis.PyQt import sip

from ...processing.i18n import tr
from .run import DESTINATIONS, Run
from .run_property import record_of, set_record
from .styles import load_style, style_of

# The mask says what the polygons say, so it waits unseen.
_HIDDEN = "MASK"


def add_results(run: Run, context: QgsProcessingContext) -> Iterator[None]:
    """Add the layers of a run that is done to the project, named and styled by its algorithm.

    One layer at each step, so that the window can answer in between. Take the steps in the main thread.
    """
    wanted = {details.outputName: destination for destination, details in context.layersToLoadOnCompletion().items()}
    group = _add_group(run)
    for name in DESTINATIONS:
        # Meanwhile the project may have been closed.
        if sip.isdeleted(group):
            return
        layer = QgsProcessingUtils.mapLayerFromString(wanted[name], context) if name in wanted else None
        if layer is None:
            continue
        # The context would delete it with itself.
        context.takeResultLayer(layer.id())
        details = context.layersToLoadOnCompletion()[wanted[name]]
        layer.setName(details.name or layer.name())
        if details.postProcessor() is not None:
            details.postProcessor().postProcessLayer(layer, context, context.feedback())
        run.record = record_of(layer) or run.record
        _add_layer(layer, name, group)
        yield


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
    group = _add_group(run) if found else None
    for name in DESTINATIONS:
        if name in found:
            _add_layer(found[name], name, group)
    return list(found.values())


def layers_of(run: Run) -> list[QgsMapLayer]:
    """Return the layers in the project that show the files of a run."""
    paths = {str(run.results[name]) for name in DESTINATIONS if run.results.get(name)}
    return [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if layer.source().split("|", maxsplit=1)[0] in paths
    ]


def _add_group(run: Run) -> QgsLayerTreeGroup:
    return QgsProject.instance().layerTreeRoot().insertGroup(0, run.title)


def _add_layer(layer: QgsMapLayer, output: str, group: QgsLayerTreeGroup) -> None:
    QgsProject.instance().addMapLayer(layer, False)
    node = group.addLayer(layer)
    node.setExpanded(False)
    node.setItemVisibilityChecked(output != _HIDDEN)
