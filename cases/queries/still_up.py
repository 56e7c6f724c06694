"""The answer to “Why is it still up?” for each listing of a case, from a closed set, for the staff of its member.

The answer is a code with at most a time and a reason, worded in the reader's language and time zone. It makes no
query: the page of the case has loaded what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext

from alliance.lib import clock
from cases.models import Case, CounterNotice, Listing, ReasonCode
from cases.states import Outcome, Status


class Answer(StrEnum):
    """The possible answers. The comment above each one says what its time is; the others have none."""

    DRAFT = "draft"
    # The deadline of the decision.
    AWAITS_MODERATOR = "awaits_moderator"
    # The same, and it has passed.
    OVERDUE = "overdue"
    # The member's deadline to answer.
    AWAITS_MEMBER = "awaits_member"
    UNANSWERED = "unanswered"
    # When the complaint was decided. These have a reason; the second one can be fixed and filed again.
    LEFT_UP = "left_up"
    LEFT_UP_FIXABLE = "left_up_fixable"
    # The same, without a reason: a later decision on a counter-notice is in force.
    LEFT_UP_EARLIER = "left_up_earlier"
    # When the removal was requested.
    REMOVAL_REQUESTED = "removal_requested"
    # When the marketplace removed it.
    REMOVED = "removed"
    # The member's deadline to answer the counter-notice.
    COUNTER_NOTICE = "counter_notice"
    # The moderators' deadline to decide on the counter-notice.
    COUNTER_NOTICE_DECIDED_BY = "counter_notice_decided_by"
    # When the counter-notice was accepted.
    REINSTATED = "reinstated"
    WITHDRAWN = "withdrawn"


# A time is written in full if something ends then, and as a day if something happened then.
_DEADLINES = frozenset(
    {
        Answer.AWAITS_MODERATOR,
        Answer.OVERDUE,
        Answer.AWAITS_MEMBER,
        Answer.COUNTER_NOTICE,
        Answer.COUNTER_NOTICE_DECIDED_BY,
    }
)
SENTENCES: dict[Answer, str | Promise] = {
    Answer.DRAFT: gettext_lazy("The draft has not been submitted yet."),
    Answer.AWAITS_MODERATOR: gettext_lazy("A moderator decides by %(time)s."),
    Answer.OVERDUE: gettext_lazy(
        "A moderator has not decided yet; the decision was due by %(time)s."
    ),
    Answer.AWAITS_MEMBER: gettext_lazy(
        "The moderators are waiting for your answer until %(time)s."
    ),
    Answer.UNANSWERED: gettext_lazy(
        "The moderators’ question was not answered in time, and the case can be rejected."
    ),
    Answer.LEFT_UP: gettext_lazy("Left up on %(time)s: %(reason)s. %(fix)s"),
    Answer.LEFT_UP_FIXABLE: gettext_lazy(
        "Left up on %(time)s: %(reason)s. How to fix it and file again: %(fix)s"
    ),
    Answer.LEFT_UP_EARLIER: gettext_lazy("A moderator decided on %(time)s to leave it up."),
    Answer.REMOVAL_REQUESTED: gettext_lazy(
        "Removal was requested on %(time)s; the marketplace has not confirmed it yet."
    ),
    Answer.REMOVED: gettext_lazy("The marketplace removed it on %(time)s."),
    Answer.COUNTER_NOTICE: gettext_lazy(
        "It stays removed. You can answer the seller’s counter-notice until %(time)s; without an answer, moderators "
        "decide on the information they have and may reinstate it."
    ),
    Answer.COUNTER_NOTICE_DECIDED_BY: gettext_lazy(
        "It stays removed until moderators decide on the seller’s counter-notice, by %(time)s."
    ),
    Answer.REINSTATED: gettext_lazy(
        "It was reinstated on %(time)s because the seller’s counter-notice was accepted."
    ),
    Answer.WITHDRAWN: gettext_lazy("The case was withdrawn before a decision."),
}


@dataclass(frozen=True)
class StillUp:
    """An answer with its time, if it has one, and the reason of the decision, if the listing was left up."""

    answer: Answer
    at: datetime | None = None
    reason: ReasonCode | None = None

    def __str__(self) -> str:
        """Return the answer as a sentence in the active language and time zone."""
        reason, fix = self.reason or "", self.reason.fix if self.reason else ""
        values = {"time": self._time, "reason": str(reason).rstrip(".。"), "fix": fix}
        return (str(SENTENCES[self.answer]) % values).strip()

    @property
    def _time(self) -> str:
        if self.at is None:
            return "–"
        moment = timezone.localtime(self.at)
        if self.answer not in _DEADLINES:
            return date_format(moment, pgettext("date format", "j M Y"))
        until = date_format(moment, pgettext("date format", "j M Y, H:i"))
        return f"{until} ({timezone.get_current_timezone_name()})"


def explain(
    listing: Listing,
    case: Case,
    *,
    notice: CounterNotice | None = None,
    removed_at: datetime | None = None,
) -> StillUp:
    """Return why ``listing`` of ``case`` is still up, or that it is not.

    ``case`` has its decision in force (:meth:`CaseQuerySet.with_decision`). ``notice`` is its open counter-notice, and
    ``removed_at`` the time at which the marketplace confirmed the removal, if there is one.
    """
    if listing.status == Listing.Status.LEFT_UP and case.outcome:
        return _left_up(case)
    if listing.status == Listing.Status.REMOVAL_REQUESTED:
        return StillUp(Answer.REMOVAL_REQUESTED, case.decided_at)
    if listing.status == Listing.Status.REMOVED:
        return _removed(notice, removed_at)
    if case.outcome == Outcome.REINSTATED:
        decision = case.joined_decision
        return StillUp(Answer.REINSTATED, decision.decided_at if decision else None)
    return _undecided(case)


def _undecided(case: Case) -> StillUp:
    if case.status == Status.DRAFT:
        return StillUp(Answer.DRAFT)
    if case.status == Status.WITHDRAWN:
        return StillUp(Answer.WITHDRAWN)
    if case.status == Status.INFORMATION_REQUESTED:
        if case.is_unanswered:
            return StillUp(Answer.UNANSWERED)
        return StillUp(Answer.AWAITS_MEMBER, case.answer_due_at)
    assert case.due_at is not None  # constraint: a submitted case has a deadline
    overdue = case.due_at < clock.now()
    return StillUp(Answer.OVERDUE if overdue else Answer.AWAITS_MODERATOR, case.due_at)


def _left_up(case: Case) -> StillUp:
    decision = case.joined_decision
    reason = decision.left_up_because if decision else None
    if reason is None:
        return StillUp(Answer.LEFT_UP_EARLIER, case.decided_at)
    can_be_fixed = reason.can_refile and reason.fix
    answer = Answer.LEFT_UP_FIXABLE if can_be_fixed else Answer.LEFT_UP
    return StillUp(answer, case.decided_at, reason)


def _removed(notice: CounterNotice | None, removed_at: datetime | None) -> StillUp:
    if notice is None:
        return StillUp(Answer.REMOVED, removed_at)
    if notice.awaits_answer:
        return StillUp(Answer.COUNTER_NOTICE, notice.answer_due_at)
    return StillUp(Answer.COUNTER_NOTICE_DECIDED_BY, notice.due_at)
