"""The report: what is on the page, and the page itself, one file that stands alone."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..errors import ModelError, OutputError

TEMPLATE = "report.html"


@dataclass(frozen=True)
class Card:
    """A headline figure with its interval and that of the colour index."""

    name: str
    value: str
    interval: str = ""
    baseline: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the columns in ``reference`` are there for comparison only."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    note: str
    reference: tuple[int, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A diagram (SVG) and how to read it."""

    title: str
    svg: str
    note: str


@dataclass(frozen=True)
class Case:
    """A small picture with a caption."""

    picture: str
    name: str
    caption: str


@dataclass(frozen=True)
class Sheet:
    """Small pictures under one title."""

    title: str
    note: str
    cases: list[Case]


@dataclass(frozen=True)
class Part:
    """One prediction's share of the page.

    Attributes:
        name: what was measured, for legends.
        unit: what is counted: pixel, patch or chip.
        threshold: as text.
        confusion: ``tp``, ``fp``, ``fn``, ``tn``, and their shares of all.
        verdict: text, and whether it is a good one.
        map: picture and note.
        landslides: IoUs, rows and note.
    """

    name: str
    unit: str
    threshold: str
    confusion: dict[str, Any]
    cards: list[Card]
    tables: list[Table]
    charts: list[Chart]
    has_baseline: bool
    heading: str = ""
    verdict: dict[str, Any] | None = None
    map: dict[str, str] | None = None
    landslides: dict[str, Any] | None = None
    sheets: list[Sheet] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """A whole report; ``facts`` are settings and what the model's card says, ``charts`` the course of a training."""

    title: str
    subtitle: str
    parts: list[Part]
    facts: dict[str, str]
    tables: list[Table] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)


def check_report(target: Path) -> None:
    """Make sure before the work that a report can be written after it.

    Raises:
        ModelError: the template library is missing.
        OutputError: the folder is not there or not writable.
    """
    if importlib.util.find_spec("jinja2") is None:
        raise ModelError("--report needs the package jinja2: pip install jinja2")
    if not target.absolute().parent.is_dir():
        raise OutputError(f"{target.parent}: output folder does not exist")
    if target.is_dir() or not os.access(target.absolute().parent, os.W_OK):
        raise OutputError(f"{target}: cannot be written")


def write_report(page: Page, target: Path) -> None:
    """Write the page; it appears under its name when it is complete.

    Raises:
        OutputError: it cannot be written.
    """
    from importlib.metadata import PackageNotFoundError, version

    import jinja2

    try:
        engine = version("landslide-detector")
    except PackageNotFoundError:
        engine = ""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    when = datetime.now(timezone.utc).astimezone().strftime("%Y-%m-%d %H:%M")
    html = environment.get_template(TEMPLATE).render(page=page, version=engine, date=when)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        temporary.write_text(html, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputError(f"{target}: cannot be written ({error.strerror})") from None
