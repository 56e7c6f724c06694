"""Shared by reminders of rows with a ``member`` and the ``reminded_days`` of their last reminder."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from members.models import Member


def not_reminded(days: int) -> Q:
    """Return the condition that neither the reminder ``days`` before nor a later one was sent."""
    return Q(reminded_days=None) | Q(reminded_days__gt=days)


def lock_first_member(due: QuerySet[Any]) -> Member | None:
    """Lock the member of the first row that is ``due``, as changes of its people and rights do; return it."""
    keys = list(due.values_list("member", flat=True)[:1])
    return Member.objects.select_for_update(no_key=True).filter(pk__in=keys).first()
