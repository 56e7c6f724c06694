"""Cases that file a rejected case again."""

from __future__ import annotations

from cases.models import Case
from cases.states import Status


def latest(case: Case) -> Case | None:
    """Return the latest case, or draft, that files ``case`` again. Withdrawn cases are ignored.

    Returns ``None`` if there is none or ``case`` is not rejected.
    """
    if case.status != Status.REJECTED:
        return None
    again = case.refilings.exclude(status=Status.WITHDRAWN)
    return again.order_by("-created_at", "-pk").first()
