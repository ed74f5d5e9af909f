"""Setting up the engine, with every way it can go wrong: one clear message, and a working engine or none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from engine_state import is_absent, is_found, packages
from install_support import (
    LIGHT,
    TORCH,
    Index,
    RefusingProxy,
    RememberingReport,
    nowhere,
    processes_of,
    write_wheel,
    write_wheels,
)
from landslide_detector.processing.engine import find_engine, managed
from landslide_detector.processing.engine.install import (
    Plan,
    SetupCancelled,
    SetupError,
    Size,
    Sources,
    python,
    read_marker,
    remove_engine,
    room,
    set_up,
    setup,
)
from landslide_detector.processing.engine.managed import program_of, python_of


def test_from_nothing_to_an_engine_that_is_found_and_runs(plan):
    report = RememberingReport()
    installed = set_up(plan, report)

    assert installed.size is Size.LIGHT
    assert installed.device == "cpu, bf16"
    assert read_marker(plan.folder) == installed
    assert find_engine().program == program_of(plan.folder)
    assert packages(plan) == {"landslide_detector", *(name.replace("-", "_") for name in LIGHT)}
    assert report.percents == sorted(report.percents)
    assert report.percents[-1] == 100
    assert report.stages[-1].startswith("The engine is ready.")
    assert {path.name for path in plan.folder.parent.iterdir()} == {"engine"}
    assert not (plan.folder / "setup").exists()


def test_where_every_python_is_too_old_uv_is_installed_to_fetch_one(plan, tmp_path, monkeypatch):
    # A uv that fetches this very Python, and a rule by which all others are too old.
    fetching = "import sys\n\n\ndef main():\n    print({!r})\n"
    entry = "[console_scripts]\nuv = uv_stand_in:main\n"
    files = {"uv_stand_in.py": fetching.format(sys.executable), "uv-1.0.dist-info/entry_points.txt": entry}
    write_wheel(tmp_path / "on the index", "uv", files=files)
    examine = python.examine

    def examine_as_old(command, environment):
        found = examine(command, environment)
        return replace(found, version=(3, 9)) if found and found.program != sys.executable else found

    monkeypatch.setattr(python, "examine", examine_as_old)
    monkeypatch.setattr(python, "_of_qgis", lambda: "/usr/bin/python3")
    monkeypatch.setattr(python, "_uv", lambda: None)
    set_up(replace(plan, python=""), RememberingReport())
    assert is_found()


def test_on_windows_uv_is_installed_by_the_python_of_qgis_in_the_environment_of_qgis(plan, tmp_path, monkeypatch):
    # A uv.exe that fetches this very Python, and a Python that finds its libraries by OSGEO4W_ROOT.
    fetching = f"#!/bin/sh\necho '{sys.executable}'\n"
    write_wheel(tmp_path / "on the index", "uv", files={"uv-1.0.data/scripts/uv.exe": fetching})
    of_qgis = tmp_path / "qgis" / "python.exe"
    of_qgis.parent.mkdir()
    of_qgis.write_text(f'#!/bin/sh\n[ "$OSGEO4W_ROOT" = C:/QGIS ] && exec "{sys.executable}" "$@"\nexit 1\n')
    of_qgis.chmod(0o755)
    windows = SimpleNamespace(name="nt", environ={**plan.environment, "OSGEO4W_ROOT": "C:/QGIS", "PIP_TARGET": "C:/"})
    monkeypatch.setattr(setup, "os", windows)
    monkeypatch.setattr(python, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(python.shutil, "which", lambda program, path: None)
    monkeypatch.setattr(python, "_of_qgis", lambda: str(of_qgis))
    set_up(replace(plan, python=""), RememberingReport())
    assert is_found()


def test_the_engine_runs_the_code_of_the_plugin_itself(begun):
    set_up(begun, RememberingReport())
    code = "import landslide_detector.models.cli.main as main; print(main.__file__)"
    program = python_of(begun.folder)
    where = subprocess.run([program, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    assert Path(where.stdout.strip()) == begun.plugin / "models" / "cli" / "main.py"


def test_what_pip_says_of_folders_beyond_ascii_is_read_whatever_the_code_page(begun):
    report = RememberingReport()
    set_up(begun, report)
    isolated = [line for line in report.lines if line.startswith("$ ") and " -I " in line]
    assert isolated
    assert all(" -I -X utf8 " in line for line in isolated)


def test_default_models_the_package_leaves_out_are_fetched_and_not_needed(begun):
    report = RememberingReport()
    set_up(begun, report)
    # The stand-in takes note of the name and fails.
    assert (begun.plugin / "models" / "cli" / "fetched.txt").read_text() == "left out"
    assert report.stages[-1].startswith("The engine is ready. The weights of left out are missing")
    assert is_found()


def test_a_folder_of_wheels_is_enough(begun, index, tmp_path):
    wheels = write_wheels(tmp_path / "stick", LIGHT)
    set_up(replace(begun, sources=Sources(index_url=index.url, wheels=str(wheels))), RememberingReport())
    assert find_engine().program == program_of(begun.folder)
    assert index.fetched == []


def test_torch_comes_from_its_own_index_and_the_rest_from_the_other(begun, index, tmp_path):
    of_torch = Index(write_wheels(tmp_path / "torch", ("torch", "torchvision")))
    try:
        sources = Sources(index_url=index.url, torch_index_url=of_torch.url)
        installed = set_up(replace(begun, size=Size.TORCH, sources=sources), RememberingReport())
    finally:
        of_torch.close()
    assert installed.torch_index == of_torch.url
    assert {name.partition("-")[0] for name in of_torch.fetched} == {"torch", "torchvision"}
    assert {name.partition("-")[0] for name in index.fetched} == {
        name.replace("-", "_") for name in (*LIGHT, *TORCH) if name not in ("torch", "torchvision")
    }


def test_without_network_one_message_no_engine_and_the_next_try_works(begun):
    url = nowhere()
    with pytest.raises(SetupError) as raised:
        set_up(replace(begun, sources=Sources(index_url=url)), RememberingReport())
    assert str(raised.value) == f"No connection to {url}. Check the network, the proxy and the address."
    assert is_absent(begun)

    set_up(begun, RememberingReport())
    assert is_found()


def test_proxy_that_is_not_there_is_named_without_its_password(begun):
    proxy = nowhere().removeprefix("http://").removesuffix("/simple")
    sources = Sources(index_url="https://packages.invalid/simple", proxy=f"http://user:secret@{proxy}")
    report = RememberingReport()
    with pytest.raises(SetupError) as raised:
        set_up(replace(begun, sources=sources), report)
    assert str(raised.value).startswith(f"The proxy http://{proxy} does not answer")
    assert "secret" not in "\n".join([*report.lines, *report.stages, str(raised.value), repr(sources)])
    assert is_absent(begun)


def test_proxy_that_wants_a_password_is_said_to(begun):
    proxy = RefusingProxy()
    try:
        sources = Sources(index_url="https://packages.invalid/simple", proxy=f"http://{proxy.address}")
        with pytest.raises(SetupError, match="asks for a user name and a password"):
            set_up(replace(begun, sources=sources), RememberingReport())
    finally:
        proxy.close()
    assert is_absent(begun)


def test_package_that_is_nowhere_is_named(begun, tmp_path):
    wheels = write_wheels(tmp_path / "incomplete", LIGHT[:1])
    with pytest.raises(SetupError, match=f"{wheels} has no openvino-stand-in"):
        set_up(replace(begun, sources=Sources(wheels=str(wheels))), RememberingReport())
    assert is_absent(begun)


def test_folder_without_wheels_is_refused_before_anything_is_made(plan, tmp_path):
    with pytest.raises(SetupError, match=f"no wheels in the folder {tmp_path}"):
        set_up(replace(plan, sources=Sources(wheels=str(tmp_path))), RememberingReport())
    assert not plan.folder.exists()


@pytest.fixture
def little_room(plan, monkeypatch):
    """A disk with 300 MB free."""
    usage = shutil.disk_usage(plan.folder.parents[1])._replace(free=300_000_000)
    monkeypatch.setattr(room.shutil, "disk_usage", lambda folder: usage)


def test_too_little_room_is_said_beforehand(plan, little_room):
    with pytest.raises(SetupError) as raised:
        set_up(plan, RememberingReport())
    assert "has 300 MB free, the set-up needs 1050 MB" in str(raised.value)
    assert not plan.folder.exists()


def test_an_engine_follows_the_plugin_where_there_is_no_room_for_another(begun, little_room):
    before = managed.Installed(Size.LIGHT, "0.0.9", "of the plugin before", "3.12", "", "cpu")
    managed.write_marker(begun.folder, before)
    for bigger in (replace(begun, size=Size.TORCH), replace(begun, rebuild=True)):
        with pytest.raises(SetupError, match="Not enough room"):
            set_up(bigger, RememberingReport())
    assert set_up(begun, RememberingReport()).version == "0.1.0"


def test_disk_that_fills_up_is_cleared_of_what_was_begun(begun):
    break_pip(begun, "OSError: [Errno 28] No space left on device")
    with pytest.raises(SetupError, match="The disk is full"):
        set_up(begun, RememberingReport())
    assert is_absent(begun)
    assert list(begun.folder.parent.iterdir()) == []


def test_disk_that_fills_up_in_an_upgrade_leaves_the_engine_that_was_there(begun):
    before = set_up(begun, RememberingReport())
    break_pip(begun, "OSError: [Errno 28] No space left on device")
    with pytest.raises(SetupError, match="The disk is full"):
        set_up(replace(begun, size=Size.TORCH), RememberingReport())
    assert read_marker(begun.folder) == before
    assert subprocess.run([find_engine().program, "environment", "--json"], check=False).returncode == 0


def break_pip(plan: Plan, message: str) -> None:
    """Put a pip in the environment that knows its version and else fails with `message`."""
    (package,) = (path for path in plan.folder.rglob("pip") if path.is_dir() and path.parent.name == "site-packages")
    (package / "__main__.py").write_text(f"import sys\nif '--version' not in sys.argv:\n    sys.exit({message!r})\n")


def test_cancel_ends_all_processes_and_a_repeat_goes_on_where_it_stopped(begun, index):
    index.stalled = ("openvino",)
    with pytest.raises(SetupCancelled):
        set_up(begun, RememberingReport(index.is_stalling.is_set))
    assert processes_of(begun.folder) == []
    assert is_absent(begun)
    assert index.fetched == ["numpy_stand_in-2.5-py3-none-any.whl"]

    index.stalled = ()
    set_up(begun, RememberingReport())
    assert is_found()
    assert index.fetched == ["numpy_stand_in-2.5-py3-none-any.whl", "openvino_stand_in-2.5-py3-none-any.whl"]


def test_cancel_while_the_environment_is_made_leaves_nothing_in_the_way(plan):
    asked = []

    def enough() -> bool:
        asked.append(plan.folder.exists() and python_of(plan.folder).exists())
        return asked[-1]

    with pytest.raises(SetupCancelled):
        set_up(plan, RememberingReport(enough))
    assert processes_of(plan.folder) == []
    assert is_absent(plan)

    set_up(plan, RememberingReport())
    assert is_found()


def test_engine_that_does_not_start_after_all_is_no_engine(begun):
    (begun.plugin / "models" / "cli" / "main.py").write_text("raise ImportError('DLL load failed while importing x')")
    with pytest.raises(SetupError, match=r"Visual C\+\+"):
        set_up(begun, RememberingReport())
    assert is_absent(begun)


def test_two_set_ups_at_a_time_are_one_too_many(begun, index):
    index.stalled = ("numpy",)
    refused = []

    def second() -> bool:
        if index.is_stalling.is_set() and not refused:
            with pytest.raises(SetupError, match="being set up already") as raised:
                remove_engine(begun.folder)
            refused.append(raised)
        return bool(refused)

    with pytest.raises(SetupCancelled):
        set_up(begun, RememberingReport(second))
    assert begun.folder.exists()


def test_plugin_without_its_description_is_incomplete(begun):
    (begun.plugin / "pyproject.toml").unlink()
    with pytest.raises(SetupError, match="The plugin is incomplete"):
        set_up(begun, RememberingReport())


def test_marker_that_is_damaged_counts_as_none(tmp_path):
    (tmp_path / managed.MARKER).write_text('{"size": "gigantic"}')
    assert read_marker(tmp_path) is None
