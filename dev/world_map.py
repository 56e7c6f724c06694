"""Make the world map: static/img/world.svg and alliance/lib/country_points.json.

Usage: python dev/world_map.py <countries-50m.json of the npm package world-atlas>

The outlines are Natural Earth's (public domain). They are projected with the Natural Earth projection
(Šavrič, Jenny, Patterson 2011), simplified arc by arc so that neighbours keep one border between them
(Visvalingam's method), and written as one <path id="country-XX"> per ISO 3166-1 alpha-2 code.
The outlines and the places of dots say nothing about the status of any territory.
"""

import heapq
import itertools
import json
import math
import sys
from pathlib import Path
from typing import Any

from django_countries import countries
from django_countries.data import COUNTRIES

ROOT = Path(__file__).resolve().parent.parent
WIDTH, TOP, BOTTOM = 1000, 84.0, -57.0
SMALLEST_TRIANGLE = 0.25  # what simplifying may cut off, in square units of the drawing
SMALLEST_ISLAND = 0.5
# Too close to their neighbours for a dot: moved by this many units.
NUDGES = {"HK": (4, 4), "MO": (-9, 5), "SG": (2, 3)}
# Places the outlines leave out, as longitude and latitude.
EXTRA = {
    "BQ": (-68.3, 12.2), "BV": (3.4, -54.4), "CC": (96.8, -12.2), "CX": (105.6, -10.5), "GF": (-53.1, 3.9),
    "GI": (-5.4, 36.1), "GP": (-61.6, 16.2), "MQ": (-61.0, 14.6), "RE": (55.5, -21.1), "SJ": (16.0, 78.6),
    "TK": (-171.8, -9.2), "TV": (179.2, -8.5), "UM": (166.6, 19.3), "YT": (45.2, -12.8),
}  # fmt: skip
SKIPPED = {"AQ"}

Point = tuple[float, float]


def project(longitude: float, latitude: float) -> Point:
    """Degrees to units of the drawing, y downwards."""
    lam, phi = math.radians(longitude), math.radians(latitude)
    p2, p4 = phi**2, phi**4
    x = lam * (0.870700 - 0.131979 * p2 + p4 * (-0.013791 + p4 * (0.003971 * p2 - 0.001529 * p4)))
    y = phi * (1.007226 + p2 * (0.015085 + p4 * (-0.044475 + 0.028874 * p2 - 0.005916 * p4)))
    return x, y


SCALE = WIDTH / (2 * project(180, 0)[0])
HEIGHT = round((project(0, TOP)[1] - project(0, BOTTOM)[1]) * SCALE)


def place(longitude: float, latitude: float) -> Point:
    x, y = project(longitude, latitude)
    return WIDTH / 2 + x * SCALE, (project(0, TOP)[1] - y) * SCALE


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def simplify(degrees: list[Point]) -> list[Point]:
    """Drop the points whose triangle with their neighbours is the smallest, until none is too small."""
    points = [place(*point) for point in unwrapped(degrees)]
    last = len(points) - 1
    before, after = list(range(-1, last)), list(range(1, last + 2))
    alive = [True] * len(points)
    heap = [(triangle(*points[i - 1 : i + 2]), i) for i in range(1, last)]
    heapq.heapify(heap)
    # A line that closes on itself, an island, keeps a triangle at least.
    fewest, left = (4 if degrees[0] == degrees[-1] else 2), len(points)
    while heap and left > fewest:
        area, i = heapq.heappop(heap)
        if area > SMALLEST_TRIANGLE:
            break
        if not alive[i] or area != triangle(points[before[i]], points[i], points[after[i]]):
            continue
        alive[i], left = False, left - 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if 0 < j < last:
                heapq.heappush(heap, (triangle(points[before[j]], points[j], points[after[j]]), j))
    return [point for point, keep in zip(degrees, alive, strict=True) if keep]


def unwrapped(degrees: list[Point]) -> list[Point]:
    """The same line with longitudes that never jump by a whole turn, as they do at 180 degrees."""
    line, turn = degrees[:1], 0
    for (before, _), (longitude, latitude) in itertools.pairwise(degrees):
        turn -= 360 * round((longitude - before) / 360)
        line.append((longitude + turn, latitude))
    return line


def cut(line: list[Point], edge: float, side: int) -> list[Point]:
    """The part of a closed line on one side of a meridian (side 1: east of it, -1: west)."""
    part: list[Point] = []
    for (x1, y1), (x2, y2) in zip(line[-1:] + line[:-1], line, strict=True):
        if (x1 - edge) * side < 0 < (x2 - edge) * side or (x2 - edge) * side < 0 < (
            x1 - edge
        ) * side:
            part.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
        if (x2 - edge) * side >= 0:
            part.append((x2, y2))
    return part


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """The topology's arcs in degrees, decoded and simplified."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * kx + dx, y * ky + dy))
        arcs.append(simplify(points))
    return arcs


def rings(indexes: list[int], arcs: list[list[Point]]) -> list[list[Point]]:
    """One ring of the topology in units of the drawing; two where the map's edge cuts it."""
    line: list[Point] = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        line += arc[1:] if line else arc
    line = unwrapped(line)
    parts = []
    for shift in (-360, 0, 360):
        part = cut(cut([(x + shift, y) for x, y in line], -180, 1), 180, -1)
        if len(part) > 2:
            parts.append([place(*point) for point in part])
    return parts


def area_and_centre(points: list[Point]) -> tuple[float, Point]:
    doubled = cx = cy = 0.0
    for (x1, y1), (x2, y2) in zip(points, points[1:] + points[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        doubled, cx, cy = doubled + cross, cx + (x1 + x2) * cross, cy + (y1 + y2) * cross
    if abs(doubled) < 1e-9:
        return 0.0, points[0]
    return abs(doubled) / 2, (cx / (3 * doubled), cy / (3 * doubled))


def outline(points: list[Point]) -> str:
    """A ring as relative SVG path data, in tenths of a unit."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    parts, (x, y) = [], tenths[0]
    for nx, ny in tenths[1:]:
        if (nx, ny) != (x, y):
            parts.append(f"{nx - x} {ny - y}")
        x, y = nx, ny
    return (
        f"M{tenths[0][0]} {tenths[0][1]}l{' '.join(parts).replace(' -', '-')}z"
        if len(parts) > 1
        else ""
    )


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text())
    arcs = arcs_of(topology)
    codes = {entry["numeric"]: entry["alpha2"] for entry in iso_codes()}
    paths: dict[str, list[str]] = {}
    centres: dict[str, tuple[float, Point]] = {}
    for shape in topology["objects"]["countries"]["geometries"]:
        code = codes.get(shape.get("id", ""), "")
        if code in SKIPPED:
            continue
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        parts = [part for polygon in polygons for line in polygon for part in rings(line, arcs)]
        sized = sorted(((*area_and_centre(part), part) for part in parts), key=lambda s: -s[0])
        kept = [s for s in sized if s[0] >= SMALLEST_ISLAND] or sized[:1]
        key = code or f"-{shape['properties']['name']}"
        paths.setdefault(key, []).extend(filter(None, (outline(points) for *_, points in kept)))
        if code and sized[0][0] >= centres.get(code, (-1,))[0]:
            centres[code] = sized[0][:2]
    write(paths, {code: centre for code, (_, centre) in centres.items()})


def iso_codes() -> list[dict[str, str]]:
    """ISO 3166-1 numeric and alpha-2 codes, from django-countries."""
    return [{"alpha2": code, "numeric": f"{countries.numeric(code):03d}"} for code in COUNTRIES]


def write(paths: dict[str, list[str]], centres: dict[str, Point]) -> None:
    drawn = [
        f'<path id="country-{key}" d="{"".join(data)}"/>'
        if not key.startswith("-")
        else f'<path d="{"".join(data)}"/>'
        for key, data in sorted(paths.items())
        if data
    ]
    svg = ROOT / "static/img/world.svg"
    svg.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH * 10} {HEIGHT * 10}">'
        f'<g id="land">\n{chr(10).join(drawn)}\n</g></svg>\n'
    )
    centres |= {code: place(*where) for code, where in EXTRA.items() if code not in centres}
    points = {
        code: [round(x + NUDGES.get(code, (0, 0))[0], 1), round(y + NUDGES.get(code, (0, 0))[1], 1)]
        for code, (x, y) in sorted(centres.items())
    }
    lines = ",\n".join(f'  "{code}": {json.dumps(point)}' for code, point in points.items())
    (ROOT / "alliance/lib/country_points.json").write_text(f"{{\n{lines}\n}}\n")
    missing = sorted(set(COUNTRIES) - set(points) - SKIPPED)
    print(
        f"{svg.stat().st_size} bytes, {WIDTH} x {HEIGHT}, {len(drawn)} outlines, no place for {missing}"
    )


if __name__ == "__main__":
    main()
