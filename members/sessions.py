"""Sessions that ended are deleted: Django and allauth keep their rows for ever."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from alliance.lib import clock

AT_ONCE = 2000
# A person's list of sessions has its row a moment before the session itself is saved.
JUST_MADE = timedelta(hours=1)


def delete_expired() -> int:
    """Delete a batch of sessions that ended, and of allauth's rows about such; return how many rows.

    May run in several workers at once: rows that another one holds are left for it.
    """
    now = clock.now()
    ended = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    known = Session.objects.filter(session_key=OuterRef("session_key"))
    lists = UserSession.objects.filter(~Exists(known), created_at__lt=now - JUST_MADE)
    return _delete(ended) + _delete(lists.order_by("pk"))


def _delete(rows: QuerySet[Any]) -> int:
    batch = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    count, _by_model = rows.model.objects.filter(pk__in=batch).delete()
    return int(count)
