"""What people built in the valley: a valley road, tracks up the slopes, a village with farms, a quarry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lines import NEIGHBOURS, Line, cheapest_tree, direction, smooth
from .noise import Floats, noise, shift
from .terrain import CELL, CELL_M, MARGIN, Terrain


@dataclass(frozen=True)
class Road:
    """A road: ``line`` ``(N, 2)`` in px, ``half_width`` in px, ``paved`` (concrete) or earth."""

    line: Line
    half_width: float
    paved: bool


@dataclass(frozen=True)
class House:
    """A house: ``centre`` in px, ``half`` sides (along, across) in px, ``axis`` unit vector, roof kind 0..3."""

    centre: tuple[float, float]
    half: tuple[float, float]
    axis: tuple[float, float]
    roof: int
    height_m: float


@dataclass(frozen=True)
class Layout:
    """Everything built in a scene; ``quarry`` is ``(row, column, radius)`` in px, or None where there is no room."""

    roads: list[Road]
    houses: list[House]
    quarry: tuple[float, float, float] | None


def make_layout(rng: np.random.Generator, terrain: Terrain) -> Layout:
    """Settle the valley."""
    steps = _step_costs(rng, terrain)
    valley = _valley_road(rng, terrain, steps)
    roads = [Road(valley, 4.2, True), *_tracks(rng, terrain, steps, valley)]
    houses = _village(rng, terrain, roads) + _farms(rng, terrain, roads[1:])
    return Layout(roads, houses, _quarry(rng, terrain, roads, houses))


def _step_costs(rng: np.random.Generator, terrain: Terrain) -> Floats:
    """Cost ``(8, h, w)`` of building a road one cell on: steep grades and the river cost most."""
    z = terrain.coarse
    effort = np.exp(0.35 * noise(rng, z.shape, 6, 2)) + 40.0 * (terrain.river_distance < 20)
    costs = []
    for step in NEIGHBOURS:
        length = CELL_M * float(np.hypot(*step))
        grade = np.abs(shift(z, step, np.nan) - z) / length
        cost = length * (effort + (grade / 0.10) ** 2)
        costs.append(np.where(np.isnan(cost), np.inf, cost))
    return np.stack(costs).astype(np.float32)


def _trace(parent: np.ndarray, width: int, start: tuple[int, int]) -> Line:
    """Follow ways from a coarse cell to their end; ``(N, 2)`` in scene px."""
    cell = start[0] * width + start[1]
    cells = [cell]
    while parent[cell] != cell:
        cell = int(parent[cell])
        cells.append(cell)
    rows, columns = np.divmod(np.array(cells), width)
    return (np.column_stack([rows, columns]) - MARGIN + 0.5) * CELL


def _valley_road(rng: np.random.Generator, terrain: Terrain, steps: Floats) -> Line:
    """The road along the foot of the slope, on one bank, through the whole scene."""
    h, w = terrain.coarse.shape
    river = terrain.river
    normal = direction(river)[:, ::-1] * np.array([1, -1]) * rng.choice([-1, 1])
    offset = terrain.at(terrain.floor_m, river)[:, None] * 0.85 / CELL_M * CELL
    wanted = (river + normal * offset) / CELL + MARGIN
    inside = np.flatnonzero(((wanted > 1) & (wanted < np.array([h, w]) - 2)).all(axis=1))
    first, last = (tuple(int(x) for x in wanted[k]) for k in (inside[0], inside[-1]))
    # Nothing far from the river is worth a look.
    along_foot = np.where(terrain.river_distance < 150, 3.0, np.inf).astype(np.float32)
    cells = wanted[inside].astype(int)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            along_foot[cells[:, 0] + dy, cells[:, 1] + dx] = 1.0
    source = np.zeros((h, w), bool)
    source[first] = True
    parent = cheapest_tree(source, steps * along_foot)
    return smooth(_trace(parent, w, (last[0], last[1])), 70.0)


def _tracks(rng: np.random.Generator, terrain: Terrain, steps: Floats, valley: Line) -> list[Road]:
    """Earth and concrete tracks from the valley road to places high above it, winding with the slope."""
    h, w = terrain.coarse.shape
    source = np.zeros((h, w), bool)
    cells = np.clip(np.floor(valley / CELL).astype(int) + MARGIN, 0, [h - 1, w - 1])
    source[cells[:, 0], cells[:, 1]] = True
    parent = cheapest_tree(source, steps)
    height, width = terrain.shape
    count = int(np.clip(round(height * width / 500_000), 1, 12))
    places = rng.uniform([0.08 * height, 0.08 * width], [0.92 * height, 0.92 * width], (40 * count, 2))
    away = np.min(np.hypot(*(places[:, None] - valley[None, ::8]).transpose(2, 0, 1)), axis=1)
    worth = terrain.at(terrain.coarse, places) - 2.5 * terrain.at(terrain.slope, places) + 0.12 * np.minimum(away, 600)
    tracks: list[Road] = []
    ends: list[np.ndarray] = []
    for k in np.argsort(-worth):
        apart = min((float(np.hypot(*(places[k] - end))) for end in ends), default=np.inf)
        if apart < 420 or away[k] < 90:
            continue
        start = np.floor(places[k] / CELL).astype(int) + MARGIN
        line = _trace(parent, w, (int(start[0]), int(start[1])))
        if len(line) < 8:
            continue
        ends.append(places[k])
        tracks.append(Road(smooth(line, 28.0), float(rng.uniform(1.9, 2.8)), bool(rng.random() < 0.45)))
        if len(tracks) == count:
            break
    return tracks


def _along_road(rng: np.random.Generator, road: Road, vertex: int, spread: float, depth: float) -> tuple[Line, Line]:
    """A building plot beside a road: its centre ``(2,)`` and the road's direction there ``(2,)``."""
    tangents = direction(road.line)
    k = int(np.clip(vertex + rng.normal(0, spread) / 4, 0, len(road.line) - 1))
    normal = tangents[k][::-1] * np.array([1, -1]) * rng.choice([-1, 1])
    distance = road.half_width + 10 + abs(rng.normal(0, depth))
    return road.line[k] + normal * distance, tangents[k]


def _house(rng: np.random.Generator, centre: Line, along: Line) -> House:
    turn = rng.normal(0, 0.22) + rng.choice([0, np.pi / 2], p=[0.75, 0.25])
    axis = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ along
    half = (rng.uniform(5.0, 10.0), rng.uniform(3.8, 6.0))
    roof = int(rng.choice(4, p=[0.42, 0.30, 0.18, 0.10]))
    return House(
        (float(centre[0]), float(centre[1])), half, (float(axis[0]), float(axis[1])), roof, rng.uniform(3.2, 8.0)
    )


def _build(
    rng: np.random.Generator, terrain: Terrain, roads: list[Road], plots: list[tuple[Line, Line]], steepest: float
) -> list[House]:
    """Houses on those plots that are dry, gentle, clear of roads and of each other."""
    houses: list[House] = []
    lines = np.concatenate([road.line for road in roads])
    for centre, along in plots:
        house = _house(rng, centre, along)
        point = centre[None]
        clear_of_river = terrain.at(terrain.river_distance, point)[0] > 24
        clear_of_roads = np.min(np.hypot(*(lines - centre).T)) > house.half[1] + 4
        clear = all(np.hypot(*(centre - np.array(other.centre))) > 15 for other in houses)
        if clear and clear_of_roads and clear_of_river and terrain.at(terrain.slope, point)[0] < steepest:
            houses.append(house)
    return houses


def _village(rng: np.random.Generator, terrain: Terrain, roads: list[Road]) -> list[House]:
    """A village strung along the valley road, where the floor is wide."""
    line = roads[0].line
    size = np.array(terrain.shape)
    inside = np.flatnonzero(((line > 0.14 * size) & (line < 0.86 * size)).all(axis=1))
    if inside.size == 0:
        return []
    width = terrain.at(terrain.floor_m, line[inside]) - terrain.at(terrain.slope, line[inside])
    middle = int(inside[np.argmax(width)])
    reach = float(np.clip(0.09 * min(terrain.shape), 40, 170))
    plots = [_along_road(rng, roads[0], middle, reach, 26) for _ in range(int(reach * 1.6))]
    return _build(rng, terrain, roads, plots, 17)


def _farms(rng: np.random.Generator, terrain: Terrain, tracks: list[Road]) -> list[House]:
    """Scattered farms in twos and threes along the tracks."""
    plots = []
    for track in tracks:
        for vertex in rng.uniform(0, 0.85 * len(track.line), max(1, len(track.line) // 45)):
            plots += [_along_road(rng, track, int(vertex), 22, 8) for _ in range(int(rng.integers(2, 6)))]
    return _build(rng, terrain, tracks, plots, 20) if tracks else []


def _quarry(
    rng: np.random.Generator, terrain: Terrain, roads: list[Road], houses: list[House]
) -> tuple[float, float, float] | None:
    """A quarry cut into a slope beside a road, away from houses."""
    size = np.array(terrain.shape)
    radius = float(np.clip(0.032 * size.min(), 16, 52) * rng.uniform(0.9, 1.2))
    lines = np.concatenate([road.line for road in roads])
    built = np.array([house.centre for house in houses]).reshape(-1, 2)
    for centre in lines[rng.permutation(len(lines))[:400]] + rng.normal(0, radius, (min(400, len(lines)), 2)):
        inside = bool(((centre > 0.12 * size) & (centre < 0.88 * size)).all())
        slope = terrain.at(terrain.slope, centre[None])[0]
        dry = terrain.at(terrain.river_distance, centre[None])[0] > 0.8 * radius + 30
        apart = built.size == 0 or np.min(np.hypot(*(built - centre).T)) > radius + 40
        if inside and dry and apart and 14 < slope < 34:
            return float(centre[0]), float(centre[1]), radius
    return None
