"""Running a tool of the set-up: its output line by line, and an end to it and to all it has started on cancel.

Not by `run_process`, which ends the engine: pip and venv start programs of their own, and a QProcess of Qt 5 cannot
be given a process group, by which all of them are ended at once.
"""

from __future__ import annotations

import math
import os
import signal
import subprocess  # nosec B404 (argument lists only, no shell)
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import IO, Protocol

from ...i18n import tr
from ..tree import end_tree

# Options of Python: nothing of the user's, be it packages or variables. PYTHONUTF8 is one of these, so once more that.
ISOLATED = ("-I", "-X", "utf8")

_POLL_S = 0.1
_KILL_S = 10
_DYING_S = 1  # where nobody takes leave of the dead, a group is never gone
# So that no black window pops up; the constants are there on Windows only.
_WINDOWS_FLAGS = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)


class SetupCancelled(Exception):  # noqa: N818 (no error, but what was asked for)
    """The person who waited has had enough."""


class Listener(Protocol):
    """Who watches a tool at work."""

    def line(self, text: str) -> None:
        """Take a line of its output."""

    def tick(self) -> None:
        """Called some ten times a second while it works.

        Raises:
            SetupCancelled: it is to be ended.
        """


def run_tool(
    command: Sequence[str], environment: Mapping[str, str], listener: Listener, seconds: float = math.inf
) -> int:
    """Run `command` to its end and return its exit code.

    However this returns, neither the tool nor anything it has started is left behind.

    Raises:
        SetupCancelled: the listener says so.
        TimeoutError: it takes longer than `seconds`.
        OSError: it could not be started.
    """
    latest = time.monotonic() + seconds
    listener.line("$ " + " ".join(command))
    process = subprocess.Popen(  # nosec B603
        list(command),
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=os.name != "nt",
        creationflags=_WINDOWS_FLAGS if os.name == "nt" else 0,
    )
    lines: SimpleQueue[str | None] = SimpleQueue()
    assert process.stdout is not None  # nosec B101 (it was asked for)
    reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        while True:
            listener.tick()
            if time.monotonic() > latest:
                raise TimeoutError(tr("no end after {} seconds").format(round(seconds)))
            try:
                line = lines.get(timeout=_POLL_S)
            except Empty:
                continue
            if line is None:
                return process.wait()
            listener.line(line)
    finally:
        _end_tree(process)
        reader.join(_KILL_S)
        process.stdout.close()


def ask(command: Sequence[str], environment: Mapping[str, str], seconds: float = 20) -> str | None:
    """Return what a command prints, stripped; None if it cannot be started, fails or takes longer than `seconds`."""
    try:
        done = subprocess.run(  # nosec B603
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            creationflags=_WINDOWS_FLAGS if os.name == "nt" else 0,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", errors="replace").strip()


def cannot_start(command: Sequence[str], error: OSError) -> str:
    """Say in one line that a tool could not be started."""
    return tr("{program} could not be started: {reason}").format(program=command[0], reason=error.strerror or error)


def _read(stream: IO[bytes], lines: SimpleQueue[str | None]) -> None:
    for line in stream:
        lines.put(line.decode("utf-8", errors="replace").rstrip("\r\n"))
    lines.put(None)


def _end_tree(process: subprocess.Popen[bytes]) -> None:
    """End what is left of a tool and of everything it has started."""
    if os.name == "nt":
        if process.poll() is None:
            end_tree(process.pid)
    else:
        _kill_group(process)
    if process.poll() is None:
        process.kill()
        process.wait(_KILL_S)


def _kill_group(leader: subprocess.Popen[bytes]) -> None:
    """Kill a tool and what it has started, and wait until all are gone: the system takes a moment for that."""
    latest = time.monotonic() + _DYING_S
    # All have ended, then; macOS says of a zombie that it is not permitted.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader.pid, signal.SIGKILL)
        while time.monotonic() < latest:
            leader.poll()
            os.killpg(leader.pid, 0)
            time.sleep(0.01)
