"""Results appear together under their final names, or not at all."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import geopandas
import numpy as np
import pytest
from affine import Affine
from conftest import EXACT, Told
from landslide_detector.models.errors import Cancelled, ModelError, OutputError
from landslide_detector.models.inference.detect import SceneDetection, Settings, Targets
from landslide_detector.models.inference.streaming import Tiling
from landslide_detector.models.raster.cog import check_whole
from landslide_detector.models.raster.finish import FinishingSteps
from landslide_detector.models.raster.output import HOST, OutputFiles, is_running
from landslide_detector.models.raster.polygons import write_polygons
from landslide_detector.models.raster.rows import Place
from landslide_detector.models.raster.writer import RasterPair, Totals
from rasterio.crs import CRS
from scenes import METRES_2, UTM, landscape, unfinished, write_raster
from shapely.geometry import box


class TestOutputFiles:
    def test_nothing_has_a_final_name_before_the_commit(self, tmp_path):
        with OutputFiles() as files:
            for name in ("a.tif", "b.gpkg"):
                files.reserve(tmp_path / name).write_text("new")
            assert not (tmp_path / "a.tif").exists()
            files.commit()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.tif", "b.gpkg"]

    def test_what_is_not_committed_is_deleted_with_its_sidecars(self, tmp_path):
        (tmp_path / "a [1].tif").write_text("old")
        with OutputFiles() as files:
            temporary = files.reserve(tmp_path / "a [1].tif")
            for path in (
                temporary,
                temporary.with_name(temporary.name + ".aux.xml"),
                files.workspace(tmp_path / "b", keep=False) / "rows.raw",
            ):
                path.write_text("unfinished")
        assert [path.name for path in tmp_path.iterdir()] == ["a [1].tif"]
        assert (tmp_path / "a [1].tif").read_text() == "old"

    def test_files_of_one_run_never_meet(self, tmp_path):
        with OutputFiles() as files:
            paths = [files.reserve(tmp_path / "s.tif"), files.reserve(tmp_path / "s.mask.tif")]
            paths.append(files.workspace(tmp_path / "s.tif", keep=False))
            assert len(set(paths)) == 3

    def test_workspace_that_is_kept_stays_until_the_results_are_there(self, tmp_path):
        for _ in range(2):
            with OutputFiles() as files:
                workspace = files.workspace(tmp_path / "s.tif", keep=True)
                (workspace / "rows.raw").write_text("half")
        with OutputFiles() as files:
            assert (files.workspace(tmp_path / "s.tif", keep=True) / "rows.raw").read_text() == "half"
            files.commit()
        assert list(tmp_path.iterdir()) == []

    def test_what_belonged_to_the_file_before_goes_with_it(self, tmp_path):
        for name in ("p.tif", "p.tif.aux.xml", "p.tif.ovr", "p.tif.msk", "v.gpkg", "v.gpkg-wal", "v.gpkg-shm"):
            (tmp_path / name).write_text("old")
        with OutputFiles() as files:
            for name in ("p.tif", "v.gpkg"):
                files.reserve(tmp_path / name).write_text("new")
            files.commit()
        assert sorted(path.name for path in tmp_path.iterdir()) == ["p.tif", "v.gpkg"]

    def test_file_that_cannot_be_replaced_leaves_all_as_it_was_and_the_new_ones_beside(self, tmp_path, monkeypatch):
        for name in ("p.tif", "p.tif.aux.xml", "m.tif", "m-new.tif"):
            (tmp_path / name).write_text("old")
        replace = Path.replace

        def locked(self, target):
            if self.name == "m.tif":
                raise PermissionError(13, "Permission denied")
            return replace(self, target)

        monkeypatch.setattr(Path, "replace", locked)
        with OutputFiles() as files:
            for name in ("p.tif", "m.tif"):
                files.reserve(tmp_path / name).write_text("new")
            with pytest.raises(OutputError) as error:
                files.commit()
        assert str(error.value) == (
            f"{tmp_path / 'm.tif'}: cannot be replaced (Permission denied); is it open elsewhere? "
            f"The new results are in {tmp_path / 'p-new.tif'}, {tmp_path / 'm-new1.tif'}"
        )
        found = {path.name: path.read_text() for path in tmp_path.iterdir()}
        old = dict.fromkeys(("p.tif", "p.tif.aux.xml", "m.tif", "m-new.tif"), "old")
        assert found == old | {"p-new.tif": "new", "m-new1.tif": "new"}

    @pytest.mark.parametrize(
        ("code", "error", "alive"), [(259, 0, True), (0, 0, False), (None, 5, True), (None, 87, False)]
    )
    def test_windows_is_asked_for_the_exit_code(self, monkeypatch, code, error, alive):
        """Of a process that runs, has ended, is another user's, and is not there."""

        class Kernel:
            def __init__(self):
                self.closed = []

            def OpenProcess(self, access, inherit, pid):
                assert (access, pid) == (0x1000, 77)
                return 0 if code is None else 5

            def GetExitCodeProcess(self, handle, result):
                result._obj.value = code

            def CloseHandle(self, handle):
                self.closed.append(handle)

            def GetLastError(self):
                return error

        kernel = Kernel()
        monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
        monkeypatch.setattr(sys, "platform", "win32")
        assert is_running(77) is alive
        assert kernel.closed == ([] if code is None else [5])

    def test_leftovers_of_killed_runs_are_removed_and_those_of_living_ones_kept(self, tmp_path):
        ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
        names = {
            f".a.{HOST}.{int(ended.stdout)}.0.partial.tif": False,
            f".a.{HOST}.{int(ended.stdout)}.1.partial.gpkg-journal": False,
            f".a.{HOST}.{os.getppid()}.0.partial.tif": True,
            f".a.another-machine.{int(ended.stdout)}.0.partial.tif": True,
            ".notes.partial.txt": True,
        }
        for name in names:
            (tmp_path / name).write_text("x")
        folder = tmp_path / f".a.{HOST}.{int(ended.stdout)}.2.partial"
        folder.mkdir()
        (folder / "rows.raw").write_text("x")
        with OutputFiles() as files:
            files.reserve(tmp_path / "b.tif")
        assert {path.name for path in tmp_path.iterdir()} == {name for name, kept in names.items() if kept}

    def test_nothing_is_made_or_committed_after_a_discard(self, tmp_path):
        files = OutputFiles()
        temporary = files.reserve(tmp_path / "a.tif")
        temporary.write_text("x")
        files.discard()
        for action in (files.commit, lambda: files.reserve(tmp_path / "b.tif"), lambda: files.making().__enter__()):
            with pytest.raises(Cancelled):
                action()
        assert list(tmp_path.iterdir()) == []

    def test_discard_waits_until_files_are_made(self, tmp_path):
        files = OutputFiles()
        temporary = files.reserve(tmp_path / "a.tif")
        with files.making():
            discarding = threading.Thread(target=files.discard)
            discarding.start()
            temporary.write_text("just made")
        discarding.join()
        assert list(tmp_path.iterdir()) == []

    def test_folders_that_cannot_take_a_file_are_named(self, tmp_path):
        with pytest.raises(OutputError, match=r"nowhere: output folder does not exist"):
            OutputFiles().reserve(tmp_path / "nowhere" / "a.tif")
        with pytest.raises(OutputError, match=r"is a folder, not a file"):
            OutputFiles().reserve(tmp_path)


class TestFinishingSteps:
    @pytest.mark.parametrize("prepared", [False, True])
    def test_steps_run_in_a_program_for_each_raster_or_in_one_that_was_prepared(self, tmp_path, prepared):
        mask = np.zeros((1, 40, 40), np.uint8)
        mask[0, 5:10, 5:10] = mask[0, 20:30, 20:30] = 1
        pair = RasterPair(tmp_path, Place(40, 40, CRS.from_string(UTM), METRES_2, []), 0.5, {}, Totals())
        pair.write(mask[0].astype(np.float32), np.ones((40, 40), bool))
        pair.close()
        steps = FinishingSteps()
        if prepared:
            steps.prepare()
        steps.cog(pair.probability, tmp_path / "probability.tif", "average")
        steps.cog(pair.mask, tmp_path / "mask.tif", "mode")
        steps.polygons(pair.mask, pair.probability, tmp_path / "v.gpkg", 200.0)
        assert steps.wait() == ["", "", "1"]  # the other is of 100 square metres
        assert (tmp_path / "probability.tif").exists()
        assert (tmp_path / "mask.tif").exists()
        assert len(steps._running) == (1 if prepared else 2)

    def test_failing_step_is_one_line_that_names_the_folder(self, tmp_path):
        steps = FinishingSteps()
        steps.cog(tmp_path / "missing.tif", tmp_path / "out.tif", "mode")
        with pytest.raises(OutputError, match=f"{tmp_path}: cannot write there") as raised:
            steps.wait()
        assert "\n" not in str(raised.value)

    def test_of_several_steps_in_one_program_the_failing_one_is_named(self, tmp_path):
        pair = RasterPair(tmp_path, Place(40, 40, CRS.from_string(UTM), METRES_2, []), 0.5, {}, Totals())
        pair.write(np.zeros((40, 40), np.float32), np.ones((40, 40), bool))
        pair.close()
        steps = FinishingSteps()
        steps.prepare()
        steps.cog(pair.mask, tmp_path / "cog.tif", "mode")
        steps.cog(pair.mask, tmp_path / "nowhere" / "cog.tif", "mode")
        with pytest.raises(OutputError, match=f"{tmp_path}/nowhere: cannot write there"):
            steps.wait()
        assert (tmp_path / "cog.tif").exists()

    @pytest.mark.parametrize("prepared", [False, True])
    def test_killed_steps_are_gone_and_no_more_are_started(self, tmp_path, prepared):
        steps = FinishingSteps()
        if prepared:
            steps.prepare()
        steps.cog(tmp_path / "missing.tif", tmp_path / "out.tif", "mode")
        steps.kill()
        assert all(process.poll() is not None for process in steps._running)
        with pytest.raises(Cancelled):
            steps.polygons(tmp_path / "m.tif", tmp_path / "p.tif", tmp_path / "v.gpkg", 0.0)
        with pytest.raises(Cancelled):
            steps.wait()


@pytest.mark.parametrize("left", [-8, 5000, 0])
def test_geotiff_that_a_full_disk_cut_off_is_found_out(toys, run_detection, tmp_path, left):
    noise = np.random.default_rng(0).integers(0, 255, (3, 600, 600), np.uint8)
    run = run_detection(toys["segmentation"], write_raster(tmp_path / "s.tif", noise))
    shutil.copy(run.probability, tmp_path / "p.tif")
    check_whole(tmp_path / "p.tif")
    size = (tmp_path / "p.tif").stat().st_size
    os.truncate(tmp_path / "p.tif", size + left if left < 0 else left)
    with pytest.raises(OSError, match=r"p\.tif is not whole"):
        check_whole(tmp_path / "p.tif")


def test_signs_that_mean_an_archive_to_a_library_mean_nothing_in_a_path(toys, tmp_path):
    folder = tmp_path / "Help! 2026; new"
    folder.mkdir()
    scene = write_raster(folder / "s!.tif", landscape(60, 60))
    area = folder / "area!.gpkg"
    unfinished_area = tmp_path / "area.gpkg"
    geopandas.GeoDataFrame(geometry=[box(500_000, 2_999_900, 500_060, 3_000_000)], crs=UTM).to_file(unfinished_area)
    unfinished_area.rename(area)
    targets = Targets(folder / "p!.tif", folder / "m;.tif", folder / "v!.gpkg")
    SceneDetection(toys["segmentation"], EXACT, Settings(), Told()).run(str(scene), targets, aoi=str(area))
    names = ["area!.gpkg", "m;.tif", "p!.tif", "s!.tif", "v!.gpkg"]
    assert sorted(path.name for path in folder.iterdir()) == names


def test_polygons_of_noise_are_valid_and_many(tmp_path):
    rng = np.random.default_rng(0)
    mask = (rng.random((1, 90, 90)) < 0.5).astype(np.uint8)
    mask[0, :, :5] = 255
    transform = Affine.translation(500_000, 3_000_000) * Affine.rotation(20) * Affine.scale(2, -2)
    write_raster(tmp_path / "m.tif", mask, nodata=255, transform=transform)
    write_raster(tmp_path / "p.tif", rng.random((1, 90, 90)).astype(np.float32), transform=transform)
    count = write_polygons(tmp_path / "m.tif", tmp_path / "p.tif", tmp_path / "v.gpkg")
    frame = geopandas.read_file(tmp_path / "v.gpkg")
    assert len(frame) == count > 100
    assert frame.geometry.is_valid.all()
    assert frame.area.sum() == pytest.approx((mask == 1).sum() * 4)


class TestBeforeTheWork:
    def detection(self, card, **tiling):
        return SceneDetection(card, EXACT, Settings(tiling=Tiling(**tiling)), Told())

    def test_missing_folder_of_any_output_shows_before_the_work(self, toys, tmp_path, monkeypatch):
        scene = write_raster(tmp_path / "s.tif", landscape(60, 60))
        monkeypatch.setattr(SceneDetection, "_stream", lambda *_: pytest.fail("began to work"))
        for targets in (
            Targets(tmp_path / "p.tif", tmp_path / "gone" / "m.tif", None),
            Targets(tmp_path / "p.tif", None, tmp_path / "gone" / "v.gpkg"),
        ):
            with pytest.raises(OutputError, match="gone: output folder does not exist"):
                self.detection(toys["segmentation"]).run(str(scene), targets)
        assert [path.name for path in tmp_path.iterdir()] == ["s.tif"]

    def test_scene_itself_is_never_overwritten(self, toys, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(60, 60))
        before = scene.read_bytes()
        with pytest.raises(OutputError, match=r"s\.tif: is the scene itself"):
            self.detection(toys["segmentation"]).run(str(scene), Targets(None, tmp_path / "." / "s.tif", None))
        assert scene.read_bytes() == before

    def test_area_of_interest_is_never_overwritten(self, toys, tmp_path):
        scene = write_raster(tmp_path / "s.tif", landscape(60, 60))
        area = tmp_path / "a.gpkg"
        geopandas.GeoDataFrame(geometry=[box(500_000, 2_999_900, 500_060, 3_000_000)], crs=UTM).to_file(area)
        before = area.read_bytes()
        with pytest.raises(OutputError, match=r"a\.gpkg: is the area of interest"):
            self.detection(toys["segmentation"]).run(str(scene), Targets(None, None, area), aoi=f"{area}|layername=a")
        assert area.read_bytes() == before

    def test_overlap_as_large_as_the_tile_is_refused(self, toys):
        with pytest.raises(ModelError, match="overlap 64 px must be smaller than the tile size"):
            self.detection(toys["segmentation"], overlap=64, tile_size=64)
        with pytest.raises(ModelError, match="overlap 512 px must be smaller"):
            self.detection(toys["segmentation"], overlap=512)

    def test_smaller_tiles_than_the_models_overlap_get_a_smaller_overlap(self, toys, monkeypatch):
        monkeypatch.setitem(toys["segmentation"].fields, "landslides:overlap", 64)
        assert Tiling(tile_size=32).for_card(toys["segmentation"]) == (32, 8)
        assert Tiling(tile_size=256).for_card(toys["segmentation"]) == (256, 64)


def test_failed_run_leaves_what_was_there(toys, tmp_path, finishing_here, monkeypatch):
    from landslide_detector.models.detectors.segmentation import SegmentationDetector

    scene = write_raster(tmp_path / "s.tif", landscape(150, 210))
    old = [tmp_path / name for name in ("p.tif", "m.tif", "v.gpkg")]
    for path in old:
        path.write_text("the result of yesterday")
    calls = []

    def failing(self, network, images, valid):
        calls.append(len(images))
        if len(calls) > 5:
            raise ModelError("broken half way")
        return np.zeros((len(images), 64, 64), np.float32)

    monkeypatch.setattr(SegmentationDetector, "predict", failing)
    settings = Settings(tiling=Tiling(tile_size=64, batch_size=1))
    with pytest.raises(ModelError):
        SceneDetection(toys["segmentation"], EXACT, settings, Told()).run(str(scene), Targets(*old))
    assert all(path.read_text() == "the result of yesterday" for path in old)
    assert unfinished(tmp_path) == []
