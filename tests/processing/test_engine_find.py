"""Where the engine is looked for, and what is said when it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from landslide_detector.processing.engine import (
    ENVIRONMENT_VARIABLE,
    SETTING,
    EngineNotFoundError,
    find,
    find_engine,
    managed,
    managed_folder,
)
from qgis.core import QgsSettings


@pytest.fixture(autouse=True)
def bare_machine(no_engine, monkeypatch, tmp_path):
    monkeypatch.setattr(find, "managed_folder", lambda: tmp_path / "profile")
    settings = QgsSettings()
    settings.remove(SETTING)
    yield
    settings.remove(SETTING)


def install(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def install_managed(folder: Path) -> Path:
    """Install an engine as the set-up does, which marks it as finished."""
    program = install(managed.program_of(folder))
    managed.write_marker(folder, managed.Installed(managed.Size.LIGHT, "1.0", "", "3.12", "", "cpu"))
    return program


def install_everywhere(tmp_path: Path) -> list[Path]:
    """Install an engine in every place, and return the places in the order of the search."""
    return [
        install(tmp_path / "named" / "landslides"),
        install(tmp_path / "set" / "landslides"),
        install(find.program_of(tmp_path / "plugin" / ".venv")),
        install_managed(tmp_path / "profile"),
        install(tmp_path / "landslides"),
    ]


def test_the_search_takes_environment_setting_checkout_profile_and_path_in_this_order(tmp_path, monkeypatch):
    named, set_, *others = install_everywhere(tmp_path)
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(named))
    QgsSettings().setValue(SETTING, str(set_))
    assert find_engine().program == named
    monkeypatch.delenv(ENVIRONMENT_VARIABLE)
    assert find_engine().program == set_
    QgsSettings().remove(SETTING)
    for program in others:
        assert find_engine().program == program
        program.unlink()
    with pytest.raises(EngineNotFoundError):
        find_engine()


def test_without_an_engine_the_message_says_what_to_do():
    with pytest.raises(EngineNotFoundError) as raised:
        find_engine()
    message = str(raised.value)
    for needed in ("make setup", "pip install", SETTING, ENVIRONMENT_VARIABLE):
        assert needed in message
    assert "\n" not in message


@pytest.mark.parametrize("by_setting", [False, True])
def test_an_engine_that_is_not_where_it_was_said_to_be_is_not_silently_replaced(tmp_path, monkeypatch, by_setting):
    install(tmp_path / "landslides")
    gone = str(tmp_path / "gone" / "landslides")
    if by_setting:
        QgsSettings().setValue(SETTING, gone)
    else:
        monkeypatch.setenv(ENVIRONMENT_VARIABLE, gone)
    with pytest.raises(EngineNotFoundError) as raised:
        find_engine()
    assert gone in str(raised.value)


def test_an_engine_whose_set_up_was_not_finished_is_not_used(tmp_path):
    program = install_managed(tmp_path / "profile")
    managed.remove_marker(tmp_path / "profile")
    with pytest.raises(EngineNotFoundError, match="not finished"):
        find_engine()
    assert program.exists()


@pytest.mark.parametrize("named", ["", "bin/python", "bin/python3.12", "bin/landslides"])
def test_the_setting_may_name_the_program_its_python_or_its_environment(tmp_path, named):
    program = install(find.program_of(tmp_path / "own"))
    install(tmp_path / "own" / "bin" / "python")
    QgsSettings().setValue(SETTING, str(tmp_path / "own" / named))
    assert find_engine().program == program


def test_on_windows_the_program_is_in_scripts(monkeypatch):
    monkeypatch.setattr(find.os, "name", "nt")
    # Paths of the other system cannot be made here, so only their parts are looked at.
    assert find.program_of(_Parts()).parts == ("Scripts", "landslides.exe")


class _Parts:
    parts: tuple[str, ...] = ()

    def __truediv__(self, name):
        longer = _Parts()
        longer.parts = (*self.parts, name)
        return longer


def test_the_managed_engine_lives_in_the_profile_of_the_user(qgis_app):
    assert managed_folder() == Path(qgis_app.qgisSettingsDirPath()) / "landslides" / "engine"
