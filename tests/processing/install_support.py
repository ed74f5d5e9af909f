"""Stand-ins for what a set-up meets: wheels of a few bytes, an index of them, a plugin, a person who cancels."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zipfile import ZipFile, ZipInfo

_ENGINE = """
import json, pathlib, sys

def main():
    import numpy_stand_in
    models = pathlib.Path(__file__).with_name("fetched.txt")
    if sys.argv[1:] == ["models", "list", "--json"]:
        shelf = [("here", True, True), ("left out", True, False), ("not asked for", False, False)]
        print(json.dumps([{"name": n, "default": d, "complete": c} for n, d, c in shelf]))
        return
    if sys.argv[1:3] == ["models", "fetch"]:
        models.write_text(sys.argv[3])
        sys.exit(1)
    assert sys.argv[1:] == ["environment", "--json"], sys.argv
    print("a warning on the side", file=sys.stderr)
    print(json.dumps({"device": "cpu", "precision": "bf16"}))
"""

_PYPROJECT = """
[project]
name = "landslide-detector"
version = "{version}"
dependencies = [
    "numpy-stand-in>=1.0",  # read as TOML and as Python
    "openvino-stand-in",{more}
]

[project.optional-dependencies]
torch = [
    "pytorch-lightning",
    "segmentation-models-pytorch",
    "torch>=2.4",
    "torchvision",
]

[project.scripts]
landslides = "landslide_detector.models.cli.main:main"
"""

LIGHT = ("numpy-stand-in", "openvino-stand-in")
TORCH = ("pytorch-lightning", "segmentation-models-pytorch", "torch", "torchvision")


def write_plugin(folder: Path, version: str = "0.1.0", more: str = "") -> Path:
    """Write a plugin whose engine does no more than describe itself."""
    command = folder / "models" / "cli" / "main.py"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(_ENGINE)
    (folder / "pyproject.toml").write_text(_PYPROJECT.format(version=version, more=more))
    return folder


def write_wheel(folder: Path, name: str, version: str = "1.0", files: dict[str, str] | None = None) -> Path:
    """Write a wheel of some files, or else of one module."""
    folder.mkdir(parents=True, exist_ok=True)
    module = name.replace("-", "_")
    information = f"{module}-{version}.dist-info"
    path = folder / f"{module}-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as wheel:
        wheel.writestr(f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        wheel.writestr(
            f"{information}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{information}/RECORD", "")
        for inside, text in (files or {f"{module}.py": ""}).items():
            entry = ZipInfo(inside)
            entry.external_attr = 0o100755 << 16  # what is a program is to be one when it is installed
            wheel.writestr(entry, text)
    return path


def write_wheels(folder: Path, names: Iterable[str] = (*LIGHT, *TORCH)) -> Path:
    """Write wheels of version 2.5, which satisfies all that is asked for."""
    for name in names:
        write_wheel(folder, name, "2.5")
    return folder


class Index:
    """A package index on 127.0.0.1 for a folder of wheels.

    Attributes:
        url: of the index.
        fetched: names of the wheels that were downloaded.
        stalled: wheels, by the beginning of their names, whose download stops half-way until the server ends.
        is_stalling: set as soon as one has.
    """

    def __init__(self, folder: Path) -> None:
        self.fetched: list[str] = []
        self.stalled: tuple[str, ...] = ()
        self.is_stalling = threading.Event()
        self._over = threading.Event()
        self._folder = folder
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._get))
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/simple"

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _get(self, request: BaseHTTPRequestHandler) -> None:
        *_, name = request.path.rstrip("/").split("/")
        if not name.endswith(".whl"):
            stem = name.replace("-", "_")
            links = "".join(f'<a href="/files/{p.name}">{p.name}</a>' for p in self._folder.glob(f"{stem}-*.whl"))
            _answer(request, 200 if links else 404, links.encode(), "text/html")
            return
        content = (self._folder / name).read_bytes()
        if self.stalled and name.startswith(self.stalled):
            _answer(request, 200, content, "application/zip", sent=len(content) // 2)
            self.is_stalling.set()
            self._over.wait()
            return
        self.fetched.append(name)
        _answer(request, 200, content, "application/zip")


def _answer(request: BaseHTTPRequestHandler, code: int, content: bytes, kind: str, sent: int | None = None) -> None:
    request.send_response(code)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(content)))
    # What public indexes say of a wheel, too: it never changes.
    if kind == "application/zip":
        request.send_header("Cache-Control", "max-age=365000000, immutable, public")
        request.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
    request.end_headers()
    request.wfile.write(content[:sent])
    request.wfile.flush()


class RefusingProxy:
    """A proxy on 127.0.0.1 that asks everybody for a password."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(lambda request: request.send_error(407)))
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(respond: Callable[[BaseHTTPRequestHandler], None]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            respond(self)

        do_CONNECT = do_GET  # noqa: N815 (named by the protocol)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            pass

    return Handler


class RememberingReport:
    """Keeps what a set-up tells, and cancels it as soon as `enough` returns true."""

    def __init__(self, enough: Callable[[], bool] = lambda: False) -> None:
        self.stages: list[str] = []
        self.percents: list[float] = []
        self.lines: list[str] = []
        self.is_cancelled = enough

    def stage(self, text: str) -> None:
        self.stages.append(text)

    def progress(self, percent: float) -> None:
        self.percents.append(percent)

    def log(self, line: str) -> None:
        self.lines.append(line)


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of the processes at work on something in `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:  # it has ended meanwhile
            continue
        if str(folder) in command:
            found.append(command)
    return found


def nowhere() -> str:
    """Address of an index at a port where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/simple"
