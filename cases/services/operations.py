"""Agencies report operations, and moderators verify them before their figures are published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib import clock, ids
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.figures import impact
from cases.liaison.models import Operation, Referral
from cases.models.event import Audience, EventKind
from cases.permissions import is_impartial_to_operation, is_moderator, is_officer, may_verify
from cases.services import core
from cases.states import REFERRAL_REPORTABLE, OperationStatus
from members.models import User

_CONFLICT_OF_INTEREST = gettext_lazy(
    "You have a role at a member with a case in this operation, so another moderator must review it."
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
    premises_closed: int,
    arrests: int,
    items_seized: int,
    value_cny: Decimal,
    value_basis: str,
    summary: str = "",
) -> Operation:
    """Report an operation in one or more referred cases. Idempotent by ``token``, which identifies the form.

    ``held_on`` is a date in the reporter's time zone; ``value_cny`` is in yuan. Raises :class:`NotAllowed` for
    a referral of another agency, :class:`Refusal` for a date in the future and for a report without a referral or
    a figure, and :class:`Conflict` for a referral that is not accepted and for a token that was used with other
    figures.
    """
    figures = {
        "kind": kind,
        "held_on": held_on,
        "country": country,
        "place": place.strip(),
        "premises_closed": premises_closed,
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
    # The active time zone is the reporter's.
    if held_on > clock.users_day():
        raise Refusal(
            _("The date is in the future. Report the operation after it has taken place.")
        )
    if not any((premises_closed, arrests, items_seized, value_cny)):
        raise Refusal(_("Enter at least one figure."))
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
    except IntegrityError:  # A concurrent request with the same token, as after a double click.
        return _same(Operation.objects.get(form_token=token), by, figures, referrals)
    _report_on_cases(operation, by, referrals)
    return operation


@transaction.atomic
def verify(*, operation: Operation, by: User) -> Operation:
    """Verify the figures. ``by`` must be a second person, see :func:`may_verify`. Idempotent.

    A worker publishes the figures after the commit.
    """
    operation = Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if not may_verify(by, operation):
        if is_moderator(by) and not is_impartial_to_operation(by, operation):
            raise NotAllowed(_CONFLICT_OF_INTEREST)
        raise NotAllowed(
            _("You referred this case, so another moderator must verify the operation.")
        )
    if operation.status == OperationStatus.VERIFIED:
        return operation
    if operation.status != OperationStatus.REPORTED:
        raise Conflict(_("The report of this operation has been retracted."))
    operation.status = OperationStatus.VERIFIED
    operation.verified_by, operation.verified_at = by, clock.now()
    operation.save()
    _record_on_cases(operation, EventKind.OPERATION_VERIFIED, by, member_too=True)
    transaction.on_commit(impact.wake)
    return operation


@transaction.atomic
def retract(*, operation: Operation, by: User, reason: str) -> Operation:
    """Retract the report of an operation. If it was verified, a worker publishes a new snapshot. Idempotent."""
    operation = Operation.objects.select_for_update(no_key=True).get(pk=operation.pk)
    if not is_moderator(by):
        raise NotAllowed(_("Your role does not allow this."))
    if not is_impartial_to_operation(by, operation):
        raise NotAllowed(_CONFLICT_OF_INTEREST)
    if operation.status == OperationStatus.RETRACTED:
        return operation
    if not reason.strip():
        raise Refusal(_("Enter the reason for retracting the report."))
    was_verified = operation.status == OperationStatus.VERIFIED
    operation.status = OperationStatus.RETRACTED
    operation.retraction_reason = reason.strip()
    operation.save()
    # Members were notified of the operation only if it was verified.
    _record_on_cases(operation, EventKind.OPERATION_RETRACTED, by, member_too=was_verified)
    if was_verified:
        transaction.on_commit(impact.wake)
    return operation


def _same(
    known: Operation, by: User, figures: dict[str, Any], referrals: Sequence[Referral]
) -> Operation:
    """Return the operation that the form has created. Raises :class:`Conflict` if its contents differ."""
    stored = {name: getattr(known, name) for name in figures}
    cases = set(known.cases.values_list("pk", flat=True))
    if (
        known.reported_by_id == by.pk
        and stored == figures
        and cases == {r.case_id for r in referrals}
    ):
        return known
    raise Conflict(
        _(
            "This form has already been submitted as operation %(reference)s, which is unchanged. "
            "Open a new form to report another operation."
        )
        % {"reference": known.reference}
    )


def _report_on_cases(operation: Operation, by: User, referrals: Sequence[Referral]) -> None:
    """Link the operation to the cases of ``referrals``, and add the event to the timeline of each."""
    cases = {case.pk: case for case in core.lock_all([referral.case_id for referral in referrals])}
    locked = Referral.objects.select_for_update(no_key=True)
    current = list(locked.filter(pk__in=[r.pk for r in referrals]).order_by("case_id", "pk"))
    for referral in current:
        if referral.status not in REFERRAL_REPORTABLE:
            raise Conflict(
                _("Accept case %(reference)s before you report an operation.")
                % {"reference": cases[referral.case_id].reference}
            )
    operation.cases.add(*cases.values())
    for referral in current:
        core.record(
            cases[referral.case_id],
            EventKind.OPERATION_REPORTED,
            by=by,
            role=Audience.LIAISON,
            audience=(Audience.LIAISON,),
            data={"operation": operation.reference},
            referral_id=referral.pk,
        )


def _record_on_cases(operation: Operation, kind: EventKind, by: User, *, member_too: bool) -> None:
    """Add the event to the timeline of each case: for the agency with the reference, for the member without.

    The event for the agency always has its referral. Without it, other agencies would see the event.
    """
    cases = core.lock_all(operation.cases.order_by().values("pk"))
    sent = Referral.objects.filter(agency=operation.agency_id, case__in=cases).order_by("pk")
    latest = dict(sent.values_list("case_id", "pk"))
    for case in cases:
        referral = latest.get(case.pk)
        events = [
            core.new_event(
                kind,
                by=by,
                role=Audience.MODERATOR,
                audience=(Audience.LIAISON,) if referral else core.MODERATORS,
                note=operation.retraction_reason,
                data={"operation": operation.reference},
                referral_id=referral,
            )
        ]
        if member_too:
            events.append(
                core.new_event(kind, by=by, role=Audience.MODERATOR, audience=core.MEMBER)
            )
        core.record_all(case, *events)
