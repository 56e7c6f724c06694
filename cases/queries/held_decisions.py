"""Held decisions: those of a moderator, and the chain of decisions of a case that a second moderator reviewed."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from cases.models import Case, HeldDecision
from cases.models.held_decision import HeldDecisionQuerySet
from members.models import User

# A moderator who decides a case every few seconds has this many in a minute.
SHOWN = 20
# A case that is reviewed more often is not read to its end.
CHAIN = 50


def to_show(
    user: User, *, besides: Case | None = None, with_second: bool = False
) -> list[HeldDecision]:
    """Return the decisions of ``user`` that can be undone, and the notices of those that ended; the newest first.

    ``with_second`` adds those that wait for a second moderator, for hours. ``besides`` is a case whose page shows its own
    decision. Makes one query.
    """
    rows = HeldDecision.objects.open() | HeldDecision.objects.notices()
    rows = rows.filter(by=user)
    if not with_second:
        rows = rows.exclude(state=HeldDecision.State.SECOND)
    if besides is not None:
        rows = rows.exclude(case=besides, state=HeldDecision.State.WAITING)
    return list(rows.select_related("case", "second_by").order_by("-created_at", "-pk")[:SHOWN])


def are_reviewed() -> Exists:
    """Return whether a second moderator reviewed a decision, or is to do so, as an annotation of cases."""
    return Exists(_reviewed().filter(case=OuterRef("pk")))


def chain(case: Case) -> list[HeldDecision]:
    """Return the decisions of the case that a second moderator reviewed or overrode, the oldest first. Makes one query."""
    rows = _reviewed().filter(case=case).select_related("by", "second_by")
    return list(rows.order_by("created_at", "pk")[:CHAIN])


def _reviewed() -> HeldDecisionQuerySet:
    return HeldDecision.objects.filter(~Q(rule_name="") | Q(replaces__isnull=False))
