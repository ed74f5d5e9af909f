"""Setting up the engine: an environment, what it needs, the plugin's own code, and a look whether it all works.

Every step finds what an earlier, interrupted set-up has left and goes on from there. What ends badly leaves either the
engine that was there before or none; a marker, written last, tells them apart.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ...i18n import tr
from ..managed import (
    Installed,
    Size,
    program_of,
    python_of,
    read_marker,
    remove_marker,
    write_marker,
)
from .failure import DiskFullError, SetupError, explain
from .folder import alone_in, discard, python_store
from .package import Package, read_package, write_wheel
from .process import ISOLATED, SetupCancelled, ask, cannot_start, run_tool
from .python import OLDEST, examine, find_python
from .room import check_room, weight_of
from .sources import Sources, find_gpu
from .watch import PipWatch, Report, Watch

# Of pip's settings, those that would put packages somewhere else.
_ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS")
_PIP = (
    *("-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--progress-bar", "off"),
    # Nobody who wants a map has a compiler at hand.
    *("--only-binary", ":all:", "--retries", "3"),
)
# The first start after that of the machine, with a virus scanner at work.
_PATIENCE_S = 300
_TRAINING = "import torch, torchvision, segmentation_models_pytorch, pytorch_lightning"


@dataclass(frozen=True)
class Plan:
    """What to set up, and how.

    Attributes:
        folder: of the engine's environment; what is in it belongs to the set-up.
        plugin: folder of the plugin, which holds the engine's code.
        size: how much.
        sources: where packages come from.
        environment: variables for the tools, without those of QGIS's own Python.
        python: the Python to use; empty for any that fits.
        rebuild: throw away what is there and begin anew.
    """

    folder: Path
    plugin: Path
    size: Size
    sources: Sources
    environment: dict[str, str] = field(repr=False)
    python: str = ""
    rebuild: bool = False


def set_up(plan: Plan, report: Report) -> Installed:
    """Carry out a plan; returns what is installed then.

    Raises:
        SetupError: it failed; the message is one line. What was there before still works, or nothing is there.
        SetupCancelled: as the report said. The same holds.
    """
    try:
        with alone_in(plan.folder):
            return _Setup(plan, report).run()
    except OSError as error:
        raise explain([str(error)], "", "", str(plan.folder)) from None


def remove_engine(folder: Path) -> None:
    """Remove the engine with all that belongs to it.

    Raises:
        SetupError: it is in use or being set up; then it is still whole.
    """
    try:
        with alone_in(folder):
            discard(folder)
            discard(python_store(folder))
    except OSError as error:
        raise explain([str(error)], "", "", str(folder)) from None


def is_outdated(folder: Path, plugin: Path) -> bool:
    """Return whether a finished engine was made for another version, or place, of the plugin."""
    installed = read_marker(folder)
    if installed is None:
        return False
    try:
        return installed.fingerprint != read_package(plugin).fingerprint
    except (OSError, ValueError):
        return False


class _Setup:
    """One run of `set_up`."""

    def __init__(self, plan: Plan, report: Report) -> None:
        self._plan = plan
        self._report = report
        self._folder = plan.folder
        self._python = str(python_of(plan.folder))
        # Beside what pip downloads: /tmp is often too small for it, and what a killed pip leaves there stays.
        self._temporary = plan.folder / "setup" / "temporary"
        self._cache = plan.folder / "setup" / "downloads"
        self._before: Installed | None = None
        self._sources = plan.sources
        self._variables = self._tool_variables(plan.environment)

    def _tool_variables(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {
            **{name: value for name, value in environment.items() if name not in _ELSEWHERE},
            **self._plan.sources.environment(),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._temporary)),
            "PIP_USER": "0",
        }

    def run(self) -> Installed:
        try:
            package = read_package(self._plan.plugin)
        except (OSError, ValueError) as error:
            raise SetupError(tr("The plugin is incomplete, install it again: {}").format(error)) from None
        self._check_wheels()
        if self._plan.size is Size.TORCH:
            self._sources = self._sources.with_torch_for(find_gpu(self._plan.environment))
        self._weight = weight_of(self._plan.size, self._sources.has_cuda)
        self._before = read_marker(self._folder)
        is_update = self._before is not None and self._before.size is self._plan.size and not self._plan.rebuild
        check_room(self._folder, self._weight, not self._sources.wheels, is_update)
        try:
            return self._finish(package)
        except DiskFullError:
            shutil.rmtree(self._folder / "setup", ignore_errors=True)
            if read_marker(self._folder) is None:
                discard(self._folder)
            raise
        finally:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _finish(self, package: Package) -> Installed:
        self._make_environment()
        if self._plan.size is Size.TORCH:
            self._install(package.torch_only(), (5, 75), self._weight.download, torch=True)
        self._install_package(package)
        device = self._check()
        missing = self._fetch_models()
        shutil.rmtree(self._folder / "setup", ignore_errors=True)
        python = examine([self._python], self._variables)
        installed = Installed(
            size=self._plan.size,
            version=package.version,
            fingerprint=package.fingerprint,
            python=".".join(map(str, python.version)) if python else "",
            torch_index=self._sources.in_words(torch=True) if self._plan.size is Size.TORCH else "",
            device=device,
        )
        write_marker(self._folder, installed)
        self._report.progress(100)
        ready = tr("The engine is ready.")
        if missing:
            lacking = tr("The weights of {} are missing: fetch or import them with Models….")
            ready += " " + lacking.format(", ".join(missing))
        self._report.stage(ready)
        return installed

    def _is_to_be_rebuilt(self) -> bool:
        before = self._before
        is_smaller = before is not None and before.size is Size.TORCH and self._plan.size is Size.LIGHT
        return self._plan.rebuild or is_smaller

    def _check_wheels(self) -> None:
        wheels = self._plan.sources.wheels
        if wheels and not any(Path(wheels).glob("*.whl")):
            raise SetupError(tr("There are no wheels in the folder {}.").format(wheels))

    def _make_environment(self) -> None:
        shutil.rmtree(self._temporary, ignore_errors=True)
        if self._is_to_be_rebuilt() or not self._is_at_work():
            self._report.stage(tr("Looking for Python {} or newer").format(".".join(map(str, OLDEST))))
            watch = Watch(self._report, (0, 5))
            self._temporary.mkdir(parents=True, exist_ok=True)
            store = python_store(self._folder)
            found = None
            try:
                found = find_python(self._plan.python, self._variables, watch, store, self._install_uv)
            finally:
                # A finished engine stays until there is what to make the next one with.
                if found is not None or self._before is None:
                    discard(self._folder)
            self._before = None
            self._temporary.mkdir(parents=True)
            self._report.stage(tr("Making an environment with {}").format(found.program))
            self._run([found.program, *ISOLATED, "-m", "venv", str(self._folder)], watch)
        self._temporary.mkdir(parents=True, exist_ok=True)
        self._report.progress(5)

    def _is_at_work(self) -> bool:
        """Whether there is an environment, and its pip runs.

        Raises:
            SetupError: a finished engine's does not answer, which says nothing about what is in it.
        """
        if not Path(self._python).exists():
            return False
        command = [self._python, *ISOLATED, "-m", "pip", "--version"]
        try:
            return run_tool(command, self._variables, Watch(self._report, (0, 5)), _PATIENCE_S) == 0
        except OSError as error:
            if self._before is None:
                return False
            raise SetupError(
                tr("The engine's Python does not answer ({}). Try again later, or repair the engine.").format(
                    error.strerror or error
                )
            ) from None

    def _install_uv(self, program: str) -> str | None:
        """Install uv with a Python that is not for the engine: on Windows QGIS's own, elsewhere one that is too old."""
        folder = self._temporary / "uv"
        self._report.stage(tr("Installing uv, which fetches a Python"))
        watch = Watch(self._report, (0, 5))
        install = [*_PIP, *self._sources.pip_options(), "uv"]
        try:
            if os.name == "nt":
                # It finds its libraries by QGIS's variables, and an environment made with it would not.
                command = [program, "-X", "utf8", *install, "--target", str(folder)]
                self._run(command, watch, variables=self._tool_variables(os.environ))
                return next(map(str, folder.glob("*/uv.exe")), None)
            self._run([program, *ISOLATED, "-m", "venv", str(folder)], watch)
            self._run([str(python_of(folder)), *ISOLATED, *install], watch)
            return str(python_of(folder).with_name("uv"))
        except SetupError as error:
            self._report.log(str(error))
            return None

    def _install_package(self, package: Package) -> None:
        wheel = str(write_wheel(package, self._temporary))
        begin = 75 if self._plan.size is Size.TORCH else 5
        extra = "[torch]" if self._plan.size is Size.TORCH else ""
        is_there = (self._packages() / package.module).exists()
        self._install([f"{wheel}{extra}"], (begin, 90), weight_of(Size.LIGHT).download)
        if is_there:
            # pip leaves what has the same version as it is, though the plugin may have moved.
            self._install(["--force-reinstall", "--no-deps", wheel], (90, 92), 1)

    def _install(self, wanted: list[str], span: tuple[float, float], expected: int, torch: bool = False) -> None:
        self._report.stage(tr("Asking {} for packages").format(self._sources.in_words(torch)))
        watch = PipWatch(self._report, span, self._temporary, self._packages(), expected)
        remove_marker(self._folder)
        options = [*_PIP, "--cache-dir", str(self._cache), *self._sources.pip_options(torch)]
        try:
            self._run([self._python, *ISOLATED, *options, *wanted], watch, torch)
        except (SetupError, SetupCancelled):
            if self._before is not None and not watch.has_begun_to_install:
                write_marker(self._folder, self._before)
            raise
        if watch.has_begun_to_install:
            self._before = None
        watch.done(1)

    def _packages(self) -> Path:
        code = "import sysconfig; print(sysconfig.get_path('purelib'))"
        return Path(ask([self._python, *ISOLATED, "-c", code], self._variables) or self._folder)

    def _check(self) -> str:
        """Run what was installed; returns the device it will compute on."""
        self._report.stage(tr("Checking the engine"))
        watch = Watch(self._report, (92, 98))
        if self._plan.size is Size.TORCH:
            self._run([self._python, *ISOLATED, "-c", _TRAINING], watch)
        self._run([str(program_of(self._folder)), "environment", "--json"], watch)
        try:
            facts = json.loads(next(line for line in reversed(watch.output) if line.startswith("{")))
            return f"{facts['device']}, {facts['precision']}"
        except (StopIteration, ValueError, KeyError, TypeError):
            raise SetupError(tr("The engine was installed, but does not describe itself.")) from None

    def _fetch_models(self) -> list[str]:
        """Fetch the default models whose weights the plugin's package leaves out; without them the engine works too.

        Returns:
            those that are missing all the same.
        """
        program = str(program_of(self._folder))
        listed = ask([program, "models", "list", "--json"], self._variables)
        missing: list[str] = []
        try:
            missing += [model["name"] for model in json.loads(listed or "[]") if self._is_missing(model)]
            while missing and not self._plan.sources.wheels:
                name = missing[0]
                self._report.stage(tr("Fetching the model {}").format(name))
                self._run([program, "models", "fetch", name, "--progress", "none"], Watch(self._report, (98, 99)))
                missing.remove(name)
        except (SetupError, ValueError, KeyError, TypeError) as error:
            self._report.log(str(error))
        return missing

    @staticmethod
    def _is_missing(model: dict[str, Any]) -> bool:
        return model["default"] and not model["complete"]

    def _run(
        self, command: list[str], watch: Watch, torch: bool = False, variables: Mapping[str, str] | None = None
    ) -> None:
        try:
            code = run_tool(command, variables or self._variables, watch)
        except OSError as error:
            raise SetupError(cannot_start(command, error)) from None
        if code != 0:
            sources = self._sources
            raise explain(list(watch.output), sources.in_words(torch), sources.proxy_in_words(), str(self._folder))
