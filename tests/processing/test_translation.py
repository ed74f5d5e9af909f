"""The plugin speaks the language of the user's QGIS where there is a translation, else English."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from string import Formatter

import pytest
from landslide_detector.plugin import LandslideDetectorPlugin
from landslide_detector.processing import translation
from landslide_detector.processing.i18n import tr
from qgis.core import QgsApplication

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tests" / "i18n" / "update.py"
LANGUAGES = sorted(path.stem.rpartition("_")[2] for path in ROOT.glob("processing/translations/*.ts"))
HELP = ROOT / "processing" / "help"
PAGES = sorted(path.relative_to(HELP).as_posix() for path in [*HELP.glob("*.html"), *HELP.glob("parts/*.html")])


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


@pytest.fixture(params=LANGUAGES)
def language(request):
    """Each language there is a translation into."""
    return request.param


@pytest.fixture
def translations(update, language):
    """The translations of a language by their texts."""
    return update.read(update.FOLDER / f"landslide_detector_{language}.ts")


def placeholders(text):
    """What `format` fills in, as (name, format, conversion)."""
    return sorted(
        (name, form, conversion or "") for _, name, form, conversion in Formatter().parse(text) if name is not None
    )


def tags(text):
    """The HTML tags and comments, whose order is the language's affair."""
    return sorted(re.findall(r"<!--.*?-->|</?[a-z]\w*>", text))


def keys(text):
    """The letters that are pressed with Alt."""
    return re.findall(r"&(\w)", text.upper())


def test_japanese_is_there():
    assert "ja" in LANGUAGES


def test_all_texts_are_translated_and_none_that_is_gone(update, translations):
    assert sorted(update.collect()) == sorted(translations), "run `make i18n` and translate what is new"


def test_placeholders_tags_and_keys_survive_translation(translations):
    for text, translated in translations.items():
        assert placeholders(translated) == placeholders(text), text
        assert tags(translated) == tags(text), text
        assert keys(translated) == keys(text), text
        assert translated.endswith("…") == text.endswith("…"), text


@pytest.mark.usefixtures("qgis_app")
def test_compiled_translation_is_of_this_file(translations, language, monkeypatch):
    monkeypatch.setattr(QgsApplication, "locale", lambda *_self: language)
    installed = translation.install_translation()
    try:
        assert {text: tr(text) for text in translations} == translations, "run `make i18n`"
    finally:
        translation.remove_translation(installed)


@pytest.mark.parametrize("page", PAGES)
def test_help_pages_are_translated(language, page):
    english = (HELP / page).read_text(encoding="utf-8")
    translated = (HELP / language / page).read_text(encoding="utf-8")
    assert tags(translated) == tags(english)


@pytest.mark.usefixtures("qgis_app", "japanese")
def test_plugin_brings_its_translation_and_takes_it_away():
    plugin = LandslideDetectorPlugin(None)
    try:
        assert tr("Landslide mask") == "地すべりマスク"
    finally:
        plugin.unload()
    assert tr("Landslide mask") == "Landslide mask"
