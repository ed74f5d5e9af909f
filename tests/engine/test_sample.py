"""The synthetic sample scene: reproducible, georeferenced, truthful, labelled, and whole or not there at all."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
from click.testing import CliRunner
from landslide_detector.models.cli.main import landslides
from landslide_detector.models.errors import OutputError
from landslide_detector.models.raster.output import OutputFiles
from landslide_detector.models.sample import mosaic
from landslide_detector.models.sample.scene import Scene, make_scene
from landslide_detector.models.sample.write import write_sample
from rasterio.features import geometry_mask


@pytest.fixture(scope="module")
def scene() -> Scene:
    return make_scene(512, 512, seed=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scene of 300 x 400 px (height x width) with truth and polygons, written once."""
    folder = tmp_path_factory.mktemp("sample")
    with OutputFiles() as files:
        write_sample(
            folder / "scene.tif",
            folder / "truth.tif",
            folder / "truth.gpkg",
            height=300,
            width=400,
            seed=5,
            files=files,
        )
    return folder


def test_same_seed_and_size_give_the_same_scene_and_another_seed_another() -> None:
    first, again, other = (make_scene(256, 256, seed=seed) for seed in (7, 7, 8))
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.truth, again.truth)
    assert (first.image != other.image).mean() > 0.5


def test_collar_is_nodata_in_scene_and_truth_and_nowhere_else(scene: Scene) -> None:
    collar = scene.truth == 255
    assert 0.005 < collar.mean() < 0.15
    assert (scene.image[:, collar] == 0).all()
    assert (scene.image[:, ~collar] > 0).all()
    assert set(np.unique(scene.truth)) == {0, 1, 255}


@pytest.mark.parametrize("seed", [1, 2])
def test_small_scene_holds_a_plausible_share_of_landslides(seed: int, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("scene.tif", "truth.tif", "truth.gpkg")]
    with OutputFiles() as files:
        write_sample(*paths, height=512, width=512, seed=seed, files=files)
    with rasterio.open(paths[1]) as file:
        truth = file.read(1)
    assert 0.005 < (truth == 1).sum() / (truth != 255).sum() < 0.12
    assert len(geopandas.read_file(paths[2])) >= 2


def test_landslides_are_brighter_than_the_forest_but_not_by_brightness_alone(scene: Scene) -> None:
    brightness = scene.image.mean(axis=0)
    slides, rest = brightness[scene.truth == 1], brightness[scene.truth == 0]
    assert slides.mean() > rest.mean() + 15
    # Roads, roofs and gravel are as bright: a threshold must not solve the scene.
    assert (rest > np.median(slides)).sum() > 0.3 * len(slides)


def test_colours_are_those_of_imagery_not_of_graphics(scene: Scene) -> None:
    red, green = (band[scene.truth != 255].astype(float) for band in scene.image[:2])
    assert 60 < green.mean() < 130
    assert green.mean() > red.mean() > 40
    assert np.corrcoef(red, green)[0, 1] > 0.85
    # Texture at the pixel scale, as in the imagery the detectors learn from (about 4 to 13).
    grey = scene.image.mean(axis=0)[128:384, 128:384]
    assert 4 < np.abs(np.diff(grey, axis=0)).mean() < 14
    assert len(np.unique(green)) > 150


def test_scene_is_a_georeferenced_tiled_rgb_geotiff(folder: Path) -> None:
    with rasterio.open(folder / "scene.tif") as file:
        assert (file.count, file.height, file.width, set(file.dtypes)) == (3, 300, 400, {"uint8"})
        assert file.crs.to_epsg() == 32648
        assert file.res == (0.8, 0.8)
        assert file.transform.e < 0
        assert file.nodata == 0
        assert file.profile["tiled"]
        assert file.compression is not None
        assert [colour.name for colour in file.colorinterp] == ["red", "green", "blue"]


def test_truth_lies_on_the_scene(folder: Path) -> None:
    with rasterio.open(folder / "scene.tif") as scene, rasterio.open(folder / "truth.tif") as truth:
        assert truth.transform == scene.transform
        assert truth.crs == scene.crs
        assert truth.shape == scene.shape
        assert (truth.count, truth.dtypes[0], truth.nodata) == (1, "uint8", 255)
        assert np.array_equal(truth.read_masks(1), scene.dataset_mask())


def test_polygons_are_the_truth_outlined(folder: Path) -> None:
    polygons = geopandas.read_file(folder / "truth.gpkg")
    with rasterio.open(folder / "truth.tif") as file:
        truth = file.read(1)
        drawn = geometry_mask(polygons.geometry, truth.shape, file.transform, invert=True)
    assert np.array_equal(drawn, truth == 1)
    assert polygons.crs.to_epsg() == 32648
    assert polygons.is_valid.all()
    assert polygons["area_m2"].sum() == pytest.approx((truth == 1).sum() * 0.64)


def test_every_file_says_that_it_is_synthetic(folder: Path) -> None:
    for name in ("scene.tif", "truth.tif"):
        with rasterio.open(folder / name) as file:
            assert "ynthetic sample scene" in file.tags()["TIFFTAG_IMAGEDESCRIPTION"]
            assert "synthetic" in file.tags()["TIFFTAG_SOFTWARE"]
            assert all("synthetic" in description for description in file.descriptions)
    assert [name for name, _ in pyogrio.list_layers(folder / "truth.gpkg")] == ["synthetic_landslides"]
    assert set(geopandas.read_file(folder / "truth.gpkg")["origin"]) == {"synthetic"}
    assert "SYNTHETIC" in CliRunner().invoke(landslides, ["sample", "--help"]).output


def test_only_the_files_asked_for_are_left(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {"scene.tif", "truth.tif", "truth.gpkg"}


def test_progress_runs_from_start_to_end() -> None:
    told: list[float] = []
    for _ in mosaic.scene_rows(256, 300, 1, told.append):
        pass
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_scene_too_large_to_draw_whole_is_laid_out_of_mirrored_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mosaic, "WHOLE", 400)
    monkeypatch.setattr(mosaic, "BLOCK", 256)
    rows = list(mosaic.scene_rows(1100, 700, 2, lambda done: None))
    assert max(truth.shape[0] for _, truth in rows) <= mosaic.ROWS
    image, truth = np.concatenate([r[0] for r in rows], axis=1), np.concatenate([r[1] for r in rows])
    assert image.shape == (3, 1100, 700)
    assert truth.shape == (1100, 700)
    collar = truth == 255
    assert collar.any()
    assert (image[:, collar] == 0).all()
    assert (image[:, ~collar] > 0).all()
    inner = truth[256:768, 256:512]
    assert (inner == 1).any()
    assert np.array_equal(inner[:256], inner[:255:-1]), "blocks mirror each other"
    # No seam: rows on both sides of a block's edge are as alike as any two rows.
    middle = image[:, :, 300:400].astype(float)
    assert np.abs(middle[:, 511] - middle[:, 512]).mean() < np.abs(np.diff(middle, axis=1)).mean()


def test_missing_folder_fails_at_once_and_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"), OutputFiles() as files:
        write_sample(
            tmp_path / "scene.tif",
            tmp_path / "nowhere" / "truth.tif",
            None,
            height=9000,
            width=9000,
            seed=0,
            files=files,
        )
    assert list(tmp_path.iterdir()) == []


def test_failure_half_way_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(height: int, width: int, seed: int, progress: object) -> object:
        yield np.ones((3, 100, width), np.uint8), np.zeros((100, width), np.uint8)
        raise MemoryError

    monkeypatch.setattr("landslide_detector.models.sample.write.scene_rows", breaks)
    with pytest.raises(MemoryError), OutputFiles() as files:
        write_sample(tmp_path / "scene.tif", tmp_path / "truth.tif", None, height=300, width=300, seed=0, files=files)
    assert list(tmp_path.iterdir()) == []


def test_command_reports_its_files_as_json(tmp_path: Path) -> None:
    scene, truth = str(tmp_path / "scene.tif"), str(tmp_path / "truth.tif")
    done = CliRunner().invoke(
        landslides, ["sample", scene, "--truth", truth, "--size", "300x256", "--progress", "json"],
        standalone_mode=False,
    )  # fmt: skip
    assert done.return_value == 0
    events = [json.loads(line) for line in done.stdout.splitlines()]
    result = events[-1]
    assert (result["event"], result["scene"], result["truth"], result["polygons"]) == ("result", scene, truth, None)
    assert any("synthetic" in event.get("message", "") for event in events)
    with rasterio.open(scene) as file:
        assert (file.width, file.height) == (300, 256)


@pytest.mark.parametrize("size", ["255", "300x200", "big", "0", "300x", "-512"])
def test_unusable_size_is_a_usage_error(size: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        landslides, ["sample", str(tmp_path / "s.tif"), "--truth", str(tmp_path / "t.tif"), f"--size={size}"]
    )
    assert done.exit_code == 2
    assert "size" in done.output
    assert list(tmp_path.iterdir()) == []


def test_scene_and_truth_must_be_different_files(tmp_path: Path) -> None:
    path = str(tmp_path / "same.tif")
    assert CliRunner().invoke(landslides, ["sample", path, "--truth", path]).exit_code == 2
