"""Timeline events with the texts of their reason codes, read in the same query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import get_language

from cases.models import Case, CaseEvent, ReasonCode
from cases.models.event import Audience, EventKind
from cases.states import Status


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


class _Entry(Protocol):
    @property
    def kind(self) -> str: ...


E = TypeVar("E", bound=_Entry)


def removal(entries: Iterable[E]) -> E | None:
    """Return the latest entry that says that listings were removed. The latest of ``entries`` is the first."""
    return _latest(entries, EventKind.LISTINGS_REMOVED)


def open_question(entries: Iterable[E], case: Case) -> E | None:
    """Return the entry with the moderators' question while the case waits for its answer, in the same way."""
    if case.status != Status.INFORMATION_REQUESTED:
        return None
    return _latest(entries, EventKind.INFORMATION_REQUESTED)


def _latest(entries: Iterable[E], kind: EventKind) -> E | None:
    return next((entry for entry in entries if entry.kind == kind), None)


def actor_for_member(event: CaseEvent) -> str:
    """Return the name of a colleague, or the role of a moderator or officer."""
    if event.actor_role == Audience.MEMBER:
        return event.actor_label
    return event.get_actor_role_display()
