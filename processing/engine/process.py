"""Running a program: its output line by line, and an end to it at once when the user cancels.

Why not `QgsBlockingProcess`, with which QGIS's GDAL provider runs GDAL: up to QGIS 4.0 it takes no environment, so the
engine's Python would inherit PYTHONHOME and PROJ_LIB of QGIS's; and a cancel only asks the program to end, so one hung
in a driver would never go. What it does well is kept: an event loop of its own that works in a worker thread as well
as in the main one, where it leaves the window alive.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from qgis.core import QgsFeedback
from qgis.PyQt.QtCore import QElapsedTimer, QEventLoop, QProcess, QProcessEnvironment, QTimer

from .tree import end_tree

_POLL_MS = 100
_GRACE_MS = 1500
_KILLED_MS = 2000
_REMEMBERED_LINES = 20

LineHandler = Callable[[str], None]


@dataclass(frozen=True)
class ProcessEnd:
    """How a program ended.

    Attributes:
        started: False when it could not be started at all; `reason` says why.
        crashed: ended by a signal or an exception instead of by itself.
        exit_code: its exit code, or the signal's number after a crash.
        killed: identifiers of the processes that were ended by force, and could not tidy up.
        cancelled: it was ended because the feedback was cancelled, or because QGIS is closing.
        reason: Qt's words for what went wrong.
        last_errors: the last lines of its standard error.
    """

    started: bool
    crashed: bool
    exit_code: int
    killed: frozenset[int]
    cancelled: bool
    reason: str
    last_errors: tuple[str, ...]


class _Lines:
    """Cuts a stream into lines; a line, and even a letter, may arrive in pieces."""

    def __init__(self, handler: LineHandler) -> None:
        self._handler = handler
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        for line in lines:
            self._emit(line)

    def finish(self) -> None:
        if self._rest:
            self._emit(self._rest)
            self._rest = b""

    def _emit(self, line: bytes) -> None:
        self._handler(line.decode("utf-8", errors="replace").rstrip("\r"))


def run_process(
    program: Path,
    arguments: Iterable[str],
    environment: Mapping[str, str],
    feedback: QgsFeedback,
    on_stdout: LineHandler,
    on_stderr: LineHandler,
) -> ProcessEnd:
    """Run `program` to its end, or until `feedback` is cancelled; then it is gone within some 2 seconds.

    The handlers are called in the calling thread, which may be any; no process is left behind however this returns.
    """
    loop = QEventLoop()
    process = QProcess()
    timer = QTimer()
    process.setProgram(str(program))
    process.setArguments(list(arguments))
    variables = QProcessEnvironment()
    for name, value in environment.items():
        variables.insert(name, value)
    process.setProcessEnvironment(variables)
    # Signals only wake the loop: an exception raised in a Python slot would be lost, or abort QGIS.
    for signal in (process.readyReadStandardOutput, process.readyReadStandardError, process.finished, timer.timeout):
        signal.connect(loop.quit)

    tail: deque[str] = deque(maxlen=_REMEMBERED_LINES)

    def remember(line: str) -> None:
        tail.append(line)
        on_stderr(line)

    out, err = _Lines(on_stdout), _Lines(remember)
    killed: frozenset[int] = frozenset()
    cancelled = False
    try:
        process.start()
        started = process.waitForStarted()
        process.closeWriteChannel()
        # A cancel is polled, since its signal would be delivered to the thread the feedback lives in.
        timer.start(_POLL_MS)
        while process.state() != QProcess.ProcessState.NotRunning:
            is_closing = loop.exec() == -1
            _read(process, out, err)
            if process.state() != QProcess.ProcessState.NotRunning and (is_closing or feedback.isCanceled()):
                cancelled = True
                killed = _end(process, out, err)
        _read(process, out, err)
        out.finish()
        err.finish()
        return ProcessEnd(
            started,
            process.exitStatus() == QProcess.ExitStatus.CrashExit,
            process.exitCode(),
            killed,
            cancelled,
            process.errorString(),
            tuple(tail),
        )
    finally:
        timer.stop()
        if process.state() != QProcess.ProcessState.NotRunning:
            _kill(process)


def _read(process: QProcess, out: _Lines, err: _Lines) -> None:
    out.feed(bytes(process.readAllStandardOutput()))
    err.feed(bytes(process.readAllStandardError()))


def _end(process: QProcess, out: _Lines, err: _Lines) -> frozenset[int]:
    """Ask the program to end, and end it when it does not; return the identifiers of what was ended by force."""
    # On Windows asking means a message to a window, and the engine has none.
    if os.name != "nt":
        process.terminate()
        clock = QElapsedTimer()
        clock.start()
        while clock.elapsed() < _GRACE_MS:
            if process.waitForFinished(_POLL_MS) or process.state() == QProcess.ProcessState.NotRunning:
                return frozenset()
            # A program blocked on a full pipe could not tidy up.
            _read(process, out, err)
    return _kill(process)


def _kill(process: QProcess) -> frozenset[int]:
    identifier = int(process.processId())
    # What was started on Windows is pip's launcher, and the engine is what that has started.
    killed = end_tree(identifier) if os.name == "nt" else {identifier}
    process.kill()
    process.waitForFinished(_KILLED_MS)
    return frozenset(killed)
