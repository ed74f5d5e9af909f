"""The set-up of the engine as a person goes through it, in a real window; pip installs stand-ins on this machine."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests" / "processing"))

from install_support import Index, write_wheel  # noqa: E402 (found by the line above)

NO_ENGINE = ""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plugins with a copy of this one, which has no environment beside it."""
    folder = tmp_path_factory.mktemp("plugins")
    plugin = folder / "landslide_detector"
    shutil.copytree(ROOT, plugin, ignore=shutil.ignore_patterns(".*", "build", "tests", "weights", "__pycache__"))
    (plugin / "models" / "weights").symlink_to(ROOT / "models" / "weights")
    return folder


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory, packed: Path) -> Path:
    """A folder of wheels under the names of all that the engine needs; they lend this checkout's environment."""
    folder = tmp_path_factory.mktemp("wheels")
    (packages,) = (ROOT / ".venv" / "lib").glob("python3*/site-packages")
    text = (packed / "landslide_detector" / "pyproject.toml").read_text()
    (listed,) = re.findall(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    for name in re.findall(r'"([\w-]+)', listed):
        module = f"stand_in_for_{name.replace('-', '_')}"
        write_wheel(folder, name, "2999.1", {f"{module}.pth": f"{packages}\n"})
    return folder


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, wheels: Path) -> pytest.MonkeyPatch:
    """A machine without an engine, whose packages come from the folder of wheels, and without pip's configuration."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("LANDSLIDES_WHEELS", str(wheels))
    # The stand-ins lend what was compiled for this Python.
    monkeypatch.setenv("LANDSLIDES_PYTHON", str(ROOT / ".venv" / "bin" / "python"))
    return monkeypatch


@pytest.fixture
def seen(play: Any, packed: Path, machine: Any, tmp_path: Path) -> Any:
    """Return a function that plays a scenario of the set-up in a fresh profile."""
    return lambda name, **arguments: play(
        tmp_path, f"setup_scenarios:{name}", seconds=240, engine=NO_ENGINE, plugins=packed, **arguments
    )


def test_from_a_fresh_profile_to_landslides_on_the_map_and_back(seen: Any, wheels: Path) -> None:
    told = seen("from_nothing", wheels=wheels)

    assert told["offered"]
    assert not told["modal"]
    assert told["first"]["headline"] == "The detectors need their engine, which is not set up yet."
    assert told["first"]["enabled"] == ["set_up"]
    assert told["working"]["enabled"] == ["cancel"]
    assert "-m pip install" in told["log"]
    assert "detect segmentation" in told["log"]

    works = r"The engine works: [1-9]\d* landslides in the sample scene, see the map\."
    assert re.fullmatch(works, told["done"]["message"])
    assert told["done"]["headline"] == "The engine is ready: detection on the CPU, version 0.1.0."
    assert told["done"]["engine"]
    assert len(told["layers"]) == 4
    assert told["heavy_modules"] == []

    assert told["asked"].startswith("Remove the engine?")
    assert told["removed"]["message"] == "The engine is removed."
    assert not told["removed"]["engine"]
    assert told["left"] == []
    assert not told["offered_again"]


def test_failure_is_told_on_the_page_in_one_line(seen: Any, machine: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}/simple"
    machine.delenv("LANDSLIDES_WHEELS")
    machine.setenv("LANDSLIDES_INDEX_URL", url)
    failed = seen("failing")["failed"]

    assert failed["message"] == f"No connection to {url}. Check the network, the proxy and the address."
    assert failed["headline"] == "The set-up of the engine is not finished."
    assert failed["set_up"] == "Go on"
    assert not failed["engine"]


def test_cancel_and_unload_leave_no_process(seen: Any, machine: pytest.MonkeyPatch, wheels: Path) -> None:
    index = Index(wheels)
    index.stalled = ("click",)
    machine.delenv("LANDSLIDES_WHEELS")
    machine.setenv("LANDSLIDES_INDEX_URL", index.url)
    try:
        told = seen("cancelling")
    finally:
        index.close()

    assert told["cancelled"]["message"].startswith("Cancelled.")
    assert told["cancelled"]["processes"] == []
    assert told["cancelled"]["set_up"] == "Go on"
    assert told["unloaded"] == {"page": False, "processes": []}


def test_engine_that_is_there_already_can_be_named(seen: Any, engine: Path) -> None:
    environment = engine.parents[1]
    told = seen("existing", program=str(environment))

    assert not told["before"]
    assert told["refused"] == "There is no landslide engine at /nowhere/landslides."
    assert told["stored"] == str(environment)
    assert told["after"]["engine"]
    assert told["after"]["headline"] == "The engine is ready; it was not set up here."
    assert str(engine) in told["after"]["details"]


def test_after_a_plugin_update_the_engine_follows_by_itself(seen: Any, tmp_path: Path) -> None:
    environment = tmp_path / "profiles" / "default" / "landslides" / "engine"
    program = environment / "bin" / "landslides"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    marker = {"size": "light", "version": "0.0.9", "fingerprint": "old", "python": "3.11", "torch_index": ""}
    (environment / "landslides-engine.json").write_text(json.dumps({**marker, "device": "cpu"}))

    assert seen("update") == {"version": "0.1.0", "offered": False, "pages": False}
