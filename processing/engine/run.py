"""One run of the engine on behalf of an algorithm."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess  # nosec B404 (for its quoting only, nothing is run with it)
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsProcessingFeedback

from ..i18n import tr
from .environment import engine_environment
from .events import EventRelay
from .find import Engine
from .process import ProcessEnd, run_process
from .settings import engine_variables

_WRONG_USAGE = 2
_CANCELLED = 130
_JSON_PROGRESS = ("--progress", "json")


class EngineError(Exception):
    """The engine failed; the message is one line that says why."""


@dataclass(frozen=True)
class EngineOutput:
    """What a run gave.

    Attributes:
        command: the command line, as in the log.
        cancelled: it was ended because the feedback was cancelled; there are no results.
        results: the engine's `result` events.
        scores: its `score` events.
        text: its other output.
    """

    command: str
    cancelled: bool
    results: list[dict[str, Any]]
    scores: list[dict[str, Any]]
    text: str


def shell_command(program: Path, arguments: Sequence[str]) -> str:
    """Return a command line that can be pasted into this system's shell."""
    words = [str(program), *arguments]
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def run_engine(
    engine: Engine, arguments: Sequence[str], feedback: QgsProcessingFeedback, reports_progress: bool = True
) -> EngineOutput:
    """Run the engine and relay what it says.

    The log gets the command as a person would type it; how the engine is to report its progress is QGIS's affair.

    Args:
        engine: the engine.
        arguments: of its command line, without `--progress`.
        feedback: gets progress and messages; its cancel ends the engine.
        reports_progress: whether this command knows `--progress`.

    Raises:
        EngineError: it could not be started, failed, crashed, or was ended by somebody else.
    """
    feedback.pushInfo(tr("Command of the engine ({}):").format(engine.origin))
    command = shell_command(engine.program, arguments)
    feedback.pushCommandInfo(command)
    relay = EventRelay(feedback)
    end = run_process(
        engine.program,
        [*arguments, *(_JSON_PROGRESS if reports_progress else ())],
        {**engine_environment(os.environ, QgsApplication.prefixPath()), **engine_variables()},
        feedback,
        relay.on_line,
        feedback.pushConsoleInfo,
    )
    _remove_unfinished(arguments, end.killed)
    if end.cancelled:
        feedback.pushInfo(tr("Cancelled; the engine has ended."))
    elif not end.started or end.crashed or end.exit_code != 0:
        raise EngineError(_failure(engine, end, relay.errors))
    return EngineOutput(command, end.cancelled, relay.results, relay.scores, "\n".join(relay.text))


def _remove_unfinished(arguments: Sequence[str], killed: Iterable[int]) -> None:
    """Delete what processes of the engine were writing: `.NAME. ... .PROCESS. ... partial` beside its final name."""
    folders = {folder for word in arguments for folder in (Path(word), Path(word).parent)}
    for folder, process in product(folders, killed):
        with suppress(OSError):  # not every word on a command line names a file
            for path in folder.glob(f".*.{process}.*partial*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()


def _failure(engine: Engine, end: ProcessEnd, errors: list[str]) -> str:
    """Say in one line why a run failed."""
    if not end.started:
        return tr("The landslide engine {program} could not be started: {reason}").format(
            program=engine.program, reason=end.reason
        )
    if not end.crashed and end.exit_code == _CANCELLED:
        return tr("The landslide engine was cancelled from outside QGIS.")
    if errors and not end.crashed:
        return _one_line(errors[-1:])
    if end.crashed:
        what = tr("The landslide engine crashed or was killed (code {}).").format(end.exit_code)
    else:
        what = tr("The landslide engine failed with exit code {}.").format(end.exit_code)
    # Of a wrong usage the last line names the culprit, those before tell how to get help in a shell.
    last_errors = end.last_errors[-1 if end.exit_code == _WRONG_USAGE else -5 :]
    last = _one_line([*errors, *last_errors])
    return f"{what} {tr('Its last words:')} {last}" if last else what


def _one_line(lines: Sequence[str]) -> str:
    return " | ".join(" ".join(line.split()) for line in lines if line.strip())
