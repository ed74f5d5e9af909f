"""Rasters of all formats, names and states of health."""

from __future__ import annotations

import numpy as np
import pytest
import rasterio
from affine import Affine
from landslide_detector.models.errors import InputError, LandslideError
from landslide_detector.models.raster.scene import Scene
from scenes import RGB, landscape, read_raster, write_raster
from toy_models import expected_segmentation

pytestmark = pytest.mark.usefixtures("rasters_only")

UNPLACED = {"crs": None, "transform": Affine.identity()}


def truth_of(path):
    """What the toy answers for the pixels as they are stored (JPEG alters them)."""
    with rasterio.open(path) as dataset:
        return expected_segmentation(dataset.read([1, 2, 3]) / 255)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        ("scene.png", {"driver": "PNG", **UNPLACED}),
        ("scene.jpg", {"driver": "JPEG", **UNPLACED}),
        ("scene.img", {"driver": "HFA"}),
        ("tiled.tif", {"tiled": True, "blockxsize": 64, "blockysize": 64, "compress": "LZW", "interleave": "pixel"}),
        (
            "jpeg in.tif",
            {"compress": "JPEG", "photometric": "YCBCR", "tiled": True, "blockxsize": 64, "blockysize": 64},
        ),
        ("Erdrutsch_Ōsaka 北海道 [1].tif", {}),
    ],
)
def test_format_or_name_makes_no_difference(toys, run_detection, tmp_path, name, profile):
    scene = write_raster(tmp_path / name, landscape(150, 210), **profile)
    run = run_detection(toys["segmentation"], scene)
    assert np.abs(read_raster(run.probability).pixels - truth_of(scene)).max() < 2e-4


def test_virtual_mosaic_with_a_gap(toys, run_detection, tmp_path):
    image = landscape(60, 150)
    write_raster(tmp_path / "west.tif", image[:, :, :60], colorinterp=RGB)
    place = Affine(2, 0, 500_000 + 2 * 90, 0, -2, 3_000_000)
    write_raster(tmp_path / "east.tif", image[:, :, 90:], transform=place, colorinterp=RGB)
    bands = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>0</NoDataValue><ColorInterp>{colour}</ColorInterp>'
        + "".join(
            f'<ComplexSource><SourceFilename relativeToVRT="1">{name}.tif</SourceFilename>'
            f"<SourceBand>{band}</SourceBand>"
            f'<SrcRect xOff="0" yOff="0" xSize="60" ySize="60"/><DstRect xOff="{x}" yOff="0" xSize="60" ySize="60"/>'
            "</ComplexSource>"
            for name, x in (("west", 0), ("east", 90))
        )
        + "</VRTRasterBand>"
        for band, colour in enumerate(("Red", "Green", "Blue"), start=1)
    )
    scene = tmp_path / "mosaic.vrt"
    scene.write_text(
        '<VRTDataset rasterXSize="150" rasterYSize="60"><SRS>EPSG:32648</SRS>'
        f"<GeoTransform>500000, 2, 0, 3000000, 0, -2</GeoTransform>{bands}</VRTDataset>"
    )
    probability = read_raster(run_detection(toys["segmentation"], scene).probability).pixels
    truth = expected_segmentation(image / 255)
    assert np.isnan(probability[:, 60:90]).all()
    known = np.isfinite(probability)
    assert known[:, :60].all()
    assert known[:, 90:].all()
    assert np.abs(probability - truth)[known].max() < 2e-4


def test_gdals_own_names_are_scenes(toys, run_detection, tmp_path):
    import zipfile

    scene = write_raster(tmp_path / "scene.tif", landscape(60, 60))
    with zipfile.ZipFile(tmp_path / "scenes.zip", "w") as archive:
        archive.write(scene, "inner/scene.tif")
    run = run_detection(toys["segmentation"], f"/vsizip/{tmp_path / 'scenes.zip'}/inner/scene.tif")
    assert np.abs(read_raster(run.probability).pixels - truth_of(scene)).max() < 2e-4


def test_scene_with_overviews_is_read_at_its_own_resolution(toys, run_detection, tmp_path):
    scene = write_raster(tmp_path / "scene.tif", landscape(150, 210))
    with rasterio.open(scene, "r+") as dataset:
        dataset.build_overviews([2, 4])
    run = run_detection(toys["segmentation"], scene)
    assert np.abs(read_raster(run.probability).pixels - truth_of(scene)).max() < 2e-4


class TestFilesThatCannotBeUsed:
    def test_missing_file_is_named(self, tmp_path):
        with pytest.raises(InputError, match=r"nowhere\.tif: cannot be opened as a raster"):
            Scene(str(tmp_path / "nowhere.tif"), [1])

    def test_text_is_no_raster(self, tmp_path):
        (tmp_path / "notes.tif").write_text("no raster")
        with pytest.raises(InputError, match=r"notes\.tif: cannot be opened as a raster") as raised:
            Scene(str(tmp_path / "notes.tif"), [1])
        assert "\n" not in str(raised.value)

    def test_damaged_file_is_named_and_leaves_no_output(self, toys, run_detection, tmp_path):
        noise = np.random.default_rng(0).integers(1, 255, (3, 300, 300), np.uint8)
        scene = write_raster(tmp_path / "cut.tif", noise, compress="DEFLATE")
        scene.write_bytes(scene.read_bytes()[:-150_000])
        with pytest.raises(LandslideError, match=r"cut\.tif: cannot") as raised:
            run_detection(toys["segmentation"], scene)
        assert "\n" not in str(raised.value)
        assert list((tmp_path / "result").iterdir()) == []
