"""How far a tool of the set-up has come: read off the disk too, since older pips say little."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path
from typing import Protocol

from ...i18n import tr
from ..managed import size_on_disk
from .process import SetupCancelled

_REMEMBERED_LINES = 400
_MEGABYTE = 1_000_000
# Looking at the disk ten times a second would cost more than it tells.
_LOOK_EVERY = 5
# Of the time pip takes, on a connection of some 10 MB/s.
_SHARE_OF_DOWNLOAD = 0.6

_DOWNLOADING = re.compile(r"\s*(?:Downloading|Using cached) (\S+?)-\d\S* \(([\d.]+ [kMG]?B)\)")
_INSTALLING = re.compile(r"Installing collected packages: (.+)")


class Report(Protocol):
    """Where a set-up tells how it is getting on, and learns that it is to stop."""

    def stage(self, text: str) -> None:
        """Take what is being done now, in a few words."""

    def progress(self, percent: float) -> None:
        """Take how much of the whole is done, 0 to 100."""

    def log(self, line: str) -> None:
        """Take a line for the log."""

    def is_cancelled(self) -> bool:
        """Return whether to stop."""


class Watch:
    """Listens to one tool and reports.

    Args:
        report: what to report to.
        span: where this tool's share of the whole begins and ends, percent.

    Attributes:
        output: the tool's last lines.
    """

    def __init__(self, report: Report, span: tuple[float, float]) -> None:
        self.output: deque[str] = deque(maxlen=_REMEMBERED_LINES)
        self._report = report
        self._span = span
        self._done = 0.0

    def line(self, text: str) -> None:
        self.output.append(text)
        self._report.log(text)

    def tick(self) -> None:
        if self._report.is_cancelled():
            raise SetupCancelled

    def done(self, share: float) -> None:
        """Report that `share` of this tool's work is done, 0 to 1."""
        # What pip keeps twice for a while must not make the bar go back.
        self._done = max(self._done, min(share, 1.0))
        begin, end = self._span
        self._report.progress(begin + (end - begin) * self._done)


class PipWatch(Watch):
    """Listens to `pip install`.

    Args:
        report: what to report to.
        span: of the progress, percent.
        downloads: folder in which pip keeps what it has downloaded until it is installed.
        packages: folder into which it installs.
        expected: bytes to download, about.

    Attributes:
        has_begun_to_install: whether the environment may have been changed.
    """

    def __init__(
        self, report: Report, span: tuple[float, float], downloads: Path, packages: Path, expected: int
    ) -> None:
        super().__init__(report, span)
        self.has_begun_to_install = False
        self._downloads = downloads
        self._packages = packages
        self._expected = expected
        self._to_install = 0
        self._before = 0
        self._ticks = 0
        self._current = ""

    def line(self, text: str) -> None:
        super().line(text)
        downloading, installing = _DOWNLOADING.match(text), _INSTALLING.match(text)
        if downloading is not None:
            self._current = f"{downloading.group(1)} ({downloading.group(2)})"
            self._look()
        elif installing is not None:
            self.has_begun_to_install = True
            self._to_install = len(installing.group(1).split(","))
            self._before = self._count()
            self._look()

    def tick(self) -> None:
        super().tick()
        self._ticks += 1
        if self._ticks % _LOOK_EVERY == 0:
            self._look()

    def _look(self) -> None:
        if self._to_install:
            installed = max(self._count() - self._before, 0)
            self.done(_SHARE_OF_DOWNLOAD + (1 - _SHARE_OF_DOWNLOAD) * installed / self._to_install)
            self._report.stage(tr("Installing {} packages").format(self._to_install))
        elif self._current:
            downloaded = size_on_disk(self._downloads)
            self.done(_SHARE_OF_DOWNLOAD * downloaded / self._expected)
            self._report.stage(
                tr("Downloading {package}: {done} of about {all} MB").format(
                    package=self._current, done=downloaded // _MEGABYTE, all=self._expected // _MEGABYTE
                )
            )

    def _count(self) -> int:
        return sum(1 for _ in self._packages.glob("*.dist-info"))
