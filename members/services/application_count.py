"""The number of applications to review, for the navigation of moderators.

It is kept in the cache by those who change it, so that pages do not count. Without the cache the number is not shown
until the next change, or until somebody opens the list.
"""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from alliance.lib import counts
from members.models import Application

_KEY = "applications_to_review"


def refresh() -> int:
    """Count the applications to review, up to the cap of counts, and keep the number; return it."""
    waiting = Application.objects.filter(status=Application.Status.SUBMITTED)
    number = counts.count(waiting)
    cache.set(_KEY, number, None)
    return number


def refresh_on_commit() -> None:
    """Call :func:`refresh` after the transaction that changes the number."""
    transaction.on_commit(refresh, robust=True)


def shown() -> str:
    """Return the number in words, or ``""`` for none. Makes no query."""
    number = cache.get(_KEY)
    return counts.words(number) if isinstance(number, int) and number else ""
