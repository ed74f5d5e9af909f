"""The engine as QGIS sees it: a program to be found, run, listened to and ended."""

from .find import ENVIRONMENT_VARIABLE, SETTING, Engine, EngineNotFoundError, find_engine, managed_folder
from .run import EngineError, EngineOutput, run_engine

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "SETTING",
    "Engine",
    "EngineError",
    "EngineNotFoundError",
    "EngineOutput",
    "find_engine",
    "managed_folder",
    "run_engine",
]
