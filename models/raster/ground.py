"""Sizes on the ground: pixel sides in metres and pixel areas in square metres, whatever the CRS."""

from __future__ import annotations

import math

import numpy as np
from affine import Affine
from numpy.typing import NDArray
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
        return float(self.pixel_areas(np.array([column]), np.array([row]))[0])

    def pixel_areas(self, columns: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Areas of the pixels at many places ``(N,)``, square metres (0 where the CRS does not reach)."""
        if self._transformer is None:
            return np.zeros(len(columns))
        matrix = np.array(self._transform).reshape(3, 3)[:2]
        # Left, right, top and bottom middles of the pixels' sides.
        sides = np.array([(-0.5, 0), (0.5, 0), (0, -0.5), (0, 0.5)])[:, None] + np.stack([columns, rows], axis=-1)
        x, y = np.moveaxis(sides @ matrix[:, :2].T + matrix[:, 2], -1, 0)
        longitude, latitude = self._transformer.transform(x, y)
        known = np.isfinite(longitude).all(axis=0) & np.isfinite(latitude).all(axis=0)
        longitude, latitude = (np.where(known, angle, 0.0) for angle in (longitude, latitude))
        _, _, width = self._geod.inv(longitude[0], latitude[0], longitude[1], latitude[1])
        _, _, height = self._geod.inv(longitude[2], latitude[2], longitude[3], latitude[3])
        a, b, d, e = self._transform.a, self._transform.b, self._transform.d, self._transform.e
        # A sheared grid's pixel is a parallelogram.
        shear = abs(a * e - b * d) / (math.hypot(a, d) * math.hypot(b, e))
        return np.asarray(width * height * shear * known)
