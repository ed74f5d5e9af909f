"""What several test modules need: a feedback that remembers, small rasters and vectors, a way to run an algorithm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsFeature,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt

gdal.UseExceptions()

REPOSITORY = Path(__file__).resolve().parents[2]


class RememberingFeedback(QgsProcessingFeedback):
    """Keeps what it is told, by kind."""

    def __init__(self) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.commands: list[str] = []
        self.console: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.progress: list[float] = []
        # Directly: the thread that a test runs in may be waiting for this very news.
        self.progressChanged.connect(lambda percent: self.on_progress(percent), Qt.ConnectionType.DirectConnection)

    def on_progress(self, percent):
        self.progress.append(percent)

    def pushInfo(self, info):
        self.infos.append(info)

    def pushCommandInfo(self, info):
        self.commands.append(info)

    def pushConsoleInfo(self, info):
        self.console.append(info)

    def pushWarning(self, warning):
        self.warnings.append(warning)

    def reportError(self, error, fatalError=False):  # noqa: N803 (QGIS's name)
        self.errors.append(error)

    def setProgressText(self, text):
        self.infos.append(text)


class Run:
    """One run of an algorithm as QGIS does it, with the context and the feedback it left."""

    def __init__(self, algorithm_id: str, parameters: dict[str, Any], feedback: RememberingFeedback | None = None):
        self.feedback = feedback or RememberingFeedback()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.context.setFeedback(self.feedback)
        algorithm = QgsApplication.processingRegistry().createAlgorithmById(algorithm_id)
        self.results, self.succeeded = algorithm.run(parameters, self.context, self.feedback)


def write_raster(
    path: Path,
    size: tuple[int, int] = (40, 30),
    bands: int = 3,
    epsg: int | None = 32651,
    corner: tuple[float, float] = (500000, 2700000),
    pixel: float = 1.0,
    kind: int = gdal.GDT_Byte,
) -> Path:
    """Write a GeoTIFF of `size` (columns, rows) with a pattern in it; without EPSG code also without georeference."""
    columns, rows = size
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, bands, kind)
    if epsg is not None:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(epsg)
        dataset.SetProjection(reference.ExportToWkt())
        dataset.SetGeoTransform([corner[0], pixel, 0, corner[1], 0, -pixel])
    for band in range(1, bands + 1):
        values = np.add.outer(np.arange(rows) * 3, np.arange(columns) * 2) + 10 * band
        dataset.GetRasterBand(band).WriteArray((values % 250).astype(np.uint16))
    dataset.FlushCache()
    del dataset
    return path


def read_raster(path: Path | str) -> np.ndarray:
    """All bands, (bands, rows, columns)."""
    values = gdal.Open(str(path)).ReadAsArray()
    return values if values.ndim == 3 else values[None]


def polygon_layer(rectangles: list[tuple[float, float, float, float]], crs: str = "EPSG:32651") -> QgsVectorLayer:
    """A layer in memory, with a polygon for each xmin, ymin, xmax, ymax."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field=name:string", "areas", "memory")
    features = []
    for number, (xmin, ymin, xmax, ymax) in enumerate(rectangles):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(
            QgsGeometry.fromWkt(f"POLYGON(({xmin} {ymin},{xmax} {ymin},{xmax} {ymax},{xmin} {ymax},{xmin} {ymin}))")
        )
        feature.setAttributes([f"area {number}"])
        features.append(feature)
    assert layer.dataProvider().addFeatures(features)[0]
    return layer


def option(arguments: list[str], name: str) -> str:
    """The value of `--name VALUE` or `--name=VALUE` on a command line."""
    for word, following in zip(arguments, [*arguments[1:], ""]):
        if word == name:
            return following
        if word.startswith(f"{name}="):
            return word.split("=", maxsplit=1)[1]
    raise AssertionError(f"no {name} in {arguments}")
