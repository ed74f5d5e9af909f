"""The scene: what a file is passed on as, and what becomes of a layer that is none."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from landslide_detector.processing.rendering import RenderingError
from landslide_detector.processing.scene import FileScene, RenderedScene, SceneError, resolve_scene
from osgeo import gdal
from processing_support import RememberingFeedback, read_raster, write_raster
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsMapLayer,
    QgsRasterLayer,
    QgsReadWriteContext,
    QgsRectangle,
)
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtXml import QDomDocument

WHOLE = QgsRectangle()


def resolve(layer, extent=WHOLE, resolution=None, typical_resolution=None):
    return resolve_scene(layer, extent, resolution, typical_resolution, QgsCoordinateTransformContext())


def materialise(scene, folder, feedback=None):
    return scene.materialise(Path(folder), feedback or RememberingFeedback())


def in_thread(function):
    """Run in a worker thread, as QGIS does, and return the outcome."""
    outcome = {}

    def work():
        try:
            outcome["value"] = function()
        except Exception as error:
            outcome["error"] = error

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(60)
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def state_of(layer: QgsMapLayer) -> str:
    """All that a project would save of a layer."""
    document = QDomDocument("layer")
    element = document.createElement("maplayer")
    layer.writeLayerXml(element, document, QgsReadWriteContext())
    document.appendChild(element)
    return document.toString()


def virtual_raster(source: QgsRasterLayer) -> QgsRasterLayer:
    """A raster that QGIS computes: band 1 of `source` times 2."""
    extent, crs = source.extent(), source.crs()
    corners = f"extent={extent.xMinimum()},{extent.yMinimum()},{extent.xMaximum()},{extent.yMaximum()}"
    uri = (
        f'?crs={crs.authid()}&{corners}&width={source.width()}&height={source.height()}&formula="a@1" * 2'
        f"&a:uri={source.source()}&a:provider=gdal"
    )
    layer = QgsRasterLayer(uri, "computed", "virtualraster")
    assert layer.isValid()
    return layer


@pytest.fixture
def tiles(tmp_path):
    """A folder of XYZ tiles, zoom levels 0 to 3: north red 200, south red 50; green, blue are column, row."""
    folder = tmp_path / "tiles"
    for zoom in range(4):
        for column in range(2**zoom):
            (folder / str(zoom) / str(column)).mkdir(parents=True)
            for row in range(2**zoom):
                image = QImage(256, 256, QImage.Format.Format_RGB32)
                red = 200 if row < 2**zoom / 2 else 50
                image.fill(QColor(red, column * 20, row * 20))
                assert image.save(str(folder / str(zoom) / str(column) / f"{row}.png"))
    return folder


@pytest.fixture
def tile_layer(tiles, qgis_app):
    layer = QgsRasterLayer(f"type=xyz&url=file://{tiles}/{{z}}/{{x}}/{{y}}.png&zmin=0&zmax=3", "imagery", "wms")
    assert layer.isValid()
    return layer


# --- what GDAL opens by name is passed on by name


def test_a_file_is_passed_on_by_name(tmp_path):
    path = write_raster(tmp_path / "a scene é.tif")
    assert materialise(resolve(QgsRasterLayer(str(path), "scene")), tmp_path) == str(path)


def test_a_file_given_relative_to_the_working_folder_is_passed_on_absolute(tmp_path, monkeypatch):
    write_raster(tmp_path / "scene.tif")
    monkeypatch.chdir(tmp_path)
    assert resolve(QgsRasterLayer("scene.tif", "scene")) == FileScene(str(tmp_path / "scene.tif"))


def test_a_raster_in_an_archive_is_passed_on_by_name(tmp_path):
    path = write_raster(tmp_path / "scene.tif")
    with ZipFile(tmp_path / "scene.zip", "w") as archive:
        archive.write(path, "scene.tif")
    source = f"/vsizip/{tmp_path}/scene.zip/scene.tif"
    layer = QgsRasterLayer(source, "scene")
    assert layer.isValid()
    assert resolve(layer) == FileScene(source)


def test_a_vrt_and_a_subdataset_are_passed_on_by_name(tmp_path):
    path = write_raster(tmp_path / "scene.tif")
    vrt = str(tmp_path / "scene.vrt")
    gdal.BuildVRT(vrt, [str(path)]).FlushCache()
    assert resolve(QgsRasterLayer(vrt, "scene")) == FileScene(vrt)
    package = tmp_path / "scenes.gpkg"
    gdal.Translate(str(package), str(path), format="GPKG", creationOptions=["RASTER_TABLE=first"])
    subdataset = f"GPKG:{package}:first"
    layer = QgsRasterLayer(subdataset, "scene")
    assert layer.isValid()
    assert resolve(layer) == FileScene(subdataset)


def test_a_description_in_xml_becomes_a_file(tmp_path):
    path = write_raster(tmp_path / "scene.tif")
    xml = gdal.BuildVRT("", [str(path)]).GetMetadata("xml:VRT")[0]
    layer = QgsRasterLayer(xml, "scene")
    assert layer.isValid()
    source = materialise(resolve(layer), tmp_path)
    assert source == str(tmp_path / "scene.vrt")
    assert (read_raster(source) == read_raster(path)).all()


def test_a_crs_given_to_a_layer_by_hand_reaches_the_engine(tmp_path):
    path = write_raster(tmp_path / "scene.tif", epsg=32651)
    layer = QgsRasterLayer(str(path), "scene")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32652"))
    source = materialise(resolve(layer), tmp_path)
    dataset = gdal.Open(source)
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "32652"
    assert dataset.GetGeoTransform() == gdal.Open(str(path)).GetGeoTransform()
    assert (read_raster(source) == read_raster(path)).all()
    assert gdal.Open(str(path)).GetSpatialRef().GetAuthorityCode(None) == "32651"


def test_options_a_layer_is_opened_with_reach_the_engine(tmp_path):
    path = write_raster(tmp_path / "scene.tif")
    layer = QgsRasterLayer(f"{path}|option:NUM_THREADS=2", "scene")
    assert layer.isValid()
    source = Path(materialise(resolve(layer), tmp_path))
    assert '<OOI key="NUM_THREADS">2</OOI>' in source.read_text(encoding="utf-8")
    assert (read_raster(source) == read_raster(path)).all()


def test_a_crs_given_to_a_plain_picture_does_not_make_a_map_of_it(tmp_path):
    path = write_raster(tmp_path / "photo.tif", epsg=None)
    layer = QgsRasterLayer(str(path), "photo")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    dataset = gdal.Open(materialise(resolve(layer), tmp_path))
    assert dataset.GetSpatialRef() is None


def test_a_picture_without_georeference_lies_where_qgis_shows_it(tmp_path):
    path = write_raster(tmp_path / "photo.tif", (40, 30), epsg=None)
    layer = QgsRasterLayer(str(path), "photo")
    source = materialise(resolve(layer), tmp_path)
    dataset = gdal.Open(source)
    assert dataset.GetGeoTransform() == (0, 1, 0, 0, 0, -1)
    assert dataset.GetSpatialRef() is None
    assert (read_raster(source) == read_raster(path)).all()
    # So what is written in its place is drawn over it.
    assert QgsRasterLayer(source, "placed").extent() == layer.extent()


# --- what is no file is read through a clone of the provider


def test_tiles_are_rendered_at_the_resolution_and_extent_asked_for(tile_layer, tmp_path):
    # Zoom 3 has 19568 m a pixel; a window across the equator, of 1500 x 1100 pixels: more than one block each way.
    units = 19567.87924100512
    extent = QgsRectangle(-700 * units, -500 * units, 800 * units, 600 * units)
    scene = resolve(tile_layer, extent, resolution=units)
    assert isinstance(scene, RenderedScene)
    feedback = RememberingFeedback()
    path = in_thread(lambda: materialise(scene, tmp_path, feedback))
    dataset = gdal.Open(path)
    assert (dataset.RasterXSize, dataset.RasterYSize, dataset.RasterCount) == (1500, 1100, 4)
    assert dataset.GetGeoTransform() == pytest.approx((-700 * units, units, 0, 600 * units, 0, -units))
    assert dataset.GetSpatialRef().GetAuthorityCode(None) == "3857"
    assert dataset.GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand
    assert dataset.GetRasterBand(1).GetBlockSize() == [256, 256]
    red, green, _blue, alpha = read_raster(path)
    assert (alpha == 255).all()
    assert (red[:590] == 200).all()
    assert (red[610:] == 50).all()
    # Column of the tile, 20 grey levels each: 4 tiles of 256 px west of the middle of the world.
    assert green[0, 700 + 10] == 80
    assert green[0, 700 - 10] == 60
    assert feedback.progress[-1] == pytest.approx(100)
    assert any("is no file" in info for info in feedback.infos)


def test_tiles_from_a_server_are_rendered_in_a_worker_thread(tiles, tmp_path):
    handler = partial(_Quiet, directory=str(tiles))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        port = server.server_address[1]
        layer = QgsRasterLayer(
            f"type=xyz&url=http://127.0.0.1:{port}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin=0&zmax=3", "server", "wms"
        )
        scene = resolve(layer, QgsRectangle(0, 0, 5_000_000, 5_000_000), resolution=50_000)
        path = in_thread(lambda: materialise(scene, tmp_path))
        server.shutdown()
    assert (read_raster(path)[0] == 200).all()


def test_a_server_that_does_not_answer_is_an_error_and_no_black_picture(tmp_path):
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        port = server.server_address[1]
    layer = QgsRasterLayer(
        f"type=xyz&url=http://127.0.0.1:{port}/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmin=0&zmax=3", "gone", "wms"
    )
    scene = resolve(layer, QgsRectangle(0, 0, 5_000_000, 5_000_000), resolution=50_000)
    with pytest.raises(RenderingError, match="shows nothing within the extent"):
        in_thread(lambda: materialise(scene, tmp_path))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def test_missing_tiles_are_told(tiles, tile_layer, tmp_path):
    for tile in (tiles / "3" / "4").iterdir():
        tile.unlink()
    units = 19567.87924100512
    scene = resolve(tile_layer, QgsRectangle(0, 0, 512 * units, 256 * units), resolution=units)
    feedback = RememberingFeedback()
    path = materialise(scene, tmp_path, feedback)
    (warning,) = feedback.warnings
    assert "50.0% of the picture is empty" in warning
    assert (read_raster(path)[3, :, :250] == 0).all()
    assert (read_raster(path)[3, :, 262:] == 255).all()


def test_tiles_without_an_extent_are_refused(tile_layer):
    with pytest.raises(SceneError, match=r"imagery is not a file.*choose the extent"):
        resolve(tile_layer, resolution=100)


def test_without_a_resolution_that_of_the_model_is_taken_on_the_ground(tile_layer):
    # At 60 degrees north a unit of the web map is half a metre on the ground.
    extent = QgsRectangle(0, 8_399_000, 1000, 8_400_000)
    scene = resolve(tile_layer, extent, typical_resolution=2.0)
    assert scene.grid.x_size == pytest.approx(4.0, rel=0.01)
    assert scene.grid.width == pytest.approx(250, abs=3)


def test_the_whole_world_at_half_a_metre_is_refused(tile_layer):
    with pytest.raises(SceneError, match="smaller extent or a coarser resolution"):
        resolve(tile_layer, tile_layer.extent(), resolution=0.5)


def test_with_neither_resolution_nor_model_known_a_resolution_is_asked_for(tile_layer):
    with pytest.raises(SceneError, match="choose a resolution"):
        resolve(tile_layer, QgsRectangle(0, 0, 1000, 1000))


def test_a_raster_in_memory_is_copied_as_it_is(tmp_path):
    write_raster(tmp_path / "scene.tif", kind=gdal.GDT_UInt16)
    source = gdal.Open(str(tmp_path / "scene.tif"))
    kept = gdal.Translate("/vsimem/scene.tif", source, noData=0)
    kept.FlushCache()
    layer = QgsRasterLayer("/vsimem/scene.tif", "in memory")
    scene = resolve(layer)
    path = in_thread(lambda: materialise(scene, tmp_path / ".", RememberingFeedback()))
    copy = gdal.Open(path)
    assert (copy.ReadAsArray() == source.ReadAsArray()).all()
    assert copy.GetRasterBand(1).DataType == gdal.GDT_UInt16
    assert copy.GetRasterBand(1).GetNoDataValue() == 0
    assert copy.GetGeoTransform() == source.GetGeoTransform()
    gdal.Unlink("/vsimem/scene.tif")


def test_an_extent_of_a_raster_in_memory_takes_the_pixels_it_touches(tmp_path):
    write_raster(tmp_path / "original.tif", (40, 30), corner=(500000, 2700000), pixel=10)
    gdal.Translate("/vsimem/part.tif", str(tmp_path / "original.tif")).FlushCache()
    layer = QgsRasterLayer("/vsimem/part.tif", "in memory")
    scene = resolve(layer, QgsRectangle(500015, 2699905, 500055, 2699960))
    values = read_raster(materialise(scene, tmp_path))
    assert (values == read_raster(tmp_path / "original.tif")[:, 4:10, 1:6]).all()
    gdal.Unlink("/vsimem/part.tif")


def test_a_format_the_engine_cannot_read_is_copied_as_it_is(tmp_path):
    write_raster(tmp_path / "original.tif", kind=gdal.GDT_Int16)
    gdal.Translate(str(tmp_path / "scene.fits"), str(tmp_path / "original.tif"), format="FITS")
    layer = QgsRasterLayer(str(tmp_path / "scene.fits"), "telescope")
    scene = resolve(layer)
    copy = gdal.Open(in_thread(lambda: materialise(scene, tmp_path)))
    original = gdal.Open(str(tmp_path / "original.tif"))
    assert copy.GetDriver().ShortName == "GTiff"
    assert (copy.ReadAsArray() == original.ReadAsArray()).all()
    assert copy.GetRasterBand(1).DataType == gdal.GDT_Int16


def test_a_raster_that_qgis_computes_is_read_with_its_values(tmp_path):
    original = QgsRasterLayer(str(write_raster(tmp_path / "original.tif", bands=1)), "original")
    scene = resolve(virtual_raster(original))
    path = in_thread(lambda: materialise(scene, tmp_path))
    assert np.allclose(read_raster(path), 2.0 * read_raster(tmp_path / "original.tif"))


def test_a_cancel_stops_the_reading(tile_layer, tmp_path):
    class Cancelling(RememberingFeedback):
        def on_progress(self, percent):
            super().on_progress(percent)
            self.cancel()

    units = 19567.87924100512
    extent = QgsRectangle(-1000 * units, -1000 * units, 1000 * units, 1000 * units)
    feedback = Cancelling()
    materialise(resolve(tile_layer, extent, resolution=units / 2), tmp_path, feedback)
    # Of 16 blocks the first was read; then the writer says that it has ended.
    assert feedback.progress in ([6.25], [6.25, 100])


def test_the_layer_of_the_user_is_not_changed(tile_layer, tmp_path):
    path = write_raster(tmp_path / "scene.tif")
    layer = QgsRasterLayer(str(path), "scene")
    before = state_of(layer), state_of(tile_layer), path.read_bytes(), sorted(tmp_path.iterdir())
    resolve(layer)
    rendered = resolve(tile_layer, QgsRectangle(0, 0, 5_000_000, 5_000_000), resolution=50_000)
    folder = tmp_path / "temporary"
    folder.mkdir()
    in_thread(lambda: materialise(rendered, folder))
    after = state_of(layer), state_of(tile_layer), path.read_bytes(), sorted(set(tmp_path.iterdir()) - {folder})
    assert after == before
    assert rendered.provider is not tile_layer.dataProvider()
