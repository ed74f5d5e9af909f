"""A prediction of a scene against an inventory: the same figures, whatever form and CRS the inventory has."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import geopandas
import numpy as np
import pytest
import rasterio
from affine import Affine
from evaluation_case import SHAPE, pixel_box
from landslide_detector.models.evaluation import scene as scene_module
from rasterio.enums import ColorInterp
from rasterio.warp import Resampling, reproject
from scenes import METRES_2, RGB, UTM, landscape, write_raster
from shapely.ops import unary_union

EXPECTED = {
    "accuracy": 1 - (200 + 16) / 4800,
    "precision": 100 / 116,
    "recall": 100 / 300,
    "f1": 200 / (200 + 200 + 16),
    "iou": 100 / 316,
    "true_positives": 100,
    "false_positives": 16,
    "false_negatives": 200,
    "true_negatives": 4484,
    "specificity": 4484 / 4500,
    "false_alarm_share": 16 / 4500,
    "landslides_true": 2,
    "landslides_found": 1,
    "landslides_missed": 1,
    "false_alarms": 1,
}


def figures(answer):
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    return {name: found[name] for name in EXPECTED}


class TestTheSameFiguresFor:
    def test_probability_and_raster(self, landslides, case):
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", case.truth_path, "--json")
        assert figures(answer) == pytest.approx(EXPECTED)

    def test_mask_without_curves(self, landslides, case):
        answer = landslides("evaluate", "--mask", case.mask_path, "--truth", case.truth_path, "--json")
        assert figures(answer) == pytest.approx(EXPECTED)
        assert json.loads(answer.out)["auroc"] is None

    def test_polygons_of_the_prediction(self, landslides, case):
        found = geopandas.GeoDataFrame(geometry=[pixel_box(10, 10, 20, 20), pixel_box(5, 30, 9, 34)], crs=UTM)
        found.to_crs("EPSG:4326").to_file(case.folder / "found.gpkg")
        answer = landslides("evaluate", "--polygons", case.folder / "found.gpkg", "--truth", case.truth_path, "--json")
        assert figures(answer) == pytest.approx(EXPECTED)

    @pytest.mark.parametrize("crs", [UTM, "EPSG:4326", "EPSG:3857"])
    def test_polygons_in_any_crs(self, landslides, case, crs):
        truth = case.inventory(crs=crs)
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", truth, "--json")
        assert figures(answer) == pytest.approx(EXPECTED)

    def test_raster_in_another_crs_and_resolution(self, landslides, case):
        pixels = np.zeros((900, 900), np.uint8)
        corner = rasterio.warp.transform(UTM, "EPSG:4326", [METRES_2.c], [METRES_2.f])
        place = Affine(2.5e-6, 0, corner[0][0] - 1e-5, 0, -2.5e-6, corner[1][0] + 1e-5)
        reproject(case.truth, pixels, src_transform=METRES_2, src_crs=UTM, dst_transform=place, dst_crs="EPSG:4326",
                  resampling=Resampling.nearest)  # fmt: skip
        truth = write_raster(case.folder / "geo.tif", pixels[None], crs="EPSG:4326", transform=place)
        arguments = ("--truth", truth, "--scene", case.scene_path, "--json")
        answer = landslides("evaluate", "--probability", case.probability_path, *arguments)
        assert figures(answer) == pytest.approx(EXPECTED, rel=0.05)

    def test_rasters_that_are_placed_nowhere_but_have_one_size(self, landslides, case):
        for path, pixels in ((case.mask_path, case.probability >= 0.5), (case.truth_path, case.truth)):
            write_raster(path, pixels.astype(np.uint8)[None], crs=None, transform=None)
            answer = landslides("evaluate", "--mask", case.mask_path, "--truth", case.truth_path, "--json")
            assert figures(answer) == pytest.approx(EXPECTED)

    def test_any_height_of_strips(self, landslides, case, monkeypatch):
        monkeypatch.setattr(scene_module, "STRIP", 7 * SHAPE[1])
        arguments = ("--truth", case.truth_path, "--json")
        assert figures(landslides("evaluate", "--mask", case.mask_path, *arguments)) == pytest.approx(EXPECTED)


class TestWhatCounts:
    def evaluate(self, landslides, case, *arguments):
        command = ("evaluate", "--probability", case.probability_path, "--truth", *arguments, "--json")
        answer = landslides(*command)
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def test_nodata_of_the_prediction_is_left_out(self, landslides, case):
        holed = case.probability.copy()
        holed[35:] = np.nan
        write_raster(case.probability_path, holed[None], nodata=np.nan)
        found = self.evaluate(landslides, case, case.truth_path)
        assert found["recall"] == pytest.approx(0.5)
        assert (found["landslides_true"], found["landslides_missed"]) == (1, 0)

    def test_nodata_of_the_inventory_is_unknown(self, landslides, case):
        truth = case.truth.copy()
        truth[30:34, 5:9] = 255  # the false alarm lies where nobody looked
        write_raster(case.truth_path, truth[None], nodata=255)
        assert self.evaluate(landslides, case, case.truth_path)["precision"] == 1

    def test_inventory_whose_background_is_called_nodata(self, landslides, case):
        write_raster(case.truth_path, case.truth[None] * 255, nodata=0)
        assert self.evaluate(landslides, case, case.truth_path)["f1"] == pytest.approx(EXPECTED["f1"])

    def test_extent_and_area_of_interest(self, landslides, case):
        part = pixel_box(0, 0, 80, 25)
        extent = ",".join(map(str, part.bounds))
        geopandas.GeoDataFrame(geometry=[part], crs=UTM).to_file(case.folder / "aoi.gpkg")
        by_extent = self.evaluate(landslides, case, case.truth_path, "--extent", extent)
        by_area = self.evaluate(landslides, case, case.truth_path, "--aoi", case.folder / "aoi.gpkg")
        for found in (by_extent, by_area):
            assert (found["precision"], found["recall"], found["landslides_true"]) == (1, 0.5, 1)

    def test_rejected_polygons_are_no_landslides(self, landslides, case):
        case.polygons.append(pixel_box(5, 30, 9, 34))
        truth = case.inventory(status=["accepted", None, "rejected"])
        assert self.evaluate(landslides, case, truth)["false_alarms"] == 1

    def test_threshold_is_the_predictions_own_unless_asked_for(self, landslides, case):
        with rasterio.open(case.probability_path, "r+") as dataset:
            dataset.update_tags(LANDSLIDES_THRESHOLD="0.8")
        assert self.evaluate(landslides, case, case.truth_path)["threshold"] == 0.8
        assert self.evaluate(landslides, case, case.truth_path, "--threshold", 0.6)["threshold"] == 0.6

    def test_colour_index_beside_it_where_the_scene_is_known(self, landslides, case):
        assert self.evaluate(landslides, case, case.truth_path)["colour_index"] is None
        with rasterio.open(case.probability_path, "r+") as dataset:
            dataset.update_tags(LANDSLIDES_SCENE=str(case.scene_path))
        assert self.evaluate(landslides, case, case.truth_path)["colour_index"]["auroc"] > 0

    def test_scene_of_another_grid_with_an_alpha_band(self, landslides, case):
        plain = self.evaluate(landslides, case, case.truth_path, "--scene", case.scene_path)["colour_index"]
        fine = landscape(*SHAPE).repeat(2, axis=1).repeat(2, axis=2)
        opaque = np.full((1, *fine.shape[1:]), 255, np.uint8)
        write_raster(
            case.scene_path, np.concatenate([fine, opaque]), transform=METRES_2 * Affine.scale(0.5),
            colorinterp=(*RGB, ColorInterp.alpha),
        )  # fmt: skip
        other = self.evaluate(landslides, case, case.truth_path, "--scene", case.scene_path)["colour_index"]
        assert other == pytest.approx(plain)

    def test_specks_are_no_false_alarms_by_landslide(self, landslides, case):
        speckled = case.probability.copy()
        speckled[50:, ::3] = speckled[55, 0:3] = 0.9
        speckled[51::2] = np.minimum(speckled[51::2], 0.1)
        write_raster(case.probability_path, speckled[None], nodata=np.nan)
        assert self.evaluate(landslides, case, case.truth_path)["false_alarms"] == EXPECTED["false_alarms"]

    def test_dissolved_inventory_has_as_many_landslides(self, landslides, case):
        case.polygons = [unary_union(case.polygons)]
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", case.inventory(), "--json")
        assert figures(answer) == pytest.approx(EXPECTED)

    def test_landslides_smaller_than_a_pixel_are_counted(self, landslides, case):
        case.polygons += [pixel_box(column + 0.55, 25.1, column + 0.95, 25.4) for column in (3, 7, 60)]
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", case.inventory(), "--json")
        found = figures(answer)
        assert (found["landslides_true"], found["landslides_missed"], found["false_alarms"]) == (5, 4, 1)

    def test_touching_polygons_are_two_landslides(self, landslides, case):
        case.polygons = [pixel_box(10, 10, 20, 20), pixel_box(20, 10, 30, 20)]
        found = self.evaluate(landslides, case, case.inventory())
        assert (found["landslides_true"], found["landslides_found"]) == (2, 1)


class TestPatches:
    @pytest.fixture
    def patches(self, case):
        """Patches of 10 px: 6 x 8."""
        pixels = np.full((6, 8), 0.2, np.float32)
        pixels[1, 1] = 0.9
        place = METRES_2 * Affine.scale(10)
        return write_raster(case.folder / "patches.tif", pixels[None], transform=place, nodata=np.nan)

    def evaluate(self, landslides, patches, *arguments):
        answer = landslides("evaluate", "--probability", patches, *arguments, "--json")
        assert answer.code == 0, answer.err
        return json.loads(answer.out)

    def test_are_compared_at_their_own_grid(self, landslides, case, patches):
        found = self.evaluate(landslides, patches, "--truth", case.truth_path)
        # Landslide: patches (1, 1), (1, 2) and (4, 5).
        assert (found["precision"], found["recall"]) == (1, pytest.approx(1 / 3))
        assert found["accuracy"] == pytest.approx(46 / 48)

    def test_polygons_with_the_scene_give_the_same(self, landslides, case, patches):
        arguments = ("--truth", case.inventory(), "--scene", case.scene_path)
        found = self.evaluate(landslides, patches, *arguments)
        assert found["accuracy"] == pytest.approx(46 / 48)
        assert found["colour_index"]["accuracy"] > 0

    def test_a_patch_is_landslide_from_a_share_on(self, landslides, case, patches):
        case.truth[:] = 0
        case.truth[10:13, 10:20] = 1  # 30 % of one patch
        write_raster(case.truth_path, case.truth[None])
        assert self.evaluate(landslides, patches, "--truth", case.truth_path)["recall"] == 1
        assert self.evaluate(landslides, patches, "--truth", case.truth_path, "--patch-share", 0.5)["recall"] is None


def test_a_run_that_found_no_landslide_missed_them_all(landslides, case):
    empty = geopandas.GeoDataFrame({"id": np.empty(0, int)}, geometry=[], crs=UTM)
    empty.to_file(case.folder / "empty.gpkg")
    answer = landslides("evaluate", "--polygons", case.folder / "empty.gpkg", "--truth", case.truth_path, "--json")
    found = json.loads(answer.out)
    assert (found["recall"], found["true_positives"], found["false_positives"]) == (0, 0, 0)
    assert found["landslides_found"] == 0 < found["landslides_true"]
    (case.folder / "table.csv").write_text("id\n1\n")
    answer = landslides("evaluate", "--polygons", case.folder / "table.csv", "--truth", case.truth_path)
    assert answer.code == 1
    assert "table.csv: holds no polygons" in answer.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--truth", "{folder}/no.tif"], "no.tif: cannot be read as a raster or as vector data"),
        (["--truth", "{folder}/far.tif"], "far.tif: does not overlap"),
        (["--truth", "{folder}/far.gpkg"], "far.gpkg: no polygon lies on"),
        (["--truth", "{folder}/placeless.tif"], "placeless.tif: has no CRS and not the size of"),
        (["--truth", "{folder}/beside.tif"], "has no pixel that the inventory covers; do they overlap?"),
        (["--truth", "{folder}/unknown.tif"], "has no pixel that the inventory covers; do they overlap?"),
        (["--truth", "{folder}/nan.tif"], "has no pixel that the inventory covers; do they overlap?"),
        (["--truth", "{folder}/blank.tif"], "p.tif: the inventory is nodata (0) all over it"),
        (["--truth", "{folder}/none.gpkg"], "none.gpkg: holds no polygons"),
        (["--truth", "{folder}/t.tif", "--scene", "{folder}/no.tif"], "no.tif: cannot be opened as a raster"),
        (["--truth", "{folder}/t.tif", "--report", "{folder}/no/r.html"], "no: output folder does not exist"),
    ],
)
def test_what_cannot_be_compared_is_one_line(landslides, case, arguments, says):
    far = METRES_2 * Affine.translation(10_000, 0)
    write_raster(case.folder / "far.tif", case.truth[None], transform=far)
    geopandas.GeoDataFrame(geometry=[pixel_box(1, 1, 5, 5, far)], crs=UTM).to_file(case.folder / "far.gpkg")
    write_raster(case.folder / "placeless.tif", case.truth[None, :50], crs=None, transform=None)
    blank = 0 * case.truth[None]
    write_raster(case.folder / "beside.tif", blank, transform=METRES_2 * Affine.translation(100, 0))
    write_raster(case.folder / "unknown.tif", blank + 255, nodata=255)
    write_raster(case.folder / "nan.tif", np.full(blank.shape, np.nan, np.float32))
    write_raster(case.folder / "blank.tif", blank, nodata=0)
    geopandas.GeoDataFrame(geometry=[], crs=UTM).to_file(case.folder / "none.gpkg")
    filled = [argument.format(folder=case.folder) for argument in arguments]
    answer = landslides("evaluate", "--probability", case.probability_path, "--threshold", 0.5, *filled)
    assert answer.code == 1
    assert says in answer.err.splitlines()[-1]


def test_polygons_against_polygons_need_the_scenes_pixels(landslides, case):
    truth = case.inventory()
    answer = landslides("evaluate", "--polygons", truth, "--truth", truth)
    assert "name it with --scene" in answer.err
    answer = landslides("evaluate", "--polygons", truth, "--truth", truth, "--scene", case.scene_path, "--json")
    assert json.loads(answer.out)["iou"] == 1


def test_a_mask_taken_for_probabilities_is_said(landslides, case):
    wrong = write_raster(case.folder / "w.tif", case.truth[None] * 255)
    answer = landslides("evaluate", "--probability", wrong, "--truth", case.truth_path)
    assert "holds 255, probabilities lie between 0 and 1; is it a mask?" in answer.err


@pytest.mark.parametrize(
    "arguments",
    [[], ["--truth", "t"], ["--mask", "m"], ["--mask", "m", "--truth", "t", "--threshold", "0.5"],
     ["--mask", "m", "--probability", "p", "--truth", "t"], ["patches"], ["--chips", "c"],
     ["patches", "--chips", "c", "--truth", "t"], ["--mask", "m", "--truth", "t", "--tta"]],
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(landslides, arguments):
    assert landslides("evaluate", *arguments).code == 2


def test_result_event_is_flat(landslides, case):
    command = ("evaluate", "--mask", case.mask_path, "--truth", case.truth_path, "--progress", "json")
    (result,) = landslides(*command).of("result")
    assert result["f1"] == pytest.approx(EXPECTED["f1"])
    assert result["report"] is None
    assert result["f1_colour_index"] is None
    assert not any(isinstance(value, (dict, list)) for value in result.values())


def test_result_event_holds_the_colour_index_and_landslides_at_every_iou(landslides, case):
    command = ("evaluate", "--mask", case.mask_path, "--truth", case.truth_path, "--scene", case.scene_path)
    (result,) = landslides(*command, "--progress", "json").of("result")
    details = json.loads(landslides(*command, "--json").out)
    for name in ("f1", "mean_iou", "auroc", "true_negatives"):
        assert result[f"{name}_colour_index"] == details["colour_index"][name]
    at = {name: details["landslides"][-1]["at"][name] for name in ("0.1", "0.3", "0.5")}
    for suffix, counts in zip(("", "_iou30", "_iou50"), at.values(), strict=True):
        assert result[f"landslides_found{suffix}"] == counts["found"]
        assert result[f"landslides_missed{suffix}"] == counts["missed"]
        assert result[f"false_alarms{suffix}"] == counts["false_alarms"]


def test_people_get_tables(landslides, case):
    out = landslides("evaluate", "--mask", case.mask_path, "--truth", case.truth_path).out
    assert "IoU >= 0.1" in out
    assert "0.481" in out
    assert re.search(r"pixels .*\ntruly landslide +TP 100 +FN 200\ntruly none +FP 16 +TN 4,484\n", out)


def test_rasters_are_measured_without_torch(case):
    program = (
        "import sys; from landslide_detector.models.cli.main import main\n"
        "try:\n    main()\nfinally:\n    print(sorted(sys.modules))"
    )
    command = ["evaluate", "--mask", str(case.mask_path), "--truth", str(case.truth_path)]
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, timeout=120)
    assert "'rasterio'" in done.stdout
    assert "'torch'" not in done.stdout
