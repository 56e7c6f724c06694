"""Why a listing is still up: one answer for each status and outcome of a case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from alliance.lib import clock
from cases.models import Case, ReasonCode
from cases.queries import still_up
from cases.queries.still_up import SENTENCES, Answer
from cases.services import decisions, filing
from cases.states import OUTCOMES, Status
from tests import factories
from tests.personas import Personas

pytestmark = pytest.mark.django_db

PARTLY = {"left_up": 1}
LATER = timedelta(days=30)


def _again_closed(**draft: Any) -> Case:
    return factories.closed_case(reinstated=True, **draft)


def _upheld_again(**draft: Any) -> Case:
    case = factories.counter_noticed_case(answered=True, **draft)
    return decisions.uphold_again(case=case, by=factories.moderator(), facts="A forged invoice.")


def _discarded(**draft: Any) -> Case:
    case = factories.draft_case(**draft)
    return filing.withdraw(case=case, by=case.created_by)


def _gone(**draft: Any) -> Case:
    case = factories.claimed_case(**draft)
    assert case.assignee
    return decisions.reject(
        case=case,
        by=case.assignee,
        reason=ReasonCode.objects.get(code="listing-gone"),
        facts="The pages are empty.",
        expected_version=case.version,
    )


# How a case is made, whether a month passes afterwards, and the answers for its two listings.
STORIES: list[tuple[Callable[..., Case], dict[str, Any], bool, list[Answer]]] = [
    (factories.draft_case, {}, False, [Answer.DRAFT] * 2),
    (factories.submitted_case, {}, False, [Answer.AWAITS_MODERATOR] * 2),
    (factories.submitted_case, {}, True, [Answer.OVERDUE] * 2),
    (factories.claimed_case, {}, False, [Answer.AWAITS_MODERATOR] * 2),
    (factories.ready_case, PARTLY, True, [Answer.OVERDUE] * 2),
    (factories.information_requested_case, {}, False, [Answer.AWAITS_MEMBER] * 2),
    (factories.information_requested_case, {}, True, [Answer.UNANSWERED] * 2),
    (factories.upheld_case, PARTLY, False, [Answer.LEFT_UP_FIXABLE, Answer.REMOVAL_REQUESTED]),
    (factories.rejected_case, {}, False, [Answer.LEFT_UP_FIXABLE] * 2),
    (_gone, {}, False, [Answer.LEFT_UP] * 2),
    (factories.removed_case, PARTLY, False, [Answer.LEFT_UP_FIXABLE, Answer.REMOVED]),
    (factories.counter_noticed_case, PARTLY, False, [Answer.LEFT_UP_FIXABLE, Answer.COUNTER_NOTICE]),
    (factories.counter_noticed_case, {}, True, [Answer.COUNTER_NOTICE_DECIDED_BY] * 2),
    (factories.counter_noticed_case, {"answered": True}, False, [Answer.COUNTER_NOTICE_DECIDED_BY] * 2),
    (_upheld_again, {}, False, [Answer.REMOVED] * 2),
    (factories.reinstated_case, PARTLY, False, [Answer.LEFT_UP_EARLIER, Answer.REINSTATED]),
    (factories.closed_case, PARTLY, False, [Answer.LEFT_UP_FIXABLE, Answer.REMOVED]),
    (_again_closed, {}, False, [Answer.REINSTATED] * 2),
    (factories.withdrawn_case, {}, False, [Answer.WITHDRAWN] * 2),
    (_discarded, {}, False, [Answer.WITHDRAWN] * 2),
]  # fmt: skip


def _answers(case: Case, *, later: timedelta) -> list[still_up.StillUp]:
    """Return the answers for the listings of a case, ``later``, as its page gets them."""
    found = Case.objects.with_decision().get(pk=case.pk)
    notice = found.counter_notices.filter(status="open").first()
    removal = found.events.filter(kind="listings_removed").last()
    removed_at = removal.at if removal else None
    with clock.at(clock.now() + later):
        return [
            still_up.explain(one, found, notice=notice, removed_at=removed_at)
            for one in found.listings.order_by("position")
        ]


@pytest.mark.parametrize(
    ("build", "how", "later", "expected"),
    STORIES,
    ids=[f"{build.__name__}-{n}" for n, (build, *_rest) in enumerate(STORIES)],
)
def test_every_status_and_outcome_has_its_answer(
    personas: Personas,
    build: Callable[..., Case],
    how: dict[str, Any],
    later: bool,
    expected: list[Answer],
) -> None:
    case = build(by=personas.filer, citing=personas.right, **how)
    found = _answers(case, later=LATER if later else timedelta())
    assert [one.answer for one in found] == expected
    for language in ("en", "zh-hans"):
        with translation.override(language), timezone.override("Asia/Shanghai"):
            for one in found:
                assert not any(mark in str(one) for mark in ("%(", "–", "None"))


def test_the_stories_cover_every_answer_status_and_outcome() -> None:
    assert {answer for *_rest, answers in STORIES for answer in answers} == set(Answer)
    assert set(SENTENCES) == set(Answer)
    assert set(OUTCOMES) | {*list(Status)[:4], Status.WITHDRAWN} == set(Status)
    names = {build for build, *_rest in STORIES}
    assert names >= set(factories.CASE_IN.values())


def test_it_is_worded_for_the_reader(personas: Personas) -> None:
    case = factories.upheld_case(by=personas.filer, citing=personas.right, left_up=1)
    with timezone.override("Asia/Shanghai"):
        left_up, requested = _answers(case, later=timedelta())
        assert "the marketplace has not confirmed it yet" in str(requested)
        assert left_up.reason is not None
        assert left_up.reason.label in str(left_up)
        assert left_up.reason.how_to_fix in str(left_up)
        with translation.override("zh-hans"):
            assert left_up.reason.how_to_fix_zh in str(left_up)
            assert "尚未确认" in str(requested)
    waiting = factories.submitted_case(by=personas.filer, citing=personas.right)
    with timezone.override("Asia/Shanghai"):
        assert "(Asia/Shanghai)" in str(_answers(waiting, later=timedelta())[0])


def test_the_page_shows_it_for_each_listing_without_a_query(
    personas: Personas, settings: Any
) -> None:
    settings.USERSESSIONS_TRACK_ACTIVITY = False
    made: dict[str, Any] = {"by": personas.filer, "citing": personas.right, "left_up": 1}
    client = personas.client("viewer")
    queries = []
    for listings in (2, 6):
        case = factories.upheld_case(**made, listings=listings)
        with CaptureQueriesContext(connection) as captured:
            page = client.get(case.get_absolute_url())
        queries.append(len(captured))
        text = page.content.decode()
        assert text.count("the marketplace has not confirmed it yet") == listings - 1
        assert text.count("Left up on") == 1
    assert queries[0] == queries[1]
