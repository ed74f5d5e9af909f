"""The plugin speaks the language of the user's QGIS where there is a translation, else English."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest
from landslide_detector.processing import translation
from landslide_detector.processing.i18n import tr
from qgis.core import QgsApplication

TOOL = Path(__file__).parents[1] / "i18n" / "update.py"


@pytest.fixture(scope="module")
def update():
    """The tool that collects the texts."""
    specification = importlib.util.spec_from_file_location("update_translations", TOOL)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def japanese(monkeypatch):
    monkeypatch.setattr(QgsApplication, "locale", lambda *_self: "ja_JP")


def test_every_text_is_a_literal_that_can_be_collected(update):
    texts = update.collect()
    assert "Landslide probability" in texts
    assert len(texts) > 100


def test_translations_that_are_there_survive_an_update(update, tmp_path):
    path = tmp_path / "x_ja.ts"
    texts = {"Mask <0 & 1>": ["a.py"], "New": ["b.py"]}
    assert update.write(path, "ja", texts, {"Mask <0 & 1>": "マスク <0 & 1>", "Gone": "消えた"}) == 1
    assert update.read(path) == {"Mask <0 & 1>": "マスク <0 & 1>"}


@pytest.mark.usefixtures("qgis_app", "japanese")
def test_words_come_translated_until_the_plugin_goes(update, tmp_path, monkeypatch):
    monkeypatch.setattr(translation, "_FOLDER", tmp_path)
    lrelease = shutil.which("lrelease")
    assert lrelease, "Qt's lrelease is not installed: Debian's package qttools5-dev-tools"
    update.write(
        tmp_path / "landslide_detector_ja.ts", "ja", {"Landslide mask": []}, {"Landslide mask": "地すべりマスク"}
    )
    subprocess.run([lrelease, "-silent", tmp_path / "landslide_detector_ja.ts"], check=True)

    installed = translation.install_translation()

    assert tr("Landslide mask") == "地すべりマスク"
    assert tr("not in the file") == "not in the file"
    translation.remove_translation(installed)
    assert tr("Landslide mask") == "Landslide mask"


@pytest.mark.usefixtures("qgis_app", "japanese")
def test_without_a_translation_the_plugin_speaks_english(tmp_path, monkeypatch):
    monkeypatch.setattr(translation, "_FOLDER", tmp_path)
    assert translation.install_translation() is None
    assert tr("Landslide mask") == "Landslide mask"
