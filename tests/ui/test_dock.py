"""The dock, worked as a person would: by mouse and keyboard, in a real QGIS window."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr, osr

THRESHOLD = 0.803  # of the results that `fake` gives


@pytest.fixture(scope="session")
def panchromatic(scene: Path) -> Path:
    """The scene with one band and pixels of 80 m: nothing a model was trained on."""
    path = scene.with_name("panchromatic.tif")
    corner = gdal.Open(str(scene)).GetGeoTransform()
    bounds = (corner[0], corner[3], corner[0] + 512 * 80, corner[3] - 512 * 80)
    gdal.Translate(str(path), str(scene), bandList=[1], outputBounds=bounds)
    return path


@pytest.fixture(scope="module")
def look(play: Any, scene: Path, panchromatic: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return play(tmp_path_factory.mktemp("look"), "dock_scenarios:look", scene=scene, misfit=panchromatic)


def test_dock_is_made_when_the_button_is_first_pressed(look: dict[str, Any]) -> None:
    assert not look["dock_before"]


def test_without_a_scene_the_dock_says_what_to_do(look: dict[str, Any]) -> None:
    assert look["without_scene"] == {"facts": "Add a raster layer to begin.", "run": False}


def test_active_raster_is_shown_with_size_resolution_and_bands(look: dict[str, Any]) -> None:
    assert look["scene"] == "hillside"
    assert look["facts"] == ["512 x 512 px", "0.8 m a pixel", "3 bands, 8 bit"]
    assert look["misfit"] == ""
    assert look["run"]


def test_scene_that_does_not_fit_the_model_is_warned_of(look: dict[str, Any]) -> None:
    bands, resolution = look["misfit_of_another"].splitlines()
    assert "1 band" in bands
    assert "red, green, blue" in bands
    assert "80 m a pixel" in resolution


def test_each_detector_brings_its_models_and_threshold(look: dict[str, Any]) -> None:
    assert [checked for checked, _model, _threshold in look["detectors"].values()] == [True, True, True]
    models = [model for _checked, model, _threshold in look["detectors"].values()]
    assert [re.sub(r"[-)].*", "", model) for model in models] == [
        "Automatic (patches",
        "Automatic (anomaly",
        "Automatic (segmentation",
    ]
    assert all(re.search(r"\(0\.\d+\)", threshold) for *_rest, threshold in look["detectors"].values())


def test_card_says_training_figures_limits_and_licence(look: dict[str, Any]) -> None:
    for words in ("Trained on", "Measured", "F1", "IoU", "Limits", "Licence", "GPL"):
        assert words in look["card"]


def test_keyboard_reaches_every_control_from_scene_to_run(look: dict[str, Any]) -> None:
    order = [name for name in look["tab_order"] if name.startswith("Landslide")]
    wanted = ["Scene", "Detector_segmentation", "Model", "ModelFold", "AreaWhole", "ThresholdAuto", "Run"]
    assert [name for name in order if name.removeprefix("Landslide") in wanted] == [f"Landslide{n}" for n in wanted]


def test_every_control_has_a_name_and_a_tooltip(look: dict[str, Any]) -> None:
    assert look["nameless"] == []


def test_dock_keeps_the_engine_out_of_the_process_of_qgis(look: dict[str, Any], runs: dict[str, Any]) -> None:
    assert look["heavy_modules"] == runs["heavy_modules"] == []


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs_profile")


@pytest.fixture(scope="module")
def runs(play: Any, scene: Path, fake: Any, profile: Path) -> dict[str, Any]:
    folder = profile / "my results"
    folder.mkdir()
    return play(profile, "dock_scenarios:runs", engine=fake(2), scene=scene, folder=folder)


def test_runs_queue_and_run_one_after_another(runs: dict[str, Any]) -> None:
    assert [state for _title, state in runs["queued"]] == ["running", "queued", "queued"]
    assert runs["most_engines"] == 1


def test_progress_says_share_time_left_tiles_a_second_and_who_waits(runs: dict[str, Any]) -> None:
    assert any(re.match(r"\d+ %, \d s left, [\d.]+ tiles/s; 2 waiting", text) for text in runs["texts"])


def test_results_are_groups_of_polygons_over_mask_over_probability(runs: dict[str, Any]) -> None:
    assert set(runs["groups"]) == {"hillside: Segment landslides", "hillside: Detect landslide patches"}
    for layers in runs["groups"].values():
        assert layers == [
            ["hillside: landslides", True],
            ["hillside: landslide mask", False],
            ["hillside: landslide probability", True],
        ]
    assert all("7 landslides, 1234 m²" in message for message in runs["messages"])


def test_files_go_to_the_folder_and_never_over_older_ones(runs: dict[str, Any]) -> None:
    assert len(runs["files"]) == 9
    assert "hillside_detectpatches_probability.tif" in runs["files"]
    assert "hillside_detectpatches_2_probability.tif" in runs["files"]


def test_result_fills_the_dock_with_its_settings(runs: dict[str, Any]) -> None:
    assert runs["record"]["algorithm"] == "landslides:detectpatches"
    assert runs["filled"] == {"detector": "patches", "threshold": {"THRESHOLD": 0.25}}
    assert not runs["shows_result_as_scene"]


def test_past_runs_are_listed_and_can_be_repeated(runs: dict[str, Any]) -> None:
    assert len(runs["listed"]) == 3
    assert "detect segmentation" in runs["details"]
    assert runs["groups_after_repeat"] == 4


def test_next_start_opens_the_dock_and_remembers_the_runs(play: Any, profile: Path, runs: dict[str, Any]) -> None:
    seen = play(profile, "dock_scenarios:next_start")

    assert (seen["before"], seen["after"]) == (4, 3)
    ((name, layers),) = seen["groups"].items()
    assert name == "hillside: Segment landslides"
    assert len(layers) == 3


def test_area_is_the_layer_the_view_selected_polygons_or_a_drawn_rectangle(
    play: Any, scene: Path, fake: Any, tmp_path: Path
) -> None:
    seen = play(tmp_path, "dock_scenarios:areas", engine=fake(0.1), scene=scene)

    whole, visible, polygons, drawn = seen["commands"]
    assert "--extent" not in whole
    assert "--aoi" not in whole
    assert _extent(visible) == pytest.approx(seen["visible"], abs=1e-3)
    area = ogr.Open(shlex.split(polygons)[shlex.split(polygons).index("--aoi") + 1])
    assert area.GetLayer(0).GetFeatureCount() == 1
    assert _extent(drawn) == pytest.approx(seen["drawn"], abs=10 * seen["pixel"])
    assert seen["drawing"] == [True, "QgsMapToolExtent", False, True]
    assert "No polygon is selected" in seen["nothing_selected"]
    assert "does not show any of hillside" in seen["elsewhere"]


def test_extent_of_an_earlier_run_is_searched_again_or_said_to_be_lost(play: Any, scene: Path, tmp_path: Path) -> None:
    raster = gdal.Open(str(scene))
    left, pixel, _, top, _, _ = raster.GetGeoTransform()
    corners = [left + 50 * pixel, left + 150 * pixel, top - 150 * pixel, top - 50 * pixel]
    reference = raster.GetSpatialRef()
    reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    mercator = osr.SpatialReference()
    mercator.ImportFromEPSG(3857)
    ends = osr.CoordinateTransformation(reference, mercator).TransformPoints(
        [(corners[0], corners[2]), (corners[1], corners[3])]
    )
    elsewhere = f"{ends[0][0]},{ends[1][0]},{ends[0][1]},{ends[1][1]} [EPSG:3857]"

    seen = play(
        tmp_path,
        "dock_scenarios:repeats",
        scene=scene,
        parameters={
            "as kept": {"EXTENT": ",".join(map(str, corners))},
            "in another CRS": {"EXTENT": elsewhere},
            "unreadable": {"EXTENT": "a_layer_that_was"},
            "no layer": {"AOI": {"source": "a_layer_that_was", "selectedFeaturesOnly": True}},
            "whole": {},
        },
    )

    for name in ("as kept", "in another CRS"):
        extent = seen[name]["parameters"]["EXTENT"].split(" ")[0]
        assert [float(corner) for corner in extent.split(",")] == pytest.approx(corners, abs=2 * pixel)
        assert seen[name]["problem"] == ""
    assert "a_layer_that_was" in seen["unreadable"]["problem"]
    assert "not in the project any more" in seen["no layer"]["problem"]
    assert seen["unreadable"]["parameters"] == seen["no layer"]["parameters"] == seen["whole"]["parameters"] == {}
    assert seen["whole"]["problem"] == ""


def test_outlines_can_be_screened_first_and_a_repeat_does_so_again(
    play: Any, scene: Path, fake: Any, tmp_path: Path
) -> None:
    seen = play(tmp_path, "dock_scenarios:screening", engine=fake(0.1), scene=scene)

    assert "--screen" in seen["command"].split()
    assert "coarser than 1.8 m" in seen["tip"]
    assert seen["of_patches"] == [False, "Only Outlines can be screened first.", {}]
    assert seen["without"] == {}
    assert seen["repeated"] == [True, {"SCREEN": True}, ""]


def test_threshold_moves_without_a_run_and_gives_the_polygons_of_the_engine(
    play: Any, scene: Path, fake: Any, tmp_path: Path
) -> None:
    seen = play(tmp_path, "dock_scenarios:threshold", engine=fake(0.1), scene=scene, cut=THRESHOLD)

    assert seen["at_first"] == THRESHOLD
    moved, alphas = seen["by_mouse"]
    assert moved == pytest.approx(0.25, abs=0.01)
    assert [alpha > 0 for alpha in alphas] == [False, True, True, True]
    moved, alphas = seen["by_key"]
    assert moved == pytest.approx(0.3, abs=0.01)
    assert [alpha > 0 for alpha in alphas] == [False, False, True, True]
    assert re.match(r"From 0\.\d+ on: about [\d.]+% of the scene, \d+ m²", seen["share"])
    assert seen["engines"] == 0
    assert seen["restyled_ms"] < 100
    assert all(alpha > 0 for alpha in seen["all"])
    assert len(seen["made"]) == len(seen["own"]) > 0
    for made, own in zip(seen["made"], seen["own"]):
        assert made == pytest.approx(own, rel=0.002, abs=1e-4)
    assert seen["record"]["parameters"]["THRESHOLD"] == THRESHOLD
    assert seen["groups"]["hillside: Segment landslides"][0][0] == f"hillside: landslides from {THRESHOLD}"


def test_without_an_engine_a_banner_leads_to_the_set_up(play: Any, scene: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere" / "landslides"

    seen = play(tmp_path, "dock_scenarios:no_engine", engine=nowhere, scene=scene)

    assert str(nowhere) in seen["banner"]
    assert seen["visible"]
    assert not seen["run"]


def _extent(command: str) -> list[float]:
    (value,) = re.findall(r"--extent[= ]([-\d.,e+]+)", command)
    return [float(number) for number in value.split(",")]
