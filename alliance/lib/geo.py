"""Positions of countries and regions on the world map (static/img/world.svg)."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
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


@dataclass(frozen=True)
class MapPoint:
    """A dot on the map: country or region, count, and position and radius in units of the SVG."""

    code: str
    name: str
    count: int
    x: float
    y: float
    radius: float
    chosen: bool = False


def map_points(counts: Mapping[str, int], *, chosen: Collection[str] = ()) -> list[MapPoint]:
    """Return the dots for ``counts`` by ISO 3166-1 alpha-2 code, largest first, so that small dots are on top.

    The area of a dot is proportional to its count. ``chosen`` codes are marked. Codes without a position and counts
    of zero have no dot; the page also lists all counts in a table.
    """
    most = max(counts.values(), default=1) or 1
    return [
        MapPoint(
            code=code,
            name=str(countries.name(code)),
            count=count,
            x=_POINTS[code][0],
            y=_POINTS[code][1],
            radius=round(_MIN_RADIUS + (_MAX_RADIUS - _MIN_RADIUS) * math.sqrt(count / most), 1),
            chosen=code in chosen,
        )
        for code, count in sorted(counts.items(), key=lambda item: -item[1])
        if count > 0 and code in _POINTS
    ]
