"""Base of the algorithms that measure how good a detection is, against landslides that are known."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsCoordinateTransform,
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
)

from .algorithm import EngineAlgorithm, is_given
from .cards import AUTO
from .i18n import tr
from .inputs import scene_source
from .polygons import resolve_polygons
from .scene import metres_per_unit
from .sources import Source


class EvaluationAlgorithm(EngineAlgorithm):
    """An evaluation: it takes an inventory of landslides, and writes a report."""

    TRUTH = "TRUTH"
    REPORT = "REPORT"

    def group(self) -> str:
        return tr("Evaluation")

    def groupId(self) -> str:
        return "evaluation"

    def tags(self) -> list[str]:
        return tr("landslide,accuracy,evaluation,validation,inventory,ground truth,precision,recall,F1,IoU").split(",")

    def existing_layer(self, parameters: dict[str, Any], name: str, context: QgsProcessingContext) -> QgsMapLayer:
        """Return the layer of a parameter.

        Raises:
            QgsProcessingException: there is none.
        """
        layer = self.parameterAsLayer(parameters, name, context)
        if layer is None or not layer.isValid():
            raise QgsProcessingException(self.invalidSourceError(parameters, name))
        return layer

    def layer_source(
        self,
        layer: QgsMapLayer,
        parameters: dict[str, Any],
        name: str,
        context: QgsProcessingContext,
        grid: QgsRasterLayer,
        extent: QgsRectangle,
        model: str = AUTO,
    ) -> Source:
        """Return the raster or vector layer of a parameter as the engine will read it.

        Args:
            layer: the layer.
            parameters: of the algorithm.
            name: of the parameter.
            context: of the run.
            grid: the raster in whose pixels is compared; a layer that has none of its own is read in those.
            extent: the part that is compared, in the CRS of `grid`; null for all of it.
            model: of the segmentation, for whose resolution a grid that is no file is read.

        Raises:
            QgsProcessingException: there is nothing in it, or it cannot be read.
        """
        if not isinstance(layer, QgsRasterLayer):
            return resolve_polygons(self, parameters, name, context)
        if layer is grid or layer.dataProvider().xSize() > 0:
            part = extent if layer is grid else QgsRectangle()
            return scene_source(layer, part, None, model, "segmentation", context)
        area = grid.extent() if extent.isNull() else extent
        transforms = context.transformContext()
        there = QgsCoordinateTransform(grid.crs(), layer.crs(), transforms).transformBoundingBox(area)
        metres = metres_per_unit(grid.crs(), area, transforms) * grid.rasterUnitsPerPixelX()
        return scene_source(layer, there, metres / metres_per_unit(layer.crs(), there, transforms), AUTO, "", context)

    def report_path(self, parameters: dict[str, Any], context: QgsProcessingContext) -> str | None:
        """Return where the report goes, None without one.

        Raises:
            QgsProcessingException: it is not named as a web page.
        """
        if not is_given(parameters, self.REPORT):
            return None
        path = str(self.parameterAsFileOutput(parameters, self.REPORT, context))
        if not path.lower().endswith((".html", ".htm")):
            raise QgsProcessingException(tr("{}: the report is a web page, name it .html").format(path))
        return path
