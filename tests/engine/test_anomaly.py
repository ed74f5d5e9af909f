"""How a place stands beside its scene's normal ground: the anomaly detector's further terms."""

from __future__ import annotations

import numpy as np
import pytest
from landslide_detector.models.detectors.anomaly import AnomalyDetector, Ground
from landslide_detector.models.errors import ModelError
from landslide_detector.models.raster.reader import SAMPLED, SAMPLES, sample_windows, working_grid
from landslide_detector.models.raster.scene import Scene
from scenes import read_raster, write_raster
from toy_models import ANOMALY, write_toy

BESIDE_THE_SCENE = {"landslides:anomaly": {**ANOMALY, "weights": [[0.0, 0.0, 1.0, 1.0]], "midpoint": 4.0, "slope": 1.0}}
FOREST, SOIL = (40, 80, 40), (150, 130, 100)


def ground(height, width, colour, seed=0):
    noise = np.random.default_rng(seed).integers(-6, 7, (3, height, width))
    return (np.array(colour)[:, None, None] + noise).astype(np.uint8)


def forest_with_a_scar(height, width):
    image = ground(height, width, FOREST)
    image[:, 20:50, 20:50] = ground(30, 30, SOIL)
    return image


@pytest.fixture
def card(tmp_path):
    return write_toy(tmp_path / "m", "anomaly", **BESIDE_THE_SCENE)


def probability(card, image, *scenes):
    detector = AnomalyDetector(card)
    if scenes:
        detector.acquaint((scene / np.float32(255), np.ones(scene.shape[1:], bool)) for scene in scenes)
    image = (image / np.float32(255)).astype(np.float32)
    return detector.predict(np.zeros_like, image[None], np.ones((1, *image.shape[1:]), bool))[0]


def test_bare_ground_stands_out_of_a_forest(card):
    found = probability(card, forest_with_a_scar(96, 96))
    assert found[22:48, 22:48].min() > 0.9
    assert found[60:].max() < 0.2


def test_a_window_full_of_bare_ground_stands_out_of_the_scene_it_is_of(card):
    scar = ground(64, 64, SOIL)
    assert probability(card, scar).mean() < 0.1  # by itself it is the most usual ground there is
    assert probability(card, scar, ground(64, 64, FOREST), ground(64, 64, FOREST, 1)).min() > 0.9


def test_what_is_brighter_and_barer_than_it_is_restored_stands_out(card):
    """A network that knows nothing but forest."""

    def forest(batch):
        return np.broadcast_to(np.array(FOREST, np.float32)[:, None, None] / 255, batch.shape)

    image = (forest_with_a_scar(96, 96) / np.float32(255)).astype(np.float32)
    brighter, barer = next(AnomalyDetector(card).terms(forest, image[None], np.ones((1, 96, 96), bool)))[0, :2]
    assert brighter[30, 30] == pytest.approx((sum(SOIL) - sum(FOREST)) / 765, abs=0.02)
    assert barer[30, 30] == pytest.approx(20 / 380 + 40 / 160, abs=0.05)
    assert np.abs([brighter[60:], barer[60:]]).max() < 0.1


def test_landslides_on_a_third_of_a_scene_hardly_change_its_normal_ground():
    looks = np.random.default_rng(0).normal(0.2, 0.05, (2, 10_000)).astype(np.float32)
    clean = Ground.of(looks)
    looks[:, :3300] = 0.6
    dense = Ground.of(looks)
    assert dense.middle == pytest.approx(clean.middle, abs=0.03)
    assert dense.spread == pytest.approx(clean.spread, abs=0.015)


def test_empty_pixels_count_for_nothing(card):
    image = forest_with_a_scar(96, 96)
    valid = np.ones((96, 96), bool)
    valid[:, 70:] = False
    image[:, ~valid] = 255
    detector = AnomalyDetector(card)
    image = (image / np.float32(255)).astype(np.float32)
    terms = [
        next(detector.terms(np.zeros_like, picture[None], valid[None]))[0, :, valid]
        for picture in (image, np.where(valid, image, 0))
    ]
    assert np.array_equal(*terms)


def test_without_red_and_green_only_brightness_counts(tmp_path):
    card = write_toy(tmp_path / "m", "anomaly", np.zeros((1, 1, 1, 1)), bands=["pan"], **BESIDE_THE_SCENE)
    detector = AnomalyDetector(card)
    image = (forest_with_a_scar(96, 96)[:1] / np.float32(255)).astype(np.float32)
    terms = next(detector.terms(np.zeros_like, image[None], np.ones((1, 96, 96), bool)))[0]
    assert terms[2, 30, 30] > 5 > terms[2, 80, 80]
    assert not terms[[1, 3]].any()


def test_an_extent_gets_what_it_gets_in_the_whole_scene(card, tmp_path, run_detection, rasters_only):
    scene = write_raster(tmp_path / "s.tif", forest_with_a_scar(300, 400))
    whole = read_raster(run_detection(card, scene).probability).pixels
    x, y = 500_000, 3_000_000
    part = read_raster(
        run_detection(card, scene, name="part", extent=(x + 40, y - 100, x + 100, y - 40)).probability
    ).pixels
    assert part == pytest.approx(whole[20:50, 20:50], abs=1e-3)
    assert part.min() > 0.9  # by itself it would be the most usual ground there is


@pytest.mark.parametrize(("height", "width", "count"), [(50, 70, 1), (SAMPLED, SAMPLED + 1, 2), (2000, 40, SAMPLES)])
def test_samples_are_the_whole_of_a_small_raster_and_windows_of_a_large_one(tmp_path, height, width, count):
    pixels = ground(height, width, FOREST)
    scene = Scene(str(write_raster(tmp_path / "s.tif", pixels)), [1, 2, 3])
    windows = [window for window, _ in sample_windows(scene, working_grid(scene, (0.5, 5)))]
    scene.close()
    assert len(windows) == count
    assert np.array_equal(windows[0], pixels[:, :SAMPLED, :SAMPLED])
    assert np.array_equal(windows[-1], pixels[:, -SAMPLED:, -SAMPLED:])


def test_samples_have_the_resolution_that_the_model_works_at(tmp_path):
    scene = Scene(str(write_raster(tmp_path / "s.tif", ground(900, 900, FOREST))), [1, 2, 3])  # 2 m
    windows = [window for window, _ in sample_windows(scene, working_grid(scene, (8, 8)))]
    scene.close()
    assert {window.shape for window in windows} == {(3, SAMPLED, SAMPLED)}
    assert windows[0].std() < ground(50, 50, FOREST).std()


def test_scales_add_up_and_each_has_its_own_normal_ground(tmp_path):
    """A narrow scar stands out by its narrow mean, a wide one by both."""
    image = ground(96, 96, FOREST)
    image[:, :, 20:23] = ground(96, 3, SOIL)
    image[:, :, 60:] = ground(96, 36, SOIL)
    image, valid = (image / np.float32(255)).astype(np.float32)[None], np.ones((1, 96, 96), bool)
    weights, found = [[0.0, 0.0, 1.0, 1.0]] * 2, {}
    for sizes in ([3], [27], [3, 27]):
        settings = {**ANOMALY, "smoothings": sizes, "weights": weights[: len(sizes)]}
        card = write_toy(tmp_path / f"m{len(found)}", "anomaly", **{"landslides:anomaly": settings})
        found[tuple(sizes)] = AnomalyDetector(card).scores(np.zeros_like, image, valid)[0]
    assert found[3, 27] == pytest.approx(found[(3,)] + found[(27,)], abs=1e-4)
    assert found[(3,)][50, 21] > 5 > found[(27,)][50, 21]
    assert min(found[(3,)][50, 80], found[(27,)][50, 80]) > 5


def test_card_with_too_few_weights_is_an_error(tmp_path):
    with pytest.raises(ModelError, match=r"anomaly_weights.*\[2\] weights, not \[4\]"):
        write_toy(tmp_path / "m", "anomaly", **{"landslides:anomaly": {**ANOMALY, "weights": [[1, 2]]}})
