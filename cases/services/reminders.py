"""Reminders to members of unanswered questions before the deadline."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction

from alliance.lib import clock
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.services import core

BATCH = 200


def remind_members() -> int:
    """Remind members whose answer is due within ``INFORMATION_REMINDER_DAYS``, once for each question.

    Returns the number of reminders, at most :data:`BATCH`. Concurrent calls are safe.
    """
    now = clock.now()
    due = Case.objects.awaiting_answer().filter(
        answer_due_at__gt=now,
        answer_due_at__lte=now + timedelta(days=settings.INFORMATION_REMINDER_DAYS),
        answer_reminded_at=None,
    )
    found = list(due.order_by("answer_due_at", "id")[:BATCH])
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
