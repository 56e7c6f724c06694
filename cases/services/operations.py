"""Agencies report what they did; moderators verify it; only then it counts in public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import clock, ids
from cases.figures import impact
from cases.liaison.models import Operation, Referral
from cases.models import Case
from cases.models.event import Audience, EventKind
from cases.permissions import is_impartial_to_operation, is_moderator, is_officer, may_verify
from cases.services import core
from cases.services.refusals import Conflict, NotAllowed, Refusal
from cases.states import REFERRAL_REPORTABLE, OperationStatus
from members.models import User

_OWN_SIDE = gettext_lazy(
    "You hold a role at a member with a case in this operation: another moderator has to judge it."
)


@transaction.atomic
def report(
    *,
    by: User,
    referrals: Sequence[Referral],
    token: UUID,
    kind: str,
    held_on: date,
    country: str,
    place: str,
    dens_closed: int,
    arrests: int,
    items_seized: int,
    value_cny: Decimal,
    value_basis: str,
    summary: str = "",
) -> Operation:
    """Report an operation in one or more referred cases. ``token`` is the form's: twice is once.

    ``held_on`` is a date where the reporter is. Raises :class:`NotAllowed` for another agency's
    referral, :class:`Refusal` for a date to come, :class:`Conflict` for a case that is not accepted
    and for a token that was used before with other figures.
    """
    figures = {
        "kind": kind,
        "held_on": held_on,
        "country": country,
        "place": place.strip(),
        "dens_closed": dens_closed,
        "arrests": arrests,
        "items_seized": items_seized,
        "value_cny": value_cny,
        "value_basis": value_basis,
        "summary": summary.strip(),
    }
    if known := Operation.objects.filter(form_token=token).first():
        return _same(known, by, figures, referrals)
    if not is_officer(by) or any(r.agency_id != by.officer.agency_id for r in referrals):
        raise NotAllowed(_("Your role does not allow this."))
    if not referrals:
        raise Refusal(_("Choose at least one case."))
    # The active zone is the reporter's: in Shanghai it is tomorrow while it is still today in UTC.
    if held_on > timezone.localdate(clock.now()):
        raise Refusal(_("The operation lies in the future. Report it when it has taken place."))
    if not any((dens_closed, arrests, items_seized, value_cny)):
        raise Refusal(_("State at least one figure."))
    try:
        operation = ids.unless_clashing(
            lambda: Operation.objects.create(
                form_token=token,
                agency=by.officer.agency,
                reported_by=by,
                reported_at=clock.now(),
                **figures,
            )
        )
    except IntegrityError:  # the other click of a double click came in between
        return _same(Operation.objects.get(form_token=token), by, figures, referrals)
    # In one order for everybody, so that two reports over the same cases cannot lock each other out.
    for referral in sorted(referrals, key=lambda r: r.case_id):
        case = core.lock(referral.case)
        current = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
        if current.status not in REFERRAL_REPORTABLE:
            raise Conflict(
                _("Accept the case %(reference)s before reporting an operation.")
                % {"reference": case.reference}
            )
        operation.cases.add(case)
        core.record(
            case,
            EventKind.OPERATION_REPORTED,
            by=by,
            role=Audience.LIAISON,
            audience=(Audience.LIAISON,),
            data={"operation": operation.reference},
            referral_id=referral.pk,
        )
    return operation


@transaction.atomic
def verify(*, operation: Operation, by: User) -> Operation:
    """Confirm the figures: a worker publishes them soon after the commit. Four eyes: see ``may_verify``."""
    operation = Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if is_moderator(by) and not is_impartial_to_operation(by, operation):
        raise NotAllowed(_OWN_SIDE)
    if not may_verify(by, operation):
        raise NotAllowed(_("Another moderator must verify this: you referred the case."))
    if operation.status == OperationStatus.VERIFIED:
        return operation
    if operation.status != OperationStatus.REPORTED:
        raise Conflict(_("The operation was retracted."))
    operation.status = OperationStatus.VERIFIED
    operation.verified_by, operation.verified_at = by, clock.now()
    operation.save()
    _tell(operation, EventKind.OPERATION_VERIFIED, by, member_too=True)
    transaction.on_commit(impact.wake)
    return operation


@transaction.atomic
def retract(*, operation: Operation, by: User, reason: str) -> Operation:
    """Take an operation out of the figures, with the reason; a worker publishes the next snapshot soon."""
    operation = Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if not is_moderator(by):
        raise NotAllowed(_("Your role does not allow this."))
    if not is_impartial_to_operation(by, operation):
        raise NotAllowed(_OWN_SIDE)
    if operation.status == OperationStatus.RETRACTED:
        return operation
    if not reason.strip():
        raise Refusal(_("Say why the operation is retracted."))
    was_verified = operation.status == OperationStatus.VERIFIED
    operation.status = OperationStatus.RETRACTED
    operation.retraction_reason = reason.strip()
    operation.save()
    # The member is told of verified operations only, and so of the retraction of these only.
    _tell(operation, EventKind.OPERATION_RETRACTED, by, member_too=was_verified)
    if was_verified:
        transaction.on_commit(impact.wake)
    return operation


def _same(
    known: Operation, by: User, figures: dict[str, Any], referrals: Sequence[Referral]
) -> Operation:
    """Return the operation that a form already made, if it says the same now as it did then."""
    said = {name: getattr(known, name) for name in figures}
    cases = set(known.cases.values_list("pk", flat=True))
    if (
        known.reported_by_id == by.pk
        and said == figures
        and cases == {r.case_id for r in referrals}
    ):
        return known
    raise Conflict(
        _(
            "This form was already sent: it became the operation %(reference)s, which stays as it was. "
            "Open a new form for another operation."
        )
        % {"reference": known.reference}
    )


def _tell(operation: Operation, kind: EventKind, by: User, *, member_too: bool) -> None:
    """Write the step to each case: to the agency with the reference, to the member without figures.

    A step of an agency always names its referral: without one, the other agencies would be told.
    """
    for case in Case.objects.filter(operations=operation).order_by("pk"):
        locked = core.lock(case)
        referral = locked.referrals.filter(agency=operation.agency_id).order_by("-pk").first()
        core.record(
            locked,
            kind,
            by=by,
            role=Audience.MODERATOR,
            audience=(Audience.LIAISON,) if referral else core.MODERATORS,
            note=operation.retraction_reason,
            data={"operation": operation.reference},
            referral_id=referral.pk if referral else None,
        )
        if member_too:
            core.record(locked, kind, by=by, role=Audience.MODERATOR, audience=core.MEMBER)
