"""Cases that file a rejected case again."""

from __future__ import annotations

from django.db.models import F

from cases.models import Case
from cases.states import Status


def latest(case: Case) -> Case | None:
    """Return the latest case that files ``case`` again, or else the latest draft. Withdrawn cases are ignored.

    Makes one query. Returns ``None`` if there is none or ``case`` is not rejected.
    """
    if case.status != Status.REJECTED:
        return None
    again = case.refilings.exclude(status=Status.WITHDRAWN)
    return again.order_by(F("submitted_at").desc(nulls_last=True), "-created_at", "-pk").first()
