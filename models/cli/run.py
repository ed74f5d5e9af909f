"""The edge of the engine: errors to exit codes, and signals to an end at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from types import FrameType

from ..errors import Cancelled, LandslideError
from .progress import Reporter

DONE, FAILED, USAGE, CANCELLED = 0, 1, 2, 130
SIGNALS = (signal.SIGINT, signal.SIGTERM)


def run(work: Callable[[], int], reporter: Reporter, discard: Callable[[], None], debug: bool) -> int:
    """Do the work in a thread and return the exit code; on SIGINT or SIGTERM discard and end the process.

    The main thread only waits, so a signal is answered while the worker is inside a long call of a library.

    Args:
        work: returns an exit code, may raise.
        reporter: is told of errors.
        discard: deletes what is unfinished and ends child processes; called from the main thread on cancel.
        debug: show tracebacks.
    """
    codes: list[int] = []
    cancelled = threading.Event()

    def guarded() -> None:
        codes.append(_guard(work, reporter, debug))

    def cancel(number: int, frame: FrameType | None) -> None:
        cancelled.set()

    worker = threading.Thread(target=guarded, daemon=True)
    previous = {number: signal.signal(number, cancel) for number in SIGNALS}
    try:
        worker.start()
        while worker.is_alive() and not cancelled.is_set():
            worker.join(0.1)
        if cancelled.is_set() and not codes:
            discard()
            reporter.cancelled()
            sys.stdout.flush()
            # The worker may be deep in a computation; nothing of it is wanted any more.
            os._exit(CANCELLED)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    return codes[0] if codes else FAILED


def describe(error: Exception) -> str:
    """An error in one line."""
    if isinstance(error, MemoryError):
        return "out of memory; use a smaller --tile-size or --batch-size"
    lines = " ".join(str(error).split("\n")).strip()
    return lines if isinstance(error, LandslideError) else f"{type(error).__name__}: {lines}"


def _guard(work: Callable[[], int], reporter: Reporter, debug: bool) -> int:
    try:
        return work()
    except Cancelled:
        return CANCELLED
    except BrokenPipeError:  # who read the output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # the edge: whatever it is, the user gets one line
        if debug:
            traceback.print_exc()
        reporter.error(describe(error))
        return FAILED
