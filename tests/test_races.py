"""Two people at the same moment, on two real connections: one wins, the other is told so."""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection

from cases.models import Case, CustodyEntry, Decision, StorageUse
from cases.services import decisions, disposal, evidence, filing, triage
from cases.services import referral as referrals
from cases.services.refusals import Conflict, Refusal
from members.models import User
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


def custody(file: Any) -> list[str]:
    return list(CustodyEntry.objects.filter(evidence_id=file.pk).values_list("action", flat=True))


@pytest.mark.parametrize("_round", range(3))
def test_a_file_is_removed_once(_round: int) -> None:
    case = factories.draft_case(files=2)
    file, kept = case.evidence.order_by("pk")
    by = case.created_by
    results = at_once(*[lambda: evidence.remove(evidence=file, by=by)] * 8)
    assert results == [None] * 8
    assert custody(file) == ["received", "removed"]
    assert StorageUse.objects.get(member=case.member).used_bytes == kept.size


@pytest.mark.parametrize("_round", range(3))
def test_a_file_is_removed_while_it_is_read(_round: int) -> None:
    """Either it was handed out before it was removed, or it was not handed out."""
    case = factories.draft_case(files=1)
    file, by = case.evidence.get(), case.created_by

    def read() -> None:
        with contextlib.suppress(type(file).DoesNotExist):
            evidence.record_read(evidence=file, by=by)

    at_once(read, lambda: evidence.remove(evidence=file, by=by), read)
    assert custody(file)[-1] == "removed"


@pytest.mark.parametrize("_round", range(3))
def test_uploads_at_once_do_not_exceed_the_quota(_round: int) -> None:
    """Into several drafts, so that they do not wait for one case."""
    first = factories.draft_case(files=1)
    cases = [first] + [
        factories.draft_case(of=first.brand, citing=first.right, by=first.created_by, files=0)
        for _number in range(3)
    ]
    StorageUse.objects.filter(member=first.member).update(quota_mb=1, used_bytes=1024**2 - 100)

    def upload(case: Case) -> Any:
        file = factories.png(seed=case.pk)
        return evidence.add(case=case, by=case.created_by, upload=file, kind="screenshot")

    results = at_once(*[partial(upload, case) for case in cases])
    refusals = [result for result in results if isinstance(result, Refusal)]
    stored = [result for result in results if not isinstance(result, Refusal)]
    use = StorageUse.objects.get(member=first.member)
    assert len(stored) == 1, results
    assert use.used_bytes == 1024**2 - 100 + stored[0].size
    assert len(refusals) == 3


@pytest.mark.parametrize("_round", range(2))
def test_drafts_at_once_do_not_exceed_the_limit(_round: int, settings: Any) -> None:
    settings.OPEN_DRAFTS_AT_MOST = 2
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

    results = at_once(*[start] * 4)
    assert sum(isinstance(result, Case) for result in results) == 2
    assert Case.objects.filter(created_by=by).count() == 2


@pytest.mark.parametrize("_round", range(3))
def test_files_of_a_discarded_draft_are_disposed_of_once(_round: int, settings: Any) -> None:
    case = factories.draft_case(files=2)
    files = list(case.evidence.all())
    filing.withdraw(case=case, by=case.created_by)
    settings.EVIDENCE_KEEP_DISCARDED_DAYS = 0
    results = at_once(*[disposal.dispose_discarded] * 4)
    assert sum(results) == 1
    assert [custody(file) for file in files] == [["received", "disposed"]] * 2
    assert StorageUse.objects.get(member=case.member).used_bytes == 0
