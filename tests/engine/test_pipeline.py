"""Steps that overlap give what one after another would, keep little in memory, and fail as one line."""

from __future__ import annotations

import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from conftest import EXACT, Told
from landslide_detector.models.detectors.registry import build_detector
from landslide_detector.models.errors import InputError, ModelError, OutOfMemoryError
from landslide_detector.models.inference import pipeline, streaming
from landslide_detector.models.inference.accumulator import RowBandAccumulator
from landslide_detector.models.inference.backends import OpenVinoNetwork
from landslide_detector.models.inference.overlap import ahead, in_order
from landslide_detector.models.inference.streaming import SceneStream, Tiling
from landslide_detector.models.inference.tuning import Setting, Tuned, tune
from landslide_detector.models.raster.reader import StripReader
from landslide_detector.models.raster.scene import Scene
from scenes import landscape, read_raster, write_raster
from toy_models import expected_segmentation, write_toy

HEIGHT, WIDTH = 150, 210


@pytest.fixture
def scene(tmp_path):
    return write_raster(tmp_path / "scene.tif", landscape(HEIGHT, WIDTH))


def serial(card, image, size, overlap):
    """One tile after another, in one thread, over the whole scene at once."""
    detector = build_detector(card)
    grid = detector.grid(*image.shape[1:], size, overlap)
    network = OpenVinoNetwork(card, "fp32", grid.size)
    accumulator = RowBandAccumulator(grid, overlap)
    ends = [row for _, row in grid.rows[1:]] + [grid.height]
    rows = []
    for strip, end in zip(grid.strips(), ends, strict=True):
        for tile in strip:
            window = image[None, :, tile.row : tile.row + grid.size[0], tile.column : tile.column + grid.size[1]]
            scaled = window.astype(np.float32) * np.float32(1 / 255)
            valid = np.ones((1, *grid.size), bool)
            accumulator.add(detector.predict(network, scaled, valid)[0], tile)
        rows += accumulator.take(end)
    return np.concatenate(rows)


class TestOverlapInTime:
    def test_result_is_that_of_the_serial_path_bit_for_bit(self, toys, scene):
        opened = Scene(str(scene), [1, 2, 3])
        stream = SceneStream(opened, toys["segmentation"], EXACT, Tiling(64, 16, 1), Told())
        together = np.concatenate([rows for rows, _ in stream.rows(lambda done: None)])
        opened.close()
        assert np.array_equal(together, serial(toys["segmentation"], landscape(HEIGHT, WIDTH), 64, 16))

    @pytest.mark.parametrize("detector", ["patches", "segmentation", "anomaly"])
    def test_wide_rows_in_blocks_give_what_they_give_at_once(self, toys, tmp_path, monkeypatch, detector):
        image = landscape(HEIGHT, WIDTH)
        image[:, 30:120, 60:150] = 0
        scene, answers, widths = write_raster(tmp_path / "s.tif", image, nodata=0), [], []
        read = StripReader.read

        def watched(self, first, last, left=0, right=None, following=None):
            widths.append(right - left)
            return read(self, first, last, left, right, following)

        monkeypatch.setattr(StripReader, "read", watched)
        for block in (10_000, 100):
            monkeypatch.setattr(pipeline, "BLOCK", block)
            opened = Scene(str(scene), [1, 2, 3])
            stream = SceneStream(opened, toys[detector], EXACT, Tiling(64, 16, 1), Told())
            answers.append([np.concatenate(parts) for parts in zip(*stream.rows(lambda done: None), strict=True)])
            opened.close()
        assert max(widths) == WIDTH
        assert min(widths) <= 64
        for whole, blocks in zip(*answers, strict=True):
            assert np.array_equal(whole, blocks)

    def test_at_most_two_items_exist_at_a_time(self):
        made, used = [], []

        def items():
            for number in range(20):
                made.append(number)
                yield number

        for number in ahead(items()):
            used.append(number)
            assert len(made) <= len(used) + 1
        assert used == list(range(20))

    def test_items_are_worked_on_side_by_side_and_come_in_order(self):
        both = threading.Barrier(2, timeout=100)
        pairs = list(in_order(lambda number: (both.wait(), number)[1], range(6), workers=2))
        assert pairs == [(number, number) for number in range(6)]

    @pytest.mark.parametrize("through", [ahead, lambda items: (b for _, b in in_order(lambda item: item, items, 2))])
    def test_what_is_raised_in_a_thread_comes_in_its_place(self, through):
        def items():
            yield 1
            yield 2
            raise InputError("damaged")

        seen = []
        with pytest.raises(InputError, match="damaged"):
            seen.extend(through(items()))
        assert threading.active_count() < 10

    def test_reading_has_ended_when_memory_runs_out(self, toys, scene, monkeypatch):
        """Threads left to the garbage collector stop the work for good: it may run where the lock they need is held."""
        before = threading.active_count()

        def full(batch):
            raise MemoryError

        monkeypatch.setattr(streaming, "load_network", lambda *_: full)
        opened = Scene(str(scene), [1, 2, 3])
        stream = SceneStream(opened, toys["segmentation"], EXACT, Tiling(32, 0, 1), Told())
        with pytest.raises(OutOfMemoryError) as raised:
            next(stream.rows(lambda done: None))
        assert threading.active_count() == before, raised
        opened.close()

    def test_damaged_scene_is_one_line_while_tiles_are_computed(self, toys, tmp_path, landslides):
        scene = write_raster(
            tmp_path / "s.tif", landscape(600, 300), tiled=True, blockxsize=64, blockysize=64, compress="DEFLATE"
        )
        damaged = bytearray(scene.read_bytes())
        damaged[len(damaged) // 2 : len(damaged) * 3 // 4] = bytes(len(damaged) * 3 // 4 - len(damaged) // 2)
        scene.write_bytes(damaged)
        answer = landslides(
            "detect", "segmentation", scene, "--mask", tmp_path / "m.tif", "--model", toys["segmentation"].folder,
            "--tile-size", "64", "--progress", "json",
        )  # fmt: skip
        assert answer.code == 1
        (error,) = answer.of("error")
        assert f"{scene}: cannot read at row" in error["message"]
        assert "\n" not in error["message"]
        assert [path.name for path in tmp_path.iterdir()] == ["s.tif"]


def test_first_batches_may_be_computed_at_once(toys):
    """By threads that take turns as often as they can: what OpenVINO makes at its first call is made before."""
    program = """
import sys, threading
from pathlib import Path
import numpy as np
from landslide_detector.models.inference.backends import OpenVinoNetwork
from landslide_detector.models.library.card import read_card

network = OpenVinoNetwork(read_card(Path(sys.argv[1])), "fp32", 64, streams=4)
both = threading.Barrier(4)
def call():
    both.wait()
    network(np.zeros((1, 3, 64, 64), np.float32))
sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=call) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""
    command = [sys.executable, "-c", program, toys["segmentation"].folder]
    subprocess.run(command, check=True, timeout=100)


class Cramped:
    """A network with room for so many px at a time."""

    def __init__(self, network, room):
        self.network, self.room, self.shapes = network, room, []

    def __call__(self, batch):
        self.shapes.append(batch.shape)
        if batch.shape[0] * batch.shape[2] * batch.shape[3] > self.room:
            raise OutOfMemoryError("out of memory")
        return self.network(batch)


@pytest.fixture
def cramped(monkeypatch):
    """Networks from now on have room for so many px at a time: ``cramped(room)``, the list of those that are made."""
    made = []

    def build(room):
        load = streaming.load_network

        def loaded(*arguments):
            made.append(Cramped(load(*arguments), room))
            return made[-1]

        monkeypatch.setattr(streaming, "load_network", loaded)
        return made

    return build


class TestOutOfMemory:
    def test_batch_is_halved_until_it_fits_and_that_is_said(self, cramped, toys, run_detection, scene):
        (made := cramped(2 * 64 * 64))
        run = run_detection(toys["segmentation"], scene, tiling=Tiling(64, 16, 4))
        truth = expected_segmentation(landscape(HEIGHT, WIDTH) / 255)
        assert np.abs(read_raster(run.probability).pixels - truth).max() < 1e-3
        warnings = [warning for warning in run.told.warnings if "do not fit into memory" in warning]
        assert warnings
        assert warnings[-1].endswith("going on with 2")
        assert max(shape[0] for shape in made[0].shapes[-4:]) <= 2

    def test_then_the_tile_is_halved_and_the_work_goes_on_from_its_row(self, cramped, run_detection, tmp_path):
        card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:tile_size": 256, "landslides:overlap": 32})
        image = landscape(704, 300)
        scene = write_raster(tmp_path / "s.tif", image)
        made = cramped(128 * 128)
        run = run_detection(card, scene, tiling=Tiling(256, 32, 2))
        truth = expected_segmentation(image / 255)
        assert np.abs(read_raster(run.probability).pixels - truth).max() < 1e-3
        halved = [warning.split(" (")[0] for warning in run.told.warnings if "tile" in warning]
        assert halved == [
            "a tile of 256 x 320 px does not fit into memory: going on with 192 x 160 px",
            "a tile of 192 x 160 px does not fit into memory: going on with 128 x 128 px",
        ]
        assert made[-1].shapes[-1] == (1, 3, 128, 128)

    def test_overlap_shrinks_with_the_tile_and_does_not_become_most_of_the_work(self, cramped, tmp_path):
        card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:tile_size": 640, "landslides:overlap": 32})
        opened = Scene(str(write_raster(tmp_path / "s.tif", landscape(1500, 1500))), [1, 2, 3])
        made = cramped(128 * 128)
        for _ in (stream := SceneStream(opened, card, EXACT, Tiling(), Told())).rows(lambda done: None):
            pass
        opened.close()
        assert made[-1].shapes[-1][2:] == (128, 128)
        assert stream.grid.work < 1500**2 * 1.5

    def test_finished_rows_are_not_computed_again(self, toys, tmp_path, monkeypatch):
        """Memory that runs out at the last tile, which a white pixel tells: the rows before keep theirs."""
        image = landscape(400, 100)
        image[:, -1, 0] = 255
        opened = Scene(str(write_raster(tmp_path / "tall.tif", image)), [1, 2, 3])
        monkeypatch.setattr(streaming, "SMALLEST_TILE", 32)
        monkeypatch.setattr(streaming, "tune", lambda load, start, *_: Tuned(load(1), start, "not tried"))
        stream = SceneStream(opened, toys["segmentation"], EXACT, Tiling(128, 16, 1), Told())
        load = streaming.load_network
        calls = []

        def loaded(card, choice, size, streams):
            network = load(card, choice, size, streams)

            def call(batch):
                calls.append(batch.shape[2])
                if batch.min(axis=1).max() == 1 and batch.shape[2] == 128:
                    raise MemoryError
                return network(batch)

            return call

        monkeypatch.setattr(streaming, "load_network", loaded)
        rows = np.concatenate([part for part, _ in stream.rows(lambda done: None)])
        opened.close()
        assert np.abs(rows - expected_segmentation(image / 255)).max() < 1e-3
        assert calls == [128] * 4 + [64] * 6  # from row 272 on: 3 rows of 2 tiles; the whole scene has 8

    @pytest.mark.parametrize("step", ["reading", "blending", "masking", "loading"])
    def test_memory_that_runs_out_in_any_step_halves_the_tile(self, step, toys, run_detection, scene, monkeypatch):
        image = landscape(HEIGHT, WIDTH)

        def failing(owner, name, is_too_large, error=MemoryError):
            plain = getattr(owner, name)

            def limited(*arguments, **more):
                if is_too_large(*arguments):
                    raise error("full")
                return plain(*arguments, **more)

            monkeypatch.setattr(owner, name, limited)

        if step == "reading":
            failing(StripReader, "read", lambda reader, first, last, *_: last - first > 32)
        elif step == "blending":
            failing(RowBandAccumulator, "add", lambda accumulator, prediction, tile: len(prediction) > 32)
        elif step == "masking":
            failing(streaming.MaskedRows, "take", lambda masked, rows: masked._grid.size[0] > 32)
        else:
            failing(streaming, "load_network", lambda card, choice, size, streams: size[0] > 32, OutOfMemoryError)
        monkeypatch.setattr(streaming, "SMALLEST_TILE", 32)
        run = run_detection(toys["segmentation"], scene, tiling=Tiling(64, 8))
        assert np.abs(read_raster(run.probability).pixels - expected_segmentation(image / 255)).max() < 1e-3
        assert run.told.warnings == ["a tile of 64 x 64 px does not fit into memory: going on with 32 x 32 px (full)"]

    def test_patches_that_do_not_fit_one_by_one_are_an_error(self, cramped, toys, run_detection, scene):
        cramped(10)
        with pytest.raises(OutOfMemoryError, match="out of memory"):
            run_detection(toys["patches"], scene)


class TestPatchTiling:
    def test_overlap_is_the_networks_own(self, toys):
        assert Tiling(96).for_card(toys["patches"]) == (96, 16)
        with pytest.raises(ModelError, match="patches of model 'toy-patches' overlap by 16 px, not 8"):
            Tiling(overlap=8).for_card(toys["patches"])

    def test_tile_smaller_than_a_patch_is_an_error(self, tmp_path):
        card = write_toy(tmp_path / "toy", "patches", **{"landslides:patch_size": 64})
        with pytest.raises(ModelError, match="a tile of 32 px is smaller than a patch, 64 px"):
            Tiling(32).for_card(card)


class TestTuning:
    def test_faster_setting_is_taken_and_a_slower_one_is_not(self):
        import time

        def network(pause):
            def call(batch):
                time.sleep(pause)
                return batch

            return call

        pauses = {1: 0.02, 2: 0.002, 4: 0.2}
        tuned = tune(
            lambda streams: network(pauses[streams]),
            Setting(1, 1),
            [Setting(2, 1), Setting(4, 1)],
            (1, 8, 8),
            10**6,
            "usual",
        )
        assert tuned.setting == Setting(2, 1)
        assert re.fullmatch(r"\d+\.\d\d times as fast as batch 1", tuned.reason)

    @pytest.mark.parametrize(("windows", "tried"), [(16, 0), (399, 0), (400, 8)])
    def test_nothing_is_computed_for_trial_where_there_is_little_to_do(self, windows, tried):
        """To measure takes eight windows here, which may be a fiftieth of the work."""
        computed = []
        tuned = tune(lambda _: computed.append, Setting(2, 1), [Setting(1, 1)], (1, 8, 8), windows, "asked for")
        assert (len(computed), tuned.setting, tuned.reason) == (tried, Setting(2, 1), "asked for")

    def test_batch_that_does_not_fit_is_not_taken(self):
        def network(batch):
            if len(batch) > 1:
                raise OutOfMemoryError("full")
            return batch

        tuned = tune(lambda _: network, Setting(1, 1), [Setting(1, 2)], (1, 8, 8), 10**7, "usual")
        assert tuned.setting == Setting(1, 1)


class TestLog:
    """One line names device, precision, tiles and batch, each with its reason."""

    @pytest.fixture(autouse=True)
    def _two_cores(self, monkeypatch):
        monkeypatch.setattr(streaming.os, "cpu_count", lambda: 2)

    def line(self, card, scene, tiling):
        opened, told = Scene(str(scene), [1, 2, 3]), Told()
        next(SceneStream(opened, card, EXACT, tiling, told).rows(lambda done: None))
        opened.close()
        (line,) = told.logs
        return line

    def test_of_what_suits_model_and_scene(self, toys, scene):
        assert self.line(toys["segmentation"], scene, Tiling()) == (
            "model toy-segmentation on cpu, fp32 (chosen by the test); 15 tiles of 64 x 64 px (the model's 64 px, "
            "fitted to the scene), overlap 16 px; batch 1, 2 side by side (usual)"
        )

    def test_of_what_was_asked_for(self, toys, scene):
        line = self.line(toys["segmentation"], scene, Tiling(96, 8, 2))
        assert line.endswith(
            "6 tiles of 96 x 96 px (the 96 px asked for, fitted to the scene), overlap 8 px; batch 2 (asked for)"
        )

    def test_of_what_memory_leaves(self, cramped, tmp_path):
        card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:tile_size": 256, "landslides:overlap": 32})
        cramped(128 * 128)
        opened, told = Scene(str(write_raster(tmp_path / "s.tif", landscape(704, 300))), [1, 2, 3]), Told()
        for _ in SceneStream(opened, card, EXACT, Tiling(), told).rows(lambda done: None):
            pass
        opened.close()
        assert told.logs[-1].endswith(
            "(larger ones do not fit into memory), overlap 16 px; batch 1, 2 side by side (memory is short)"
        )

    def test_of_a_network_of_one_size(self, tmp_path, scene):
        card = write_toy(tmp_path / "toy", "segmentation", **{"landslides:fixed_tile_size": True})
        assert "15 tiles of 64 x 64 px (the model's 64 px), " in self.line(card, scene, Tiling())
