"""Which Python the engine's environment is made with: one that was run and found fit."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from install_support import RememberingReport
from landslide_detector.processing.engine.install import SetupError
from landslide_detector.processing.engine.install import python as finding
from landslide_detector.processing.engine.install.watch import Watch


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A folder that is all of the PATH, on a machine whose QGIS brings no Python and whose user has no uv."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(finding.Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(finding, "_of_qgis", lambda: str(tmp_path / "qgis" / "python3"))
    return tmp_path


def put(folder: Path, name: str, answer: str = "", code: int = 0) -> Path:
    """Put a program on the machine that prints `answer` whatever it is asked."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\nexit {code}\n")
    path.chmod(0o755)
    return path


def search(folder: Path, named: str = "", install_uv=lambda program: None) -> finding.Python:
    environment = {"PATH": str(folder)}
    watch = Watch(RememberingReport(), (0, 1))
    return finding.find_python(named, environment, watch, folder / "kept", install_uv)


def test_versions_with_wheels_for_certain_come_before_newer_ones(machine):
    put(machine, "python3.14", "3.14 /new")
    put(machine, "python3.12", "3.12 /proven")
    put(machine, "python3", "3.15 /newest")
    assert search(machine) == finding.Python("/proven", (3, 12))


def test_python_that_does_not_run_or_cannot_make_environments_is_passed_over(machine):
    put(machine, "python3.12", "No module named ensurepip", code=1)
    put(machine, "python3.13", "Python was not found; run without arguments to install from the Store", code=9)
    put(machine, "python3.11", "what is this")
    put(machine, "python3.10", "3.10 /works")
    assert search(machine).program == "/works"


def test_a_real_python_is_examined_as_what_it_is():
    assert finding.examine([sys.executable], {}).version == sys.version_info[:2]


def test_a_path_beyond_ascii_is_read_whatever_the_code_page(machine):
    # As Windows has it: an isolated Python does not listen to PYTHONUTF8.
    in_utf8, in_code_page = ("/Users/Müller".encode(name) for name in ("utf-8", "cp1252"))
    script = put(machine, "python3.12")
    script.write_bytes(
        b'#!/bin/sh\ncase "$*" in *"-X utf8"*) echo "3.12 %b";; *) echo "3.12 %b";; esac\n' % (in_utf8, in_code_page)
    )
    assert search(machine).program == "/Users/Müller"


def test_the_python_of_qgis_is_taken_where_the_path_has_none(machine):
    put(machine / "qgis", "python3", "3.12 /of/qgis")
    assert search(machine).program == "/of/qgis"


def test_a_python_that_uv_knows_is_used(machine):
    put(machine, "uv", str(put(machine / "of uv", "python", "3.13 /of/uv")))
    assert search(machine).program == "/of/uv"


def put_uv(folder: Path) -> Path:
    """Put an uv on the machine that knows no Python until it has fetched one."""
    served = put(folder / "served", "python", "3.12 /fetched")
    script = put(folder, "uv")
    script.write_text(
        "#!/bin/sh\n"
        'store="$UV_PYTHON_INSTALL_DIR"\n'
        f'if [ "$2" = install ]; then /bin/mkdir -p "$store"; /bin/cp {served} "$store"; fi\n'
        '[ -e "$store/python" ] && echo "$store/python" || exit 2\n'
    )
    return script


def test_uv_fetches_one_where_there_is_none(machine):
    put_uv(machine)
    assert search(machine).program == "/fetched"
    assert (machine / "kept" / "python").exists()


def test_a_python_that_is_too_old_is_good_enough_to_install_uv(machine):
    put(machine / "qgis", "python3", "3.9 /of/qgis")
    asked = []

    def install_uv(program: str) -> str:
        asked.append(program)
        return str(put_uv(machine / "installed"))

    assert search(machine, install_uv=install_uv).program == "/fetched"
    assert asked == ["/of/qgis"]


def test_message_lists_what_is_too_old_and_says_what_to_do(machine):
    put(machine, "python3", "3.9 /usr/bin/python3")
    with pytest.raises(SetupError) as raised:
        search(machine)
    message = str(raised.value)
    assert "3.10 or newer" in message
    assert "Too old: /usr/bin/python3 (3.9)." in message
    assert "python3-venv" in message
    assert "\n" not in message


def test_a_python_that_was_named_is_the_only_one_considered(machine):
    named = put(machine / "own", "python", "3.11 /own")
    put(machine, "python3.12", "3.12 /other")
    assert search(machine, str(named)).program == "/own"
    with pytest.raises(SetupError, match="/nowhere/python"):
        search(machine, "/nowhere/python")


def test_placeholder_of_macos_is_not_run(machine, monkeypatch):
    monkeypatch.setattr(finding.sys, "platform", "darwin")
    assert finding._asks_for_developer_tools("/usr/bin/python3")
    assert not finding._asks_for_developer_tools("/opt/homebrew/bin/python3")


def test_looking_for_a_python_installs_none(monkeypatch):
    asked = []
    monkeypatch.setattr(finding, "ask", lambda command, environment: asked.append(environment))
    finding.examine(["py", "-3.12"], {})
    assert asked == [{"PYTHON_MANAGER_AUTOMATIC_INSTALL": "false"}]


@pytest.fixture
def windows(machine, monkeypatch):
    """The same, as if under Windows; nothing is on its PATH."""
    monkeypatch.setattr(finding, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(finding.shutil, "which", lambda program, path: None)
    return machine


def test_on_windows_the_launcher_is_asked(windows):
    assert next(finding._candidates(None, {"PATH": ""})) == ["py", "-3.12"]


def test_on_windows_the_python_of_qgis_only_installs_uv(windows):
    of_qgis = put(windows / "qgis", "python3", "3.12 /of/qgis")
    asked = []

    def install_uv(program: str) -> str:
        asked.append(program)
        return str(put_uv(windows / "installed"))

    assert search(windows, install_uv=install_uv).program == "/fetched"
    assert asked == [str(of_qgis)]
