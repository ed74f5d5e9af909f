"""Windows drawn from labelled scenes, and what is held out of them."""

from __future__ import annotations

import geopandas
import numpy as np
import pytest
from landslide_detector.models.errors import InputError
from landslide_detector.models.raster.stretch import USUAL
from landslide_detector.models.training.augment import reach, turned
from landslide_detector.models.training.blocks import split_blocks
from landslide_detector.models.training.data import scene_data
from landslide_detector.models.training.recipes import RECIPES
from landslide_detector.models.training.samples import TURNED, WindowSamples
from landslide_detector.models.training.scene_windows import SceneWindows, held_out_windows
from landslide_detector.models.training.scenes import LabelledScene, apart
from landslide_detector.models.training.windows import IGNORED, LANDSLIDE, Window
from scenes import METRES_2, write_raster
from shapely.geometry import box
from training_scenes import SLIDE, places, write_labelled_scene

SIZE = 32


def labelled(scene, labels=None, normal=None, **changes):
    settings = {"extent": None, "finest": None, "stretch": USUAL, **changes}
    return LabelledScene(str(scene), (1, 2, 3), None if labels is None else str(labels), normal, **settings)


def truth(height, width):
    mask = np.zeros((height, width), bool)
    for row, column in places(height, width):
        mask[row : row + SLIDE, column : column + SLIDE] = True
    return mask


def drawn(source, count=60):
    rng = np.random.default_rng(0)
    return [source.draw(SIZE, rng) for _ in range(count)]


def edit(labels, **columns):
    frame = geopandas.read_file(labels)
    for name, values in columns.items():
        frame[name] = [values[index] if index < len(values) else None for index in range(len(frame))]
    frame.to_file(labels)


class TestSplit:
    @pytest.fixture(params=[(256, 288), (90, 200), (60, 75)], ids=["ordinary", "narrow", "tiny"])
    def split(self, request, tmp_path):
        """A scene, its split, and a copy of it in which the blocks that are held out are white and the rest black."""
        scene, labels = write_labelled_scene(tmp_path, *request.param)
        original = labelled(scene, labels)
        (split,) = split_blocks([original.cells], SIZE, 0.2, 0, labelled=True)
        cell = original.cells.size
        white = np.kron(split.validation, np.ones((cell, cell)))[: request.param[0], : request.param[1]]
        painted = write_raster(tmp_path / "painted.tif", np.repeat((white * 255).astype(np.uint8)[None], 3, axis=0))
        return labelled(painted, labels), split

    @pytest.mark.parametrize("zoom", [(1, 1), (0.5, 2)])
    def test_no_training_window_shows_a_pixel_that_is_held_out(self, split, zoom):
        scene, parts = split
        for image, mask in drawn(SceneWindows([scene], [parts], SIZE, 0.4, zoom)):
            assert not image.any()
            assert (mask != IGNORED).any()

    def test_held_out_windows_show_nothing_else(self, split):
        scene, parts = split
        windows = held_out_windows(scene, parts, SIZE, "segmentation")
        assert windows
        for window in windows:
            image, mask = window.read()
            assert (image[:, mask != IGNORED] == 255).all()

    def test_both_sides_have_landslides_and_ground_without(self, split):
        scene, parts = split
        assert (scene.cells.landslide & parts.validation).any()
        assert (scene.cells.landslide & parts.training).any()
        assert (~scene.cells.landslide & parts.training).any()

    def test_a_guard_lies_between(self, split):
        _, parts = split
        assert not (parts.validation & parts.training).any()
        held = np.pad(parts.validation, 1)
        beside = held[:-2, 1:-1] | held[2:, 1:-1] | held[1:-1, :-2] | held[1:-1, 2:]
        assert not (beside & parts.training).any()

    def test_share_is_kept(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, 512, 512)
        cells = labelled(scene, labels).cells
        for share in (0.2, 0.4):
            (split,) = split_blocks([cells], SIZE, share, 0, labelled=True)
            assert split.validation.mean() == pytest.approx(share, abs=0.06)

    def test_two_dates_of_a_place_hold_out_the_ground_of_both(self, tmp_path):
        scenes = [
            labelled(
                *write_labelled_scene(tmp_path, 512, 512, name=name, transform=METRES_2.translation(*at) @ METRES_2)
            )
            for name, at in (("before", (0, 0)), ("after", (192, -64)), ("elsewhere", (90_000, 0)))
        ]
        splits = split_blocks([scene.cells for scene in scenes], SIZE, 0.2, 0, labelled=True)
        before, after, elsewhere = apart(scenes, splits)
        # 192 m east and 64 m south: 96 and 32 px.
        cells = scenes[0].cells.size
        down, across = 32 // cells, 96 // cells
        for held, training in ((before.validation, after.training), (after.validation, before.training)):
            one, other = (held, training) if held is before.validation else (training, held)
            assert not (one[down:, across:] & other[:-down, :-across]).any()
        assert not (before.validation & before.training).any()
        assert (elsewhere.training == splits[2].training).all()

    def test_one_landslide_only_is_an_error(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        geopandas.read_file(labels).iloc[:1].to_file(labels)
        with pytest.raises(InputError, match="all landslides lie in one place"):
            split_blocks([labelled(scene, labels).cells], SIZE, 0.2, 0, labelled=True)


class TestLabels:
    def test_polygons_in_another_crs_lie_where_they_belong(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        mask = labelled(scene, labels).read(0, 0, 256, 256).mask
        assert ((mask == LANDSLIDE) != truth(256, 288)[:, :256]).mean() < 0.005

    def test_raster_on_another_grid(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        coarse = truth(256, 288)[::2, ::2].astype(np.uint8)[None] * 7
        raster = write_raster(tmp_path / "truth.tif", coarse, transform=METRES_2 @ METRES_2.scale(2))
        mask = labelled(scene, raster).read(0, 0, 256, 256).mask
        assert ((mask == LANDSLIDE) == truth(256, 288)[:, :256]).all()

    def test_what_a_raster_leaves_out_is_not_labelled(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        values = np.zeros((1, 256, 100), np.uint8)
        values[:, :40] = 255
        raster = write_raster(tmp_path / "truth.tif", values, nodata=255)
        mask = labelled(scene, raster).read(0, 0, 256, 256).mask
        assert (mask[:, 100:] == IGNORED).all()
        assert (mask[:40, :100] == IGNORED).all()
        assert (mask[40:, :100] == 0).all()

    def test_background_that_is_called_nodata_is_ground(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        raster = write_raster(tmp_path / "truth.tif", truth(256, 288).astype(np.uint8)[None], nodata=0)
        mask = labelled(scene, raster).read(0, 0, 256, 256).mask
        assert ((mask == LANDSLIDE) == truth(256, 288)[:, :256]).all()
        assert (mask != IGNORED).all()

    def test_nan_is_not_labelled(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        values = np.where(truth(256, 288), 1, np.nan).astype(np.float32)[None]
        raster = write_raster(tmp_path / "truth.tif", values)
        mask = labelled(scene, raster).read(0, 0, 256, 256).mask
        assert set(np.unique(mask)) == {LANDSLIDE, IGNORED}
        recipe = {"recipe": RECIPES["segmentation"], "base": None, "normal": None}
        with pytest.raises(InputError, match="all that it knows is landslide"):
            scene_data("segmentation", [str(scene)], [str(raster)], **recipe)

    def test_review_decides_what_a_polygon_is(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        edit(labels, status=["accepted", "rejected", "unsure"])
        mask = labelled(scene, labels).read(0, 0, 256, 256).mask
        values = [int(mask[row + SLIDE // 2, column + SLIDE // 2]) for row, column in places(256, 256)[:4]]
        assert values == [LANDSLIDE, 0, IGNORED, LANDSLIDE]

    def test_rejected_polygons_are_drawn_often(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, 512, 512)
        count = len(geopandas.read_file(labels))
        edit(labels, status=["rejected", *["accepted"] * (count - 1)])
        original = labelled(scene, labels)
        (split,) = split_blocks([original.cells], SIZE, 0.2, 0, labelled=True)
        source = SceneWindows([original], [split], SIZE, 0.5, (1, 1))
        assert source.shares["rejected"] == pytest.approx(0.15)
        assert sum(source.shares.values()) == pytest.approx(1)

    def test_only_normal_ground_is_used(self, tmp_path):
        scene, _ = write_labelled_scene(tmp_path)
        x, y = METRES_2 * (100, 50)
        normal = tmp_path / "normal.gpkg"
        geopandas.GeoDataFrame(geometry=[box(x, y - 200, x + 200, y)], crs="EPSG:32648").to_file(normal)
        mask = labelled(scene, normal=str(normal)).read(0, 0, 256, 256).mask
        assert (mask[50:150, 100:200] == 0).all()
        assert (mask == IGNORED).sum() == 256**2 - 100**2


class TestWindows:
    def test_share_of_windows_with_landslides(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, 512, 512)
        original = labelled(scene, labels)
        (split,) = split_blocks([original.cells], SIZE, 0.2, 0, labelled=True)
        windows = drawn(SceneWindows([original], [split], SIZE, 0.4, (1, 1)), 200)
        assert 0.55 < np.mean([(mask == LANDSLIDE).any() for _, mask in windows]) < 0.85

    def test_nodata_shows_the_mean_colour_and_does_not_count(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, dtype="uint16", collar=20)
        image, mask = labelled(scene, labels).read(0, 0, 64, 64)
        assert (mask[:20] == IGNORED).all()
        assert (mask[20:, 20:] != IGNORED).all()
        assert np.abs(image[:, :20, :].mean((1, 2)) - image[:, 20:, 20:].mean((1, 2))).max() < 1

    def test_sixteen_bits_are_stretched_as_in_detection(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, dtype="uint16", collar=20)
        image = labelled(scene, labels).read(32, 32, 64, 64).image
        assert 5 < image.min() < image.max() <= 255
        assert image.std() > 10

    def test_scene_finer_than_the_model_knows_is_read_coarser(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        coarse = labelled(scene, labels, finest=4.0)
        assert (coarse.grid.height, coarse.grid.width) == (128, 144)
        assert coarse.ground_resolution == pytest.approx(4, rel=1e-2)
        mask = coarse.read(0, 0, 128, 128).mask
        assert ((mask == LANDSLIDE) == truth(256, 288)[1:256:2, 1:256:2]).mean() > 0.98

    def test_scene_smaller_than_a_window_is_mirrored(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path, 60, 75)
        image, mask = labelled(scene, labels).read(0, 0, 96, 96)
        assert image.shape == (3, 96, 96)
        assert (image[:, 60:96] == image[:, 24:60][:, ::-1]).all()
        assert mask.shape == (96, 96)

    def test_same_windows_from_the_same_seed(self, tmp_path):
        scene, labels = write_labelled_scene(tmp_path)
        data = scene_data("segmentation", [str(scene)], [str(labels)], None, RECIPES["segmentation"], None)
        first, second = ([data.windows.draw(32, np.random.default_rng(3)) for _ in range(3)] for _ in range(2))
        for one, other in zip(first, second, strict=True):
            assert np.array_equal(one.image, other.image)

    def test_image_without_georeference_asks_for_its_resolution(self, tmp_path):
        zeros = np.zeros((3, 256, 288), np.uint8)
        plain = write_raster(tmp_path / "plain.png", zeros + 9, driver="PNG", crs=None, transform=None)
        marks = truth(256, 288).astype(np.uint8)[None]
        raster = write_raster(tmp_path / "marks.png", marks, driver="PNG", crs=None, transform=None)
        given = {"images": [str(plain)], "labels": [str(raster)], "normal": None}
        with pytest.raises(InputError, match="give its metres a pixel with --resolution"):
            scene_data("segmentation", recipe=RECIPES["segmentation"], base=None, **given)
        data = scene_data("segmentation", recipe=RECIPES["segmentation"], base=None, resolution=(1, 3), **given)
        assert data.resolution == (1, 3)


class TestTurned:
    @pytest.mark.parametrize("angle", [0, 12.3, 45, 60, 90])
    def test_no_pixel_is_made_up(self, angle):
        side = reach(SIZE, angle)
        image, mask = turned(
            Window(np.full((3, side, side), 200, np.uint8), np.ones((side, side), np.uint8)), SIZE, angle
        )
        assert image.shape == (3, SIZE, SIZE)
        assert (image == 200).all()
        assert (mask == LANDSLIDE).all()

    def test_mask_follows_the_image(self):
        across, down = np.meshgrid(np.arange(96), np.arange(96))
        mask = ((across - 30) ** 2 + 3 * (down - 55) ** 2 < 600).astype(np.uint8)
        image, found = turned(Window(np.repeat(mask[None] * np.uint8(255), 3, axis=0), mask), 64, 33)
        assert ((image[0] > 127) == found).mean() > 0.99
        assert found.sum() == pytest.approx(mask.sum(), rel=0.02)  # none of it is lost, at the scale that it had
        assert found[image[0] == 255].all()

    def test_a_quarter_is_a_quarter(self):
        pixels = np.random.default_rng(0).integers(0, 256, (3, SIZE, SIZE)).astype(np.uint8)
        image, mask = turned(Window(pixels, pixels[0]), SIZE, 90)
        assert any(np.array_equal(image, np.rot90(pixels, quarters, (1, 2))) for quarters in (1, 3))
        assert np.array_equal(mask, image[0])

    def test_some_windows_of_every_size_are_cut_at_an_angle(self):
        asked = []

        class Recorder:
            def draw(self, size, rng):
                asked.append(size)
                return Window(np.zeros((3, size, size), np.uint8), np.zeros((size, size), np.uint8))

        samples = WindowSamples(Recorder(), "segmentation", SIZE, batch=2)
        shapes = [samples[number][0].shape[-1] for number in range(200)]
        assert shapes == [side for _ in range(25) for side in [SIZE] * 6 + [2 * SIZE] * 2]
        larger = [size / shape for size, shape in zip(asked, shapes, strict=True)]
        assert max(larger) < 1.45
        assert np.mean([ratio > 1 for ratio in larger]) == pytest.approx(TURNED, abs=0.1)
