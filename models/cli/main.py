"""The ``landslides`` command. Sub-commands are imported when they are called, so each starts fast."""

from __future__ import annotations

import os
import signal
import sys
from importlib import import_module

import click

from ..errors import LandslideError
from .run import CANCELLED, FAILED

BESIDE = 4  # one thread for so many cores
COMMANDS = ("benchmark", "compare", "detect", "environment", "evaluate", "models", "sample", "train")


class LazyGroup(click.Group):
    """A group whose commands live in modules of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(f".{name}", __package__), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="landslide-detector", prog_name="landslides")
def landslides() -> None:
    """Detect landslides in satellite and aerial imagery."""


def main() -> None:
    """Entry point: exit code 0 done, 1 failed, 2 wrong usage, 130 cancelled."""
    # NumPy's matrix products go on beside the networks, which have the cores; with as many threads as there are cores,
    # most of them would spin and wait.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // BESIDE)))
    # While the libraries load, before there is anything to tidy up, both signals end the program alike.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = landslides(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except LandslideError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(FAILED)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(CANCELLED)
    sys.exit(code)
