"""Positions of countries and regions on the world map (static/img/world.svg)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from django_countries import countries

WIDTH, HEIGHT = 1000, 435
_POINTS: dict[str, tuple[float, float]] = {
    code: (x, y)
    for code, (x, y) in json.loads(
        (Path(__file__).parent / "country_points.json").read_text()
    ).items()
}
_MIN_RADIUS, _MAX_RADIUS = 4.5, 18.0
_ROUNDS = 60


@dataclass(frozen=True)
class Layout:
    """Sizes of linked dots, in units of the SVG, for one width of the map.

    Dots are moved apart until their centres have the distance ``gap``, which is 24 px or more: the least size of a
    target (WCAG 2.2, 2.5.8).
    """

    gap: float
    min_radius: float

    @property
    def max_radius(self) -> float:
        return self.gap / 2


# For maps of 736 px or more, and for narrower ones of 390 px or more.
WIDE, NARROW = Layout(gap=34, min_radius=6), Layout(gap=64, min_radius=12)


@dataclass(frozen=True)
class Dot:
    """A linked dot: its position, its radius and that of its target. A line connects a ``moved`` dot to its place."""

    x: float
    y: float
    radius: float
    target: float
    moved: bool


@dataclass(frozen=True)
class MapPoint:
    """A country or region on the map: its count, its place, and the dots at it.

    ``radius`` is that of a dot without a link. ``wide`` and ``narrow`` are the linked dots of the two layouts.
    """

    code: str
    name: str
    count: int
    x: float
    y: float
    radius: float
    wide: Dot
    narrow: Dot
    chosen: bool = False


def map_points(counts: Mapping[str, int], *, chosen: Collection[str] = ()) -> list[MapPoint]:
    """Return the points for ``counts`` by ISO 3166-1 alpha-2 code, largest first, so that small dots are on top.

    The area of a dot grows with its count. ``chosen`` codes are marked. Codes without a position and counts of zero
    have no point; the page also lists all counts in a table.
    """
    shown = {code: n for code, n in counts.items() if n > 0 and code in _POINTS}
    most = max(counts.values(), default=1) or 1
    codes = tuple(sorted(shown))
    wide, narrow = (dict(zip(codes, _spread(codes, of.gap), strict=True)) for of in (WIDE, NARROW))
    return [
        MapPoint(
            code=code,
            name=str(countries.name(code)),
            count=count,
            x=_POINTS[code][0],
            y=_POINTS[code][1],
            radius=_radius(count / most, _MIN_RADIUS, _MAX_RADIUS),
            wide=_dot(code, wide[code], count / most, WIDE),
            narrow=_dot(code, narrow[code], count / most, NARROW),
            chosen=code in chosen,
        )
        for code, count in sorted(shown.items(), key=lambda item: -item[1])
    ]


def _radius(share: float, least: float, most: float) -> float:
    return round(least + (most - least) * math.sqrt(share), 1)


def _dot(code: str, at: tuple[float, float], share: float, layout: Layout) -> Dot:
    radius = _radius(share, layout.min_radius, layout.max_radius)
    moved = math.dist(at, _POINTS[code]) > radius
    return Dot(round(at[0], 1), round(at[1], 1), radius, layout.gap / 2, moved)


@lru_cache(maxsize=512)
def _spread(codes: tuple[str, ...], gap: float) -> tuple[tuple[float, float], ...]:
    """Return positions near those of ``codes`` that are at least ``gap`` apart, where there is room."""
    places = [list(_POINTS[code]) for code in codes]
    edge = gap / 2
    for _round in range(_ROUNDS):
        crowded = False
        for n, (one, other) in enumerate(combinations(places, 2)):
            dx, dy = other[0] - one[0], other[1] - one[1]
            if abs(dx) >= gap or abs(dy) >= gap or (distance := math.hypot(dx, dy)) >= gap:
                continue
            crowded = True
            if distance < 0.01:  # in an arbitrary direction, which is always the same
                dx, dy, distance = math.cos(n), math.sin(n), 1.0
            push = (gap - distance) / 2 + 0.1
            for place, sign in ((one, -1), (other, 1)):
                place[0] = min(max(place[0] + sign * push * dx / distance, edge), WIDTH - edge)
                place[1] = min(max(place[1] + sign * push * dy / distance, edge), HEIGHT - edge)
        if not crowded:
            break
    return tuple((x, y) for x, y in places)
