"""An engine that is there: upgraded, updated, moved, repaired, removed; what fails leaves it as it was."""

from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest
from engine_state import is_found
from install_support import (
    RememberingReport,
    nowhere,
    processes_of,
    write_plugin,
    write_wheel,
)
from landslide_detector.processing.engine import find_engine
from landslide_detector.processing.engine.install import (
    Plan,
    SetupError,
    Size,
    Sources,
    is_outdated,
    read_marker,
    remove_engine,
    set_up,
    setup,
)
from landslide_detector.processing.engine.managed import program_of, python_of


def test_upgrade_that_fails_leaves_the_engine_that_was_there(begun):
    before = set_up(begun, RememberingReport())
    with pytest.raises(SetupError, match="No connection"):
        set_up(replace(begun, size=Size.TORCH, sources=Sources(index_url=nowhere())), RememberingReport())
    assert read_marker(begun.folder) == before
    assert find_engine().program == program_of(begun.folder)


def test_after_an_update_of_the_plugin_only_what_is_new_is_fetched(begun, index, tmp_path):
    set_up(begun, RememberingReport())
    assert not is_outdated(begun.folder, begun.plugin)
    index.fetched.clear()

    write_plugin(begun.plugin, "0.2.0", '\n    "shapely-stand-in",')
    write_wheel(tmp_path / "on the index", "shapely-stand-in")
    assert is_outdated(begun.folder, begun.plugin)
    installed = set_up(begun, RememberingReport())
    assert installed.version == "0.2.0"
    assert not is_outdated(begun.folder, begun.plugin)
    assert index.fetched == ["shapely_stand_in-1.0-py3-none-any.whl"]


def test_plugin_that_has_moved_is_found_again(begun, tmp_path):
    set_up(begun, RememberingReport())
    moved = begun.plugin.rename(tmp_path / "moved")
    assert is_outdated(begun.folder, moved)
    set_up(replace(begun, plugin=moved), RememberingReport())
    assert subprocess.run([find_engine().program, "environment", "--json"], check=False).returncode == 0


def test_repair_makes_a_damaged_engine_anew(begun):
    set_up(begun, RememberingReport())
    (damaged,) = begun.folder.rglob("numpy_stand_in.py")
    damaged.unlink()
    set_up(replace(begun, rebuild=True), RememberingReport())
    assert damaged.exists()
    assert is_found()


def replace_python(plan: Plan, script: str) -> None:
    """Put a shell script in the place of the environment's Python."""
    program = python_of(plan.folder)
    program.unlink()
    program.write_text(script)
    program.chmod(0o755)


@pytest.mark.parametrize("script", ["#!/bin/sh\nsleep 1000\n", "#!/nowhere\n"])
def test_engine_whose_python_does_not_answer_is_kept(begun, monkeypatch, script):
    before = set_up(begun, RememberingReport())
    replace_python(begun, script)
    monkeypatch.setattr(setup, "_PATIENCE_S", 0.2)
    with pytest.raises(SetupError, match="does not answer"):
        set_up(begun, RememberingReport())
    assert read_marker(begun.folder) == before
    assert processes_of(begun.folder) == []


@pytest.mark.parametrize("rebuild", [False, True])
def test_engine_is_kept_where_there_is_no_python_to_make_another_with(begun, rebuild):
    before = set_up(begun, RememberingReport())
    replace_python(begun, "#!/bin/sh\nexit 1\n")
    with pytest.raises(SetupError, match="/nowhere/python"):
        set_up(replace(begun, rebuild=rebuild, python="/nowhere/python"), RememberingReport())
    assert read_marker(begun.folder) == before


def test_engine_whose_python_fails_is_made_anew(begun):
    set_up(begun, RememberingReport())
    replace_python(begun, "#!/bin/sh\nexit 1\n")
    set_up(begun, RememberingReport())
    assert subprocess.run([find_engine().program, "environment", "--json"], check=False).returncode == 0


def test_removing_leaves_nothing(begun):
    set_up(begun, RememberingReport())
    remove_engine(begun.folder)
    assert not is_found()
    assert list(begun.folder.parent.iterdir()) == []
