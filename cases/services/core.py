"""What every service shares: the lock, the transition, the timeline."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from cases.liaison import outbox
from cases.mail import case_steps
from cases.models import Case, CaseEvent, OutgoingMail
from cases.models.event import Audience, EventKind
from cases.permissions import is_impartial, is_moderator
from cases.services.refusals import Conflict, NotAllowed
from cases.states import TRANSITIONS, Role, Status
from members.models import Membership, User

MEMBER = (Audience.MEMBER,)
MODERATORS = (Audience.MODERATOR,)
MEMBER_AND_LIAISON = (Audience.MEMBER, Audience.LIAISON)

# Who acts when nobody does: the portal itself.
PORTAL = "Alliance Portal"

# Steps that brand staff are told of by e-mail. A step that takes back one of these is one of these too.
MAILED = frozenset(
    {
        EventKind.SUBMITTED,
        EventKind.WITHDRAWN,
        EventKind.INFORMATION_REQUESTED,
        EventKind.MEMBER_REMINDED,
        EventKind.UPHELD,
        EventKind.REJECTED,
        EventKind.LISTINGS_REMOVED,
        EventKind.COUNTER_NOTICED,
        EventKind.UPHELD_AGAIN,
        EventKind.REINSTATED,
        EventKind.REFERRED,
        EventKind.REFERRAL_WITHDRAWN,
        EventKind.CLOSED,
        EventKind.OPERATION_VERIFIED,
        EventKind.OPERATION_RETRACTED,
    }
)


def lock(case: Case) -> Case:
    """Return the case's current state, its row locked until the transaction ends.

    Not against new rows that point to it (``FOR NO KEY UPDATE``): those change nothing of the case.
    """
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def check(case: Case, verb: str, by: User) -> None:
    """Refuse when ``by`` may not make the transition ``verb``, or the case is not where it starts.

    Raises :class:`NotAllowed` or :class:`Conflict`.
    """
    transition = TRANSITIONS[verb]
    if transition.by == Role.FILER:
        files = Membership.objects.may_file().filter(user=by, member=case.member_id)
        if not files.exists():
            raise NotAllowed(_("Your role does not allow this."))
    else:
        # Handing a case back decides nothing: who joined its member meanwhile is to be rid of it.
        check_moderator(case, by, impartial=verb != "release")
    if case.status not in transition.sources:
        raise Conflict(
            _("The case is now “%(status)s”, so this can no longer be done.")
            % {"status": case.get_status_display()}
        )
    if transition.by == Role.ASSIGNEE and not case.held_by(by):
        raise Conflict(_not_held(case))


def check_moderator(case: Case, by: User, *, impartial: bool = True) -> None:
    """Refuse whoever is no moderator, and, if ``impartial``, who holds a role at the case's member.

    Raises :class:`NotAllowed`.
    """
    if not (by.is_active and is_moderator(by)):
        raise NotAllowed(_("Your role does not allow this."))
    if impartial and not is_impartial(by, case):
        raise NotAllowed(conflict_of_interest(case))


def conflict_of_interest(case: Case) -> str:
    """Return why somebody with a role at the case's member does not work on it as a moderator."""
    return _("You hold a role at %(member)s: another moderator has to work on its cases.") % {
        "member": case.member.name
    }


def move(case: Case, verb: str) -> None:
    """Set the status that ``verb`` leads to. The caller has checked, and saves through :func:`record`."""
    case.status = TRANSITIONS[verb].target
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
    """Save the locked ``case`` at its next version and write the step to its timeline.

    ``by`` is ``None`` for what the portal does by itself.

    Steps that law enforcement may see go to the outbox, and those of :data:`MAILED` to the e-mail queue,
    in the same transaction: they are committed with the change or not at all.
    """
    case.version += 1
    case.save()
    event = CaseEvent.objects.create(
        case=case,
        sequence=case.version,
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
    if Audience.LIAISON in audience:
        outbox.record(case=case, event=event)
    if kind in MAILED and Audience.MEMBER in audience:
        _queue_mail(case, event)
    return event


def is_repeat(case: Case, kind: EventKind, by: User, note: str) -> bool:
    """Whether the case's last step is just this one by the same person: the second click."""
    last = case.events.order_by("-sequence").first()
    return (
        last is not None
        and (last.kind, last.actor_id) == (kind, by.pk)
        and last.note == note.strip()
    )


def _not_held(case: Case) -> str:
    if case.is_held and case.assignee:
        return _("%(name)s now works on this case.") % {"name": case.assignee.name}
    return _("You no longer hold this case. Claim it again to go on; nothing you typed is lost.")


def _queue_mail(case: Case, event: CaseEvent) -> None:
    """Tell the person who filed, as long as they still hold a role at the member; else its owners."""
    staff = Membership.objects.in_force().filter(member=case.member_id, user__is_active=True)
    readers = list(staff.filter(user=case.created_by_id).values_list("user_id", flat=True))
    if not readers:
        owners = staff.filter(role=Membership.Role.OWNER)
        readers = list(owners.values_list("user_id", flat=True)[:20])
    OutgoingMail.objects.bulk_create(
        [
            OutgoingMail(user_id=reader, case=case, kind=event.kind, event_sequence=event.sequence)
            for reader in readers
        ]
    )
    if readers:
        transaction.on_commit(case_steps.wake)
