"""Sizes on the ground: pixel sides in metres and pixel areas in square metres, whatever the CRS."""

from __future__ import annotations

import math

from affine import Affine
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError


class Ground:
    """Measures pixels of a raster on the ellipsoid (so degrees, feet and web-mercator metres come out right).

    Args:
        crs: CRS of the raster as WKT.
        transform: pixel to CRS coordinates.
    """

    def __init__(self, crs: str, transform: Affine) -> None:
        source = CRS.from_user_input(crs)
        self._transform = transform
        self._geod = source.get_geod() or Geod(ellps="WGS84")
        base = source.geodetic_crs
        # A local engineering CRS has no place on the Earth.
        self._transformer = Transformer.from_crs(source, base, always_xy=True) if base else None

    def pixel_size(self, column: float, row: float) -> tuple[float, float] | None:
        """Width and height in metres of the pixel at a place, or None where the CRS does not reach."""
        corners = [(column - 0.5, row), (column + 0.5, row), (column, row - 0.5), (column, row + 0.5)]
        try:
            points = [self._geographic(*(self._transform * corner)) for corner in corners]
        except ProjError:
            return None  # outside the area the projection is made for
        left, right, top, bottom = points
        width = self._geod.inv(*left, *right)[2]
        height = self._geod.inv(*top, *bottom)[2]
        return (width, height) if math.isfinite(width) and math.isfinite(height) and width and height else None

    def _geographic(self, x: float, y: float) -> tuple[float, float]:
        if self._transformer is None:
            raise ProjError("not an Earth-fixed CRS")
        longitude, latitude = self._transformer.transform(x, y, errcheck=True)
        return longitude, latitude

    def pixel_area(self, column: float, row: float) -> float:
        """Area of the pixel at a place, square metres (0 where the CRS does not reach)."""
        size = self.pixel_size(column, row)
        if size is None:
            return 0.0
        a, b, d, e = self._transform.a, self._transform.b, self._transform.d, self._transform.e
        # A sheared grid's pixel is a parallelogram.
        shear = abs(a * e - b * d) / (math.hypot(a, d) * math.hypot(b, e))
        return size[0] * size[1] * shear
