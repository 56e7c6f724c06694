"""Listings of a draft that open cases already have: counted, linked and removable."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from alliance.lib.refusals import Conflict, NotAllowed
from cases.models import Case
from cases.queries.readiness import loaded, problems
from cases.services import filed_listings
from tests import factories
from tests.cases.filing.forms import at, words
from tests.forms import form_of
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def earlier(mine: dict[str, Any]) -> list[Case]:
    shop = factories.seller()
    urls = factories.listing_urls(shop.marketplace, 60)
    halves = urls[:35], urls[35:]
    return [factories.submitted_case(**mine, against=shop, urls=half) for half in halves]


@pytest.fixture
def overlapping(mine: dict[str, Any], earlier: list[Case]) -> Case:
    """A draft with 62 listings, 60 of which were filed before."""
    shop = earlier[0].seller
    assert shop is not None
    urls = [url for case in earlier for url in case.listings.values_list("url", flat=True)]
    more = factories.listing_urls(shop.marketplace, 2)
    return factories.draft_case(**mine, against=shop, urls=[*urls, *more])


@pytest.mark.parametrize("step", ["listings", "check"])
def test_filed_listings_are_counted_linked_and_removed(
    client: Client, overlapping: Case, earlier: list[Case], step: str
) -> None:
    response = client.get(at(overlapping, step))
    page = words(response)
    assert "60 listings are already part of open cases of the brand" in page
    assert "and 40 more" in page
    assert f'href="{earlier[0].get_absolute_url()}"' in page
    assert "Remove 60 listings from the draft" in page
    address = at(overlapping, "filed_already")
    response = client.post(address, form_of(response, action=address), follow=True)
    assert response.redirect_chain[-1][0] == at(overlapping, "listings")
    page = words(response)
    assert "60 listings were removed from the draft." in page
    assert "already part of" not in page
    assert overlapping.listings.count() == 2
    assert problems(case=loaded(overlapping)) == []


def test_check_page_shows_the_number_of_problems(client: Client, overlapping: Case) -> None:
    assert "60 things are left to do before you can submit" in words(
        client.get(at(overlapping, "check"))
    )


def test_check_page_uses_few_queries(
    client: Client, overlapping: Case, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(25):
        client.get(at(overlapping, "check"))


def test_second_removal_has_no_effect(personas: Personas, overlapping: Case) -> None:
    assert filed_listings.remove_filed(case=overlapping, by=personas.filer) == 60
    assert filed_listings.remove_filed(case=overlapping, by=personas.owner) == 0


def test_removal_needs_a_filer_and_a_draft(
    personas: Personas, overlapping: Case, earlier: list[Case]
) -> None:
    for person in (personas.viewer, personas.stranger, personas.moderator):
        with pytest.raises(NotAllowed):
            filed_listings.remove_filed(case=overlapping, by=person)
    with pytest.raises(Conflict):
        filed_listings.remove_filed(case=earlier[0], by=personas.filer)
    assert overlapping.listings.count() == 62
