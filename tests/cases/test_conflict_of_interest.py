"""Conflict of interest: a moderator with a role at a member cannot act on its cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from alliance.lib.refusals import NotAllowed
from cases.liaison.models import Operation, Referral
from cases.models import Case, Decision, ReasonCode
from cases.services import decisions, operations, triage
from cases.services import referral as referrals
from members.models import Member, Membership, User
from tests import factories
from tests.personas import browser_of

pytestmark = pytest.mark.django_db

SENTENCE = "You have a role at Alder Works, so another moderator must work on its cases."
FACTS = "The test purchase shows a forged label."


def join(member: Member, mo: User, role: str = Membership.Role.VIEWER, **fields: Any) -> None:
    dates = {"valid_from": date(2020, 1, 1), "valid_until": None} | fields
    Membership.objects.create(user=mo, member=member, role=role, **dates)


@pytest.fixture
def mo() -> User:
    return factories.moderator(name="Mo Moderator")


@pytest.fixture
def member(db: None) -> Member:
    return factories.member(name="Alder Works")


def filed_by(member: Member) -> dict[str, Any]:
    return {"by": factories.filer(member), "of": factories.brand(member)}


def _decide(verb: str, case: Case, by: User) -> Any:
    reason = {
        use: factories.reason(use)
        for use in (ReasonCode.Use.UPHOLD, ReasonCode.Use.REJECT, ReasonCode.Use.REQUEST)
    }
    version = case.version
    ground = Decision.Ground.ILLEGAL_CONTENT
    acts: dict[str, Callable[[], Any]] = {
        "claim": lambda: triage.claim(case=case, by=by),
        "comment": lambda: triage.comment(case=case, by=by, note="Looks right."),
        "request_information": lambda: triage.request_information(
            case=case, by=by, reason=reason["request"], note="A photo."
        ),
        "decide_listings": lambda: decisions.decide_listings(case=case, by=by, outcomes={}),
        "uphold": lambda: decisions.uphold(
            case=case,
            by=by,
            reason=reason["uphold"],
            ground=ground,
            facts=FACTS,
            expected_version=version,
        ),
        "reject": lambda: decisions.reject(
            case=case, by=by, reason=reason["reject"], facts=FACTS, expected_version=version
        ),
        "record_removal": lambda: decisions.record_removal(case=case, by=by),
        "record_counter_notice": lambda: decisions.record_counter_notice(
            case=case, by=by, statement="Bought from the maker."
        ),
        "uphold_again": lambda: decisions.uphold_again(case=case, by=by, facts=FACTS),
        "reinstate": lambda: decisions.reinstate(case=case, by=by, facts=FACTS),
        "close": lambda: decisions.close(case=case, by=by),
        "refer": lambda: referrals.refer(case=case, by=by, agency=factories.agency()),
    }
    return acts[verb]()


STATUS_FOR = {
    "claim": "submitted",
    "comment": "submitted",
    "request_information": "in_review",
    "decide_listings": "in_review",
    "uphold": "in_review",
    "reject": "in_review",
    "record_removal": "upheld",
    "record_counter_notice": "removed",
    "uphold_again": "counter_noticed",
    "reinstate": "counter_noticed",
    "close": "removed",
    "refer": "upheld",
}


@pytest.mark.parametrize("verb", sorted(STATUS_FOR))
def test_actions_on_cases_of_the_own_member_are_refused(
    verb: str, mo: User, member: Member
) -> None:
    """This includes a case claimed before the moderator joined the member."""
    case = factories.CASE_IN[STATUS_FOR[verb]](
        **filed_by(member), **({"moderator": mo} if STATUS_FOR[verb] != "submitted" else {})
    )
    join(member, mo)
    with pytest.raises(NotAllowed) as refused:
        _decide(verb, case, mo)
    assert str(refused.value) == SENTENCE
    assert Case.objects.get(pk=case.pk).version == case.version


def test_claimed_case_can_be_released(mo: User, member: Member) -> None:
    case = factories.claimed_case(moderator=mo, **filed_by(member))
    join(member, mo)
    assert triage.allowed_verbs(case=case, user=mo) == {"release"}
    assert triage.release(case=case, by=mo).status == "submitted"
    assert triage.allowed_verbs(case=Case.objects.get(pk=case.pk), user=mo) == set()


def test_expired_roles_and_roles_at_other_members_do_not_matter(mo: User, member: Member) -> None:
    join(member, mo, valid_until=date(2021, 1, 1))
    join(factories.member(), mo)
    case = factories.submitted_case(**filed_by(member))
    assert triage.claim(case=case, by=mo).assignee == mo


def test_next_case_skips_cases_of_the_own_member(mo: User, member: Member) -> None:
    factories.submitted_case(**filed_by(member))
    join(member, mo)
    assert triage.claim_next(by=mo) is None
    other = factories.submitted_case()
    assert triage.claim_next(by=mo) == other


def test_referral_withdrawal_is_refused(mo: User, member: Member) -> None:
    referral = factories.referred_case(moderator=mo, **filed_by(member))
    join(member, mo)
    with pytest.raises(NotAllowed, match="You have a role at Alder Works"):
        referrals.withdraw(referral=referral, by=mo, note="No more.")
    assert Referral.objects.get().status == "offered"


def test_verification_and_retraction_are_refused(mo: User, member: Member) -> None:
    operation = factories.reported_operation(factories.accepted_referral(**filed_by(member)))
    join(member, mo)
    page = reverse("triage:operation", args=[operation.reference])
    words = "You have a role at a member with a case in this operation"
    for act in (
        lambda: operations.verify(operation=operation, by=mo),
        lambda: operations.retract(operation=operation, by=mo, reason="Wrong."),
    ):
        with pytest.raises(NotAllowed, match=words):
            act()
    assert Operation.objects.get().status == "reported"
    html = browser_of(mo).get(page).content.decode()
    assert words in html
    assert "Verify the figures" not in html
    assert "Retract the report" not in html


def test_case_page_explains_the_refusal(mo: User, member: Member) -> None:
    case = factories.upheld_case(**filed_by(member))
    factories.referred_case(case=case)
    join(member, mo)
    desk = browser_of(mo)
    page = desk.get(reverse("triage:case", args=[case.reference]))
    assert SENTENCE in page.content.decode()
    assert page.context["forms"] == {}
    assert [row["form"] for row in page.context["referrals"]] == [None]
    answer = desk.post(reverse("triage:removed", args=[case.reference]))
    assert answer.status_code == 403
    assert SENTENCE in answer.content.decode()
