"""The end of a program, with all that it has started, on Windows: there are no process groups to be killed there."""

from __future__ import annotations

import os
import re
import subprocess  # nosec B404 (an argument list only, no shell)

_SECONDS = 10
# So that no black window pops up; the constant is there on Windows only.
_NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def end_tree(process: int) -> set[int]:
    """End a process and those it has started, and return the identifiers of all, as far as they are known."""
    tool = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "taskkill.exe")  # noqa: PTH118
    try:
        ended = subprocess.run(  # nosec B603
            [tool, "/T", "/F", "/PID", str(process)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            creationflags=_NO_WINDOW,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return {process}
    # What it says is in the language of the system; the numbers in it are the identifiers.
    return {process, *(int(number) for number in re.findall(rb"\d+", ended.stdout))}
