"""The member answers a seller's counter-notice; who may decide on it, and from when."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import clock
from cases.models import Case, CounterNotice
from cases.models.event import Audience, EventKind
from cases.permissions import did_not_uphold, files_for_member
from cases.services import core
from cases.services.refusals import Conflict, NotAllowed, Refusal
from members.models import User


@transaction.atomic
def answer(*, case: Case, by: User, answer: str) -> Case:
    """Record the member's answer to the seller's objection, for the moderator who decides. Twice is once.

    Raises :class:`NotAllowed` for somebody who may not file for the member, :class:`Conflict` when there is
    another answer already, when the time to answer is over, and when the objection was decided.
    """
    case = core.lock(case)
    if not files_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    words = answer.strip()
    latest = case.counter_notices.order_by("-pk").first()
    if latest and latest.answered_at and (latest.answered_by_id, latest.answer) == (by.pk, words):
        return case
    notice = open_notice(case)
    if notice is None:
        raise Conflict(_("No counter-notice is open on this case."))
    check_open_to_answer(notice)
    if not words:
        raise Refusal(_("Write an answer first."))
    notice.answer, notice.answered_by, notice.answered_at = words, by, clock.now()
    notice.save()
    core.record(
        case,
        EventKind.COUNTER_NOTICE_ANSWERED,
        by=by,
        role=Audience.MEMBER,
        audience=core.MEMBER,
        note=words,
    )
    return case


def open_notice(case: Case) -> CounterNotice | None:
    """Return the counter-notice that waits for a decision, if there is one."""
    if hasattr(case, "objection"):  # the page of the case brings it along
        found: CounterNotice | None = case.objection
        return found
    return case.counter_notices.filter(status=CounterNotice.Status.OPEN).first()


def check_open_to_answer(notice: CounterNotice) -> None:
    """Raise :class:`Conflict` when the member has answered ``notice`` or may no longer answer it."""
    if notice.answered_at is not None:
        raise Conflict(
            _("The counter-notice was answered already. The first answer stays as it is.")
        )
    if not notice.awaits_answer:
        raise Conflict(_("The time to answer the counter-notice is over."))


def undecidable(*, case: Case, by: User) -> str:
    """Say why ``by``, a moderator, cannot decide the open counter-notice of ``case`` now; ``""`` if they can."""
    if not did_not_uphold(by, case):
        return _("You upheld this case. Another moderator has to decide on the counter-notice.")
    notice = open_notice(case)
    if notice is None or not notice.awaits_answer:
        return ""
    assert notice.answer_due_at is not None  # or it would not wait
    until = timezone.localtime(notice.answer_due_at)
    return _(
        "%(member)s can answer the counter-notice until %(time)s (%(zone)s). It can be decided once the "
        "answer is there or the time is over."
    ) % {
        "member": case.member.name,
        "time": date_format(until, pgettext("date format", "j M Y, H:i")),
        "zone": timezone.get_current_timezone_name(),
    }


def check_decidable(case: Case, by: User) -> None:
    """Refuse a decision on the open counter-notice that ``by``, a moderator, cannot make now.

    Raises :class:`NotAllowed` for the moderator who upheld the case, :class:`Conflict` while the member may
    answer.
    """
    if reason := undecidable(case=case, by=by):
        raise Conflict(reason) if did_not_uphold(by, case) else NotAllowed(reason)
