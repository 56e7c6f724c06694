"""Cases that file an earlier one again."""

from __future__ import annotations

from cases.models import Case
from cases.states import Status


def latest(case: Case) -> Case | None:
    """Return the latest case that files the rejected ``case`` again; withdrawn ones do not count."""
    if case.status != Status.REJECTED:
        return None
    again = case.refilings.exclude(status=Status.WITHDRAWN)
    return again.order_by("-created_at", "-pk").first()
