"""Listings that were filed before: in decided cases of the brand, or by other members."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from cases.queries import filed_before
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import at, words
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def refile(earlier: Case, mine: dict[str, Any], **draft: Any) -> Case:
    """Return a draft with the listings of ``earlier`` and a further one."""
    urls = list(earlier.listings.order_by("position").values_list("url", flat=True))
    new = factories.listing_urls(earlier.seller.marketplace, 1)  # type: ignore[union-attr]
    return factories.draft_case(**mine, against=earlier.seller, urls=[*new, *urls], **draft)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("closed", "It was removed and has reappeared"),
        ("rejected", "Decided before"),
        ("reinstated", "Decided before"),
    ],
)
def test_case_follows_the_decided_one(
    personas: Personas, client: Client, mine: dict[str, Any], status: str, sentence: str
) -> None:
    earlier = factories.CASE_IN[status](**mine)
    case = refile(earlier, mine)
    for step in ("listings", "check"):
        page = words(client.get(at(case, step)))
        assert page.count(sentence) == 2
        assert earlier.get_absolute_url() in page
    case = filing.submit(case=case, by=personas.filer, good_faith=True)
    assert case.follows == earlier
    assert earlier.reference in words(client.get(at(case, "submitted")))
    assert earlier.reference in words(client.get(case.get_absolute_url()))
    page = personas.client("moderator").get(reverse("triage:case", args=[case.reference]))
    assert "Earlier case" in words(page)
    assert ("Its listings have reappeared" in words(page)) == (status == "closed")


def test_removed_listings_come_before_listings_left_up(mine: dict[str, Any]) -> None:
    closed = factories.closed_case(**mine)
    left_up = factories.upheld_case(**mine, against=closed.seller, left_up=1)
    urls = [
        closed.listings.get(position=1).url,
        left_up.listings.get(position=1).url,
    ]
    case = factories.draft_case(**mine, against=closed.seller, urls=urls)
    assert [(one.case, one.reappeared) for one in filed_before.decided(case)] == [
        (closed, True),
        (left_up, False),
    ]
    assert filed_before.earlier_case(case, case.listings.all()) == closed
    # A case that already follows one keeps it, and withdrawn cases do not count.
    factories.withdrawn_case(**mine, against=closed.seller, urls=urls)
    assert filed_before.earlier_case(case, case.listings.all()) == closed
    case.follows = left_up
    case.save()
    assert filing.submit(case=case, by=mine["by"], good_faith=True).follows == left_up


def test_other_members_are_counted_and_not_named(
    personas: Personas, client: Client, mine: dict[str, Any], django_assert_num_queries: Any
) -> None:
    theirs = factories.submitted_case()
    factories.draft_case(against=theirs.seller, urls=[theirs.listings.get(position=1).url])
    case = refile(theirs, mine)
    for step in ("listings", "check"):
        page = words(client.get(at(case, step)))
        assert "Other members have already filed 2 of these listings." in page
        assert theirs.reference not in page
        assert theirs.member.name not in page
    with django_assert_num_queries(3):
        assert filed_before.by_other_members(case) == 2
        assert filed_before.decided(case) == []
    case = filing.submit(case=case, by=personas.filer, good_faith=True)
    assert case.follows is None
    filing.withdraw(case=theirs, by=theirs.created_by)
    again = refile(case, {"by": None})
    assert filed_before.by_other_members(again) == 3


def test_another_brands_decided_case_is_not_followed(mine: dict[str, Any]) -> None:
    theirs = factories.closed_case()
    assert filed_before.decided(refile(theirs, mine)) == []
