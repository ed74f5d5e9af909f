"""Parameters in, command line out; no engine runs here."""

from __future__ import annotations

import json

import pytest
from processing_support import Run, option, polygon_layer, write_raster
from qgis.core import QgsProcessing, QgsProcessingFeatureSourceDefinition, QgsProject

DETECTORS = {"detectpatches": "patches", "segmentlandslides": "segmentation", "detectanomalies": "anomaly"}


@pytest.fixture
def scene(tmp_path):
    return str(write_raster(tmp_path / "ma scène.tif"))


@pytest.fixture
def outputs(tmp_path):
    return {"PROBABILITY": str(tmp_path / "p.tif"), "MASK": str(tmp_path / "m.tif")}


def arguments_of(fake_engine, parameters, name="segmentlandslides"):
    run = Run(f"landslides:{name}", parameters)
    assert run.succeeded, run.feedback.errors
    return fake_engine.arguments


def failure_of(parameters, name="segmentlandslides"):
    run = Run(f"landslides:{name}", parameters)
    assert not run.succeeded
    (error,) = run.feedback.errors
    assert "\n" not in error
    return error


@pytest.mark.parametrize(("name", "detector"), DETECTORS.items())
def test_what_is_not_chosen_is_left_to_the_model(provider, fake_engine, scene, outputs, name, detector):
    assert arguments_of(fake_engine, {"INPUT": scene, **outputs}, name) == [
        "detect", detector, scene, "--probability", outputs["PROBABILITY"], "--mask", outputs["MASK"],
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "detector"), DETECTORS.items())
def test_all_that_is_chosen_is_passed_on(provider, fake_engine, scene, outputs, tmp_path, name, detector):
    polygons = str(tmp_path / "v.gpkg")
    parameters = {
        "INPUT": scene, "BANDS": [3, 2, 1], "MODEL": "my-model", "THRESHOLD": 0.4, "MIN_AREA": 0, "TILE_SIZE": 256,
        "OVERLAP": 0, "BATCH_SIZE": 2, "DEVICE": "cuda:3", "PRECISION": "bf16", "POLYGONS": polygons, **outputs,
        "EXTENT": "500010,500030,2699975,2699990 [EPSG:32651]",
    }  # fmt: skip
    assert arguments_of(fake_engine, parameters, name) == [
        "detect", detector, scene, "--probability", outputs["PROBABILITY"], "--mask", outputs["MASK"],
        "--polygons", polygons, "--model", "my-model", "--bands", "3,2,1",
        "--extent", "500010.0,2699975.0,500030.0,2699990.0", "--threshold", "0.4", "--min-area", "0.0",
        "--tile-size", "256", *([] if detector == "patches" else ["--overlap", "0"]), "--batch-size", "2",
        "--device", "cuda:3", "--precision", "bf16",
    ]  # fmt: skip


def test_only_segmentation_can_be_screened(provider, fake_engine, scene, outputs):
    assert "--screen" in arguments_of(fake_engine, {"INPUT": scene, "SCREEN": True, **outputs})
    for name in ("detectpatches", "detectanomalies"):
        assert provider.algorithm(name).parameterDefinition("SCREEN") is None


@pytest.mark.parametrize(
    ("name", "chosen", "is_int8"),
    [
        ("detectanomalies", {}, True),
        ("detectanomalies", {"DEVICE": "cpu", "MODEL": "anomaly-unet"}, True),
        ("detectanomalies", {"DEVICE": "cuda"}, False),
        ("detectanomalies", {"MODEL": "one of my own"}, False),
        ("segmentlandslides", {}, False),
        ("detectpatches", {}, False),
    ],
)
def test_int8_as_an_option_fails_no_detection(
    provider, fake_engine, scene, outputs, monkeypatch, name, chosen, is_int8
):
    monkeypatch.setenv("LANDSLIDES_PRECISION", "int8")
    run = Run(f"landslides:{name}", {"INPUT": scene, **chosen, **outputs})
    assert run.succeeded, run.feedback.errors
    arguments = fake_engine.arguments
    assert arguments[-2:] == ["--precision", "int8"] if is_int8 else "--precision" not in arguments
    assert any("the best precision is used" in warning for warning in run.feedback.warnings) != is_int8


def test_a_threshold_of_zero_is_a_threshold(provider, fake_engine, scene, outputs):
    arguments = arguments_of(fake_engine, {"INPUT": scene, "THRESHOLD": 0, **outputs})
    assert option(arguments, "--threshold") == "0.0"


def test_the_folder_of_a_model_is_taken_too(provider, fake_engine, scene, outputs, tmp_path):
    folder = str(tmp_path / "a model")
    assert option(arguments_of(fake_engine, {"INPUT": scene, "MODEL": folder, **outputs}), "--model") == folder


def test_the_models_of_the_user_are_offered_with_those_of_their_detector(provider, monkeypatch, tmp_path):
    for name, detector in [("mine", "segmentation"), ("other", "patches")]:
        (tmp_path / name).mkdir()
        card = {"name": name, "detector": detector, "landslides:resolution": [1, 4]}
        (tmp_path / name / "card.json").write_text(json.dumps(card))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "card.json").write_text("{")
    monkeypatch.setenv("LANDSLIDES_MODELS", str(tmp_path))
    algorithm = provider.algorithm("segmentlandslides").create()
    hints = algorithm.parameterDefinition("MODEL").metadata()["widget_wrapper"]["value_hints"]
    assert hints[0] == "auto"
    assert "mine" in hints
    assert not {"other", "broken"} & set(hints)


def test_an_extent_in_another_crs_is_given_in_that_of_the_scene(provider, fake_engine, outputs, tmp_path):
    scene = str(write_raster(tmp_path / "s.tif", (1000, 1000), epsg=32651, corner=(500000, 2700000)))
    arguments = arguments_of(
        fake_engine, {"INPUT": scene, "EXTENT": "123.0,123.004,24.408,24.411 [EPSG:4326]", **outputs}
    )
    xmin, ymin, xmax, ymax = map(float, option(arguments, "--extent").split(","))
    # The central meridian of the zone is 123 degrees, at 500 km; a degree of longitude is some 101.5 km here.
    assert xmin == pytest.approx(500000, abs=1)
    assert xmax == pytest.approx(500406, abs=3)
    assert 2699000 < ymin < ymax < 2700000
    assert ymax - ymin == pytest.approx(332, abs=3)


def test_an_extent_west_of_greenwich_is_not_taken_for_an_option(provider, fake_engine, outputs, tmp_path):
    scene = str(write_raster(tmp_path / "s.tif", epsg=4326, corner=(-70.5, -30.0), pixel=0.001))
    arguments = arguments_of(fake_engine, {"INPUT": scene, "EXTENT": "-70.49,-70.48,-30.02,-30.01", **outputs})
    assert "--extent=-70.49,-30.02,-70.48,-30.01" in arguments


def test_an_extent_beside_the_scene_is_refused(provider, fake_engine, scene, outputs):
    error = failure_of({"INPUT": scene, "EXTENT": "0,1,0,1 [EPSG:32651]", **outputs})
    assert "does not touch ma scène" in error


def test_a_band_the_scene_does_not_have_is_refused(provider, fake_engine, scene, outputs):
    assert "has no band 4, only 3" in failure_of({"INPUT": scene, "BANDS": [1, 2, 4], **outputs})


def test_a_scene_that_is_not_there_is_named(provider, fake_engine, outputs):
    assert "/nowhere/scene.tif" in failure_of({"INPUT": "/nowhere/scene.tif", **outputs})


def test_a_raster_destination_that_is_no_geotiff_is_refused(provider, fake_engine, scene, outputs, tmp_path):
    error = failure_of({"INPUT": scene, **outputs, "MASK": str(tmp_path / "m.png")})
    assert "m.png" in error
    assert "GeoTIFF" in error


def test_temporary_outputs_get_a_file(provider, fake_engine, scene):
    temporary = QgsProcessing.TEMPORARY_OUTPUT
    arguments = arguments_of(
        fake_engine, {"INPUT": scene, "PROBABILITY": temporary, "MASK": temporary, "POLYGONS": temporary}
    )
    assert option(arguments, "--probability").endswith(".tif")
    assert option(arguments, "--polygons").endswith(".gpkg")


def test_the_numbers_of_the_engine_are_outputs(provider, fake_engine, scene, outputs):
    run = Run("landslides:segmentlandslides", {"INPUT": scene, **outputs})
    assert {name: run.results[name] for name in ("AREA", "SHARE", "COUNT")} == {
        "AREA": 1234.5, "SHARE": 0.25, "COUNT": 7,
    }  # fmt: skip
    assert run.results["MASK"] == outputs["MASK"]
    assert "POLYGONS" not in run.results


def test_a_cancelled_run_gives_no_results(provider, fake_engine, scene, outputs):
    from processing_support import RememberingFeedback

    class CancellingAtWork(RememberingFeedback):
        def pushInfo(self, info):
            super().pushInfo(info)
            if info.startswith("pid "):
                self.cancel()

    fake_engine.act("run_for_ever")
    run = Run("landslides:segmentlandslides", {"INPUT": scene, **outputs}, CancellingAtWork())
    assert run.results == {}
    assert run.feedback.errors == []


def test_an_error_of_the_engine_is_reported_once_and_in_one_line(provider, fake_engine, scene, outputs):
    fake_engine.act("fail_clearly")
    assert failure_of({"INPUT": scene, **outputs}) == "scene.tif: has one band, the model needs 3"


def test_the_sample_scene_is_made_as_asked(provider, fake_engine, tmp_path):
    scene, truth = str(tmp_path / "s.tif"), str(tmp_path / "t.tif")
    parameters = {"SIZE": 512, "SEED": 3, "SCENE": scene, "TRUTH": truth}
    run = Run("landslides:createsamplescene", parameters)
    assert run.results == {"SCENE": scene, "TRUTH": truth}
    assert fake_engine.arguments == ["sample", scene, "--truth", truth, "--size", "512", "--seed", "3"]


def test_the_environment_is_shown_in_log_outputs_and_report(provider, fake_engine, tmp_path):
    report = tmp_path / "report.html"
    run = Run("landslides:checkenvironment", {"REPORT": str(report)})
    assert fake_engine.arguments == ["environment", "--device", "auto", "--precision", "auto", "--json"]
    assert run.results["DEVICE"] == "cpu"
    assert run.results["PRECISION"] == "bf16"
    info = run.results["INFO"]
    assert info in run.feedback.infos
    for line in ("version: 9.9", "  torch: -", "models: a, b", "  name: cpu; usable: True; note: 2 cores"):
        assert line in info.splitlines()
    assert "AMX &lt;tiles&gt;" in report.read_text(encoding="utf-8")


def test_what_is_no_description_of_an_environment_is_quoted(provider, fake_engine):
    fake_engine.act("flood")
    run = Run("landslides:checkenvironment", {})
    assert not run.succeeded
    assert any("did not describe its environment, but said: " in error for error in run.feedback.errors)


def test_the_environment_is_that_of_the_device_that_is_set(provider, fake_engine, monkeypatch):
    monkeypatch.setenv("LANDSLIDES_DEVICE", "cuda:1")
    monkeypatch.setenv("LANDSLIDES_PRECISION", "fp16")
    Run("landslides:checkenvironment", {})
    assert fake_engine.arguments == ["environment", "--device", "cuda:1", "--precision", "fp16", "--json"]


def test_only_the_selected_polygons_are_passed_on_and_the_layer_is_kept(provider, fake_engine, scene, outputs):
    layer = polygon_layer([(500000, 2699980, 500010, 2699990), (500020, 2699980, 500030, 2699990)])
    QgsProject.instance().addMapLayer(layer, False)
    layer.selectByIds([2])
    selected = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    area = option(arguments_of(fake_engine, {"INPUT": scene, "AOI": selected, **outputs}), "--aoi")
    assert area.endswith("area/polygons.gpkg")
    assert layer.featureCount() == 2
    assert layer.selectedFeatureIds() == [2]
    QgsProject.instance().removeMapLayer(layer)
