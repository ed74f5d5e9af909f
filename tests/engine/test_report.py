"""Reports stand alone, and show the figures that the command line prints."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import rasterio
from chip_folders import write_chips
from landslide_detector.models.evaluation import page as page_module
from landslide_detector.models.evaluation.charts import Line, curve_chart, reliability_chart
from landslide_detector.models.evaluation.metrics import BinaryScores
from landslide_detector.models.evaluation.overlay import FALSE_ALARM, HIT, MISS, PAPER, ErrorMap
from landslide_detector.models.evaluation.pictures import PREDICTED, SIDE, TRUTH, outlined
from scenes import landscape, write_raster

VOID = {"meta", "img", "br"}


class Reader(HTMLParser):
    """Checks nesting and gathers what a page refers to and says."""

    def __init__(self, path):
        super().__init__()
        self.open, self.references, self.tags, self.words = [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))
        assert self.open == []
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.references += [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in ("style", "title"):
            self.words.append(data)


def assert_stands_alone(reader, path):
    assert "script" not in reader.tags
    assert all(reference.startswith("data:image/") for reference in reader.references)
    html = path.read_text(encoding="utf-8")
    assert not re.search(r"https?://|@import|url\(", html)
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


@pytest.fixture
def scene_report(landslides, tmp_path):
    truth = np.zeros((60, 80), np.uint8)
    truth[10:20, 10:30] = truth[40:50, 50:60] = 1
    probability = np.full((60, 80), 0.1, np.float32)
    probability[10:20, 10:20] = 0.9
    probability[30:34, 5:9] = 0.7
    scene = write_raster(tmp_path / "s <1>.tif", landscape(60, 80))
    paths = (
        write_raster(tmp_path / "p.tif", probability[None], nodata=np.nan),
        write_raster(tmp_path / "t.tif", truth[None]),
    )
    with rasterio.open(paths[0], "r+") as dataset:
        dataset.update_tags(LANDSLIDES_SCENE=str(scene), LANDSLIDES_MODEL="a & b")
    arguments = ("--probability", paths[0], "--truth", paths[1], "--report", tmp_path / "r.html", "--json")
    answer = landslides("evaluate", *arguments)
    assert answer.code == 0, answer.err
    return tmp_path / "r.html", json.loads(answer.out)


def test_scene_report_stands_alone_and_shows_the_figures(scene_report):
    path, figures = scene_report
    reader = Reader(path)
    assert_stands_alone(reader, path)
    assert figures["report"] == str(path)
    for name in ("f1", "iou", "mean_iou", "precision", "recall", "auroc", "brier"):
        assert f"{figures[name]:.3f}" in reader.text
    assert f"colour index {figures['colour_index']['f1']:.3f}" in reader.text
    assert "a & b" in reader.text
    assert "s <1>.tif" in reader.text
    assert re.search(r"all sizes 2 1 1 1 1 1 1 1 1 1", reader.text)
    assert reader.tags.count("svg") == 3
    assert reader.tags.count("img") == 1 + 1 + 1  # the map, a miss, a false alarm


def test_chip_report_shows_intervals_and_the_worst_cases(landslides, toys, tmp_path):
    folder = write_chips(tmp_path / "chips", count=16, size=40)
    arguments = ("--model", toys["segmentation"].folder, "--tta", "--report", tmp_path / "r.html", "--json")
    figures = json.loads(landslides("evaluate", "segmentation", "--chips", folder, *arguments).out)
    reader = Reader(tmp_path / "r.html")
    assert_stands_alone(reader, tmp_path / "r.html")
    low, high = figures["intervals_95"]["pixel"]["f1"]
    assert f"95 %: {low:.3f} to {high:.3f}" in reader.text
    low, high = figures["intervals_95"]["false_alarm_chips"]
    assert f"share of chips {figures['false_alarm_chips']:.2%} {low:.2%} to {high:.2%}" in reader.text
    assert "with test-time augmentation" in reader.text
    assert "The 12 worst cases" in reader.text
    assert reader.tags.count("img") == 12
    assert all(name in reader.text for name in figures["worst"])


def test_reports_of_landslide_free_ground_have_no_curves_and_only_figures_that_are_defined(landslides, toys, tmp_path):
    probability = np.full((60, 80), 0.1, np.float32)
    probability[10:20, 10:22] = 0.9
    paths = (
        write_raster(tmp_path / "p.tif", probability[None], nodata=np.nan),
        write_raster(tmp_path / "t.tif", np.zeros((1, 60, 80), np.uint8)),
        write_raster(tmp_path / "s.tif", landscape(60, 80)),
    )
    folder = write_chips(tmp_path / "chips", count=4, size=40)
    scene = ("--probability", paths[0], "--truth", paths[1], "--scene", paths[2])
    chips = ("segmentation", "--chips", folder, "--source", "s0", "--model", toys["segmentation"].folder)
    for arguments, share, pictures in ((scene, "2.50%", 2), (chips, "0.00%", 1)):
        answer = landslides("evaluate", *arguments, "--report", tmp_path / "r.html")
        assert answer.code == 0, answer.err
        reader = Reader(tmp_path / "r.html")
        assert_stands_alone(reader, tmp_path / "r.html")
        assert "The truth holds no landslide, so only false alarms are measured." in reader.text
        assert f"{share} of the landslide-free ground taken for landslide (colour index: " in reader.text
        assert "svg" not in reader.tags
        assert "At other thresholds" not in reader.text
        assert reader.tags.count("img") == pictures  # scene: the map, and a false alarm; chips: the one there is
        assert "Specificity" in reader.text
        assert not re.search(r"\bnan\b|AUROC [\d–]|F1 [\d–]|Recall [\d–]", reader.text)


def test_without_the_template_library_one_line_says_what_to_add(landslides, tmp_path, monkeypatch):
    monkeypatch.setattr(page_module.importlib.util, "find_spec", lambda name: None)
    truth = write_raster(tmp_path / "t.tif", np.ones((1, 9, 9), np.uint8))
    arguments = ("evaluate", "--mask", truth, "--truth", truth)
    assert landslides(*arguments, "--report", tmp_path / "r.html").error.endswith("pip install jinja2")
    assert landslides(*arguments).code == 0


class TestErrorMap:
    def test_counts_add_up_over_strips_and_cells(self, monkeypatch):
        monkeypatch.setattr("landslide_detector.models.evaluation.overlay.LONGEST", 5)
        truth, found = np.zeros((10, 9), bool), np.zeros((10, 9), bool)
        truth[0:2, 0:2] = found[0:2, 0:2] = True
        truth[4:6, 4:6] = True
        found[8:, 8:] = True
        errors = ErrorMap(10, 9)
        assert errors.step == 2
        for rows in (slice(0, 4), slice(4, 10)):
            errors.push(rows.start, found[rows], truth[rows], np.ones_like(truth[rows]))
        picture = errors.picture(None)
        assert picture.shape == (*errors.shape, 3) == (5, 5, 3)
        near = [np.abs(picture.astype(int) - colour).sum(axis=2) < 60 for colour in (HIT, MISS, FALSE_ALARM)]
        assert [list(map(tuple, np.argwhere(kind))) for kind in near] == [[(0, 0)], [(2, 2)], [(4, 4)]]
        assert (picture[0, 4] == PAPER).all()

    def test_a_grid_of_patches_is_enlarged(self):
        errors = ErrorMap(3, 4)
        truth = np.eye(3, 4, dtype=bool)
        errors.push(0, truth, truth, np.ones_like(truth))
        picture = errors.picture(np.full((3, *errors.shape), 99, np.uint8))
        assert picture.shape == (900, 1200, 3)
        assert (picture[0, 300] == 99).all()
        assert (picture[0, 299] == picture[0, 0]).all()

    def test_one_pixel_shows_in_a_large_cell(self, monkeypatch):
        monkeypatch.setattr("landslide_detector.models.evaluation.overlay.LONGEST", 1)
        errors = ErrorMap(100, 100)
        truth = np.zeros((100, 100), bool)
        truth[3, 3] = True
        errors.push(0, ~truth & truth, truth, ~truth | truth)
        assert np.abs(errors.picture(None)[0, 0].astype(int) - PAPER).sum() > 60


def test_outlines_show_even_for_one_pixel():
    image = np.full((3, 40, 80), 90, np.uint8)
    truth, found = np.zeros((2, 40, 80), bool)
    truth[5, 5] = found[30:35, 60:70] = True
    picture = np.asarray(outlined(image, truth, found))
    assert picture.shape == (SIDE, SIDE, 3)
    assert (picture == TRUTH).all(axis=2).any()
    assert (picture == PREDICTED).all(axis=2).any()


def test_charts_are_well_formed_and_start_where_they_must():
    scores = BinaryScores()
    scores.update(np.linspace(0, 1, 500).astype(np.float32), np.linspace(0, 1, 500) > 0.6)
    lines = [Line("x", "detector", scores.roc(), (0.1, 0.9))]
    for svg in (curve_chart("<t>", "a & b", "y", lines, float("nan")), reliability_chart("t", scores.reliability())):
        from xml.etree import ElementTree

        ElementTree.fromstring(svg)
    assert 'class="line detector" d="M52.0 250.0L' in curve_chart("t", "x", "y", lines)
