"""The time as services see it.

Services ask :func:`now` instead of Django, so that the demo alliance can replay two years of work
through the very services that run in production, and tests can stand at a given moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pinned: ContextVar[datetime | None] = ContextVar("pinned_clock", default=None)


def now() -> datetime:
    """Return the moment, aware and in UTC: the real one, or the one pinned by :func:`at`."""
    return _pinned.get() or timezone.now()


def utc_today() -> date:
    """Return the UTC date of :func:`now`."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pin :func:`now` to the aware ``moment`` inside the block (this thread or task only)."""
    token = _pinned.set(moment)
    try:
        yield
    finally:
        _pinned.reset(token)
