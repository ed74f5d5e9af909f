"""The ways from one part of the plugin to another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Openers:
    """What the dock sends people on to.

    Attributes:
        setup: the set-up of the engine.
        models: the models on this machine and those to be had.
        sample: the making of a sample scene.
    """

    setup: Callable[[], object]
    models: Callable[[], object]
    sample: Callable[[], object]
