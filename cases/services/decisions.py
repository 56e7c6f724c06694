"""Decisions on cases and listings, removals, strikes, counter-notices and closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib import clock
from alliance.lib.refusals import Conflict, Refusal
from alliance.lib.text import colon
from cases.models import Case, CaseEvent, CounterNotice, Decision, Listing, ReasonCode, Strike
from cases.models.event import Audience, EventKind
from cases.services import core, counter_notices, letters, triage
from cases.states import Outcome, Status, Violation
from members.models import User

# The points of a strike and how long they last. Large marketplaces commonly use 365 days.
STRIKE_POINTS = {Violation.COUNTERFEIT: 12}
ORDINARY_POINTS = 4
STRIKE_LIFE = timedelta(days=365)
# The time to decide a counter-notice, from the member's deadline to answer it.
COUNTER_NOTICE_WINDOW = timedelta(days=2)


@transaction.atomic
def decide_listings(*, case: Case, by: User, outcomes: Mapping[int, str]) -> Case:
    """Set the outcomes of listings of a case in review: ``{listing id: Listing.Outcome}``.

    Outcomes can be changed until the case is decided. Raises :class:`Conflict` if ``by`` no longer has the
    case and :class:`Refusal` for a listing of another case.
    """
    case = core.lock(case)
    core.check(case, "uphold", by)
    _with_outcomes(case, outcomes)
    for outcome in Listing.Outcome:
        chosen = [pk for pk, one in outcomes.items() if one == outcome]
        case.listings.filter(pk__in=chosen).update(outcome=outcome)
    triage.renew(case, by)
    return case


@transaction.atomic
def uphold(
    *,
    case: Case,
    by: User,
    reason: ReasonCode,
    ground: str,
    facts: str,
    expected_version: int,
    outcomes: Mapping[int, str] | None = None,
    left_up_reason: ReasonCode | None = None,
) -> Case:
    """Uphold the complaint: request the removal of listings marked "remove" and add a strike to the seller.

    ``expected_version`` is the version on the moderator's page; :class:`Conflict` is raised if the case has
    changed since. ``outcomes`` are set first, as by :func:`decide_listings`. Every listing needs an outcome, and
    at least one must be marked for removal. If a listing is left up, ``left_up_reason`` is required, which must be a
    reason for rejections. Idempotent.
    """
    case = core.lock(case)
    if _already(case, Status.UPHELD, by, facts):
        return case
    core.check(case, "uphold", by)
    _check_version(case, expected_version)
    decided = _with_outcomes(case, outcomes or {})
    left_up_reason = _check_listings(decided, left_up_reason)
    decision = _decide(
        case, Outcome.UPHELD, by, reason, ground=ground, facts=facts, left_up_reason=left_up_reason
    )
    count = _request_removal(case, decided)
    core.move(case, "uphold")
    case.decided_at = decision.decided_at
    upheld = core.new_event(
        EventKind.UPHELD,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        note=decision.facts,
        data={"reason": reason.code, "listings": count},
    )
    core.record_all(case, upheld, _strike(case, by))
    return case


@transaction.atomic
def reject(*, case: Case, by: User, reason: ReasonCode, facts: str, expected_version: int) -> Case:
    """Reject the complaint with a reason that explains how to fix it and file again. Idempotent.

    ``expected_version`` as in :func:`uphold`. Raises :class:`Refusal` for a reason with another use.
    """
    case = core.lock(case)
    if _already(case, Status.REJECTED, by, facts):
        return case
    core.check(case, "reject", by)
    return _reject(case, "reject", by, reason, facts, expected_version)


@transaction.atomic
def reject_unanswered(
    *, case: Case, by: User, reason: ReasonCode, facts: str, expected_version: int
) -> Case:
    """Reject the complaint because the member did not answer in time. Idempotent.

    Any moderator can do this. Raises :class:`Conflict` before the member's deadline.
    """
    case = core.lock(case)
    if _already(case, Status.REJECTED, by, facts):
        return case
    core.check(case, "reject_unanswered", by)
    if not case.is_unanswered:
        raise Conflict(_("The member’s deadline to answer has not passed yet."))
    return _reject(case, "reject_unanswered", by, reason, facts, expected_version)


def _reject(
    case: Case, verb: str, by: User, reason: ReasonCode, facts: str, expected_version: int
) -> Case:
    _check_version(case, expected_version)
    if reason.use != ReasonCode.Use.REJECT:
        raise Refusal(_("Choose a reason for rejecting the complaint."))
    decision = _decide(case, Outcome.REJECTED, by, reason, facts=facts)
    case.listings.update(
        status=Listing.Status.LEFT_UP, outcome=Listing.Outcome.LEAVE_UP, is_open=False
    )
    core.move(case, verb)
    case.decided_at = decision.decided_at
    core.record(
        case,
        EventKind.REJECTED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        note=decision.facts,
        data={"reason": reason.code},
    )
    return case


@transaction.atomic
def record_removal(*, case: Case, by: User) -> Case:
    """Record that the marketplace has removed the listings. Idempotent."""
    case = core.lock(case)
    if case.status == Status.REMOVED and by.is_moderator:
        return case
    core.check(case, "record_removal", by)
    count = case.listings.filter(status=Listing.Status.REMOVAL_REQUESTED).update(
        status=Listing.Status.REMOVED
    )
    core.move(case, "record_removal")
    core.record(
        case,
        EventKind.LISTINGS_REMOVED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        data={"listings": count},
    )
    return case


@transaction.atomic
def record_counter_notice(*, case: Case, by: User, statement: str) -> Case:
    """Record the seller's counter-notice as the marketplace forwarded it. Idempotent.

    The member is notified by email and can answer for ``COUNTER_NOTICE_ANSWER_DAYS`` days.
    """
    case = core.lock(case)
    if case.status == Status.COUNTER_NOTICED and core.is_repeat(
        case, EventKind.COUNTER_NOTICED, by, statement
    ):
        return case
    core.check(case, "record_counter_notice", by)
    if not statement.strip():
        raise Refusal(_("Enter the seller’s statement."))
    now = clock.now()
    until = now + timedelta(days=settings.COUNTER_NOTICE_ANSWER_DAYS)
    CounterNotice.objects.create(
        case=case,
        statement=statement.strip(),
        received_at=now,
        recorded_by=by,
        answer_due_at=until,
        due_at=until + COUNTER_NOTICE_WINDOW,
    )
    core.move(case, "record_counter_notice")
    core.record(
        case,
        EventKind.COUNTER_NOTICED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        note=statement.strip(),
    )
    return case


@transaction.atomic
def uphold_again(*, case: Case, by: User, facts: str) -> Case:
    """Reject the counter-notice: the listings stay removed. Idempotent.

    Raises what :func:`counter_notices.check_decidable` does.
    """
    case = core.lock(case)
    if case.status == Status.REMOVED and core.is_repeat(case, EventKind.UPHELD_AGAIN, by, facts):
        return case
    core.check(case, "uphold_again", by)
    _resolve_counter_notice(case, by, CounterNotice.Status.REFUSED, facts)
    core.move(case, "uphold_again")
    core.record(
        case,
        EventKind.UPHELD_AGAIN,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        note=facts.strip(),
    )
    return case


@transaction.atomic
def reinstate(*, case: Case, by: User, facts: str) -> Case:
    """Accept the counter-notice: reinstate the listings and revoke the strike. Idempotent.

    Raises what :func:`uphold_again` does.
    """
    case = core.lock(case)
    if _already(case, Status.REINSTATED, by, facts):
        return case
    core.check(case, "reinstate", by)
    _resolve_counter_notice(case, by, CounterNotice.Status.ACCEPTED, facts)
    decision = _decide(case, Outcome.REINSTATED, by, None, facts=facts)
    case.listings.filter(status=Listing.Status.REMOVED).update(status=Listing.Status.LIVE)
    case.listings.update(is_open=False)
    Strike.objects.filter(case=case, revoked_at=None).update(revoked_at=decision.decided_at)
    core.move(case, "reinstate")
    core.record(
        case,
        EventKind.REINSTATED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
        note=decision.facts,
    )
    return case


@transaction.atomic
def close(*, case: Case, by: User) -> Case:
    """Close a case whose listings are removed or reinstated. Idempotent."""
    case = core.lock(case)
    if case.status == Status.CLOSED and by.is_moderator:
        return case
    core.check(case, "close", by)
    core.move(case, "close")
    case.closed_at = clock.now()
    case.listings.update(is_open=False)
    core.record(
        case,
        EventKind.CLOSED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER_AND_LIAISON,
    )
    return case


def _already(case: Case, status: Status, by: User, facts: str) -> bool:
    """Return whether ``by`` has already made this decision with these facts, as after a double click."""
    same = case.decisions.filter(superseded_at=None, decided_by=by, facts=facts.strip())
    return case.status == status and same.exists()


def _check_version(case: Case, expected: int) -> None:
    if case.version != expected:
        last = case.events.order_by("-sequence").first()
        what = f"{last.actor_label}{colon()}{last.get_kind_display()}" if last else ""
        raise Conflict(
            _(
                "The case changed while you were deciding (%(what)s). Check it again. Your text is kept."
            )
            % {"what": what}
        )


def _with_outcomes(case: Case, outcomes: Mapping[int, str]) -> dict[int, str]:
    """Return the outcome of each listing of the case by its primary key, after a change to ``outcomes``.

    Saves nothing. Raises :class:`Refusal` for a listing of another case.
    """
    stored = dict(case.listings.order_by("pk").values_list("pk", "outcome"))
    if not outcomes.keys() <= stored.keys():
        raise Refusal(_("Some of these listings do not belong to this case."))
    return stored | {pk: Listing.Outcome(outcome) for pk, outcome in outcomes.items()}


def _request_removal(case: Case, decided: Mapping[int, str]) -> int:
    """Save the outcome and status of each listing; return how many listings are to be removed."""
    removed, left_up = (
        case.listings.filter(pk__in=[pk for pk, one in decided.items() if one == outcome])
        for outcome in (Listing.Outcome.REMOVE, Listing.Outcome.LEAVE_UP)
    )
    left_up.update(outcome=Listing.Outcome.LEAVE_UP, status=Listing.Status.LEFT_UP, is_open=False)
    return removed.update(outcome=Listing.Outcome.REMOVE, status=Listing.Status.REMOVAL_REQUESTED)


def _check_listings(
    decided: Mapping[int, str], left_up_reason: ReasonCode | None
) -> ReasonCode | None:
    """Check the outcomes; return the reason for the listings left up, or ``None`` if there are none."""
    outcomes = Counter(decided.values())
    undecided = outcomes[Listing.Outcome.UNDECIDED]
    if undecided:
        raise Refusal(
            ngettext(
                "%(count)d listing has no decision yet.",
                "%(count)d listings have no decision yet.",
                undecided,
            )
            % {"count": undecided}
        )
    if not outcomes[Listing.Outcome.REMOVE]:
        raise Refusal(
            _("No listing is marked for removal. Mark at least one, or reject the complaint.")
        )
    if not outcomes[Listing.Outcome.LEAVE_UP]:
        return None
    if left_up_reason is None or left_up_reason.use != ReasonCode.Use.REJECT:
        raise Refusal(_("Choose the reason for the listings that are left up."))
    return left_up_reason


def _decide(
    case: Case,
    outcome: Outcome,
    by: User,
    reason: ReasonCode | None,
    *,
    ground: str = "",
    facts: str,
    left_up_reason: ReasonCode | None = None,
) -> Decision:
    """Add the new current decision and set the outcome of ``case``. The caller saves the case."""
    letters.check_facts(facts)
    if outcome == Outcome.UPHELD:
        if reason is None or reason.use != ReasonCode.Use.UPHOLD:
            raise Refusal(_("Choose a reason for upholding the complaint."))
        if ground not in Decision.Ground.values:
            raise Refusal(_("Choose the ground of the decision."))
    now = clock.now()
    if case.outcome:  # Without an outcome, there is no decision in force.
        core.supersede(case, at=now)
    case.outcome = outcome
    return Decision.objects.create(
        case=case,
        outcome=outcome,
        reason=reason,
        left_up_reason=left_up_reason,
        ground=ground,
        facts=facts.strip(),
        decided_by=by,
        decided_at=now,
    )


def _strike(case: Case, by: User) -> CaseEvent:
    """Add a strike to the seller; return its event, which the caller records."""
    assert case.seller_id is not None  # constraint: a submitted case names a seller
    points = STRIKE_POINTS.get(Violation(case.violation), ORDINARY_POINTS)
    now = clock.now()
    Strike.objects.create(
        case=case,
        seller_id=case.seller_id,
        points=points,
        issued_at=now,
        expires_at=now + STRIKE_LIFE,
    )
    return core.new_event(
        EventKind.STRIKE_ISSUED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        data={"points": points},
    )


def _resolve_counter_notice(case: Case, by: User, status: CounterNotice.Status, facts: str) -> None:
    counter_notices.check_decidable(case, by)
    letters.check_facts(facts)
    case.counter_notices.filter(status=CounterNotice.Status.OPEN).update(
        status=status, resolved_by=by, resolved_at=clock.now()
    )
