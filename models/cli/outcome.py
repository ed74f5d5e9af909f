"""What an evaluation found, printed for people or for programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import click

from .progress import JsonReporter, Reporter


@dataclass(frozen=True)
class Outcome:
    """The outcome of ``evaluate`` or ``compare``.

    Attributes:
        flat: numbers and names, for programs.
        details: more of them, nested, for ``--json``.
        text: the same for people.
    """

    flat: dict[str, Any]
    details: dict[str, Any]
    text: str

    def show(self, reporter: Reporter, as_json: bool) -> None:
        """Print it: one JSON object, a result event, or text."""
        if as_json:
            click.echo(json.dumps({**self.flat, **self.details}, allow_nan=False))
        elif isinstance(reporter, JsonReporter):
            reporter.result(**self.flat)
        else:
            reporter.close()
            click.echo(self.text)
