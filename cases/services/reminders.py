"""Members are reminded of a question before their time to answer it is over."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from alliance.lib import clock
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.services import core

AT_MOST = 200


def remind_members() -> int:
    """Remind the members whose answer is due within ``INFORMATION_REMINDER_DAYS``, each once.

    Returns how many were reminded, :data:`AT_MOST` at a time. May run twice or at the same time.
    """
    now = clock.now()
    due = Case.objects.awaiting_answer().filter(
        answer_due_at__gt=now,
        answer_due_at__lte=now + timedelta(days=settings.INFORMATION_REMINDER_DAYS),
        answer_reminded_at=None,
    )
    found = list(due.order_by("answer_due_at", "id")[:AT_MOST])
    return sum(_remind(case) for case in found)


@transaction.atomic
def _remind(case: Case) -> bool:
    case = core.lock(case)
    if case.answer_due_at is None or case.answer_reminded_at or case.is_unanswered:
        return False
    case.answer_reminded_at = clock.now()
    core.record(
        case,
        EventKind.MEMBER_REMINDED,
        by=None,
        role=Audience.MODERATOR,
        audience=core.MEMBER,
        data={"answer_due_at": case.answer_due_at.isoformat()},
    )
    return True
