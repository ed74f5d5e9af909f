"""Where the slopes gave way: crowns on steep ground, runout down the line of steepest descent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import cycle, islice

import numpy as np

from .layout import Layout
from .lines import Line, smooth
from .noise import Floats, blur
from .swath import Swath
from .terrain import PIXEL_M, Terrain, gradient

SOILS = np.array(
    [[166, 158, 131], [152, 146, 124], [148, 130, 105], [160, 128, 101], [178, 174, 157], [188, 176, 144]], np.float32
)
"""Colours of freshly bared ground seen from above, from grey-brown weathered rock to red and tan subsoil."""

STEP = 4.0
"""Px between the vertices of a path."""

SLUMP, SLIDE, FLOW = range(3)
KINDS = (FLOW, SLIDE, SLUMP, SLIDE)
TRIES = 40


@dataclass(frozen=True)
class Landslide:
    """One landslide.

    Attributes:
        path: ``(N, 2)`` from crown to toe, in px.
        source, neck, toe: half widths in px of the source area, the track and the debris fan.
        soil: ``(3,)`` colour of the bared ground.
    """

    path: Line
    source: float
    neck: float
    toe: float
    soil: Floats

    @property
    def length(self) -> float:
        """Length from crown to toe in px."""
        return float(np.hypot(*np.diff(self.path, axis=0).T).sum())


class _Slope:
    """Steepest descent on the relief, as a landslide feels it (smoothed over some ten metres)."""

    def __init__(self, terrain: Terrain) -> None:
        self._terrain = terrain
        self._gradient = gradient(blur(terrain.coarse, 1.2))

    def down(self, point: Line) -> tuple[Line, float]:
        """Unit vector downhill ``(2,)`` and slope in degrees at a position ``(2,)`` in px."""
        uphill = np.array([self._terrain.at(part, point[None])[0] for part in self._gradient], np.float64)
        steepness = float(np.hypot(*uphill))
        return -uphill / max(steepness, 1e-6), float(np.degrees(np.arctan(steepness)))

    def descend(self, start: Line, length: float, rng: np.random.Generator) -> Line:
        """The way debris takes from ``start``: downhill with inertia, until it runs out or comes to the river."""
        points = [start]
        heading, _ = self.down(start)
        flat = 0
        while len(points) * STEP < length and flat < 7:
            downhill, slope = self.down(points[-1])
            flat += slope < 11
            heading = 0.62 * heading + 0.38 * downhill + rng.normal(0, 0.06, 2)
            heading /= max(float(np.hypot(*heading)), 1e-6)
            ahead = points[-1] + STEP * heading
            if self._terrain.at(self._terrain.river_distance, ahead[None])[0] < 15:
                break
            points.append(ahead)
        return smooth(np.array(points), 24.0, STEP) if len(points) > 3 else np.array(points)


def place_landslides(
    rng: np.random.Generator, terrain: Terrain, layout: Layout, swath: Swath, density: float = 1.0
) -> list[Landslide]:
    """Landslides of a scene: some small, some long, some joined, some cut by a road.

    At least two wherever the scene holds steep ground; about one for every 150,000 px.

    Args:
        density: times as many, as far as there is room; 0 is none.
    """
    return _Placer(rng, terrain, layout, swath).place(density) if density else []


class _Placer:
    def __init__(self, rng: np.random.Generator, terrain: Terrain, layout: Layout, swath: Swath) -> None:
        self._rng = rng
        self._terrain = terrain
        self._swath = swath
        self._slope = _Slope(terrain)
        self._roads = [road.line for road in layout.roads]
        keep_off = [np.array(house.centre) for house in layout.houses]
        if layout.quarry:
            keep_off.append(np.array(layout.quarry[:2]))
        self._keep_off = np.array(keep_off).reshape(-1, 2)
        self._quarry = layout.quarry
        self._placed: list[Landslide] = []

    def place(self, density: float) -> list[Landslide]:
        height, width = self._terrain.shape
        wanted = max(3, round(density * height * width / 150_000))
        for steepest in (27.0, 23.0, 19.0, 14.0):
            found = self._crowns(steepest, 90 + 8 * wanted)
            crowns, tries = iter(found), min(TRIES, len(found) // 8 + 1)
            for kind in cycle(KINDS):
                # The longer a landslide, the fewer places there are for it.
                slide = next(filter(None, (self._slide(crown, kind) for crown in islice(crowns, tries))), None)
                if slide is None and next(crowns, None) is None:
                    break
                if slide is None:
                    continue
                self._placed.append(slide)
                if kind != SLUMP and self._rng.random() < 0.45:
                    self._placed += filter(None, [self._sibling(slide)])
                if len(self._placed) >= wanted:
                    return self._placed
        return self._placed

    def _crowns(self, steepest: float, groups: int) -> Line:
        """Places on ground of ``steepest`` degrees and more, ``(N, 2)``: three anywhere, then one above a road cut."""
        rng, size = self._rng, np.array(self._terrain.shape)
        anywhere = rng.uniform(0.05 * size, 0.95 * size, (groups, 3, 2))
        lines = np.concatenate(self._roads)
        cuts = lines[rng.integers(0, len(lines), groups)]
        cuts = cuts - np.array([self._slope.down(cut)[0] for cut in cuts]) * rng.uniform(26, 52, (groups, 1))
        crowns = np.concatenate([anywhere, cuts[:, None]], axis=1).reshape(-1, 2)
        seen = self._swath.covers(crowns[:, 0], crowns[:, 1], 20)
        return crowns[seen & (self._terrain.at(self._terrain.slope, crowns) > steepest)]

    def _slide(self, crown: Line, kind: int) -> Landslide | None:
        """A landslide of a kind from ``crown``, where there is room for it."""
        rng = self._rng
        longest = 0.38 * min(self._terrain.shape)
        length = min((rng.uniform(40, 90), rng.uniform(100, 210), rng.uniform(180, 340))[kind], longest)
        path = self._slope.descend(crown, length, rng)
        reached = STEP * (len(path) - 1)
        if reached < max(0.45 * length, min((30, 60, 150)[kind], 0.6 * longest)):
            return None
        drop = np.diff(self._terrain.at(self._terrain.coarse, path[[-1, 0]]))[0]
        if drop < np.tan(np.radians(12)) * reached * PIXEL_M:
            return None
        source = reached * rng.uniform(*((0.26, 0.44), (0.17, 0.28), (0.085, 0.13))[kind])
        neck = source * rng.uniform(*((0.8, 1.1), (0.50, 0.9), (0.35, 0.6))[kind])
        toe = source * rng.uniform(*((0.8, 1.2), (0.7, 1.2), (0.8, 1.35))[kind])
        soil = SOILS[rng.integers(len(SOILS))] * rng.uniform(0.84, 1.1) * rng.normal(1, 0.02, 3)
        slide = Landslide(path, float(source), float(neck), float(toe), soil.astype(np.float32))
        return slide if self._is_free(path, max(source, toe), None) else None

    def _sibling(self, slide: Landslide) -> Landslide | None:
        """A second source area beside the first whose debris joins the same track."""
        side = self._rng.choice([-1, 1]) * (slide.source * self._rng.uniform(1.7, 2.6))
        downhill, _ = self._slope.down(slide.path[0])
        crown = slide.path[0] + side * np.array([-downhill[1], downhill[0]]) + downhill * self._rng.uniform(-10, 25)
        joint = slide.path[int(len(slide.path) * self._rng.uniform(0.55, 0.8))]
        bend = (crown + joint) / 2 + downhill * 0.12 * np.hypot(*(joint - crown))
        path = smooth(np.array([crown, bend, joint]), 40.0, STEP)
        if self._terrain.at(self._terrain.slope, crown[None])[0] < 20 or not self._is_free(path, slide.source, slide):
            return None
        scale = self._rng.uniform(0.6, 0.9)
        return replace(
            slide, path=path, source=slide.source * scale, neck=slide.neck * scale, toe=max(3.0, slide.neck * 0.9)
        )

    def _is_free(self, path: Line, half_width: float, beside: Landslide | None) -> bool:
        """Whether a path lies in the swath and clear of houses, the quarry and other landslides."""
        size = np.array(self._terrain.shape)
        if not self._swath.covers(path[:, 0], path[:, 1], half_width + 12).all():
            return False
        if not ((path > half_width + 8) & (path < size - half_width - 8)).all():
            return False

        def clearance(points: Line) -> float:
            if len(points) == 0:
                return np.inf
            return float(np.min(np.hypot(*(path[:, None] - points[None]).transpose(2, 0, 1))))

        if clearance(self._keep_off) < half_width + 12:
            return False
        if self._quarry and clearance(np.array([self._quarry[:2]])) < half_width + 1.8 * self._quarry[2] + 20:
            return False
        return all(
            clearance(other.path) > half_width + max(other.source, other.toe) + 24
            for other in self._placed
            if other is not beside
        )
