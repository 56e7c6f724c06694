"""The member's answer to a counter-notice, and the checks before a moderator decides on it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, CounterNotice
from cases.models.event import Audience, EventKind
from cases.permissions import did_not_uphold, may_file_for_member
from cases.services import core
from cases.states import Status
from members.models import User


@transaction.atomic
def answer(*, case: Case, by: User, note: str) -> Case:
    """Record the member's answer to the open counter-notice. Idempotent.

    Raises :class:`NotAllowed` if ``by`` may not file for the member, :class:`Conflict` if there is another answer
    already, the deadline has passed or the counter-notice is decided, and :class:`Refusal` if ``note`` is empty.
    """
    case = core.lock(case)
    if not may_file_for_member(by, case):
        raise NotAllowed(_("Your role does not allow this."))
    words = note.strip()
    latest = case.counter_notices.order_by("-pk").first()
    if latest and latest.answered_at and (latest.answered_by_id, latest.answer) == (by.pk, words):
        return case
    notice = open_notice(case)
    if notice is None:
        raise Conflict(_("This case has no open counter-notice."))
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
    """Return the open counter-notice, if there is one. Makes no query unless the status says so."""
    if hasattr(case, "open_notice"):  # annotated by the page of the case
        found: CounterNotice | None = case.open_notice
        return found
    if case.status != Status.COUNTER_NOTICED:
        return None
    return case.counter_notices.filter(status=CounterNotice.Status.OPEN).first()


def check_open_to_answer(notice: CounterNotice) -> None:
    """Raise :class:`Conflict` if the member has answered ``notice`` or the deadline to answer has passed."""
    if notice.answered_at is not None:
        raise Conflict(
            _("The counter-notice has already been answered. The answer cannot be changed.")
        )
    if not notice.awaits_answer:
        raise Conflict(_("The deadline to answer the counter-notice has passed."))


def undecidable(*, case: Case, by: User) -> str:
    """Return why the moderator ``by`` cannot decide the open counter-notice now, or ``""`` if they can."""
    if not did_not_uphold(by, case):
        return _("You upheld this case, so another moderator must decide on the counter-notice.")
    notice = open_notice(case)
    if notice is None or not notice.awaits_answer:
        return ""
    assert notice.answer_due_at is not None  # awaits_answer checks it
    until = timezone.localtime(notice.answer_due_at)
    return _(
        "%(member)s can answer the counter-notice until %(time)s (%(zone)s). You can decide after the answer "
        "arrives or the deadline passes."
    ) % {
        "member": case.member.name,
        "time": date_format(until, pgettext("date format", "j M Y, H:i")),
        "zone": timezone.get_current_timezone_name(),
    }


def check_decidable(case: Case, by: User) -> None:
    """Check that the moderator ``by`` can decide the open counter-notice now.

    Raises :class:`NotAllowed` for the moderator who upheld the case, and :class:`Conflict` while the member can
    answer.
    """
    if reason := undecidable(case=case, by=by):
        raise Conflict(reason) if did_not_uphold(by, case) else NotAllowed(reason)
