"""Landslide by landslide: outlines from strips, and who matches whom."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from landslide_detector.models.evaluation.landslides import OVERLAPS, score_landslides
from landslide_detector.models.evaluation.outlines import Outlines
from scenes import count_regions
from shapely.geometry import box


def outlines_of(labels, rows, by_number=False):
    outlines = Outlines(by_number)
    for first in range(0, len(labels), rows):
        outlines.push(labels[first : first + rows].astype(np.int32))
    return outlines.polygons()


def boxes(*corners):
    return np.array([box(*corner) for corner in corners] + [None], dtype=object)[:-1]


class TestOutlines:
    @pytest.mark.parametrize("rows", [1, 3, 10, 40])
    def test_strips_do_not_cut_landslides(self, rows):
        labels = np.random.default_rng(1).random((40, 30)) < 0.55
        found = outlines_of(labels, rows)
        assert len(found) == count_regions(labels)
        assert shapely.area(found).sum() == labels.sum()
        whole = outlines_of(labels, 40)
        assert sorted(shapely.area(found)) == sorted(shapely.area(whole))

    def test_a_ring_that_closes_below_is_one(self):
        labels = np.ones((6, 6), bool)
        labels[1:5, 1:5] = False
        (ring,) = outlines_of(labels, 2)
        assert ring.area == 20

    def test_corners_do_not_join(self):
        assert len(outlines_of(np.eye(4, dtype=bool), 2)) == 4

    def test_numbered_parts_are_one_landslide_wherever_they_lie(self):
        labels = np.zeros((8, 8))
        labels[0, 0] = labels[7, 7] = 5
        labels[0, 1] = 6
        assert sorted(shapely.area(outlines_of(labels, 3, by_number=True))) == [1, 2]

    def test_nothing_has_no_outlines(self):
        assert len(outlines_of(np.zeros((5, 5)), 2)) == 0


class TestMatching:
    def test_found_missed_and_false_alarms_at_each_iou(self):
        truth = boxes((0, 0, 10, 10), (20, 0, 30, 10), (40, 0, 50, 10))
        predicted = boxes((0, 0, 10, 10), (20, 0, 30, 4), (60, 0, 62, 1))
        *_, everything = score_landslides(truth, predicted, None).by_size()
        counts = [tuple(everything["at"][f"{least:g}"].values()) for least in OVERLAPS]
        assert counts == [(2, 1, 1), (2, 1, 1), (1, 2, 2)]

    def test_a_prediction_over_several_landslides_finds_one(self):
        truth = boxes((0, 0, 10, 10), (12, 0, 20, 10))
        scores = score_landslides(truth, boxes((0, 0, 20, 10)), None)
        assert scores.found[0].truth.tolist() == [True, False]
        assert (scores.merged, scores.split) == (1, 0)

    def test_a_landslide_in_pieces_is_found_once(self):
        scores = score_landslides(boxes((0, 0, 20, 10)), boxes((0, 0, 9, 10), (10, 0, 20, 10)), None)
        assert scores.found[0].predicted.tolist() == [False, True]
        assert (scores.merged, scores.split) == (0, 1)

    def test_the_best_pair_goes_first(self):
        truth = boxes((0, 0, 10, 10), (8, 0, 20, 10))
        scores = score_landslides(truth, boxes((7, 0, 20, 10)), None)
        assert scores.found[0].truth.tolist() == [False, True]

    def test_touching_is_not_overlapping(self):
        scores = score_landslides(boxes((0, 0, 1, 1)), boxes((1, 0, 2, 1)), None)
        assert not scores.found[0].truth.any()
        assert (scores.merged, scores.split) == (0, 0)

    def test_no_prediction_misses_all(self):
        scores = score_landslides(boxes((0, 0, 1, 1)), boxes(), None)
        (small, everything) = scores.by_size()
        assert small["at"] == everything["at"]
        assert everything["at"]["0.1"] == {"found": 0, "missed": 1, "false_alarms": 0}

    def test_size_classes_by_area_on_the_ground(self):
        truth = boxes((0, 0, 5, 5), (10, 0, 30, 20))
        predicted = boxes((10, 0, 30, 20), (100, 0, 200, 100))
        rows = score_landslides(truth, predicted, lambda column, row: 4.0).by_size()
        table = {row["size"]: (row["landslides"], *row["at"]["0.5"].values()) for row in rows}
        assert table == {
            "100 to 1,000 m²": (1, 0, 1, 0),  # limits belong to the class above
            "1,000 to 10,000 m²": (1, 1, 0, 0),
            "10,000 to 100,000 m²": (0, 0, 0, 1),
            "all sizes": (2, 1, 1, 1),
        }
