"""Areas in words."""

from __future__ import annotations

from qgis.PyQt.QtCore import QLocale

from ...processing.i18n import tr

_HECTARE = 1e4
_SQUARE_KILOMETRE = 1e6


def area_text(area: float, is_metric: bool = True) -> str:
    """Return an area in the unit that suits it: `1,234 m²`, `3.21 ha`, `12.3 km²`.

    Args:
        area: square metres, or square map units.
        is_metric: False for map units nobody knows the size of.
    """
    locale = QLocale()
    if not is_metric:
        return tr("{} square map units").format(locale.toString(float(area), "f", 0))
    if area < _HECTARE:
        return tr("{} m²").format(locale.toString(float(area), "f", 0))
    if area < _SQUARE_KILOMETRE:
        return tr("{} ha").format(locale.toString(area / _HECTARE, "f", 2))
    return tr("{} km²").format(locale.toString(area / _SQUARE_KILOMETRE, "f", 2))
