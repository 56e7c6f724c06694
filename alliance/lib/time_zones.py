"""Time zones of users: the stored name, the browser's zone as the first guess, and the choices of forms."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from django.conf import settings
from django.http import HttpRequest

from alliance.lib import clock

# Set by static/js/time-zone.js.
COOKIE = "portal_time_zone"
# The areas of the time zone database. Its other names are aliases kept for old programs.
_AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")  # fmt: skip


def named(name: str) -> ZoneInfo:
    """Return the time zone of that name, or the installation's if it is empty or unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def of_browser(request: HttpRequest) -> str:
    """Return the name of the browser's time zone, or ``""`` if the browser sent none that can be chosen."""
    name = request.COOKIES.get(COOKIE, "")
    return name if name in _names() else ""


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the time zones by area, each with its current offset from UTC, as choices of a select."""
    areas: dict[str, list[tuple[str, str]]] = {"UTC": [("UTC", "UTC")]}
    for name in sorted(_names() - {"UTC"}):
        area, _slash, place = name.partition("/")
        label = f"{place.replace('_', ' ')} (UTC{_offset(name)})"
        areas.setdefault(area, []).append((name, label))
    return list(areas.items())


@cache
def _names() -> frozenset[str]:
    found = (name for name in available_timezones() if name.startswith(_AREAS) and "/" in name)
    return frozenset({"UTC", *found})


def _offset(name: str) -> str:
    """Return the current offset from UTC, for example ``+5:30``."""
    offset = clock.now().astimezone(ZoneInfo(name)).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"
