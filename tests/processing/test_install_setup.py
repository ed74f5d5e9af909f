"""Setting up the engine, with every way it can go wrong: one clear message, and a working engine or none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from install_support import (
    LIGHT,
    TORCH,
    Index,
    RefusingProxy,
    RememberingReport,
    processes_of,
    write_plugin,
    write_wheel,
    write_wheels,
)
from landslide_detector.processing.engine import find, find_engine, managed
from landslide_detector.processing.engine.install import (
    Plan,
    SetupCancelled,
    SetupError,
    Size,
    Sources,
    is_outdated,
    python,
    read_marker,
    remove_engine,
    room,
    set_up,
    setup,
)
from landslide_detector.processing.engine.managed import program_of, python_of


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory) -> Path:
    """A virtual environment with pip in it and nothing else."""
    folder = tmp_path_factory.mktemp("bare") / "environment"
    subprocess.run([sys.executable, "-I", "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def index(tmp_path):
    index = Index(write_wheels(tmp_path / "on the index"))
    yield index
    index.close()


@pytest.fixture
def plan(tmp_path, index, no_engine, monkeypatch) -> Plan:
    """A plan for a light engine from the index on this machine, with pip's usual configuration out of the way."""
    folder = tmp_path / "profil d'essai" / "engine"
    monkeypatch.setattr(find, "managed_folder", lambda: folder)
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return Plan(
        folder=folder,
        plugin=write_plugin(tmp_path / "plugin 地滑り"),
        size=Size.LIGHT,
        sources=Sources(index_url=index.url),
        # pip keeps what it has downloaded only where it trusts the host.
        environment={
            **variables,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_TRUSTED_HOST": "127.0.0.1",
            "PATH": os.defpath,
            "NO_PROXY": "127.0.0.1",
        },
        python=sys.executable,
    )


@pytest.fixture
def begun(plan, bare_environment) -> Plan:
    """The same, after a set-up that got as far as an empty environment."""
    shutil.copytree(bare_environment, plan.folder, symlinks=True)
    return plan


def packages(plan: Plan) -> set[str]:
    """Names of the packages in the engine's environment."""
    return {path.name.partition("-")[0] for path in plan.folder.rglob("*.dist-info")} - {"pip", "setuptools"}


def is_absent(plan: Plan) -> bool:
    """Whether there is no engine, and nothing pretends that there is."""
    return read_marker(plan.folder) is None and find.managed_folder() == plan.folder and not _is_found()


def _is_found() -> bool:
    try:
        find_engine()
    except find.EngineNotFoundError:
        return False
    return True


def nowhere() -> str:
    """Address of an index at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/simple"


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
    assert _is_found()


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
    assert _is_found()


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
    assert _is_found()


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
    assert _is_found()


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
    assert _is_found()
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
    assert _is_found()


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
    assert _is_found()


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


def test_engine_that_does_not_start_after_all_is_no_engine(begun):
    (begun.plugin / "models" / "cli" / "main.py").write_text("raise ImportError('DLL load failed while importing x')")
    with pytest.raises(SetupError, match=r"Visual C\+\+"):
        set_up(begun, RememberingReport())
    assert is_absent(begun)


def test_removing_leaves_nothing(begun):
    set_up(begun, RememberingReport())
    remove_engine(begun.folder)
    assert not _is_found()
    assert list(begun.folder.parent.iterdir()) == []


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
