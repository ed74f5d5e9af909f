"""The plugin's page in QGIS's Options dialog."""

from .page import PAGE, OptionsFactory, register_options, unregister_options

__all__ = ["PAGE", "OptionsFactory", "register_options", "unregister_options"]
