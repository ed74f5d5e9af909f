"""A Python to make the engine's environment with: any of 3.10 or newer on this machine, or one that `uv` fetches."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...i18n import tr
from .failure import SetupError
from .process import ISOLATED, Listener, ask, run_tool

OLDEST = (3, 10)
# Wheels of all the engine needs are certain for these; newer ones come next, in case their wheels are out already.
_PREFERRED = ((3, 12), (3, 13), (3, 11), (3, 10), (3, 14), (3, 15))
_FETCHED = "3.12"
# The launcher `py` of new Windows installations would download what it is asked for and does not have.
_ONLY_LOOK = {"PYTHON_MANAGER_AUTOMATIC_INSTALL": "false"}

# `ensurepip` and `venv` are packages of their own on Debian; without `ssl` nothing can be downloaded, and 32-bit wheels
# there are none.
_PROBE = """
import sys, ssl, venv, ensurepip
assert sys.maxsize > 2 ** 32, "32-bit"
print("%d.%d" % sys.version_info[:2], sys.executable)
"""


@dataclass(frozen=True)
class Python:
    """An interpreter that has been run and found fit.

    Attributes:
        program: its path.
        version: major and minor.
    """

    program: str
    version: tuple[int, int]


def find_python(
    named: str,
    environment: Mapping[str, str],
    listener: Listener,
    store: Path,
    install_uv: Callable[[str], str | None],
) -> Python:
    """Return the Python to use; the one that is `named` and no other, if one is.

    Args:
        named: its path; empty for any.
        environment: variables for the programs that are asked.
        listener: to what is done.
        store: folder for a Python that has to be fetched.
        install_uv: installs uv with the Python at a path, itself unfit, and returns the program, None if it cannot.

    Raises:
        SetupError: there is none; the message lists those found unfit.
        SetupCancelled: by the listener.
    """
    if named:
        found = examine([named], environment)
        if found is None or found.version < OLDEST:
            raise SetupError(
                tr("{path}, named as the Python to use, is not a working Python {version} or newer with venv.").format(
                    path=named, version=_dotted(OLDEST)
                )
            )
        return found
    too_old: list[Python] = []
    uv = _uv()
    for command in _candidates(uv, environment):
        listener.tick()
        found = examine(command, environment)
        if found is not None and found.version >= OLDEST:
            return found
        if found is not None:
            too_old.append(found)
    # QGIS's own on macOS and on Windows cannot run the engine, but can install what fetches one that can.
    helpers = [_of_qgis()] if sys.platform == "win32" else [python.program for python in too_old[:1]]
    uv = uv or next(filter(None, map(install_uv, helpers)), None)
    fetched = uv and _fetch(uv, {**environment, "UV_PYTHON_INSTALL_DIR": str(store)}, listener)
    if not fetched:
        raise SetupError(_nothing(too_old))
    return fetched


def examine(command: Sequence[str], environment: Mapping[str, str]) -> Python | None:
    """Run an interpreter and return what it is; None if it cannot make an environment."""
    answer = ask([*command, *ISOLATED, "-c", _PROBE], {**environment, **_ONLY_LOOK})
    if not answer:
        return None
    version, _, program = answer.splitlines()[-1].partition(" ")
    major, _, minor = version.partition(".")
    if not (major.isdigit() and minor.isdigit()):
        return None
    return Python(program, (int(major), int(minor)))


def _candidates(uv: str | None, environment: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield commands that may start a Python, best first, without those that certainly do not."""
    path = os.pathsep.join([environment.get("PATH", ""), *_USUAL_FOLDERS.get(sys.platform, ())])
    for version in map(_dotted, _PREFERRED):
        if sys.platform == "win32":
            yield ["py", f"-{version}"]
        found = shutil.which(f"python{version}", path=path)
        if found:
            yield [found]
    for name in ("python3", "python"):
        found = shutil.which(name, path=path)
        if found and not _asks_for_developer_tools(found):
            yield [found]
    # On Windows QGIS's own runs in QGIS's environment only, which is not for the engine.
    if sys.platform != "win32":
        yield [_of_qgis()]
    if uv is not None:
        known = ask([uv, "python", "find", f">={_dotted(OLDEST)}"], environment)
        if known:
            yield [known]


# Programs started from the desktop have a short PATH on macOS.
_USUAL_FOLDERS = {
    "darwin": (
        "/opt/homebrew/bin",
        "/usr/local/bin",
        *(f"/Library/Frameworks/Python.framework/Versions/{major}.{minor}/bin" for major, minor in _PREFERRED),
    )
}


def _of_qgis() -> str:
    """Return the Python QGIS was built with: `sys.executable` may be QGIS itself."""
    if os.name == "nt":
        return str(Path(sys.base_prefix) / "python.exe")
    return str(Path(sys.base_prefix) / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}")


def _asks_for_developer_tools(program: str) -> bool:
    """Whether this is macOS's placeholder, which opens a window that offers to download a compiler."""
    placeholder = sys.platform == "darwin" and program.startswith("/usr/bin/")
    return placeholder and not Path("/Library/Developer/CommandLineTools/usr/bin/python3").exists()


def _uv() -> str | None:
    home = Path.home()
    usual = os.pathsep.join([os.environ.get("PATH", ""), str(home / ".local" / "bin"), str(home / ".cargo" / "bin")])
    return shutil.which("uv", path=usual)


def _fetch(uv: str, environment: Mapping[str, str], listener: Listener) -> Python | None:
    """Let uv download a Python."""
    if run_tool([uv, "python", "install", _FETCHED], environment, listener) != 0:
        return None
    program = ask([uv, "python", "find", "--managed-python", _FETCHED], environment)
    return examine([program], environment) if program else None


def _nothing(too_old: list[Python]) -> str:
    found = ", ".join(f"{python.program} ({_dotted(python.version)})" for python in too_old)
    message = tr("No working Python {version} or newer with venv was found on this machine.").format(
        version=_dotted(OLDEST)
    )
    if found:
        message += " " + tr("Too old: {}.").format(found)
    if sys.platform.startswith("linux"):
        advice = tr("Install the packages python3 and python3-venv, or uv, or name one in the options.")
    else:
        advice = tr("Install one from python.org, or uv, or name one in the options.")
    return f"{message} {advice}"


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
