"""The current time for services, which tests and the demo can set.

Services call :func:`now` instead of ``timezone.now()``. The demo replays two years through the services of
production, and tests run at a fixed time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta

from django.utils import timezone

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


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Set :func:`now` to the aware ``moment`` within the block, for this thread or task."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
