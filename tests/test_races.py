"""Concurrent actions on two real connections: one wins, and the other is refused."""

from __future__ import annotations

import contextlib
import threading
import uuid
from functools import partial
from typing import Any

import pytest

from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case, CustodyEntry, Decision, StorageUse
from cases.services import core, decisions, disposal, evidence, filing, reopening, triage
from cases.services import referral as referrals
from members.models import User
from tests import factories
from tests.concurrency import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)


def refused(results: list[Any]) -> list[Conflict]:
    return [result for result in results if isinstance(result, Conflict)]


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_claims_of_one_case(_round: int) -> None:
    case = factories.submitted_case()
    one, two = factories.moderator(), factories.moderator()
    results = run_concurrently(
        lambda: triage.claim(case=case, by=one), lambda: triage.claim(case=case, by=two)
    )
    assert len(refused(results)) == 1
    assert Case.objects.get(pk=case.pk).version == case.version + 1


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_claims_of_the_next_case(_round: int) -> None:
    cases = {factories.submitted_case().pk for _ in range(2)}
    one, two = factories.moderator(), factories.moderator()
    results = run_concurrently(lambda: triage.claim_next(by=one), lambda: triage.claim_next(by=two))
    assert {result.pk for result in results} == cases


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_uphold_and_reject(_round: int) -> None:
    case = factories.ready_case()
    holder, version = case.assignee, case.version
    assert holder is not None
    uphold, reject = factories.reason("uphold"), factories.reason("reject")
    results = run_concurrently(
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
def test_double_click_on_uphold_decides_once(_round: int) -> None:
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

    results = run_concurrently(click, click)
    assert not refused(results)
    assert case.events.filter(kind="upheld").count() == 1
    assert case.events.filter(kind="strike_issued").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_double_click_on_submit_files_once(_round: int) -> None:
    case = factories.draft_case()
    by = case.created_by

    def click() -> Case:
        return filing.submit(case=case, by=by, good_faith=True)

    results = run_concurrently(click, click)
    assert not refused(results)
    assert [event.kind for event in case.events.all()] == ["submitted"]


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_submissions_of_one_listing(_round: int) -> None:
    one = factories.draft_case(listings=1)
    url = one.listings.get().url
    two = factories.draft_case(citing=one.right, against=one.seller, urls=[url])
    results = run_concurrently(
        lambda: filing.submit(case=one, by=one.created_by, good_faith=True),
        lambda: filing.submit(case=two, by=two.created_by, good_faith=True),
    )
    # The slower one is refused by the readiness check or by the constraint.
    assert sum(isinstance(result, Refusal) for result in results) == 1
    assert Case.objects.filter(status="submitted").count() == 1


@pytest.mark.parametrize("_round", range(2))
def test_concurrent_reopening_and_submission(_round: int, monkeypatch: Any) -> None:
    """The cases have the same listings in opposite orders, so without a common lock they deadlock."""
    old = factories.rejected_case(listings=300)
    by = old.created_by
    urls = list(old.listings.order_by("-position").values_list("url", flat=True))
    new = factories.draft_case(by=by, citing=old.right, against=old.seller, urls=urls)
    evidence.add(case=old, by=by, upload=factories.png(), kind="document")
    real, both_are_checked = core.move, threading.Barrier(2)

    def move(case: Case, verb: str) -> None:
        real(case, verb)
        both_are_checked.wait(timeout=10)

    monkeypatch.setattr(core, "move", move)
    results = run_concurrently(
        lambda: reopening.reopen(case=old, by=by, note="The report has arrived."),
        lambda: filing.submit(case=new, by=by, good_faith=True),
    )
    assert len(refused(results)) == 1
    assert Case.objects.filter(status="submitted").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_withdrawal_and_claim(_round: int) -> None:
    """Either order is valid, a mixture is not."""
    case = factories.submitted_case()
    moderator = factories.moderator()
    results = run_concurrently(
        lambda: filing.withdraw(case=case, by=case.created_by),
        lambda: triage.claim(case=case, by=moderator),
    )
    case.refresh_from_db()
    assert case.status == "withdrawn"
    assert case.assignee is None
    assert len(refused(results)) == (0 if case.version == 3 else 1)


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_referrals_to_one_agency(_round: int) -> None:
    case, agency = factories.upheld_case(), factories.agency()
    one, two = factories.moderator(), factories.moderator()
    results = run_concurrently(
        lambda: referrals.refer(case=case, by=one, agency=agency),
        lambda: referrals.refer(case=case, by=two, agency=agency),
    )
    assert results[0] == results[1]
    assert case.referrals.get().updates.count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_different_answers(_round: int) -> None:
    referral = factories.referred_case()
    one, two = factories.officer(referral.agency), factories.officer(referral.agency)
    decline = factories.reason("decline")
    results = run_concurrently(
        lambda: referrals.answer(referral=referral, by=one, verb="accept"),
        lambda: referrals.answer(referral=referral, by=two, verb="decline", reason=decline),
    )
    assert len(refused(results)) == 1
    kinds = {"referral_accepted", "referral_declined"}
    assert referral.case.events.filter(kind__in=kinds).count() == 1


def custody(file: Any) -> list[str]:
    return list(CustodyEntry.objects.filter(evidence_id=file.pk).values_list("action", flat=True))


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_removals_of_a_file(_round: int) -> None:
    case = factories.draft_case(files=2)
    file, kept = case.evidence.order_by("pk")
    by = case.created_by
    results = run_concurrently(*[lambda: evidence.remove(evidence=file, by=by)] * 8)
    assert results == [None] * 8
    assert custody(file) == ["received", "removed"]
    assert StorageUse.objects.get(member=case.member).used_bytes == kept.size


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_removal_and_download(_round: int) -> None:
    """The file is either downloaded before the removal or not at all."""
    case = factories.draft_case(files=1)
    file, by = case.evidence.get(), case.created_by

    def read() -> None:
        with contextlib.suppress(type(file).DoesNotExist):
            evidence.record_read(evidence=file, by=by)

    run_concurrently(read, lambda: evidence.remove(evidence=file, by=by), read)
    assert custody(file)[-1] == "removed"


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_uploads_do_not_exceed_the_quota(_round: int) -> None:
    """Uses several drafts, because uploads to one case wait for each other."""
    first = factories.draft_case(files=1)
    cases = [first] + [
        factories.draft_case(of=first.brand, citing=first.right, by=first.created_by, files=0)
        for _number in range(3)
    ]
    StorageUse.objects.filter(member=first.member).update(quota_mb=1, used_bytes=1024**2 - 100)

    def upload(case: Case) -> Any:
        file = factories.png(seed=case.pk)
        return evidence.add(case=case, by=case.created_by, upload=file, kind="screenshot")

    results = run_concurrently(*[partial(upload, case) for case in cases])
    refusals = [result for result in results if isinstance(result, Refusal)]
    stored = [result for result in results if not isinstance(result, Refusal)]
    use = StorageUse.objects.get(member=first.member)
    assert len(stored) == 1, results
    assert use.used_bytes == 1024**2 - 100 + stored[0].size
    assert len(refusals) == 3


@pytest.mark.parametrize("_round", range(2))
def test_concurrent_drafts_do_not_exceed_the_limit(_round: int, settings: Any) -> None:
    settings.MAX_OPEN_DRAFTS = 2
    right = factories.right()
    by: User = factories.filer(right.brand.member)

    def start() -> Case:
        return filing.start_draft(
            by=by,
            token=uuid.uuid4(),
            brand=right.brand,
            right=right,
            violation="counterfeit",
            jurisdiction="CN",
            goods_class=None,
            explanation="",
        )

    results = run_concurrently(*[start] * 4)
    assert sum(isinstance(result, Case) for result in results) == 2
    assert Case.objects.filter(created_by=by).count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_concurrent_disposals_of_a_draft(_round: int, settings: Any) -> None:
    case = factories.draft_case(files=2)
    files = list(case.evidence.all())
    filing.withdraw(case=case, by=case.created_by)
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    results = run_concurrently(*[disposal.dispose_discarded] * 4)
    assert sum(results) == 1
    assert [custody(file) for file in files] == [["received", "disposed"]] * 2
    assert StorageUse.objects.get(member=case.member).used_bytes == 0
