"""The steps after a case was upheld: removal, counter-notice and closing."""

from __future__ import annotations

import pytest
from django.test import Client

from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import address, kinds, page, reloaded, words
from tests.personas import browser_of


def test_steps_after_upholding(desk: Client, mo: User) -> None:
    case = factories.upheld_case(moderator=mo)
    colleague = browser_of(factories.moderator())
    steps: list[tuple[Client, str, dict[str, str], str]] = [
        (desk, "removed", {}, "removed"),
        (desk, "counter_notice", {"statement": "These are genuine."}, "counter_noticed"),
        (colleague, "uphold_again", {"facts": "The invoice is forged."}, "removed"),
        (desk, "close", {}, "closed"),
    ]
    for who, verb, sent, status in steps:
        for _ in range(2):  # a second click has no effect
            assert who.post(address(verb, case), sent).status_code == 302, verb
        assert reloaded(case).status == status
        if verb == "counter_notice":
            factories.answered_counter_notice(reloaded(case))
    assert kinds(case)[-5:] == [
        *("listings_removed", "counter_noticed", "counter_notice_answered"),
        *("upheld_again", "closed"),
    ]


def test_accepted_counter_notice_reinstates_the_listings(desk: Client) -> None:
    case = factories.counter_noticed_case(answered=True)
    assert "These goods were bought from the maker." in words(desk.get(page(case)))
    for _ in range(2):
        sent = {"facts": "The invoices are in order."}
        assert desk.post(address("reinstate", case), sent).status_code == 302
    assert reloaded(case).status == "reinstated"
    assert set(case.listings.values_list("status", flat=True)) == {"live"}
    assert kinds(case).count("reinstated") == 1


@pytest.mark.parametrize(
    ("verb", "status"), [("uphold_again", "counter_noticed"), ("counter_notice", "removed")]
)
def test_empty_statement_is_refused(desk: Client, verb: str, status: str) -> None:
    case = factories.CASE_IN[status](**({"answered": True} if status == "counter_noticed" else {}))
    response = desk.post(address(verb, case), {"facts": "  ", "statement": "  "})
    assert response.status_code == 422
    assert reloaded(case).status == status
