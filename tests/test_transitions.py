"""Every transition × status × actor gives what the table in ``cases.states`` says.

A refused call changes nothing: not the case, its timeline, outbox, email, evidence, decisions or strikes.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from alliance.lib import clock
from alliance.lib.refusals import Conflict, NotAllowed, Refusal
from cases.liaison.models import Update
from cases.models import (
    Case,
)
from cases.services import decisions, evidence, filing, triage
from cases.states import OPEN, TRANSITIONS, Role, Status
from members.models import Membership, User
from tests import factories
from tests.personas import Personas
from tests.verbs import call, case_in, everything, reason_for

# ``holder`` is the moderator who brought the case to its status, and claimed it if in review.
ACTORS = {
    "filer": Role.FILER,
    "owner": Role.FILER,
    "viewer": None,
    "stranger": None,
    "holder": Role.ASSIGNEE,
    "moderator": Role.MODERATOR,
    "officer": None,
    "admin": None,
}

# A counter-notice is decided by another moderator than the one who upheld the case.
NOT_BY_HOLDER = ("uphold_again", "reinstate")

# Repeating one's own last action is not an error and has no second effect.
REPEATED = {
    ("submit", status): {"filer"}
    for status in Status
    if status != Status.DRAFT  # the filer gets the case in whatever status it is
} | {
    ("claim", Status.IN_REVIEW): {"holder"},
    ("release", Status.SUBMITTED): {"holder", "moderator"},
    ("uphold", Status.UPHELD): {"holder"},
    ("reject", Status.REJECTED): {"holder"},
    ("reinstate", Status.REINSTATED): {"moderator"},
    ("record_removal", Status.REMOVED): {"holder", "moderator"},
    ("close", Status.CLOSED): {"holder", "moderator"},
    ("withdraw", Status.WITHDRAWN): {"filer", "owner"},
}


def person(actor: str, cast: Personas) -> User:
    names = {"holder": "moderator", "moderator": "second_moderator"}
    return User.objects.get(pk=getattr(cast, names.get(actor, actor)).pk)


def expected(verb: str, status: Status, actor: str) -> str:
    """Return the result in the table: done, repeated, conflict or not allowed."""
    needed, has = TRANSITIONS[verb].by, ACTORS[actor]
    moderates = has in (Role.MODERATOR, Role.ASSIGNEE)
    if not (moderates if needed in (Role.MODERATOR, Role.ASSIGNEE) else has == needed):
        return "not allowed"
    if actor in REPEATED.get((verb, status), ()):
        return "repeated"
    if status not in TRANSITIONS[verb].sources:
        return "conflict"
    if verb in NOT_BY_HOLDER and actor == "holder":
        return "not allowed"
    if status == Status.IN_REVIEW and actor == "moderator":
        return "conflict"  # claimed by a colleague
    return "done"


def outcome(verb: str, case: Case, by: User, before: dict[str, list[dict[str, Any]]]) -> str:
    """Call the service and return its result; fail on any other result."""
    version = case.version
    # The service alone must undo what it did, so there is no transaction around it.
    try:
        call(verb, case, by)
    except NotAllowed as refusal:
        done, sentence = "not allowed", str(refusal)
    except Conflict as refusal:
        done, sentence = "conflict", str(refusal)
    else:
        done, sentence = "done", "-"
    assert sentence, "a refusal has a message"
    if done != "done":
        assert everything(case) == before, "a refused call changed the database"
        return done
    after = Case.objects.get(pk=case.pk)
    if (verb == "claim" and after.version == version) or everything(case) == before:
        return "repeated"
    assert after.status == TRANSITIONS[verb].target
    check_written(after, version)
    return done


def check_written(case: Case, version: int) -> None:
    """Check one event per version, consistent listings, and an update for each referral."""
    steps = list(case.events.filter(sequence__gt=version).order_by("sequence"))
    assert [step.sequence for step in steps] == list(range(version + 1, case.version + 1))
    discarded = case.status == Status.WITHDRAWN and case.submitted_at is None
    assert bool(steps) != discarded
    still_open = set(case.listings.exclude(status="left_up").values_list("is_open", flat=True))
    assert still_open <= {case.status in OPEN}
    updates = Update.objects.filter(case_version__gt=version)
    for_agencies, for_member = updates.filter(referral__case=case), updates.filter(case=case)
    shown = [sum(reader in step.audience for step in steps) for reader in ("liaison", "member")]
    assert for_agencies.count() == case.referrals.count() * shown[0]
    assert for_member.count() == shown[1]
    assert (case.assignee is not None) == (case.status == Status.IN_REVIEW)


@pytest.mark.parametrize("status", Status)
def test_transitions_match_the_table(status: Status, personas: Personas) -> None:
    made = case_in(status, personas)
    before, wrong = everything(made), []
    for verb, actor in itertools.product(TRANSITIONS, ACTORS):
        point = transaction.savepoint()
        case = Case.objects.get(pk=made.pk)
        found = outcome(verb, case, person(actor, personas), before)
        transaction.savepoint_rollback(point)
        if found != (wanted := expected(verb, status, actor)):
            wrong.append(f"{verb} of a case in “{status}” by {actor}: {found}, not {wanted}")
    assert everything(made) == before
    assert not wrong, "\n".join(wrong)


def test_table_has_every_result(personas: Personas) -> None:
    """A table of refusals only would prove nothing."""
    seen = {expected(v, s, a) for v in TRANSITIONS for s in Status for a in ACTORS}
    assert seen == {"done", "repeated", "conflict", "not allowed"}
    allowed = {
        (v, s) for v in TRANSITIONS for s in Status if "done" in {expected(v, s, a) for a in ACTORS}
    }
    table = {(v, s) for v, move in TRANSITIONS.items() for s in move.sources}
    # Claiming after an expired lease is tested separately.
    assert allowed == table - {("claim", Status.IN_REVIEW)}


@pytest.mark.parametrize("verb", TRANSITIONS)
def test_repeated_call_has_no_second_effect(verb: str, personas: Personas) -> None:
    """The same call, from a page that shows the earlier state."""
    move = TRANSITIONS[verb]
    status = min(move.sources, key=list(Status).index)
    stale = case_in(status, personas)
    moderates = "moderator" if verb in NOT_BY_HOLDER else "holder"
    actor = person("filer" if move.by == Role.FILER else moderates, personas)
    call(verb, stale, actor)
    once = everything(stale)
    again = call(verb, stale, actor)
    assert again.status == move.target
    twice = everything(stale)
    if verb == "claim":  # only the lease is renewed
        once["cases_case"][0]["lease_until"] = twice["cases_case"][0]["lease_until"]
    assert twice == once


@pytest.mark.parametrize(
    "change", [{"valid_until": "2020-06-01"}, {"valid_from": "2100-01-01"}, {"role": "viewer"}]
)
def test_expired_role_cannot_file(personas: Personas, change: dict[str, str]) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    Membership.objects.filter(user=personas.filer).update(**change)
    with pytest.raises(NotAllowed):
        filing.submit(case=case, by=personas.filer, good_faith=True)


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_inactive_member_cannot_file(personas: Personas, status: str) -> None:
    case = factories.draft_case(by=personas.filer, citing=personas.right)
    member = personas.member
    member.status, member.suspended_on, member.left_on = (
        status,
        clock.today(),
        clock.today(),
    )
    member.save()
    with pytest.raises(NotAllowed):
        filing.submit(case=case, by=personas.filer, good_faith=True)


def test_closed_account_cannot_decide(personas: Personas) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    personas.moderator.is_active = False
    with pytest.raises(NotAllowed):
        call("uphold", case, personas.moderator)


@pytest.mark.parametrize("verb", ["uphold", "reject", "release", "request_information"])
def test_expired_lease_cannot_decide(verb: str, personas: Personas) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    before = everything(case)
    with clock.at(clock.now() + triage.LEASE + timedelta(seconds=1)), pytest.raises(Conflict):
        call(verb, case, personas.moderator)
    assert everything(case) == before


def test_colleague_can_claim_after_the_lease_expired(personas: Personas) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    with clock.at(clock.now() + triage.LEASE + timedelta(seconds=1)):
        taken = triage.claim(case=case, by=personas.second_moderator)
        assert taken.is_claimed_by(personas.second_moderator)
        with pytest.raises(Conflict, match="Min Moderator"):
            call("uphold", case, personas.moderator)
        call("uphold", case, personas.second_moderator)


def test_lease_is_valid_to_the_last_second(personas: Personas) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    assert case.lease_until is not None
    with clock.at(case.lease_until - timedelta(seconds=1)):
        call("uphold", case, personas.moderator)


@pytest.mark.parametrize("verb", ["uphold", "reject"])
def test_outdated_version_cannot_decide(verb: str, personas: Personas) -> None:
    """The member added evidence while the moderator was reading."""
    case = case_in(Status.IN_REVIEW, personas)
    shown = case.version
    evidence.add(case=case, by=personas.filer, upload=factories.png("late.png"), kind="screenshot")
    before = everything(case)
    with pytest.raises(Conflict, match="Fay Filer"):
        call(verb, case, personas.moderator, version=shown)
    assert everything(case) == before


@pytest.mark.parametrize(
    "change", [{"facts": "  "}, {"ground": "whim"}, {"reason": "reject"}], ids=str
)
def test_upholding_needs_facts_a_ground_and_a_reason(
    personas: Personas, change: dict[str, str]
) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    before = everything(case)
    arguments: dict[str, Any] = {
        "facts": "As shown.",
        "ground": "illegal_content",
        "reason": reason_for(change.pop("reason", "uphold")),
    }
    with pytest.raises(Refusal):
        decisions.uphold(
            case=case, by=personas.moderator, expected_version=case.version, **arguments | change
        )
    assert everything(case) == before


def test_upholding_needs_every_listing_decided(personas: Personas) -> None:
    case = factories.claimed_case(
        by=personas.filer, citing=personas.right, moderator=personas.moderator
    )
    with pytest.raises(Refusal, match="2 listings have no decision"):
        call("uphold", case, personas.moderator)
    left_up = dict.fromkeys(case.listings.values_list("pk", flat=True), "leave_up")
    decisions.decide_listings(case=case, by=personas.moderator, outcomes=left_up)
    with pytest.raises(Refusal, match="reject the complaint"):
        call("uphold", case, personas.moderator)


def test_listing_of_another_case_cannot_be_decided(personas: Personas) -> None:
    case = case_in(Status.IN_REVIEW, personas)
    other = factories.submitted_case().listings.first()
    assert other is not None
    with pytest.raises(Refusal):
        decisions.decide_listings(case=case, by=personas.moderator, outcomes={other.pk: "remove"})
    other.refresh_from_db()
    assert other.outcome == ""


def test_only_listings_left_up_can_be_filed_again(personas: Personas) -> None:
    case = factories.upheld_case(by=personas.filer, citing=personas.right, left_up=1)
    left_up, removed = case.listings.order_by("position").values_list("url", flat=True)
    again = factories.draft_case(
        by=personas.filer, citing=personas.right, against=case.seller, urls=[left_up]
    )
    filing.submit(case=again, by=personas.filer, good_faith=True)
    third = factories.draft_case(
        by=personas.filer, citing=personas.right, against=case.seller, urls=[removed]
    )
    with pytest.raises(Refusal) as refused:
        filing.submit(case=third, by=personas.filer, good_faith=True)
    assert case.reference in str(refused.value.problems)  # type: ignore[attr-defined]


def test_reinstatement_revokes_the_strike(personas: Personas) -> None:
    case = factories.reinstated_case(by=personas.filer, citing=personas.right)
    assert case.strike.revoked_at is not None
    assert set(case.listings.values_list("status", flat=True)) == {"live"}
