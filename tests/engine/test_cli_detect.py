"""``landslides detect``: events, exit codes, and one clear line for whatever is wrong."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from scenes import landscape, unfinished, write_raster
from toy_models import write_card, write_toy

RESULT = [
    "event", "engine_version", "input", "model", "threshold", "probability", "mask", "polygons", "area_m2", "share",
    "landslides", "seconds",
]  # fmt: skip


@pytest.fixture
def scene(tmp_path):
    return write_raster(tmp_path / "scene.tif", landscape(60, 80))


@pytest.fixture
def detect(landslides, toys, tmp_path):
    """Run detect with the toy model and a probability raster, unless told otherwise."""

    def run(*arguments, detector="segmentation", model=None, progress="json"):
        names = () if "--output-dir" in arguments else ("--probability", tmp_path / "p.tif")
        model = toys[detector].folder if model is None else model
        return landslides("detect", detector, *arguments, *names, "--model", model, "--progress", progress)

    return run


class TestEvents:
    def test_result_is_the_contract(self, detect, scene, tmp_path):
        answer = detect(scene, "--mask", tmp_path / "m.tif", "--threshold", "0.3")
        assert answer.code == 0
        (result,) = answer.of("result")
        assert list(result) == RESULT
        assert result["threshold"] == 0.3
        assert result["polygons"] is None
        assert result["probability"] == str(tmp_path / "p.tif")
        assert result["area_m2"] > 0
        assert 0 < result["share"] < 1
        assert result["landslides"] > 0
        assert answer.err == ""

    def test_progress_rises_and_tells_the_time_left(self, detect, scene):
        events = detect(scene).of("progress")
        assert [event["done"] for event in events] == sorted(event["done"] for event in events)
        assert events[-1] == {"event": "progress", "done": 1.0, "eta_s": 0.0}

    def test_log_tells_bands_model_and_device(self, detect, scene):
        text = " ".join(event["message"] for event in detect(scene, "--device", "cpu").of("log"))
        for part in ("red = band 1", "toy-segmentation on cpu", "asked for", "2 x 2 m a pixel", "overlap 16 px"):
            assert part in text

    def test_without_georeference_area_is_null(self, detect, tmp_path):
        from affine import Affine

        scene = write_raster(tmp_path / "x.png", landscape(60, 80), driver="PNG", crs=None, transform=Affine.identity())
        answer = detect(scene)
        assert answer.of("result")[0]["area_m2"] is None
        assert "no georeference" in answer.of("warning")[0]["message"]

    def test_people_get_lines(self, detect, scene):
        answer = detect(scene, progress="none")
        assert "landslides:" in answer.out
        assert "{" not in answer.out

    def test_bar_is_drawn_on_standard_error_only(self, detect, scene):
        answer = detect(scene, progress="bar")
        assert answer.code == 0
        assert "model: toy-segmentation" in answer.out
        assert "working" not in answer.out


class TestManyScenes:
    @pytest.fixture
    def folder(self, tmp_path):
        folder = tmp_path / "Szenen Übersicht"
        folder.mkdir()
        write_raster(folder / "a.tif", landscape(60, 80))
        (folder / "broken.tif").write_text("no raster")
        write_raster(folder / "ç d.tif", landscape(60, 80, seed=1))
        return folder

    def names(self, folder):
        return sorted(path.name for path in folder.iterdir())

    def test_one_broken_scene_does_not_stop_the_others(self, detect, folder, tmp_path):
        answer = detect(folder, "--output-dir", tmp_path / "out" / "deep")
        assert answer.code == 1
        (error,) = answer.of("error")
        assert "broken.tif" in error["message"]
        assert [result["input"] for result in answer.of("result")] == [str(folder / "a.tif"), str(folder / "ç d.tif")]
        whats = ("mask.tif", "polygons.gpkg", "probability.tif")
        assert self.names(tmp_path / "out" / "deep") == [f"{stem}_{what}" for stem in ("a", "ç d") for what in whats]

    def test_unexpected_failure_of_one_scene_does_not_stop_the_others(self, detect, folder, tmp_path, monkeypatch):
        from landslide_detector.models.inference.detect import SceneDetection

        run = SceneDetection.run

        def failing(self, path, *arguments):
            if path.endswith("a.tif"):
                raise ZeroDivisionError("who\nknows")
            return run(self, path, *arguments)

        monkeypatch.setattr(SceneDetection, "run", failing)
        answer = detect(folder, "--output-dir", tmp_path / "out")
        assert answer.code == 1
        assert answer.of("error")[0]["message"] == f"{folder / 'a.tif'}: ZeroDivisionError: who knows"
        assert len(answer.of("result")) == 1

    def test_hidden_files_are_no_scenes(self, detect, folder, tmp_path):
        (folder / "broken.tif").rename(folder / "._a.tif")
        assert detect(folder, "--output-dir", tmp_path / "out").code == 0

    def test_debug_shows_where_each_scene_failed(self, detect, folder, tmp_path):
        answer = detect(folder, "--output-dir", tmp_path / "out", "--debug")
        assert "Traceback" in answer.err

    def test_glob_and_files(self, detect, folder, tmp_path):
        answer = detect(
            str(folder / "[aç]*.tif"),
            write_raster(tmp_path / "e.tif", landscape(40, 40)),
            "--output-dir",
            tmp_path / "o",
        )
        assert answer.code == 0
        assert len(answer.of("result")) == 3
        assert answer.of("progress")[-1]["done"] == 1.0

    def test_second_run_over_a_folder_does_not_detect_its_own_results(self, detect, folder):
        (folder / "broken.tif").unlink()
        for _ in range(2):
            answer = detect(folder, "--output-dir", folder)
            assert len(answer.of("result")) == 2

    def test_scenes_of_one_name_are_refused(self, detect, folder, tmp_path):
        other = write_raster(tmp_path / "a.tif", landscape(40, 40))
        answer = detect(folder / "a.tif", other, "--output-dir", tmp_path / "out")
        assert answer.code == 2
        assert "would both be written to" in answer.err


class TestWrongUsage:
    """Exit code 2 and what to do instead."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["detect"], "Missing argument"),
            (["detect", "volcanoes", "s.tif"], "'volcanoes' is not one of 'patches', 'segmentation', 'anomaly'"),
            (["detect", "patches", "s.tif"], "nothing to write"),
            (["detect", "patches", "s.tif", "--mask", "a.tif", "--probability", "./a.tif"], "the same name"),
            (["detect", "patches", "s.tif", "--mask", "a.tif", "--output-dir", "o"], "--output-dir names all files"),
            (["detect", "patches", "s.tif", "--polygons", "a.shp"], "a.shp"),
            (["detect", "patches", "a.tif", "b.tif", "--mask", "m.tif"], "2 scenes need --output-dir"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--bands", "red"], "'red' is not a list of numbers"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--extent", "1,2,3"], "has 3 numbers, 4 are needed"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--threshold", "1.5"], "1.5"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--tile-size", "100"], "100 is not a multiple of 32"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--tile-size", "64", "--overlap", "64"], "--overlap 64"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--precision", "fp8"], "fp8"),
            (["detect", "patches", "s.tif", "--mask", "m.tif", "--nonsense"], "--nonsense"),
            (["frobnicate"], "frobnicate"),
        ],
    )  # fmt: skip
    def test_is_said(self, landslides, arguments, says):
        answer = landslides(*arguments)
        assert answer.code == 2
        assert says in answer.err
        assert "Traceback" not in answer.err


class TestFailures:
    """Exit code 1 and one line that names the culprit."""

    def failing(self, answer, says):
        assert answer.code == 1
        (event,) = answer.of("error")
        assert says in event["message"]
        assert "\n" not in event["message"]
        assert answer.err == ""
        assert answer.of("result") == []

    def test_missing_scene(self, detect, tmp_path):
        self.failing(detect(tmp_path / "gone.tif"), "gone.tif: cannot be opened as a raster")

    def test_folder_without_rasters(self, detect, tmp_path):
        (tmp_path / "empty").mkdir()
        self.failing(detect(tmp_path / "empty", "--output-dir", tmp_path / "o"), "empty: no raster found")

    def test_glob_without_rasters(self, detect, tmp_path):
        self.failing(detect(tmp_path / "x*.tif", "--output-dir", tmp_path / "o"), "x*.tif: no raster found")

    def test_band_that_is_not_there(self, detect, scene):
        self.failing(detect(scene, "--bands", "1,2,7"), "scene.tif: band 7 was asked for, the raster has 3")

    def test_too_few_bands(self, detect, scene):
        self.failing(detect(scene, "--bands", "1"), "takes 3 bands (red, green, blue), --bands names 1")

    def test_extent_outside(self, detect, scene):
        self.failing(detect(scene, "--extent", "-10,-10,0,0"), "does not meet the raster")

    def test_missing_output_folder(self, detect, scene, tmp_path):
        self.failing(detect(scene, "--mask", tmp_path / "gone" / "m.tif"), "gone: output folder does not exist")

    def test_unknown_model(self, detect, scene):
        self.failing(detect(scene, model="nope"), "no model 'nope'; there are:")

    def test_model_of_another_detector(self, detect, scene, toys):
        answer = detect(scene, model=toys["patches"].folder)
        self.failing(answer, "model 'toy-patches' is for 'patches', not for 'segmentation'")

    def test_folder_that_is_no_model(self, detect, scene, tmp_path):
        (tmp_path / "empty").mkdir()
        self.failing(detect(scene, model=tmp_path / "empty"), "empty: no card.json, this is not a model package")

    @pytest.mark.parametrize("name", ["model.onnx", "model.safetensors"])
    def test_damaged_and_missing_weights(self, detect, scene, toys, tmp_path, name):
        folder = tmp_path / "copy"
        shutil.copytree(toys["segmentation"].folder, folder)
        content = bytearray((folder / name).read_bytes())
        content[-1] ^= 1
        (folder / name).write_bytes(content)
        self.failing(detect(scene, model=folder), f"{name} is damaged (SHA-256 does not match the card)")
        (folder / name).unlink()
        self.failing(detect(scene, model=folder), f"{name} is missing")

    def test_graph_that_cannot_be_read(self, detect, scene, tmp_path):
        card = write_toy(tmp_path / "m", "segmentation")
        (card.folder / "model.onnx").write_bytes(b"not a graph")
        write_card(card.folder, card.fields)
        answer = detect(scene, model=card.folder)
        assert answer.code == 1  # OpenVINO has its own say on standard error
        assert "model.onnx: OpenVINO cannot use it" in answer.of("error")[0]["message"]

    def test_precision_the_processor_does_not_have(self, detect, scene):
        self.failing(detect(scene, "--device", "cpu", "--precision", "fp16"), "precision 'fp16' is not available")

    def test_int8_of_a_model_that_is_not_quantised(self, detect, scene):
        self.failing(detect(scene, "--device", "cpu", "--precision", "int8"), "has no int8 copy")

    @pytest.mark.parametrize("device", ["cuda:9", "gpu"])
    def test_device_that_is_not_there(self, detect, scene, device):
        self.failing(detect(scene, "--device", device), f"device '{device}':")

    def test_overlap_larger_than_the_models_tile(self, detect, scene):
        self.failing(detect(scene, "--overlap", "64"), "overlap 64 px must be smaller than the tile size, 64 px")

    def test_out_of_memory(self, detect, scene, monkeypatch):
        from landslide_detector.models.detectors.segmentation import SegmentationDetector

        def greedy(*_):
            raise MemoryError

        monkeypatch.setattr(SegmentationDetector, "predict", greedy)
        self.failing(detect(scene), "out of memory; use a smaller --tile-size or --batch-size")

    def test_nothing_is_left_behind(self, detect, scene, tmp_path):
        detect(scene, "--extent", "-10,-10,0,0")
        detect(scene, "--bands", "1,2,7")
        assert [path.name for path in tmp_path.iterdir()] == ["scene.tif"]
        assert unfinished(tmp_path) == []

    def test_traceback_only_with_debug(self, detect, tmp_path):
        assert "Traceback" in detect(tmp_path / "gone.tif", "--debug").err
        assert "Traceback" not in detect(tmp_path / "gone.tif").err

    def test_on_a_terminal_the_line_goes_to_standard_error(self, detect, tmp_path):
        answer = detect(tmp_path / "gone.tif", progress="none")
        assert answer.error.startswith("Error: ")
        assert answer.out == ""


def test_threshold_auto_is_the_models_own(detect, scene, tmp_path):
    card = write_toy(tmp_path / "m", "segmentation", **{"landslides:threshold": 0.71})
    assert detect(scene, "--threshold", "auto", model=card.folder).of("result")[0]["threshold"] == 0.71


def test_tiling_options_reach_the_work(detect, scene):
    answer = detect(scene, "--tile-size", "32", "--overlap", "8", "--batch-size", "3")
    text = " ".join(event["message"] for event in answer.of("log"))
    for part in ("9 tiles of 32 x 32 px (the 32 px asked for", "overlap 8 px", "batch 3", "(asked for)"):
        assert part in text
    assert np.isclose(answer.of("result")[0]["share"], detect(scene).of("result")[0]["share"])
