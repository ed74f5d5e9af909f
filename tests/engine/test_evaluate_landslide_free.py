"""A prediction of ground without landslides: what can be measured is false alarms."""

from __future__ import annotations

import json
import re

import geopandas
import numpy as np
import pytest
from affine import Affine
from evaluation_case import pixel_box
from scenes import METRES_2, UTM, write_raster

NOT_DEFINED = ("f1", "iou", "mean_iou", "precision", "recall", "auroc", "average_precision")


class TestWithoutLandslides:
    """All that can be measured are false alarms: of the 4800 px 116 are taken for landslide, in two places."""

    def evaluate(self, landslides, case, truth, *arguments):
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", truth, *arguments, "--json")
        assert answer.code == 0, answer.err
        (warning,) = [line for line in answer.err.splitlines() if line.startswith("Warning: ")]
        assert f"{truth}: holds no landslide where p.tif was assessed, so only false alarms are measured" in warning
        return json.loads(answer.out)

    @pytest.fixture
    def blank(self, case):
        return write_raster(case.folder / "blank.tif", 0 * case.truth[None])

    def test_false_alarms_are_measured_and_what_is_not_defined_is_null(self, landslides, case, blank):
        found = self.evaluate(landslides, case, blank, "--scene", case.scene_path)
        assert {name: found[name] for name in NOT_DEFINED} == dict.fromkeys(NOT_DEFINED)
        assert {name: found["colour_index"][name] for name in NOT_DEFINED} == dict.fromkeys(NOT_DEFINED)
        assert found["false_alarm_share"] == pytest.approx(116 / 4800)
        assert found["specificity"] == found["accuracy"] == pytest.approx(1 - 116 / 4800)
        assert 0 < found["colour_index"]["false_alarm_share"] < 1
        assert (found["landslides_true"], found["false_alarms"], found["false_alarms_iou50"]) == (0, 2, 2)
        assert (found["true_positives"], found["false_positives"]) == (0, 116)
        assert found["brier"] == pytest.approx((100 * 0.81 + 16 * 0.49 + 4684 * 0.01) / 4800, abs=1e-3)

    def test_people_are_told_no_figure_that_is_not_defined(self, landslides, case, blank):
        out = landslides("evaluate", "--probability", case.probability_path, "--truth", blank).out
        assert "\n2.42% of the landslide-free ground taken for landslide\n" in out
        assert not re.search("F1|IoU, landslide|Mean IoU|Precision|Recall|AUROC|nan", out)

    def test_the_warning_is_an_event(self, landslides, case, blank):
        command = ("evaluate", "--mask", case.mask_path, "--truth", blank, "--progress", "json")
        (warning,) = landslides(*command).of("warning")
        assert "only false alarms are measured" in warning["message"]

    def test_part_of_a_scene_that_polygons_leave_free(self, landslides, case):
        part = pixel_box(0, 25, 40, 60)
        geopandas.GeoDataFrame(geometry=[part], crs=UTM).to_file(case.folder / "aoi.gpkg")
        extent = ",".join(map(str, part.bounds))
        for where in (("--extent", extent), ("--aoi", case.folder / "aoi.gpkg")):
            found = self.evaluate(landslides, case, case.inventory(), *where)
            assert found["false_alarm_share"] == pytest.approx(16 / (35 * 40))
            assert found["false_alarms"] == 1

    def test_prediction_of_a_part_of_the_scene_that_the_inventory_is_of(self, landslides, case):
        write_raster(case.probability_path, case.probability[None, 22:38], nodata=np.nan,
                     transform=METRES_2 * Affine.translation(0, 22))  # fmt: skip
        found = self.evaluate(landslides, case, case.inventory(), "--scene", case.scene_path)
        assert found["false_alarm_share"] == pytest.approx(16 / (16 * 80))
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", case.inventory())
        assert answer.code == 1
        assert "t.gpkg: no polygon lies on" in answer.err

    def test_inventory_whose_background_is_called_nodata_but_that_has_landslides_elsewhere(self, landslides, case):
        truth = write_raster(case.folder / "n.tif", case.truth[None], nodata=0)
        geopandas.GeoDataFrame(geometry=[pixel_box(0, 25, 40, 60)], crs=UTM).to_file(case.folder / "aoi.gpkg")
        assert self.evaluate(landslides, case, truth, "--aoi", case.folder / "aoi.gpkg")["false_alarms"] == 1

    def test_ground_where_all_was_rejected_in_review(self, landslides, case):
        found = self.evaluate(landslides, case, case.inventory(status=["rejected", "rejected"]))
        assert found["false_alarms"] == 2
        undecided = case.inventory("undecided.gpkg", status=["rejected", ""])
        answer = landslides("evaluate", "--probability", case.probability_path, "--truth", undecided)
        assert answer.code == 1
        assert "none of its polygons on" in answer.err

    def test_a_part_in_which_no_polygon_was_predicted(self, landslides, case):
        found = case.inventory("found.gpkg")
        extent = ",".join(map(str, pixel_box(0, 25, 40, 60).bounds))
        answer = landslides("evaluate", "--polygons", found, "--truth", case.truth_path, "--extent", extent, "--json")
        assert json.loads(answer.out)["false_alarm_share"] == 0
        assert json.loads(answer.out)["specificity"] == 1
