"""Delete expired sessions. Django and allauth do not delete their rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from alliance.lib import clock

BATCH_SIZE = 2000
# allauth saves its row before Django saves the session.
GRACE_PERIOD = timedelta(hours=1)


def delete_expired() -> int:
    """Delete a batch of expired sessions and of allauth's rows without a session. Returns the number of rows.

    Safe to run in several workers at once.
    """
    now = clock.now()
    expired = Session.objects.filter(expire_date__lt=now).order_by("expire_date")
    existing = Session.objects.filter(session_key=OuterRef("session_key"))
    orphaned = UserSession.objects.filter(~Exists(existing), created_at__lt=now - GRACE_PERIOD)
    return _delete(expired) + _delete(orphaned.order_by("pk"))


def _delete(rows: QuerySet[Any]) -> int:
    batch = list(rows.values_list("pk", flat=True)[:BATCH_SIZE])
    count, _by_model = rows.model.objects.filter(pk__in=batch).delete()
    return int(count)
