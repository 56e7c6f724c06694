"""Triage by moderators: claiming and releasing cases, requesting information, notes, priority."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.models import Case, ReasonCode
from cases.models.case import HELD, CaseQuerySet
from cases.models.event import Audience, EventKind
from cases.permissions import is_impartial
from cases.services import core, counter_notices, holding, letters
from cases.services.filing import DUE
from cases.states import TRANSITIONS, Priority, Role, Status
from members.models import Membership, User

LEASE = timedelta(minutes=30)
KEEP_EVERY = timedelta(minutes=1)


@transaction.atomic
def claim(*, case: Case, by: User) -> Case:
    """Claim a case for :data:`LEASE`, or renew the lease of ``by``.

    Raises :class:`Conflict` if another moderator has claimed the case or its status does not allow it.
    """
    case = core.lock(case)
    core.check(case, "claim", by)
    if case.is_claimed_by(by):
        renew(case, by)
        return case
    if case.status == Status.IN_REVIEW and case.is_claimed:
        assert case.assignee is not None  # constraint: a lease has an assignee
        raise Conflict(_("%(name)s has already claimed this case.") % {"name": case.assignee.name})
    core.move(case, "claim")
    case.assignee, case.lease_until = by, clock.now() + LEASE
    core.record(case, EventKind.CLAIMED, by=by, role=Audience.MODERATOR, audience=core.MEMBER)
    return case


def renew(case: Case, by: User) -> None:
    """Renew the lease of the locked ``case`` if ``by`` has claimed it. A longer lease stays as it is."""
    if case.is_claimed_by(by):
        assert case.lease_until is not None  # the case is claimed
        case.lease_until = max(case.lease_until, clock.now() + LEASE)
        case.save(update_fields=["lease_until"])


def keep_claim(*, case: Case, by: User) -> None:
    """Renew the lease of ``by`` on the case, in ``case`` too, unless it has ended. At most once in :data:`KEEP_EVERY`.

    For heartbeats: one statement that compares and sets, so it never takes the case from somebody else.
    """
    now = clock.now()
    held = Case.objects.filter(
        pk=case.pk, assignee=by, lease_until__gt=now, lease_until__lt=now + LEASE - KEEP_EVERY
    )
    if by.is_moderator and held.update(lease_until=now + LEASE):
        case.assignee, case.lease_until = by, now + LEASE


@transaction.atomic
def claim_next(
    *, by: User, among: CaseQuerySet | None = None, double_click: timedelta | None = None
) -> Case | None:
    """Claim the unclaimed case with the earliest deadline, or return ``None`` if there is none.

    Concurrent calls get different cases. ``among`` limits the choice, for example to a filtered list. A second
    call by the same person within ``double_click`` returns the case just claimed.
    """
    if not by.is_moderator:
        raise NotAllowed(_("Your role does not allow this."))
    if double_click:
        # Serialise the requests of one person. This lock allows inserts that refer to the user.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        if just_claimed := _just_claimed(by, double_click):
            return just_claimed
    free = (
        (Case.objects.all() if among is None else among)
        .awaiting_triage()
        .exclude(member__in=Membership.objects.members_of(by))
        .order_by("due_at", "id")
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .first()
    )
    return claim(case=free, by=by) if free else None


def _just_claimed(by: User, within: timedelta) -> Case | None:
    claimed = Case.objects.filter(assignee=by, lease_until__gt=clock.now() + LEASE - within)
    claimed = claimed.exclude(held_decisions__state__in=HELD)  # already decided, without an event
    for case in claimed.order_by("-lease_until")[:1]:
        last = case.events.order_by("-sequence").first()
        # A later event shows that the person has worked on the case, so this is not a double click.
        if last and last.kind == EventKind.CLAIMED and last.actor_id == by.pk:
            return case
    return None


@transaction.atomic
def release(*, case: Case, by: User) -> Case:
    """Release the case to the queue. Idempotent."""
    case = core.lock(case)
    if case.status == Status.SUBMITTED and by.is_moderator:
        return case
    core.check(case, "release", by)
    core.move(case, "release")
    core.record(case, EventKind.RELEASED, by=by, role=Audience.MODERATOR, audience=core.MODERATORS)
    return case


@transaction.atomic
def request_information(*, case: Case, by: User, reason: ReasonCode, note: str) -> Case:
    """Request information from the member; ``note`` is shown to them. Idempotent.

    The case is on hold until the answer arrives. The member has ``INFORMATION_ANSWER_DAYS`` days to answer.
    """
    case = core.lock(case)
    if case.status == Status.INFORMATION_REQUESTED and core.is_repeat(
        case, EventKind.INFORMATION_REQUESTED, by, note
    ):
        return case
    core.check(case, "request_information", by)
    if reason.use != ReasonCode.Use.REQUEST:
        raise Refusal(_("Choose a reason for the request."))
    if not note.strip():
        raise Refusal(_("Explain what the member has to provide."))
    letters.check(note)
    core.move(case, "request_information")
    case.asked_at = clock.now()
    case.answer_due_at = case.asked_at + timedelta(days=settings.INFORMATION_ANSWER_DAYS)
    core.record(
        case,
        EventKind.INFORMATION_REQUESTED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MEMBER,
        note=note.strip(),
        data={"reason": reason.code},
    )
    return case


@transaction.atomic
def comment(*, case: Case, by: User, note: str) -> Case:
    """Add an internal note, which only moderators see. Idempotent."""
    case = core.lock(case)
    core.check_moderator(case, by)
    holding.check_free(case)
    if not note.strip():
        raise Refusal(_("Enter a note."))
    if core.is_repeat(case, EventKind.COMMENTED, by, note):
        return case
    renew(case, by)
    core.record(
        case,
        EventKind.COMMENTED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        note=note.strip(),
    )
    return case


@transaction.atomic
def set_priority(*, case: Case, by: User, priority: Priority) -> Case:
    """Change the priority of an open case, as a moderator or an admin. Idempotent.

    ``due_at`` is recomputed for the new priority from the same start. Raises :class:`NotAllowed`, or
    :class:`Conflict` if the case is a draft or has ended.
    """
    case = core.lock(case)
    if not (by.is_active and (by.is_moderator or by.is_staff)):
        raise NotAllowed(_("Your role does not allow this."))
    if not is_impartial(by, case):
        raise NotAllowed(core.conflict_of_interest(case))
    if not case.is_open or case.due_at is None:
        raise core.wrong_status(case)
    before, after = Priority(case.priority), Priority(priority)
    if before == after:
        return case
    case.priority, case.due_at = after, case.due_at - DUE[before] + DUE[after]
    case.updated_at = clock.now()  # the member does not see the event, but sees the deadline
    core.record(
        case,
        EventKind.PRIORITY_CHANGED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        data={"from": before.value, "to": after.value},
    )
    return case


def allowed_verbs(*, case: Case, user: User, impartial: bool | None = None) -> set[str]:
    """Return the transitions that ``user`` can make now as a moderator; empty for other users.

    A moderator with a role at the case's member can only release a claimed case. ``impartial`` is the result
    of :func:`is_impartial` if the caller already has it.
    """
    if not user.is_moderator:
        return set()
    if not (is_impartial(user, case) if impartial is None else impartial):
        is_own = case.status == Status.IN_REVIEW and case.is_claimed_by(user)
        return {"release"} if is_own else set()
    verbs = {
        verb
        for verb, transition in TRANSITIONS.items()
        if case.status in transition.sources
        and (
            transition.by == Role.MODERATOR
            or (transition.by == Role.ASSIGNEE and case.is_claimed_by(user))
        )
    }
    if case.status == Status.COUNTER_NOTICED and counter_notices.undecidable(case=case, by=user):
        verbs -= {"uphold_again", "reinstate"}
    if not case.is_unanswered:
        verbs.discard("reject_unanswered")
    # A claimed case cannot be claimed.
    return verbs - {"claim"} if case.is_claimed else verbs


def claimed_by(user: User) -> list[Case]:
    """Return at most 50 cases that ``user`` has claimed, ordered by the end of the lease."""
    return list(
        Case.objects.filter(assignee=user, lease_until__gt=clock.now())
        .select_related("brand", "seller__marketplace")
        .order_by("lease_until")[:50]
    )
