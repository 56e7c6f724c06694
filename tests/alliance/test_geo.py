"""Dots of the world map: far enough from each other for a finger, near their places."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from alliance.lib import geo

ASIA = ("CN", "HK", "MO", "TW", "SG", "MY", "JP", "KR", "VN", "TH")
EUROPE = ("DE", "FR", "GB", "IT", "CH", "AT", "NL", "BE", "LU", "DK", "SE", "ES", "PT", "PL", "CZ")


@pytest.mark.parametrize("codes", [("HK", "MO"), ASIA, (*ASIA, *EUROPE, "US", "CA", "BR", "AE")])
@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_targets_do_not_overlap(codes: tuple[str, ...], layout: str) -> None:
    points = geo.map_points(dict.fromkeys(codes, 3))
    dots = [getattr(point, layout) for point in points]
    assert len(dots) == len(codes)
    for one, other in combinations(dots, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= one.target + other.target - 0.2
    for dot in dots:
        assert dot.target <= dot.x <= geo.WIDTH - dot.target
        assert dot.target <= dot.y <= geo.HEIGHT - dot.target


def test_targets_have_24_pixels_in_the_narrowest_map_of_each_layout() -> None:
    assert geo.WIDE.gap * 736 / geo.WIDTH >= 24
    assert geo.NARROW.gap * 390 / geo.WIDTH >= 24


def test_a_dot_alone_stays_at_its_place() -> None:
    (point,) = geo.map_points({"SG": 1})
    assert (point.wide.x, point.wide.y) == (round(point.x, 1), round(point.y, 1))
    assert not point.wide.moved


def test_moved_dots_are_connected_to_their_places() -> None:
    points = {point.code: point for point in geo.map_points(dict.fromkeys(ASIA, 1))}
    assert points["MO"].narrow.moved
    assert all(math.dist((p.narrow.x, p.narrow.y), (p.x, p.y)) < 150 for p in points.values())


def test_every_country_at_once_has_a_dot() -> None:
    points = geo.map_points(dict.fromkeys(geo._POINTS, 1))
    assert len(points) == len(geo._POINTS)


def test_larger_counts_have_larger_dots_and_unknown_codes_none() -> None:
    points = geo.map_points({"CN": 100, "FR": 4, "XX": 7, "DE": 0})
    assert [point.code for point in points] == ["CN", "FR"]
    assert points[0].wide.radius > points[1].wide.radius
