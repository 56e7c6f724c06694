"""The timeline of a case in words for brand staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from cases import visibility
from cases.models import Case, CaseEvent, ReasonCode
from cases.models.event import Audience, EventKind
from members.models import User

# Icon and tone of each step; the others are steps of law enforcement.
_LOOKS: dict[str, tuple[str, str]] = {
    EventKind.SUBMITTED: ("send", "info"),
    EventKind.CLAIMED: ("eye", "info"),
    EventKind.INFORMATION_REQUESTED: ("question", "warning"),
    EventKind.MEMBER_REMINDED: ("bell", "warning"),
    EventKind.ANSWERED: ("comment", "info"),
    EventKind.EVIDENCE_ADDED: ("paperclip", "neutral"),
    EventKind.LISTINGS_DESCRIBED: ("edit", "neutral"),
    EventKind.UPHELD: ("gavel", "success"),
    EventKind.REJECTED: ("x-circle", "danger"),
    EventKind.LISTINGS_REMOVED: ("check-circle", "success"),
    EventKind.COUNTER_NOTICED: ("flag", "warning"),
    EventKind.COUNTER_NOTICE_ANSWERED: ("comment", "info"),
    EventKind.UPHELD_AGAIN: ("gavel", "success"),
    EventKind.REINSTATED: ("undo", "warning"),
    EventKind.CLOSED: ("archive", "neutral"),
    EventKind.WITHDRAWN: ("undo", "neutral"),
    EventKind.REFERRED: ("shield", "info"),
    EventKind.REFERRAL_WITHDRAWN: ("undo", "neutral"),
    EventKind.OPERATION_RETRACTED: ("x-circle", "warning"),
}
_OTHER = ("bank", "success")


@dataclass(frozen=True)
class Entry:
    """One step as it is shown."""

    kind: str
    title: str
    at: datetime
    actor: str
    text: str
    icon: str
    tone: str
    case: Case


def entries(events: QuerySet[CaseEvent]) -> list[Entry]:
    """Return ``events`` in their order, as entries of a timeline."""
    chinese = (get_language() or "").startswith("zh")
    label, fix = ("label_zh", "how_to_fix_zh") if chinese else ("label", "how_to_fix")
    reasons = ReasonCode.objects.filter(code=OuterRef("code"))
    return [
        _entry(event, getattr(event, "reason_label", "") or "", getattr(event, "fix", "") or "")
        for event in events.annotate(
            code=KT("data__reason"),
            reason_label=Subquery(reasons.values(label)[:1]),
            fix=Subquery(reasons.values(fix)[:1]),
        )
    ]


def of_case(case: Case, user: User) -> list[Entry]:
    """Return what ``user`` may read of the case's timeline, the latest step first."""
    return entries(visibility.events(user).filter(case=case).order_by("-sequence"))


def _entry(event: CaseEvent, reason: str, fix: str) -> Entry:
    icon, tone = _LOOKS.get(event.kind, _OTHER)
    text = [_particulars(event), reason, event.note]
    if event.kind == EventKind.REJECTED and fix:
        text.append(_("How to fix it: %(fix)s") % {"fix": fix})
    return Entry(
        kind=event.kind,
        title=event.get_kind_display(),
        at=event.at,
        actor=_actor(event),
        text="\n".join(line for line in text if line),
        icon=icon,
        tone=tone,
        case=event.case,
    )


def _actor(event: CaseEvent) -> str:
    """Colleagues by name; moderators and officers by what they are, not who."""
    if event.actor_role == Audience.MEMBER:
        return event.actor_label
    return event.get_actor_role_display()


def _particulars(event: CaseEvent) -> str:
    if event.kind == EventKind.EVIDENCE_ADDED:
        return str(event.data.get("name", ""))
    count = event.data.get("listings")
    if not isinstance(count, int):
        return ""
    return ngettext("%(count)d listing", "%(count)d listings", count) % {"count": count}
