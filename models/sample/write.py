"""The synthetic scene as files: a GeoTIFF, its truth, and the truth's polygons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.errors import RasterioError
from rasterio.features import shapes
from rasterio.windows import Window
from shapely.geometry import shape

from ..errors import OutputError
from ..raster.output import OutputFiles
from .mosaic import scene_rows
from .scene import Progress
from .sensor import NODATA, TRUTH_NODATA
from .terrain import PIXEL_M

CRS = "EPSG:32648"
ORIGIN = (529_840.0, 3_021_312.0)
"""Easting and northing in metres of the upper left corner: a place in the hills of Guizhou picked for its CRS only."""

LABEL = "Synthetic sample scene: procedurally generated, not an image of any real place"
TRUTH_LABEL = "Ground truth of a synthetic sample scene: 1 landslide, 0 none; not a map of any real place"
SOFTWARE = "landslides sample (synthetic)"
LAYER = "synthetic_landslides"


def write_sample(
    scene: Path,
    truth: Path,
    polygons: Path | None,
    *,
    height: int,
    width: int,
    seed: int,
    files: OutputFiles,
    progress: Progress = lambda done: None,
) -> None:
    """Write a synthetic scene and its ground truth; they appear together or not at all.

    Args:
        scene: GeoTIFF to write, three bands uint8, nodata 0.
        truth: GeoTIFF to write, uint8: 1 landslide, 0 none, nodata 255.
        polygons: GeoPackage to write with the landslides' outlines, or None.
        height, width: in px of 0.8 m.
        seed: any integer from 0; the same seed and size give the same scene.
        files: keeps the temporary names until all is complete.
        progress: told the share done, 0 to 1.

    Raises:
        OutputError: a folder is missing, or a file cannot be written.
    """
    unfinished = [files.reserve(path) for path in (scene, truth)]
    outlines = files.reserve(polygons) if polygons else None
    try:
        _write_rasters(unfinished[0], unfinished[1], height, width, seed, progress)
        if outlines:
            _write_polygons(unfinished[1], outlines)
    except (RasterioError, OSError) as error:
        raise OutputError(f"{scene.parent}: cannot write there, is the disk full? ({error})") from None
    files.commit()


def _write_rasters(scene: Path, truth: Path, height: int, width: int, seed: int, progress: Progress) -> None:
    profile: dict[str, Any] = {
        "driver": "GTiff", "width": width, "height": height, "dtype": "uint8", "crs": CRS,
        "transform": Affine(PIXEL_M, 0, ORIGIN[0], 0, -PIXEL_M, ORIGIN[1]), "tiled": True, "blockxsize": 512,
        "blockysize": 512, "compress": "DEFLATE", "bigtiff": "IF_SAFER", "num_threads": "ALL_CPUS",
    }  # fmt: skip
    with (
        rasterio.open(
            scene, "w", **profile, count=3, nodata=NODATA, photometric="RGB", interleave="pixel", predictor=2, zlevel=1
        ) as image_file,
        rasterio.open(truth, "w", **profile, count=1, nodata=TRUTH_NODATA) as truth_file,
    ):
        image_file.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
        for band, colour in enumerate(("red", "green", "blue"), 1):
            image_file.set_band_description(band, f"{colour} (synthetic)")
        truth_file.set_band_description(1, "landslide truth (synthetic)")
        for dataset, label in ((image_file, LABEL), (truth_file, TRUTH_LABEL)):
            dataset.update_tags(
                TIFFTAG_IMAGEDESCRIPTION=label, TIFFTAG_SOFTWARE=SOFTWARE, SYNTHETIC="YES", SEED=str(seed)
            )
        top = 0
        for image, labels in scene_rows(height, width, seed, progress):
            window = Window(0, top, width, len(labels))
            image_file.write(image, window=window)
            truth_file.write(labels, 1, window=window)
            top += len(labels)


def _write_polygons(truth: Path, target: Path) -> None:
    """Outlines of the truth's landslides, with their areas, labelled as synthetic."""
    import geopandas

    with rasterio.open(truth) as dataset:
        outlines = list(_outlines(dataset))
    frame = geopandas.GeoDataFrame(
        {
            "id": range(1, len(outlines) + 1),
            "area_m2": [round(outline.area, 2) for outline in outlines],
            "origin": ["synthetic"] * len(outlines),
        },
        geometry=outlines,
        crs=CRS,
    )
    frame.to_file(
        target, layer=LAYER, driver="GPKG", engine="pyogrio", geometry_type="Polygon",
        layer_metadata={"DESCRIPTION": TRUTH_LABEL}, dataset_options={"VERSION": "1.2"},
    )  # fmt: skip


def _outlines(dataset: Any) -> Iterator[Any]:
    band = rasterio.band(dataset, 1)
    for geometry, value in shapes(band, mask=band, connectivity=4, transform=dataset.transform):
        if value == 1:
            yield shape(geometry)
