"""A small scene with its prediction and inventories, for what measures the one against the other."""

from __future__ import annotations

import geopandas
import numpy as np
from scenes import METRES_2, UTM, landscape, write_raster
from shapely.geometry import box

SHAPE = (60, 80)


class Case:
    def __init__(self, folder, truth, probability):
        self.folder, self.truth, self.probability = folder, truth, probability
        self.probability_path = write_raster(folder / "p.tif", probability[None], nodata=np.nan)
        self.mask_path = write_raster(folder / "m.tif", (probability >= 0.5).astype(np.uint8)[None], nodata=255)
        self.truth_path = write_raster(folder / "t.tif", truth[None])
        self.polygons = [pixel_box(10, 10, 30, 20), pixel_box(50, 40, 60, 50)]
        self.scene_path = write_raster(folder / "s.tif", landscape(*SHAPE))

    def inventory(self, name="t.gpkg", crs=UTM, **columns):
        frame = geopandas.GeoDataFrame(columns, geometry=self.polygons, crs=UTM).to_crs(crs)
        frame.to_file(self.folder / name)
        return self.folder / name


def pixel_box(left, top, right, bottom, transform=METRES_2):
    (x0, y0), (x1, y1) = transform * (left, top), transform * (right, bottom)
    return box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def half_found(folder):
    """Two landslides, one of them half found, and one false alarm."""
    truth = np.zeros(SHAPE, np.uint8)
    truth[10:20, 10:30] = 1
    truth[40:50, 50:60] = 1
    probability = np.full(SHAPE, 0.1, np.float32)
    probability[10:20, 10:20] = 0.9
    probability[30:34, 5:9] = 0.7
    return Case(folder, truth, probability)
