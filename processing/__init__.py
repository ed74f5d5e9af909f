"""The QGIS Processing provider: parameters in, command line of the engine out, styled layers back."""
