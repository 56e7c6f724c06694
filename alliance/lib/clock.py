"""The current time for services, which tests and the demo can set.

Services call :func:`now` instead of ``timezone.now()``. The demo replays two years through the services of
production, and tests run at a fixed time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone

# The days whose beginning PostgreSQL and Python both know, in every time zone.
_FIRST, _LAST = date(1900, 1, 1), date(2999, 12, 31)
_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """Return the current time in UTC (aware), or the time set by :func:`at`."""
    return _fixed.get() or timezone.now()


def today() -> date:
    """Return the date of :func:`now` in the installation's time zone (``TIME_ZONE``).

    Roles and rights begin and end with this date, for every user at the same moment.
    """
    return timezone.localdate(now(), timezone.get_default_timezone())


def users_day() -> date:
    """Return the date of :func:`now` in the active time zone, that of the user."""
    return timezone.localdate(now())


def latest_day() -> date:
    """Return the latest day that is not in the future for any user: the date in the time zone UTC+14."""
    return (now() + timedelta(hours=14)).date()


def start_of(day: date, zone: tzinfo | None = None) -> datetime:
    """Return the beginning of ``day`` in ``zone``, by default the active time zone.

    A day before 1900 counts as the first one of that year, and a day after 2999 as the last: a filter can have any day.
    """
    return timezone.make_aware(datetime.combine(min(max(day, _FIRST), _LAST), time.min), zone)


def end_of(day: date, zone: tzinfo | None = None) -> datetime:
    """Return the moment at which ``day`` is over, as :func:`start_of` returns its beginning."""
    return start_of(min(day, _LAST - timedelta(days=1)) + timedelta(days=1), zone)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set :func:`now` to the aware ``moment`` within the block, for this thread or task."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
