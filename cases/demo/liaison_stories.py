"""Stories of referrals and operations, which call the services."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from cases.demo.data import liaison_texts
from cases.demo.data.filing_texts import Pair
from cases.demo.operations import OperationPlan, ReferralPlan
from cases.demo.scheduler import Story
from cases.demo.world import World
from cases.liaison.models import Operation
from cases.services import operations, referral

BASES = (
    Operation.Basis.GENUINE_RETAIL,
    Operation.Basis.GENUINE_RETAIL,
    Operation.Basis.APPRAISED,
    Operation.Basis.ASKING_PRICE,
)


def refer(world: World, plan: ReferralPlan) -> Story:
    """Refer a case to an agency, and let it answer up to the outcome of the plan."""
    by, officer, outcome = plan.by, plan.officer, plan.outcome
    yield plan.offered
    plan.referral = referral.refer(
        case=plan.plan.filed,
        by=by,
        agency=plan.agency,
        note=_text(world, plan, liaison_texts.REFERRALS),
    )
    if outcome == "withdrawn":
        yield plan.acknowledged
        note = _text(world, plan, liaison_texts.WITHDRAWN)
        referral.withdraw(referral=plan.made, by=by, note=note)
    if outcome in ("offered", "overdue", "withdrawn"):
        return
    yield plan.acknowledged
    referral.record_read(referral=plan.made, by=officer)
    # Some agencies answer without acknowledging first.
    if outcome == "acknowledged" or world.rng.random() < 0.7:
        _answer(world, plan, "acknowledge", liaison_texts.ACKNOWLEDGED)
    if outcome == "acknowledged":
        return
    yield plan.answered
    if outcome == "declined":
        code = world.rng.choice(list(liaison_texts.DECLINED))
        note = _text(world, plan, liaison_texts.DECLINED[code])
        reason = world.reasons[code]
        referral.answer(referral=plan.made, by=officer, verb="decline", note=note, reason=reason)
        return
    _answer(world, plan, "accept", liaison_texts.ACCEPTED)
    if outcome == "accepted":
        return
    yield plan.investigated
    # Not every agency records that it opens an investigation.
    if outcome == "investigating" or world.rng.random() < 0.6:
        _answer(world, plan, "investigate", liaison_texts.INVESTIGATING)
    if outcome == "concluded" and plan.ended:
        yield plan.ended
        _answer(world, plan, "conclude", liaison_texts.CONCLUDED)


def operate(world: World, plan: OperationPlan) -> Story:
    """Report an operation, and verify and retract it if the plan says so."""
    yield plan.reported
    plan.operation = operations.report(
        by=plan.reporter,
        referrals=[referral.made for referral in plan.referrals],
        token=uuid.uuid4(),
        kind=plan.kind,
        held_on=plan.held_on,
        country=plan.entry.country,
        place=plan.place,
        premises_closed=plan.premises,
        arrests=plan.arrests,
        items_seized=plan.items,
        value_cny=plan.value,
        value_basis=world.rng.choice(BASES),
        summary=_summary(world, plan),
    )
    if plan.verified is None:
        return
    yield plan.verified
    operations.verify(operation=plan.made, by=plan.verifier)
    if plan.retracted is None:
        return
    yield plan.retracted
    operations.retract(operation=plan.made, by=plan.verifier, reason=liaison_texts.RETRACTION)


def _answer(world: World, plan: ReferralPlan, verb: str, texts: Sequence[Pair]) -> None:
    number = ""
    if verb == "accept":
        prefix = world.agencies[plan.agency.slug][0].file_prefix
        number = f"{prefix}-{plan.answered.year}-{world.rng.randint(100, 9999):04d}"
    referral.answer(
        referral=plan.made,
        by=plan.officer,
        verb=verb,
        note=_text(world, plan, texts),
        file_number=number,
    )


def _text(world: World, plan: ReferralPlan, texts: Sequence[Pair]) -> str:
    return world.rng.choice(texts)[1 if plan.chinese else 0]


def _summary(world: World, plan: OperationPlan) -> str:
    text = world.rng.choice(liaison_texts.OPERATIONS[plan.kind])[1 if plan.chinese else 0]
    case = plan.referrals[0].plan
    slots = {
        "place": plan.place,
        "brand": case.brand.name,
        "goods": case.good.zh if plan.chinese else case.good.en,
    }
    return text.format(**slots)
