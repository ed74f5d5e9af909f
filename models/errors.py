"""The engine's exceptions. Each message is one line that names the culprit."""

from __future__ import annotations


class LandslideError(Exception):
    """The work failed; the command line ends with exit code 1."""


class InputError(LandslideError):
    """A raster, vector or chip folder cannot be used as it is."""


class ModelError(LandslideError):
    """A model package is missing, damaged, or does not fit the scene."""


class DeviceError(LandslideError):
    """The device or precision asked for is not there or does not work."""


class OutOfMemoryError(DeviceError):
    """A computation does not fit into the device's memory."""


class OutputError(LandslideError):
    """A result cannot be written."""


class Cancelled(BaseException):
    """The user cancelled; nothing is left under a final name. Exit code 130."""


def first_line(error: BaseException) -> str:
    """What an error of a library says, in one line; its kind where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
