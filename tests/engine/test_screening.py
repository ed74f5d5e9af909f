"""Two-stage search: the scene is looked at coarser first, and tiles where nothing is found are not computed."""

from __future__ import annotations

import re

import numpy as np
import pytest
from conftest import EXACT, Told
from landslide_detector.models.detectors.segmentation import SegmentationDetector
from landslide_detector.models.errors import ModelError
from landslide_detector.models.inference import screening
from landslide_detector.models.inference.detect import SceneDetection, Settings
from landslide_detector.models.inference.device import Choice, choose
from landslide_detector.models.inference.grid import Tile
from landslide_detector.models.inference.screening import Screener, find_screener
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.inference.suspects import Suspects
from landslide_detector.models.library.shelf import find_model
from landslide_detector.models.raster.reader import StripReader, WorkingGrid
from scenes import read_raster, write_raster
from toy_models import write_toy


@pytest.fixture
def image():
    """Green ground with one red landslide."""
    image = np.full((3, 500, 700), 60, np.uint8)
    image[1] = 160
    image[0, 80:220, 560:690] = 220
    return image


@pytest.fixture
def screener(tmp_path):
    """Looks at the scenes of these tests, 2 m a pixel, at 8 m."""
    return Screener(write_toy(tmp_path / "screener", "segmentation", name="toy-screener"), 8.0)


def count_tiles(monkeypatch, model="toy-segmentation"):
    computed = []
    predict = SegmentationDetector.predict

    def counted(self, network, images, valid):
        if self.card.name == model:
            computed.extend(images)
        return predict(self, network, images, valid)

    monkeypatch.setattr(SegmentationDetector, "predict", counted)
    return computed


def test_only_suspicious_ground_is_searched_and_nothing_is_lost(
    toys, screener, image, run_detection, tmp_path, monkeypatch
):
    scene = write_raster(tmp_path / "s.tif", image)
    whole = run_detection(toys["segmentation"], scene, name="whole")
    computed = count_tiles(monkeypatch)
    screened = run_detection(toys["segmentation"], scene, screen=screener, name="screened")
    masks = [read_raster(run.mask).pixels for run in (whole, screened)]
    assert masks[0].any()
    assert np.array_equal(*masks)
    assert 0 < len(computed) < 0.4 * (700 / 48) * (500 / 48)
    probability = read_raster(screened.probability).pixels
    assert (probability[300:, :300] == 0).all()  # searched and found empty, not nodata
    (line,) = (line for line in screened.told.logs if line.startswith("screening leaves"))
    assert f"{len(computed)} of" in line


def test_scene_without_suspects_is_finished_at_once(toys, screener, image, run_detection, tmp_path, monkeypatch):
    image[0] = 60
    computed = count_tiles(monkeypatch)
    read, native = [], StripReader.read
    monkeypatch.setattr(
        StripReader, "read", lambda self, *place: (read.append(self.grid.is_native), native(self, *place))[1]
    )
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), screen=screener)
    assert computed == []
    assert read  # coarsely
    assert not any(read)  # nothing of it at its own resolution, as nothing is computed
    assert run.detection.landslides == 0
    assert (read_raster(run.mask).pixels == 0).all()


def test_first_look_is_at_a_quarter_of_the_resolution(toys, screener, image, run_detection, tmp_path, monkeypatch):
    looked_at = count_tiles(monkeypatch, "toy-screener")
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), screen=screener)
    assert any(
        "screening with 'toy-screener' at 8 m a pixel, from a mean probability of 0.15 on" in line
        for line in run.told.logs
    )
    assert 0 < len(looked_at) <= (125 // 48 + 1) * (175 // 48 + 1)


@pytest.mark.parametrize(("red", "side", "is_suspicious"), [(190, 64, True), (255, 12, False)])
def test_wide_ground_that_looks_weakly_suspicious_is_but_a_speck_that_looks_strongly_so_is_not(
    toys, screener, image, run_detection, tmp_path, red, side, is_suspicious
):
    image[0] = 60
    image[0, 64 : 64 + side, 64 : 64 + side] = red
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", image), screen=screener)
    assert (read_raster(run.probability).pixels > 0).any() == is_suspicious


def test_tiles_are_smaller_where_that_leaves_less_to_compute(toys, screener, image, run_detection, tmp_path):
    scene = write_raster(tmp_path / "s.tif", np.tile(image, (1, 2, 2)))
    card = write_toy(tmp_path / "large", "segmentation", **{"landslides:tile_size": 320, "landslides:overlap": 32})

    def work(name, tiling):
        run = run_detection(card, scene, screen=screener, tiling=tiling, name=name)
        (line,) = (line for line in run.told.logs if line.startswith("screening leaves"))
        (tiles,) = (line for line in run.told.logs if "tiles of" in line and card.name in line)
        height, width = re.search(r"tiles of (\d+) x (\d+) px", tiles).groups()
        return int(line.split()[2]) * int(height) * int(width)

    assert work("chosen", Tiling()) < work("asked-for", Tiling(tile_size=320))


def test_screener_without_an_int8_copy_computes_as_usual_and_says_so(screener, monkeypatch):
    seen, told = [], Told()

    def watched(scene, card, choice, *rest):
        seen.append(choice.precision)
        raise ZeroDivisionError

    monkeypatch.setattr(screening, "SceneStream", watched)
    for precision in ("int8", "bf16"):
        with pytest.raises(ZeroDivisionError):
            screening.screen_scene(None, screener, Choice("cpu", precision, "asked for"), told, None, print)
    assert seen == [choose("cpu").precision, "bf16"]
    assert told.warnings == [f"model 'toy-screener' has no int8 copy: computed in {seen[0]}"]


def test_models_of_different_bands_do_not_go_together(toys, tmp_path):
    other = write_toy(tmp_path / "other", "segmentation", name="toy-screener", bands=["green", "red", "blue"])
    with pytest.raises(ModelError, match="'toy-screener' cannot screen for 'toy-segmentation': it takes other bands"):
        SceneDetection(toys["segmentation"], EXACT, Settings(screen=Screener(other, 8.0)), Told())


def test_suspects_have_a_margin_of_one_cell():
    cells = np.zeros((10, 10), bool)
    cells[4, 4] = True
    suspects = Suspects(cells, 32, 32)
    native = WorkingGrid(320, 320, 1.0, 1.0)
    touched = [
        (row, column) for row in range(10) for column in range(10)
        if suspects.touch(Tile(row * 32, column * 32, 0, 0), (32, 32), native)
    ]  # fmt: skip
    assert touched == [(row, column) for row in (3, 4, 5) for column in (3, 4, 5)]


def test_suspects_are_found_by_a_tile_as_high_and_wide_as_it_is():
    cells = np.zeros((10, 10), bool)
    cells[9, 0] = True  # and its neighbours
    suspects = Suspects(cells, 32, 32)
    native = WorkingGrid(320, 320, 1.0, 1.0)
    assert suspects.touch(Tile(0, 0, 0, 0), (320, 64), native)
    assert not suspects.touch(Tile(0, 0, 0, 0), (64, 320), native)
    assert not suspects.touch(Tile(0, 64, 0, 0), (320, 64), native)


def test_suspects_are_found_on_a_coarser_grid_too():
    cells = np.zeros((10, 10), bool)
    cells[9, 9] = True
    suspects = Suspects(cells, 32, 32)
    coarse = WorkingGrid(160, 160, 2.0, 2.0)
    assert suspects.touch(Tile(128, 128, 0, 0), (32, 32), coarse)
    assert not suspects.touch(Tile(0, 0, 0, 0), (64, 64), coarse)


def test_screening_is_for_segmentation_only(landslides, tmp_path):
    answer = landslides("detect", "anomaly", tmp_path / "s.tif", "--mask", tmp_path / "m.tif", "--screen")
    assert answer.code == 2
    assert "--screen is for segmentation" in answer.err


@pytest.mark.parametrize(("scene", "looked_at"), [(0.8, 3.2), (0.6, 2.4), (0.2, 1.6)])
def test_scene_is_looked_at_with_the_model_for_a_quarter_of_what_it_is_segmented_at(scene, looked_at):
    screener = find_screener(find_model("auto", "segmentation", scene), scene)
    assert screener.card.name == find_model("auto", "segmentation", looked_at).name
    assert screener.resolution == pytest.approx(looked_at)


@pytest.mark.parametrize("scene", [1.9, 3, 10])
def test_nothing_looks_first_at_what_is_coarse_already(scene):
    assert find_screener(find_model("auto", "segmentation", scene), scene) is None


@pytest.mark.parametrize(
    ("profile", "why"),
    [({"crs": None, "transform": None}, "it has no georeference"), ({}, "no model looks at it much coarser")],
)
def test_scene_that_cannot_be_screened_is_searched_whole_with_a_warning(landslides, tmp_path, image, profile, why):
    scene = write_raster(tmp_path / "s.tif", image[:, :64, :64], **profile)
    model = write_toy(tmp_path / "toy", "segmentation").folder
    answer = landslides("detect", "segmentation", scene, "--mask", tmp_path / "m.tif", "--screen", "--model", model)
    assert answer.code == 0
    assert f"{scene}: not screened, as {why}" in answer.err
    assert (tmp_path / "m.tif").exists()
