"""Every transition of referrals and operations × status × actor, as in ``cases.states``."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.db import transaction

from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases import visibility
from cases.figures import impact
from cases.liaison.models import Agency, ImpactSnapshot, Operation, Referral
from cases.models import ReasonCode
from cases.services import operations
from cases.services import referral as referrals
from cases.states import (
    REFERRAL_TRANSITIONS,
    OperationStatus,
    ReferralStatus,
    Status,
)
from members.models import User
from tests import factories
from tests.database import rows
from tests.personas import Personas

ACTORS = (
    "stranger",
    "viewer",
    "filer",
    "owner",
    "moderator",
    "second_moderator",
    "officer",
    "other_officer",
    "admin",
)
MODERATORS = {"moderator", "second_moderator"}

# The steps that lead to each status.
STEPS_TO: dict[str, tuple[str, ...]] = {
    ReferralStatus.OFFERED: (),
    ReferralStatus.ACKNOWLEDGED: ("acknowledge",),
    ReferralStatus.ACCEPTED: ("accept",),
    ReferralStatus.DECLINED: ("decline",),
    ReferralStatus.INVESTIGATING: ("accept", "investigate"),
    ReferralStatus.CONCLUDED: ("accept", "conclude"),
    ReferralStatus.WITHDRAWN: ("withdraw",),
}


def decline_reason() -> ReasonCode:
    found = ReasonCode.objects.filter(use="decline").first()
    return found or factories.reason("decline")


def call(verb: str, referral: Referral, by: User) -> Referral:
    if verb == "withdraw":
        return referrals.withdraw(referral=referral, by=by, note="Sent in error.")
    reason = decline_reason() if verb == "decline" else None
    return referrals.answer(referral=referral, by=by, verb=verb, reason=reason)


def referral_in(status: str, cast: Personas) -> Referral:
    referral = factories.referred_case(
        cast.agency, by=cast.filer, citing=cast.right, moderator=cast.moderator
    )
    for verb in STEPS_TO[status]:
        call(verb, referral, cast.moderator if verb == "withdraw" else cast.officer)
    return Referral.objects.get(pk=referral.pk)


WRITTEN = {
    "cases_case": "id = %(key)s",
    "cases_caseevent": "case_id = %(key)s",
    "cases_outgoingmail": "case_id = %(key)s",
    "liaison_referral": "case_id = %(key)s",
    "liaison_update": "referral_id IN (SELECT id FROM liaison_referral WHERE case_id = %(key)s)",
    "liaison_operation": "true",
    "liaison_impactsnapshot": "true",
}


def everything(referral: Referral) -> dict[str, list[dict[str, Any]]]:
    """Return all rows that services may write about a referral, for comparison."""
    return rows(WRITTEN, referral.case_id)


def outcome(
    verb: str, referral: Referral, by: User, before: dict[str, list[dict[str, Any]]]
) -> str:
    # The service alone must undo what it did, so there is no transaction around it.
    try:
        call(verb, referral, by)
    except NotAllowed:
        done = "not allowed"
    except Conflict:
        done = "conflict"
    else:
        done = "done" if everything(referral) != before else "repeated"
    assert done == "done" or everything(referral) == before
    return done


def expected(verb: str, status: str, actor: str) -> str:
    sources, target = REFERRAL_TRANSITIONS[verb]
    if not (actor in MODERATORS if verb == "withdraw" else actor == "officer"):
        return "not allowed"
    if status == target:
        return "repeated"
    return "done" if status in sources else "conflict"


@pytest.mark.parametrize("status", ReferralStatus)
def test_transitions_match_the_table(status: ReferralStatus, personas: Personas) -> None:
    made = referral_in(status, personas)
    before, wrong = everything(made), []
    for verb, actor in itertools.product(REFERRAL_TRANSITIONS, ACTORS):
        point = transaction.savepoint()
        by = User.objects.get(pk=getattr(personas, actor).pk)
        found = outcome(verb, Referral.objects.get(pk=made.pk), by, before)
        if found == "done":
            made.refresh_from_db()
            assert made.status == REFERRAL_TRANSITIONS[verb][1]
            sequences = made.updates.order_by("-sequence").values_list("sequence", flat=True)
            assert list(sequences) == list(range(made.update_sequence, 0, -1))
        transaction.savepoint_rollback(point)
        if found != (wanted := expected(verb, status, actor)):
            wrong.append(f"{verb} of a referral “{status}” by {actor}: {found}, not {wanted}")
    assert everything(made) == before
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("who", ["officer", "agency"])
def test_inactive_officers_cannot_answer(personas: Personas, who: str) -> None:
    referral = referral_in(ReferralStatus.OFFERED, personas)
    if who == "officer":
        officer = personas.officer.officer
        officer.is_active = False
        officer.save()
    else:
        Agency.objects.filter(pk=personas.agency.pk).update(is_active=False)
    by = User.objects.get(pk=personas.officer.pk)
    with pytest.raises(NotAllowed):
        call("accept", referral, by)
    assert not visibility.referrals(by).exists()


# --- Referring ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_only_moderators_can_refer_upheld_cases(status: str, personas: Personas) -> None:
    case = factories.CASE_IN[status](by=personas.filer, citing=personas.right)
    for actor in ACTORS:
        by = getattr(personas, actor)
        if actor not in MODERATORS:
            with pytest.raises(NotAllowed):
                referrals.refer(case=case, by=by, agency=personas.agency)
        elif not case.is_upheld:
            with pytest.raises(Conflict):
                referrals.refer(case=case, by=by, agency=personas.agency)
    assert not case.referrals.exists()


def test_agency_that_does_not_accept_the_violation_is_refused(personas: Personas) -> None:
    agency = factories.agency(violations=["patent"])
    case = factories.upheld_case(by=personas.filer, citing=personas.right)
    with pytest.raises(Refusal, match=agency.name):
        referrals.refer(case=case, by=personas.moderator, agency=agency)


def test_declined_case_can_be_referred_again(personas: Personas) -> None:
    first = referral_in(ReferralStatus.DECLINED, personas)
    again = referrals.refer(case=first.case, by=personas.moderator, agency=personas.agency)
    assert again != first
    assert [update.sequence for update in again.updates.order_by("sequence")] == [1]


def test_agencies_are_not_informed_of_each_other(personas: Personas) -> None:
    """Neither of the other referral nor of its events."""
    referral = referral_in(ReferralStatus.ACCEPTED, personas)
    other = factories.referred_case(
        personas.other_agency, case=referral.case, moderator=personas.moderator
    )
    call("accept", other, personas.other_officer)
    for mine, foreign in ((referral, other), (other, referral)):
        updates = list(mine.updates.order_by("sequence"))
        assert [update.sequence for update in updates] == list(range(1, len(updates) + 1))
        assert foreign.reference not in str([update.payload for update in updates])
        assert foreign.agency.name not in str([update.payload for update in updates])
    seen = visibility.events(personas.officer)
    assert not seen.filter(referral_id=other.pk).exists()


# --- Operations --------------------------------------------------------------------------------


def operation_in(status: str, cast: Personas) -> Operation:
    referral = referral_in(ReferralStatus.ACCEPTED, cast)
    operation = factories.reported_operation(referral, officer=cast.officer)
    if status == OperationStatus.VERIFIED:
        operations.verify(operation=operation, by=cast.second_moderator)
    if status == OperationStatus.RETRACTED:
        operations.retract(operation=operation, by=cast.moderator, reason="Counted twice.")
    operation.refresh_from_db()
    return operation


@pytest.mark.parametrize("status", OperationStatus)
@pytest.mark.parametrize("verb", ["verify", "retract"])
def test_verification_and_retraction_by_actor_and_status(
    verb: str, status: str, personas: Personas
) -> None:
    made = operation_in(status, personas)
    referral = Referral.objects.get(case=made.cases.get())
    before = everything(referral)
    allowed = {"second_moderator"} if verb == "verify" else MODERATORS
    target = "verified" if verb == "verify" else "retracted"
    for actor in ACTORS:
        point = transaction.savepoint()
        by = User.objects.get(pk=getattr(personas, actor).pk)
        operation = Operation.objects.get(pk=made.pk)
        try:
            if verb == "verify":
                operations.verify(operation=operation, by=by)
            else:
                operations.retract(operation=operation, by=by, reason="Counted twice.")
        except Refusal:
            refused = True
        else:
            refused = False
        changed = everything(referral) != before
        transaction.savepoint_rollback(point)
        can = actor in allowed and not (verb == "verify" and status == "retracted")
        assert changed == (can and status != target), (verb, status, actor)
        assert refused == (not can), (verb, status, actor)


@pytest.mark.parametrize("status", ReferralStatus)
def test_operations_can_be_reported_on_accepted_referrals(status: str, personas: Personas) -> None:
    referral = referral_in(status, personas)
    before = everything(referral)
    may = {"accepted", "investigating", "concluded"}
    for actor in ACTORS:
        by = User.objects.get(pk=getattr(personas, actor).pk)
        if actor == "officer" and status in may:
            continue
        with pytest.raises(Conflict if actor == "officer" else NotAllowed):
            factories.reported_operation(referral, officer=by)
        assert everything(referral) == before
    if status in may:
        operation = factories.reported_operation(referral, officer=personas.officer)
        assert list(operation.cases.all()) == [referral.case]


def test_only_verified_operations_are_published(personas: Personas) -> None:
    operation = operation_in(OperationStatus.REPORTED, personas)
    assert not ImpactSnapshot.objects.exists()
    operations.verify(operation=operation, by=personas.second_moderator)
    impact.publish_if_due()
    assert ImpactSnapshot.objects.latest().figures["premises_closed"] == operation.premises_closed
    operations.retract(operation=operation, by=personas.moderator, reason="Counted twice.")
    impact.publish_if_due()
    assert ImpactSnapshot.objects.latest().figures["premises_closed"] == 0
