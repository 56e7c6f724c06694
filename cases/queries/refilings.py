"""Cases that file a rejected case again."""

from __future__ import annotations

from django.db.models import F

from cases.models import Case
from cases.states import Status


def is_possible(case: Case, again: Case | None) -> bool:
    """Return whether ``case`` can be filed again. ``again`` is that of :func:`latest`.

    ``case`` has its decision in force (:meth:`CaseQuerySet.with_decision`).
    """
    decision = case.joined_decision
    reason = decision.reason if decision else None
    return bool(case.status == Status.REJECTED and again is None and reason and reason.can_refile)


def latest(case: Case) -> Case | None:
    """Return the latest case that files ``case`` again, or else the latest draft. Withdrawn cases are ignored.

    Makes one query. Returns ``None`` if there is none or ``case`` is not rejected.
    """
    if case.status != Status.REJECTED:
        return None
    again = case.refilings.exclude(status=Status.WITHDRAWN)
    return again.order_by(F("submitted_at").desc(nulls_last=True), "-created_at", "-pk").first()
