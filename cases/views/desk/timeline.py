"""The timeline of a case for brand staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import visibility
from cases.models import Case, CaseEvent
from cases.models.event import EventKind
from cases.queries.timeline import actor_for_member, with_reasons
from cases.views.event_styles import style_of
from members.models import User


@dataclass(frozen=True)
class Entry:
    """An event, ready to be shown."""

    kind: str
    title: str
    at: datetime
    actor: str
    text: str
    icon: str
    tone: str
    case: Case


def entries(events: QuerySet[CaseEvent]) -> list[Entry]:
    """Return ``events`` as entries of a timeline, in the same order."""
    return [
        _entry(
            event, getattr(event, "reason_label", "") or "", getattr(event, "reason_fix", "") or ""
        )
        for event in with_reasons(events)
    ]


def of_case(case: Case, user: User) -> list[Entry]:
    """Return the events of ``case`` that ``user`` may read, the latest first."""
    events = visibility.events(user, case=case)
    return entries(events.select_related("case").order_by("-sequence"))


def _entry(event: CaseEvent, reason: str, fix: str) -> Entry:
    style = style_of(event.kind)
    text = [_details(event), reason, event.note]
    if event.kind == EventKind.REJECTED and fix:
        text.append(_("How to fix it: %(fix)s") % {"fix": fix})
    return Entry(
        kind=event.kind,
        title=event.get_kind_display(),
        at=event.at,
        actor=actor_for_member(event),
        text="\n".join(line for line in text if line),
        icon=style.icon,
        tone=style.tone,
        case=event.case,
    )


def _details(event: CaseEvent) -> str:
    if event.kind == EventKind.EVIDENCE_ADDED:
        return str(event.data.get("name", ""))
    count = event.data.get("listings")
    if not isinstance(count, int):
        return ""
    return ngettext("%(count)d listing", "%(count)d listings", count) % {"count": count}
