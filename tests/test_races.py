"""Two people at the same moment, on two real connections: one wins, the other is told so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from cases.models import Case, Decision
from cases.services import decisions, filing, triage
from cases.services import referral as referrals
from cases.services.refusals import Conflict, Refusal
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; return results, or the refusal of each."""
    start = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=10)
            results[place] = call()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
        assert not thread.is_alive(), "the calls have locked each other out"
    return results


def refused(results: list[Any]) -> list[Conflict]:
    return [result for result in results if isinstance(result, Conflict)]


@pytest.mark.parametrize("_round", range(3))
def test_two_moderators_claim_one_case(_round: int) -> None:
    case = factories.submitted_case()
    one, two = factories.moderator(), factories.moderator()
    results = at_once(
        lambda: triage.claim(case=case, by=one), lambda: triage.claim(case=case, by=two)
    )
    assert len(refused(results)) == 1
    assert Case.objects.get(pk=case.pk).version == case.version + 1


@pytest.mark.parametrize("_round", range(3))
def test_two_moderators_ask_for_the_next_case(_round: int) -> None:
    cases = {factories.submitted_case().pk for _ in range(2)}
    one, two = factories.moderator(), factories.moderator()
    results = at_once(lambda: triage.claim_next(by=one), lambda: triage.claim_next(by=two))
    assert {result.pk for result in results} == cases


@pytest.mark.parametrize("_round", range(3))
def test_one_moderator_upholds_and_rejects_in_two_windows(_round: int) -> None:
    case = factories.ready_case()
    holder, version = case.assignee, case.version
    assert holder is not None
    uphold, reject = factories.reason("uphold"), factories.reason("reject")
    results = at_once(
        lambda: decisions.uphold(
            case=case,
            by=holder,
            reason=uphold,
            ground="illegal_content",
            facts="Forged.",
            expected_version=version,
        ),
        lambda: decisions.reject(
            case=case, by=holder, reason=reject, facts="Genuine.", expected_version=version
        ),
    )
    assert len(refused(results)) == 1
    assert Decision.objects.filter(case=case).count() == 1
    assert case.events.filter(kind__in=("upheld", "rejected")).count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_double_click_on_uphold_decides_once(_round: int) -> None:
    case = factories.ready_case()
    holder = case.assignee
    assert holder is not None
    reason = factories.reason("uphold")

    def click() -> Case:
        return decisions.uphold(
            case=case,
            by=holder,
            reason=reason,
            ground="illegal_content",
            facts="Forged.",
            expected_version=case.version,
        )

    results = at_once(click, click)
    assert not refused(results)
    assert case.events.filter(kind="upheld").count() == 1
    assert case.events.filter(kind="strike_issued").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_double_click_on_submit_files_once(_round: int) -> None:
    case = factories.draft_case()
    by = case.created_by

    def click() -> Case:
        return filing.submit(case=case, by=by, good_faith=True)

    results = at_once(click, click)
    assert not refused(results)
    assert [event.kind for event in case.events.all()] == ["submitted"]


@pytest.mark.parametrize("_round", range(3))
def test_two_filers_submit_the_same_listing(_round: int) -> None:
    one = factories.draft_case(listings=1)
    url = one.listings.get().url
    two = factories.draft_case(citing=one.right, against=one.seller, urls=[url])
    results = at_once(
        lambda: filing.submit(case=one, by=one.created_by, good_faith=True),
        lambda: filing.submit(case=two, by=two.created_by, good_faith=True),
    )
    # The slower one learns of it before (a sentence in a list) or at the moment of writing.
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Case.objects.filter(status="submitted").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_the_member_withdraws_while_a_moderator_claims(_round: int) -> None:
    """Either order is fine; a mixture is not."""
    case = factories.submitted_case()
    moderator = factories.moderator()
    results = at_once(
        lambda: filing.withdraw(case=case, by=case.created_by),
        lambda: triage.claim(case=case, by=moderator),
    )
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert case.assignee is None
    assert len(refused(results)) == (0 if case.version == 3 else 1)


@pytest.mark.parametrize("_round", range(3))
def test_two_moderators_refer_to_one_agency(_round: int) -> None:
    case, agency = factories.upheld_case(), factories.agency()
    one, two = factories.moderator(), factories.moderator()
    results = at_once(
        lambda: referrals.refer(case=case, by=one, agency=agency),
        lambda: referrals.refer(case=case, by=two, agency=agency),
    )
    assert results[0] == results[1]
    assert case.referrals.get().updates.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_two_officers_answer_differently(_round: int) -> None:
    referral = factories.referred_case()
    one, two = factories.officer(referral.agency), factories.officer(referral.agency)
    decline = factories.reason("decline")
    results = at_once(
        lambda: referrals.answer(referral=referral, by=one, verb="accept"),
        lambda: referrals.answer(referral=referral, by=two, verb="decline", reason=decline),
    )
    assert len(refused(results)) == 1
    kinds = {"referral_accepted", "referral_declined"}
    assert referral.case.events.filter(kind__in=kinds).count() == 1
