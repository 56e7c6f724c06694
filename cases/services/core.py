"""Shared by all services: locking, checking transitions, recording events."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed
from cases.liaison import member_outbox, outbox
from cases.mail import queue as mail_queue
from cases.models import Case, CaseEvent, OutgoingMail
from cases.models.case import CaseQuerySet
from cases.models.event import Audience, EventKind
from cases.models.mail import NOTIFIED
from cases.permissions import is_impartial, is_moderator
from cases.queries import teamwork
from cases.services import holding
from cases.states import TRANSITIONS, Role, Status
from members.models import Membership, User

MEMBER = (Audience.MEMBER,)
MODERATORS = (Audience.MODERATOR,)
MEMBER_AND_LIAISON = (Audience.MEMBER, Audience.LIAISON)

# The actor of events that no person caused, such as reminders.
PORTAL = "Alliance Portal"


def lock(case: Case) -> Case:
    """Lock the row of ``case`` until the transaction ends and return its current state.

    The lock (``FOR NO KEY UPDATE``) allows other transactions to insert rows that refer to the case.
    """
    return _locking().get(pk=case.pk)


def lock_all(keys: Collection[int] | QuerySet[Any, Any]) -> list[Case]:
    """Lock cases by their primary keys as :func:`lock` does, and return them in the order of their keys.

    The order is fixed, so that two calls on the same cases cannot deadlock.
    """
    return list(_locking().filter(pk__in=keys).order_by("pk"))


def _locking() -> CaseQuerySet:
    """Return the cases for update, with ``is_watched``: most have no watcher, and then no more queries are needed."""
    return Case.objects.select_for_update(no_key=True, of=("self",)).annotate(
        is_watched=teamwork.is_watched()
    )


def check(case: Case, verb: str, by: User) -> None:
    """Check that ``by`` may make the transition ``verb`` and that the case's status allows it.

    Moderators can do nothing while a decision is held. Raises :class:`NotAllowed` or :class:`Conflict`.
    """
    transition = TRANSITIONS[verb]
    if transition.by == Role.FILER:
        files = Membership.objects.may_file().filter(user=by, member=case.member_id)
        if not files.exists():
            raise NotAllowed(_("Your role does not allow this."))
    else:
        # A moderator who has joined the case's member must still be able to release the case.
        check_moderator(case, by, impartial=verb != "release")
        holding.check_free(case)
    if case.status not in transition.sources:
        raise wrong_status(case)
    if transition.by == Role.ASSIGNEE and not case.is_claimed_by(by):
        raise Conflict(_not_claimed(case))


def wrong_status(case: Case) -> Conflict:
    """Return the refusal of an action that the status of ``case`` does not allow."""
    text = _("The case is now “%(status)s”, so this can no longer be done.")
    return Conflict(text % {"status": case.get_status_display()})


def check_moderator(case: Case, by: User, *, impartial: bool = True) -> None:
    """Check that ``by`` is a moderator and, if ``impartial``, has no role at the case's member.

    Raises :class:`NotAllowed`.
    """
    if not (by.is_active and is_moderator(by)):
        raise NotAllowed(_("Your role does not allow this."))
    if impartial and not is_impartial(by, case):
        raise NotAllowed(conflict_of_interest(case))


def conflict_of_interest(case: Case) -> str:
    """Return why a moderator with a role at the case's member cannot work on the case."""
    return _("You have a role at %(member)s, so another moderator must work on its cases.") % {
        "member": case.member.name
    }


def move(case: Case, verb: str) -> None:
    """Set the status that ``verb`` leads to. The caller calls :func:`check` before, and :func:`record` after."""
    case.status, case.updated_at = TRANSITIONS[verb].target, clock.now()
    if case.status != Status.IN_REVIEW:
        case.assignee, case.lease_until = None, None
    if case.status != Status.INFORMATION_REQUESTED:
        case.asked_at = case.answer_due_at = case.answer_reminded_at = None


def record(
    case: Case,
    kind: EventKind,
    *,
    by: User | None,
    role: Audience,
    audience: tuple[Audience, ...],
    note: str = "",
    data: dict[str, Any] | None = None,
    referral_id: int | None = None,
) -> CaseEvent:
    """Save the locked ``case`` with its next version and add an event to its timeline.

    ``by`` is ``None`` if no person caused the event. Events that law enforcement or the member may see are added to
    the outbox, brand staff are notified of those in :data:`NOTIFIED`, and moderators of those of cases that they watch,
    in the same transaction.
    """
    event = new_event(
        kind, by=by, role=role, audience=audience, note=note, data=data, referral_id=referral_id
    )
    record_all(case, event)
    return event


def new_event(
    kind: EventKind,
    *,
    by: User | None,
    role: Audience,
    audience: tuple[Audience, ...],
    note: str = "",
    data: dict[str, Any] | None = None,
    referral_id: int | None = None,
) -> CaseEvent:
    """Return an event for :func:`record_all`. The arguments are those of :func:`record`."""
    return CaseEvent(
        kind=kind,
        audience=list(audience),
        note=note,
        data=data or {},
        referral_id=referral_id,
        actor_id=by.pk if by else None,
        actor_role=role,
        actor_label=by.name if by else PORTAL,
        at=clock.now(),
    )


def record_all(case: Case, *events: CaseEvent) -> None:
    """Record the ``events`` of one step as :func:`record` does, but save the locked ``case`` only once.

    Each event takes the next version, in the order given. The case keeps that of the last one.
    """
    for event in events:
        case.version += 1
        event.case, event.sequence = case, case.version
        if Audience.MEMBER in event.audience:
            case.updated_at = event.at
    case.save()
    CaseEvent.objects.bulk_create(events)
    for event in events:
        if Audience.LIAISON in event.audience:
            outbox.record(case=case, event=event)
        if Audience.MEMBER in event.audience:
            member_outbox.record(case=case, event=event)
        if event.kind in NOTIFIED and Audience.MEMBER in event.audience:
            _notify(case, event)
    # A case that was locked in another way may have watchers, unless this is its first step.
    may_be_watched = getattr(case, "is_watched", events[0].sequence > 1)
    if may_be_watched or any(map(teamwork.may_mention, events)):
        _notify_moderators(case, events)


def supersede(case: Case, *, at: datetime) -> None:
    """Supersede the decision in force, if there is one, at the time ``at``. It stays on record."""
    case.decisions.filter(superseded_at=None).update(superseded_at=at)


def touch(case: Case) -> None:
    """Record that a draft, which has no timeline, has changed. The caller has locked it."""
    case.updated_at = clock.now()
    case.save(update_fields=["updated_at"])


def is_repeat(case: Case, kind: EventKind, by: User, note: str) -> bool:
    """Return whether the case's last event is this one by the same person, as after a double click."""
    last = case.events.order_by("-sequence").first()
    return (
        last is not None
        and (last.kind, last.actor_id) == (kind, by.pk)
        and last.note == note.strip()
    )


def _not_claimed(case: Case) -> str:
    if case.is_claimed and case.assignee:
        return _("%(name)s has claimed this case.") % {"name": case.assignee.name}
    return _("You no longer have this case. Claim it again to continue. Your text is kept.")


def _notify_moderators(case: Case, events: Sequence[CaseEvent]) -> None:
    """Notify the moderators who watch the case, once for a step, and those whom its note mentions."""
    kinds = teamwork.to_notify(case, events)
    OutgoingMail.objects.bulk_create(
        OutgoingMail(user_id=reader, case=case, kind=kind, event_sequence=events[0].sequence)
        for reader, kind in kinds.items()
    )
    if kinds:
        transaction.on_commit(mail_queue.wake)


def _notify(case: Case, event: CaseEvent) -> None:
    """Notify the filer if they still have a role at the member, otherwise its owners.

    A worker sends the email or adds it to a digest, as each person has chosen. In the portal, a notification of
    what the reader did counts as read.
    """
    staff = Membership.objects.in_force().filter(member=case.member_id, user__is_active=True)
    readers = list(staff.filter(user=case.created_by_id).values_list("user_id", flat=True))
    if not readers:
        owners = staff.filter(role=Membership.Role.OWNER)
        readers = list(owners.values_list("user_id", flat=True)[:20])
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(
                user_id=reader,
                case=case,
                kind=event.kind,
                event_sequence=event.sequence,
                read_at=event.at if reader == event.actor_id else None,
            )
            for reader in readers
        ]
    )
    if readers:
        transaction.on_commit(mail_queue.wake)
