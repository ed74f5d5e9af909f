"""``landslides compare``: from a scene and an inventory to the poster's two tables."""

from __future__ import annotations

import json

import geopandas
import numpy as np
import pytest
from conftest import DETECTORS
from landslide_detector.models.library import shelf
from scenes import UTM, write_raster
from test_report import Reader, assert_stands_alone
from toy_models import default_kernel, write_toy


@pytest.fixture
def scene(monkeypatch, tmp_path):
    """A green scene with two red landslides, a shelf of toys, and the inventory."""
    monkeypatch.setattr(shelf, "SHIPPED", tmp_path / "shipped")
    for detector in DETECTORS:
        write_toy(tmp_path / "shipped" / detector, detector, **{"landslides:default": True})
    rng = np.random.default_rng(0)
    image = rng.integers(60, 90, (3, 128, 160)).astype(np.uint8)
    image[1] += 60
    truth = np.zeros((128, 160), np.uint8)
    truth[20:60, 30:70] = truth[80:110, 100:150] = 1
    image[:, truth > 0] = np.array([[220], [120], [90]], np.uint8)
    return write_raster(tmp_path / "scene.tif", image), write_raster(tmp_path / "truth.tif", truth[None])


def test_three_detectors_against_one_truth(landslides, scene, tmp_path):
    path, truth = scene
    arguments = ("--output-dir", tmp_path / "out", "--report", tmp_path / "r.html", "--json")
    answer = landslides("compare", path, "--truth", truth, *arguments)
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["segmentation"]["mean_iou"] == told["segmentation_mean_iou"] > 0.95
    assert told["patches"]["recall"] == told["patches_recall"] > 0.5
    assert told["anomaly"]["auroc"] > 0.9
    assert told["segmentation_mean_iou_colour_index"] > 0.5
    assert told["poster"]["mean_iou"] == {"segmentation": 0.8105, "anomaly": 0.7102}
    kept = {file.name for file in (tmp_path / "out").iterdir()}
    expected = ("probability.tif", "mask.tif", "polygons.gpkg")
    assert kept == {f"scene_{detector}_{what}" for detector in DETECTORS for what in expected}
    reader = Reader(tmp_path / "r.html")
    assert_stands_alone(reader, tmp_path / "r.html")
    assert "Table 1: patches" in reader.text
    assert f"Segmentation (toy-segmentation) {told['segmentation_mean_iou']:.3f}" in reader.text
    assert reader.tags.count("svg") == 9


def test_people_get_both_tables_with_the_posters_values(landslides, scene, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path, truth = scene
    answer = landslides("compare", path, "--truth", truth, "--extent", "500000,2999800,500320,3000000")
    assert answer.code == 0, answer.err
    first, second = answer.out.split("Table 2")
    assert "Table 1: patches (toy-patches)" in first
    assert "Anomaly (toy-anomaly)" in second
    assert [line.split()[-1] for line in first.strip().splitlines()[-4:]] == ["0.890", "0.660", "0.542", "0.846"]
    assert "0.8105" in second
    assert "0.7102" in second
    assert list((tmp_path / "temporary").iterdir()) == []


def test_detectors_without_an_int8_copy_are_compared_all_the_same(landslides, scene):
    answer = landslides("compare", scene[0], "--truth", scene[1], "--precision", "int8", "--json")
    assert answer.code == 0, answer.err
    for detector in DETECTORS:
        assert f"model 'toy-{detector}' has no int8 copy: computed in" in answer.err


def test_an_inventory_elsewhere_is_one_line(landslides, scene, tmp_path):
    from affine import Affine

    far = write_raster(tmp_path / "far.tif", np.ones((1, 9, 9), np.uint8), transform=Affine(2, 0, 9e5, 0, -2, 9e5))
    answer = landslides("compare", scene[0], "--truth", far)
    assert answer.code == 1
    assert "far.tif: does not overlap" in answer.err.splitlines()[-1]


def test_the_users_own_models_are_compared_and_named(landslides, scene, tmp_path, monkeypatch):
    path, truth = scene
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path / "own"))
    write_toy(tmp_path / "own" / "mine", "patches", name="mine")
    inverted = write_toy(tmp_path / "other", "segmentation", -default_kernel("segmentation"), name="other").folder
    chosen = ("--model", "patches=mine", "--model", f"segmentation={inverted}")
    answer = landslides("compare", path, "--truth", truth, *chosen, "--report", tmp_path / "r.html", "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    names = {"patches": "mine", "segmentation": "other", "anomaly": "toy-anomaly"}
    assert {detector: told[f"{detector}_model"] for detector in DETECTORS} == names
    assert told["segmentation_mean_iou"] < 0.1  # it finds all but the landslides
    text = Reader(tmp_path / "r.html").text
    assert "Table 1: patches (mine)" in text
    assert "Segmentation (other)" in text
    assert "anomaly: model 'toy-anomaly' is made for 0.5 to 15 m" in answer.err


def test_on_landslide_free_ground_false_alarms_are_compared(landslides, scene, tmp_path):
    blank = write_raster(tmp_path / "blank.tif", np.zeros((1, 128, 160), np.uint8))
    command = ("compare", scene[0], "--truth", blank, "--report", tmp_path / "r.html")
    answer = landslides(*command)
    assert answer.code == 0, answer.err
    assert answer.err.count("only false alarms are measured") == 3
    assert "Table 1" not in answer.out
    rows = {line.split()[0].lower(): line.split()[2] for line in answer.out.split("False alarms")[1].splitlines()[2:5]}
    told = json.loads(landslides(*command, "--json").out)
    for detector in DETECTORS:
        assert rows[detector] == f"{told[f'{detector}_false_alarm_share']:.2%}"
        assert told[detector]["f1"] is None
    assert told["segmentation_false_alarm_share"] == pytest.approx((40 * 40 + 30 * 50) / (128 * 160), abs=0.01)
    assert "Segmentation (toy-segmentation)" in Reader(tmp_path / "r.html").text


def test_a_part_that_the_inventory_leaves_free_is_compared(landslides, scene, tmp_path):
    from shapely.geometry import box

    geopandas.GeoDataFrame(geometry=[box(500060, 2999880, 500140, 2999960)], crs=UTM).to_file(tmp_path / "v.gpkg")
    part = ("--extent", "500000,2999744,500320,2999800", "--json")
    answer = landslides("compare", scene[0], "--truth", tmp_path / "v.gpkg", *part)
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert told["segmentation_mean_iou"] is None
    assert told["segmentation"]["landslides_true"] == 0
    assert told["segmentation_false_alarm_share"] is not None


@pytest.mark.parametrize(
    ("models", "code", "says"),
    [
        (["patches"], 2, "'patches' is not DETECTOR=NAME"),
        (["patches="], 2, "'patches=' is not DETECTOR=NAME"),
        (["unet=mine"], 2, "there is no detector 'unet', only patches, segmentation, anomaly"),
        (["patches=auto", "patches=toy-patches"], 2, "--model gives patches more than one model"),
        (["anomaly=nowhere"], 1, "no model 'nowhere'; there are: toy-anomaly, toy-patches, toy-segmentation"),
        (["anomaly=toy-patches"], 1, "model 'toy-patches' is for 'patches', not for 'anomaly'"),
    ],
)
def test_a_model_that_cannot_be_compared_is_named_before_the_work(landslides, scene, tmp_path, models, code, says):
    chosen = [word for model in models for word in ("--model", model)]
    answer = landslides("compare", scene[0], "--truth", scene[1], "--output-dir", tmp_path / "out", *chosen)
    assert answer.code == code
    assert says in answer.err.splitlines()[-1]
    assert not (tmp_path / "out").exists()
