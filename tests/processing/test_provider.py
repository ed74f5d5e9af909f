"""The provider as QGIS sees it."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from landslide_detector.processing import help_pages, i18n
from landslide_detector.processing.engine import SETTING
from processing_support import Run, write_raster
from qgis.core import QgsProcessingAlgorithm, QgsProcessingParameterDefinition, QgsSettings

DETECTIONS = ["detectanomalies", "detectpatches", "segmentlandslides"]
TRAININGS = ["trainanomalydetector", "trainpatchclassifier", "trainsegmentation"]
EVALUATIONS = ["assessaccuracy", "comparedetectors"]
ALGORITHMS = sorted([*DETECTIONS, *TRAININGS, *EVALUATIONS, "checkenvironment", "createsamplescene"])


def test_the_provider_has_its_algorithms_under_fixed_names(provider):
    assert provider.id() == "landslides"
    assert sorted(algorithm.id() for algorithm in provider.algorithms()) == [f"landslides:{n}" for n in ALGORITHMS]


def test_the_provider_loads_and_says_what_is_missing_where_no_engine_is_installed(provider, no_engine):
    QgsSettings().remove(SETTING)
    provider.refreshAlgorithms()
    assert len(provider.algorithms()) == len(ALGORITHMS)
    assert "make setup" in provider.warningMessage()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_without_an_engine_an_algorithm_says_so_before_it_is_run_and_when_it_is(provider, no_engine, tmp_path, name):
    can_execute, message = provider.algorithm(name).canExecute()
    assert not can_execute
    assert "make setup" in message
    scene = str(write_raster(tmp_path / "scene.tif"))
    outputs = {output: str(tmp_path / f"{output}.tif") for output in ("PROBABILITY", "MASK", "SCENE", "TRUTH")}
    run = Run(f"landslides:{name}", {"INPUT": scene, **outputs})
    assert not run.succeeded
    assert [error for error in run.feedback.errors if "make setup" in error] == run.feedback.errors


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_runs_in_a_worker_thread_and_can_be_cancelled(provider, name):
    flags = provider.algorithm(name).flags()
    assert not flags & QgsProcessingAlgorithm.Flag.FlagNoThreading
    assert flags & QgsProcessingAlgorithm.Flag.FlagCanCancel


@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_has_words_an_icon_and_a_help(provider, name):
    algorithm = provider.algorithm(name)
    for text in (algorithm.displayName(), algorithm.group(), algorithm.groupId(), algorithm.shortDescription()):
        assert text
    assert "landslide" in algorithm.tags()
    assert Path(algorithm.svgIconPath()).is_file()
    assert not algorithm.icon().isNull()
    # QGIS would break a paragraph there.
    assert "\n" not in algorithm.shortHelpString()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_the_help_explains_every_parameter_and_names_every_output(provider, name):
    algorithm = provider.algorithm(name)
    page = algorithm.shortHelpString()
    assert "<!--" not in page
    for parameter in algorithm.parameterDefinitions():
        assert parameter.help()
        assert f"<b>{parameter.description()}</b>: {parameter.help()}" in page
    for output in algorithm.outputDefinitions():
        assert output.description() in page


def test_the_help_shows_the_picture_and_the_language_there_are(provider, monkeypatch, tmp_path):
    shutil.copytree(help_pages._FOLDER, tmp_path / "help")
    monkeypatch.setattr(help_pages, "_FOLDER", tmp_path / "help")
    algorithm = provider.algorithm("createsamplescene")
    picture = tmp_path / "help" / "createsamplescene.png"
    assert f'src="{picture.as_uri()}"' in algorithm.shortHelpString()
    picture.unlink()
    assert "<img" not in algorithm.shortHelpString()
    monkeypatch.setattr(
        i18n, "QgsApplication", SimpleNamespace(instance=lambda: SimpleNamespace(locale=lambda: "ja_JP"))
    )
    assert "このシーンは合成です" in algorithm.shortHelpString()
    assert "Seed" in algorithm.shortHelpString()


@pytest.mark.parametrize("name", [*DETECTIONS, *TRAININGS, *EVALUATIONS])
def test_the_help_names_limits_and_source(provider, name):
    text = provider.algorithm(name).shortHelpString()
    assert "<h3>Limits</h3>" in text
    assert "M. Kimura" in text
    assert "Ridge-i" in text
    assert "JAXA" in text


@pytest.mark.parametrize("name", DETECTIONS)
def test_what_is_rarely_needed_is_an_advanced_parameter(provider, name):
    advanced = [
        parameter.name()
        for parameter in provider.algorithm(name).parameterDefinitions()
        if parameter.flags() & QgsProcessingParameterDefinition.Flag.FlagAdvanced
    ]
    tiles = ["TILE_SIZE", "BATCH_SIZE"] if name == "detectpatches" else ["TILE_SIZE", "OVERLAP", "BATCH_SIZE"]
    assert advanced == ["MIN_AREA", "RESOLUTION", *tiles, "DEVICE", "PRECISION"]


def test_rasters_are_offered_as_geotiff_and_polygons_as_geopackage_first(provider):
    assert provider.supportedOutputRasterLayerExtensions() == ["tif", "tiff"]
    extensions = provider.supportedOutputVectorLayerExtensions()
    assert extensions[0] == "gpkg"
    assert "shp" in extensions
    assert extensions.count("gpkg") == 1
