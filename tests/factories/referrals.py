"""Referrals and operations, created by the portal's services like the cases."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from alliance.lib import clock
from cases.figures import impact
from cases.liaison.due import FIELDS
from cases.liaison.models import Agency, DueStep, Escalation, Operation, Referral
from cases.models import Case
from cases.services import escalations, operations
from cases.services import referral as referrals
from members.models import User
from tests.factories import people
from tests.factories.agencies import agency, officer_of
from tests.factories.cases import upheld_case


def referred_case(
    to: Agency | None = None,
    *,
    moderator: User | None = None,
    case: Case | None = None,
    **draft: Any,
) -> Referral:
    """A referral of an upheld case (``.case``) to an agency (``.agency``)."""
    moderator = moderator or people.moderator()
    case = case or upheld_case(moderator=moderator, **draft)
    return referrals.refer(
        case=case, by=moderator, agency=to or agency(), note="Three shops, one warehouse."
    )


def accepted_referral(
    to: Agency | None = None, *, officer: User | None = None, **referred: Any
) -> Referral:
    """A referral that was acknowledged and accepted."""
    referral = referred_case(to, **referred)
    officer = officer or officer_of(referral.agency)
    for verb in ("acknowledge", "accept"):
        referral = referrals.answer(referral=referral, by=officer, verb=verb)
    return referral


def overdue_step(
    to: Agency | None = None,
    *,
    step: str = "acknowledged",
    late: timedelta = timedelta(hours=2),
    **referred: Any,
) -> Escalation:
    """The escalation of a step that an agency did not take in time."""
    referral = referred_case(to, **referred)
    due, _done = FIELDS[DueStep(step)]
    Referral.objects.filter(pk=referral.pk).update(**{due: clock.now() - late})
    escalations.sweep()
    return Escalation.objects.get(referral=referral, step=step)


def reported_operation(
    referral: Referral | None = None, *, officer: User | None = None, **figures: Any
) -> Operation:
    """An operation reported for one referral and not yet verified."""
    referral = referral or accepted_referral(officer=officer)
    values: dict[str, Any] = {
        "kind": Operation.Kind.RAID,
        "held_on": clock.today(),
        "country": "CN",
        "place": "Yiwu",
        "premises_closed": 2,
        "arrests": 5,
        "items_seized": 1200,
        "value_cny": Decimal("350000.00"),
        "value_basis": Operation.Basis.GENUINE_RETAIL,
    }
    return operations.report(
        by=officer or officer_of(referral.agency),
        referrals=[referral],
        token=uuid.uuid4(),
        **values | figures,
    )


def verified_operation(
    referral: Referral | None = None, *, by: User | None = None, **reported: Any
) -> Operation:
    """A verified operation with its published impact snapshot."""
    operation = reported_operation(referral, **reported)
    operation = operations.verify(operation=operation, by=by or people.moderator())
    impact.publish_if_due()
    return operation
