"""Timeline events with the texts of their reason codes, read in the same query."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import get_language

from cases.models import CaseEvent, ReasonCode
from cases.models.event import Audience


def with_reasons(events: QuerySet[CaseEvent]) -> QuerySet[CaseEvent]:
    """Annotate ``reason_code``, and ``reason_label`` and ``reason_fix`` in the active language.

    All three are ``None`` for events without a reason.
    """
    chinese = (get_language() or "").startswith("zh")
    label, fix = ("label_zh", "how_to_fix_zh") if chinese else ("label", "how_to_fix")
    reasons = ReasonCode.objects.filter(code=OuterRef("reason_code")).order_by()
    return events.annotate(
        reason_code=KT("data__reason"),
        reason_label=Subquery(reasons.values(label)[:1]),
        reason_fix=Subquery(reasons.values(fix)[:1]),
    )


def actor_for_member(event: CaseEvent) -> str:
    """Return the name of a colleague, or the role of a moderator or officer."""
    if event.actor_role == Audience.MEMBER:
        return event.actor_label
    return event.get_actor_role_display()
