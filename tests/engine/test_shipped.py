"""The shipped models, from raster to map."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DETECTORS
from folded import lost_in_bf16
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.library.card import GRAPH
from landslide_detector.models.library.shelf import SHIPPED, find_model
from scenes import landscape, read_raster, write_raster

pytestmark = pytest.mark.usefixtures("rasters_only")


@pytest.mark.parametrize("detector", DETECTORS)
class TestShippedModels:
    def test_default_is_there_and_light_enough_to_ship(self, detector):
        card = find_model("auto", detector)
        assert card.folder.parent == SHIPPED
        assert card.folder.name == card.name
        assert sum(path.stat().st_size for path in card.folder.iterdir()) < 60e6

    def test_scene_is_detected_the_same_every_time(self, detector, run_detection, tmp_path):
        image = landscape(200, 230)
        image[:, :40, :40] = 0
        scene = write_raster(tmp_path / "s.tif", image, nodata=0)
        card = find_model("auto", detector)
        size, overlap = (256, None) if card.patch_size else (96, 32)  # how patches overlap is the network's own
        maps = [
            read_raster(run_detection(card, scene, tiling=tiling, name=f"run{number}").probability).pixels
            for number, tiling in enumerate(Tiling(size, overlap, batch) for batch in (1, 1, 4))
        ]
        known = np.isfinite(maps[0])
        assert known.any()
        assert ((maps[0][known] >= 0) & (maps[0][known] <= 1)).all()
        assert np.ptp(maps[0][known]) > 0.001
        assert np.array_equal(maps[0], maps[1], equal_nan=True)
        assert np.allclose(maps[0], maps[2], atol=2e-3, equal_nan=True)


@pytest.mark.parametrize("name", ["segmentation-deeplabv3plus", "segmentation-deeplabv3plus-3m"])
def test_outlines_are_computed_with_the_same_weights_in_bf16_and_fp32(name):
    lost = lost_in_bf16(SHIPPED / name / GRAPH)
    assert len(lost) > 50
    assert max(lost) < 3e-4  # 1.4e-3 without rounding them beforehand
