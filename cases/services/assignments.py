"""Assigning a case to a colleague, who then has its claim."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed
from cases.models import Case, CaseEvent
from cases.models.event import Audience, EventKind
from cases.permissions import is_impartial
from cases.services import core, triage
from cases.states import Status
from members.models import User

# The colleague may not be at work, so an assignment lasts longer than a claim.
LEASE = timedelta(hours=24)


@transaction.atomic
def assign(*, case: Case, by: User, to: User) -> Case:
    """Give the claim of a case to ``to`` for :data:`LEASE`. The case is free, or claimed by ``by``. Idempotent.

    Raises :class:`NotAllowed` if ``to`` cannot work on the case, and :class:`Conflict` if another moderator has it.
    """
    case = core.lock(case)
    core.check(case, "claim", by)
    if not (to.is_active and to.is_moderator):
        raise NotAllowed(_("%(name)s is not a moderator.") % {"name": to.name})
    if not is_impartial(to, case):
        raise NotAllowed(
            _("%(name)s has a role at %(member)s, so another moderator must work on its cases.")
            % {"name": to.name, "member": case.member.name}
        )
    if case.is_claimed_by(to):
        return case
    if case.is_claimed and not case.is_claimed_by(by):
        assert case.assignee is not None  # constraint: a lease has an assignee
        raise Conflict(_("%(name)s has already claimed this case.") % {"name": case.assignee.name})
    events = [_assigned(by, to)]
    if case.status == Status.SUBMITTED:
        events.insert(0, _event(EventKind.CLAIMED, by, core.MEMBER))
    core.move(case, "claim")
    case.assignee, case.lease_until = to, clock.now() + LEASE
    core.record_all(case, *events)
    return case


@transaction.atomic
def take_back(*, case: Case, by: User, expected_version: int, claimed: bool) -> Case:
    """Undo :func:`assign`: ``by`` claims the case again if they had ``claimed`` it before, else it is free.

    Raises :class:`Conflict` if the case has changed since, for example because the colleague has begun to work on it.
    """
    case = core.lock(case)
    core.check_moderator(case, by)
    last = case.events.order_by("-sequence").first()
    mine = last is not None and (last.kind, last.actor_id) == (EventKind.ASSIGNED, by.pk)
    if case.version != expected_version or not mine or case.status != Status.IN_REVIEW:
        raise Conflict(_("The case has changed since."))
    if claimed:
        case.assignee, case.lease_until = by, clock.now() + triage.LEASE
        core.record_all(case, _assigned(by, by))
        return case
    core.move(case, "release")
    core.record_all(case, _event(EventKind.RELEASED, by, core.MODERATORS))
    return case


def _assigned(by: User, to: User) -> CaseEvent:
    data = {"to": to.pk, "name": to.name}
    return core.new_event(
        EventKind.ASSIGNED,
        by=by,
        role=Audience.MODERATOR,
        audience=core.MODERATORS,
        data=data,
    )


def _event(kind: EventKind, by: User, audience: tuple[Audience, ...]) -> CaseEvent:
    return core.new_event(kind, by=by, role=Audience.MODERATOR, audience=audience)
