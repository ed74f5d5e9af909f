"""Loads the plugin from this checkout under the name QGIS knows it by, whatever the checkout's folder is called."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from processing_support import REPOSITORY, Run

# `import processing` means QGIS's own plugin; started from the repository, Python would find ours.
sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != REPOSITORY]


def _load_plugin():
    spec = importlib.util.spec_from_file_location(
        "landslide_detector", REPOSITORY / "__init__.py", submodule_search_locations=[str(REPOSITORY)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["landslide_detector"] = module
    spec.loader.exec_module(module)


_load_plugin()


@pytest.fixture(scope="session")
def provider(qgis_app, qgis_processing):
    """The provider, registered."""
    from landslide_detector.processing.provider import LandslideProvider

    provider = LandslideProvider()
    assert qgis_app.processingRegistry().addProvider(provider)
    yield provider
    qgis_app.processingRegistry().removeProvider(provider)


@pytest.fixture
def no_engine(monkeypatch, tmp_path):
    """A machine without an engine."""
    from landslide_detector.processing.engine import find

    monkeypatch.delenv("LANDSLIDES_ENGINE", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(find, "_PLUGIN", tmp_path / "plugin")


class FakeEngine:
    """The stand-in of `fake_engine.py`, installed as `program`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._record = folder / "arguments.jsonl"
        self.program = folder / "landslides"
        script = Path(__file__).with_name("fake_engine.py")
        self.program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(script))} "$@"\n')
        self.program.chmod(self.program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("LANDSLIDES_ENGINE", str(self.program))
        monkeypatch.setenv("FAKE_ENGINE_RECORD", str(self._record))

    def act(self, name: str) -> None:
        self._monkeypatch.setenv("FAKE_ENGINE_ACT", name)

    def give_polygons(self, path: Path) -> None:
        self._monkeypatch.setenv("FAKE_ENGINE_POLYGONS", str(path))

    @property
    def has_run(self) -> bool:
        return self._record.exists()

    @property
    def runs(self) -> list[list[str]]:
        """The arguments of every run."""
        return [json.loads(line) for line in self._record.read_text(encoding="utf-8").splitlines()]

    @property
    def arguments(self) -> list[str]:
        """The arguments of the only run, without those that only ask for JSON."""
        (arguments,) = self.runs
        assert arguments[-2:] == ["--progress", "json"] or arguments[0] == "environment"
        return arguments[:-2] if arguments[-2:] == ["--progress", "json"] else arguments


@pytest.fixture
def fake_engine(monkeypatch, tmp_path):
    """An engine in a folder with a space and letters beyond ASCII in its name."""
    folder = tmp_path / "moteur détecteur 地滑り"
    folder.mkdir()
    return FakeEngine(folder, monkeypatch)


@pytest.fixture(scope="session")
def real_engine_program():
    """The engine of this checkout; without one these tests fail, for they would show nothing."""
    named = os.environ.get("LANDSLIDES_ENGINE")
    program = Path(named) if named else REPOSITORY / ".venv" / "bin" / "landslides"
    assert program.is_file(), f"no engine at {program}: run `make setup`, or set LANDSLIDES_ENGINE"
    return program


@pytest.fixture
def real_engine(real_engine_program, monkeypatch):
    monkeypatch.setenv("LANDSLIDES_ENGINE", str(real_engine_program))
    return real_engine_program


@pytest.fixture(scope="session")
def sample(provider, real_engine_program, tmp_path_factory):
    """A sample scene of 256 x 256 px, and its truth: the paths of both rasters."""
    folder = tmp_path_factory.mktemp("sample")
    parameters = {"SIZE": 256, "SEED": 1, "SCENE": str(folder / "scene.tif"), "TRUTH": str(folder / "truth.tif")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDSLIDES_ENGINE", str(real_engine_program))
        run = Run("landslides:createsamplescene", parameters)
    assert run.succeeded, run.feedback.errors
    return run.results


@pytest.fixture(scope="session")
def bare_environment(tmp_path_factory) -> Path:
    """A virtual environment with pip in it and nothing else."""
    folder = tmp_path_factory.mktemp("bare") / "environment"
    subprocess.run([sys.executable, "-I", "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def index(tmp_path):
    """An index of packages on this machine."""
    from install_support import Index, write_wheels

    index = Index(write_wheels(tmp_path / "on the index"))
    yield index
    index.close()


@pytest.fixture
def plan(tmp_path, index, no_engine, monkeypatch):
    """A plan for a light engine from the index on this machine, with pip's usual configuration out of the way."""
    from install_support import write_plugin
    from landslide_detector.processing.engine import find
    from landslide_detector.processing.engine.install import Plan, Size, Sources

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
def begun(plan, bare_environment):
    """The same, after a set-up that got as far as an empty environment."""
    shutil.copytree(bare_environment, plan.folder, symlinks=True)
    return plan
