"""Two-stage search: a patch model looks first, and tiles where it finds nothing are not computed."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import EXACT, Told
from landslide_detector.models.detectors.segmentation import SegmentationDetector
from landslide_detector.models.errors import ModelError
from landslide_detector.models.inference.detect import SceneDetection, Settings
from landslide_detector.models.inference.grid import Tile
from landslide_detector.models.inference.suspects import Suspects
from landslide_detector.models.raster.reader import WorkingGrid
from scenes import read_raster, write_raster
from toy_models import write_toy


@pytest.fixture
def image():
    """Green ground with one red landslide."""
    image = np.full((3, 500, 700), 60, np.uint8)
    image[1] = 160
    image[0, 80:220, 560:690] = 220
    return image


def count_tiles(monkeypatch):
    computed = []
    predict = SegmentationDetector.predict

    def counted(self, network, images, valid):
        computed.extend(images)
        return predict(self, network, images, valid)

    monkeypatch.setattr(SegmentationDetector, "predict", counted)
    return computed


def test_only_suspicious_ground_is_searched_and_nothing_is_lost(toys, image, run_detection, tmp_path, monkeypatch):
    scene = write_raster(tmp_path / "s.tif", image)
    whole = run_detection(toys["segmentation"], scene, name="whole")
    computed = count_tiles(monkeypatch)
    screened = run_detection(toys["segmentation"], scene, screen=toys["patches"], name="screened")
    masks = [read_raster(run.mask).pixels for run in (whole, screened)]
    assert masks[0].any()
    assert np.array_equal(*masks)
    assert 0 < len(computed) < 0.4 * (700 / 48) * (500 / 48)
    probability = read_raster(screened.probability).pixels
    assert (probability[300:, :300] == 0).all()  # searched and found empty, not nodata
    (line,) = (line for line in screened.told.logs if line.startswith("screening leaves"))
    assert f"{len(computed)} of" in line


def test_scene_without_suspects_is_finished_at_once(toys, image, run_detection, tmp_path, monkeypatch):
    image[0] = 60
    computed = count_tiles(monkeypatch)
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), screen=toys["patches"])
    assert computed == []
    assert run.detection.landslides == 0
    assert (read_raster(run.mask).pixels == 0).all()


def test_cautious_threshold_is_below_the_patch_models_own(toys, image, run_detection, tmp_path):
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), screen=toys["patches"])
    assert any("screening with 'toy-patches' from a probability of 0.12 on" in line for line in run.told.logs)


def test_models_of_different_bands_do_not_go_together(toys, tmp_path):
    other = write_toy(tmp_path / "other", "patches", bands=["green", "red", "blue"])
    with pytest.raises(ModelError, match="'toy-patches' cannot screen for 'toy-segmentation': it takes other bands"):
        SceneDetection(toys["segmentation"], EXACT, Settings(screen=other), Told())


def test_suspects_have_a_margin_of_one_cell():
    cells = np.zeros((10, 10), bool)
    cells[4, 4] = True
    suspects = Suspects(cells, 32, 32)
    native = WorkingGrid(320, 320, 1.0, 1.0)
    touched = [
        (row, column) for row in range(10) for column in range(10)
        if suspects.touch(Tile(row * 32, column * 32, 0, 0), 32, native)
    ]  # fmt: skip
    assert touched == [(row, column) for row in (3, 4, 5) for column in (3, 4, 5)]


def test_suspects_are_found_on_a_coarser_grid_too():
    cells = np.zeros((10, 10), bool)
    cells[9, 9] = True
    suspects = Suspects(cells, 32, 32)
    coarse = WorkingGrid(160, 160, 2.0, 2.0)
    assert suspects.touch(Tile(128, 128, 0, 0), 32, coarse)
    assert not suspects.touch(Tile(0, 0, 0, 0), 64, coarse)


def test_screening_is_for_segmentation_only(landslides, tmp_path):
    answer = landslides("detect", "anomaly", tmp_path / "s.tif", "--mask", tmp_path / "m.tif", "--screen")
    assert answer.code == 2
    assert "--screen is for segmentation" in answer.err
