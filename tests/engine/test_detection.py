"""What every detector promises for a scene, from raster to finished files."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
from affine import Affine
from conftest import DETECTORS
from landslide_detector.models.inference.streaming import Tiling
from scenes import METRES_2, UTM, count_regions, is_cog, landscape, read_raster, unfinished, write_raster
from toy_models import CELL, expected

ROUNDING = 1 / 8192  # the step probabilities are stored at


@pytest.fixture(params=DETECTORS)
def card(request, toys):
    return toys[request.param]


@pytest.fixture
def collar():
    """A landscape with a slanted collar of zeros on the left and a hole."""
    image = landscape(150, 210)
    for row in range(150):
        image[:, row, : 20 + row // 3] = 0
    image[:, 60:90, 120:130] = 0
    return image


def cells(valid: np.ndarray, step: int) -> np.ndarray:
    """Which squares of ``step`` px hold a valid pixel."""
    rows, columns = -(-valid.shape[0] // step), -(-valid.shape[1] // step)
    return np.array(
        [
            [valid[r * step : (r + 1) * step, c * step : (c + 1) * step].any() for c in range(columns)]
            for r in range(rows)
        ]
    )


class TestEveryDetector:
    def test_map_is_the_networks_answer_for_every_pixel(self, card, run_detection, tmp_path):
        image = landscape(150, 210)
        run = run_detection(card, write_raster(tmp_path / "scene.tif", image))
        probability = read_raster(run.probability).pixels
        truth = expected(card.detector, image / 255)
        assert probability.shape == truth.shape
        assert np.abs(probability - truth).max() <= ROUNDING

    def test_output_lies_on_the_grid_of_the_input(self, card, run_detection, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", landscape(150, 210)))
        step = CELL if card.detector == "patches" else 1
        for path in (run.probability, run.mask):
            profile = read_raster(path).profile
            assert (profile["height"], profile["width"]) == (-(-150 // step), -(-210 // step))
            assert profile["crs"].to_string() == UTM
            assert profile["transform"] == METRES_2 * Affine.scale(step)

    def test_rasters_are_valid_cogs_of_the_promised_types(self, card, run_detection, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", landscape(700, 600)))
        assert is_cog(run.probability)
        assert is_cog(run.mask)
        probability, mask = read_raster(run.probability), read_raster(run.mask)
        assert probability.profile["dtype"] == "float32"
        assert np.isnan(probability.profile["nodata"])
        assert mask.profile["dtype"] == "uint8"
        assert mask.profile["nodata"] == 255

    def test_mask_is_the_probability_from_the_threshold_on(self, card, run_detection, collar, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", collar, nodata=0), threshold=0.37)
        probability, mask = read_raster(run.probability).pixels, read_raster(run.mask).pixels
        known = np.isfinite(probability)
        assert (probability[known] >= 0).all()
        assert (probability[known] <= 1).all()
        assert len(np.unique(probability[known])) > 20  # a float map, not a rounded one
        assert np.array_equal(mask, np.where(known, probability >= np.float32(0.37), 255))
        assert run.detection.threshold == 0.37
        assert run.detection.share == pytest.approx((mask == 1).sum() / known.sum())

    def test_nodata_in_is_nodata_out(self, card, run_detection, collar, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", collar, nodata=0))
        valid = (collar != 0).any(axis=0)
        if card.detector == "patches":
            valid = cells(valid, CELL)
        assert np.array_equal(np.isfinite(read_raster(run.probability).pixels), valid)
        assert np.array_equal(read_raster(run.mask).pixels != 255, valid)

    def test_polygons_are_the_mask(self, card, run_detection, collar, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", collar, nodata=0))
        frame = geopandas.read_file(run.polygons, layer="landslides")
        mask, probability = (read_raster(path) for path in (run.mask, run.probability))
        landslide = mask.pixels == 1
        assert len(frame) == run.detection.landslides == count_regions(landslide) > 0
        assert frame.crs.to_string() == UTM
        assert frame.geometry.is_valid.all()
        assert list(frame["id"]) == list(range(1, len(frame) + 1))
        pixel = abs(mask.profile["transform"].determinant)
        assert frame.area.sum() == pytest.approx(landslide.sum() * pixel)
        assert frame["area_m2"].sum() == pytest.approx(run.detection.area_m2, rel=1e-4)
        assert run.detection.area_m2 == pytest.approx(landslide.sum() * pixel, rel=2e-3)  # the ellipsoid, not the map
        assert frame["max_probability"].max() == pytest.approx(probability.pixels[landslide].max(), abs=1e-4)
        assert (frame["mean_probability"] <= frame["max_probability"]).all()

    def test_tile_size_overlap_and_batch_do_not_change_an_exact_models_map(self, card, run_detection, tmp_path):
        if card.detector == "patches":  # how patches overlap is the network's own
            tilings = [Tiling(), Tiling(96, batch_size=1), Tiling(128, batch_size=7), Tiling(256, batch_size=1000)]
        else:
            tilings = [Tiling(), Tiling(32, 0, 3), Tiling(96, 64, 1), Tiling(256, 8, 5)]
        scene = write_raster(tmp_path / "scene.tif", landscape(150, 210))
        maps = [
            read_raster(run_detection(card, scene, tiling=tiling, name=f"run{n}").probability).pixels
            for n, tiling in enumerate(tilings)
        ]
        for other in maps[1:]:
            assert np.abs(other - maps[0]).max() <= ROUNDING

    @pytest.mark.parametrize(("height", "width"), [(1, 1), (5, 7), (30, 200), (64, 64), (65, 63), (32, 32), (112, 160)])
    def test_every_size_is_detected(self, card, run_detection, tmp_path, height, width):
        image = landscape(height, width)
        run = run_detection(card, write_raster(tmp_path / "scene.tif", image))
        probability = read_raster(run.probability).pixels
        assert np.abs(probability - expected(card.detector, image / 255)).max() <= ROUNDING

    def test_raster_without_valid_pixels_gives_all_nodata_and_a_warning(self, card, run_detection, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "empty.tif", np.zeros((3, 90, 70), np.uint8), nodata=0))
        assert np.isnan(read_raster(run.probability).pixels).all()
        assert (read_raster(run.mask).pixels == 255).all()
        assert (run.detection.landslides, run.detection.share, run.detection.area_m2) == (0, 0.0, 0.0)
        assert len(geopandas.read_file(run.polygons)) == 0
        assert any("empty.tif" in warning and "no valid pixel" in warning for warning in run.told.warnings)

    def test_result_names_model_and_files(self, card, run_detection, tmp_path):
        scene = write_raster(tmp_path / "scene.tif", landscape(60, 60))
        run = run_detection(card, scene)
        found = run.detection.as_dict()
        assert found["input"] == str(scene)
        assert found["model"] == f"toy-{card.detector}"
        assert (found["probability"], found["mask"], found["polygons"]) == (
            str(run.probability), str(run.mask), str(run.polygons),
        )  # fmt: skip
        tags = read_raster(run.probability).tags
        assert tags["LANDSLIDES_MODEL"] == f"toy-{card.detector}"
        assert tags["LANDSLIDES_MODEL_VERSION"] == "1.2.3"
        assert tags["LANDSLIDES_THRESHOLD"] == "0.5"
        assert unfinished(tmp_path / "result") == []

    def test_progress_rises_to_one(self, card, run_detection, tmp_path):
        run = run_detection(card, write_raster(tmp_path / "scene.tif", landscape(150, 210)))
        assert run.told.progressed == sorted(run.told.progressed)
        assert run.told.progressed[-1] == 1.0
        assert len(run.told.progressed) > 3

    def test_scene_is_left_as_it_was(self, card, run_detection, tmp_path):
        scene = write_raster(tmp_path / "scene.tif", landscape(60, 60), nodata=0)
        before = (scene.read_bytes(), scene.stat().st_mtime_ns)
        run_detection(card, scene)
        assert (scene.read_bytes(), scene.stat().st_mtime_ns) == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["result", "scene.tif"]
