"""Outcomes of listings, saved without deciding the case."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from alliance.lib import clock
from cases.models import Case, Listing
from members.models import User
from tests import factories
from tests.cases.triage_actions.steps import FACTS, address, page, reloaded, uphold_data, words


def test_saved_outcomes_renew_the_claim(desk: Client, claimed: Case) -> None:
    Case.objects.filter(pk=claimed.pk).update(lease_until=clock.now() + timedelta(minutes=1))
    first = claimed.listings.first()
    assert first
    response = desk.post(address("listings", claimed), {f"outcome-{first.pk}": "leave_up"})
    assert response["Location"] == page(claimed)
    assert list(claimed.listings.values_list("outcome", flat=True)) == ["leave_up", "", ""]
    case = reloaded(claimed)
    assert case.status == "in_review"
    assert case.lease_until
    assert case.lease_until > clock.now() + timedelta(minutes=29)


@pytest.mark.parametrize("outcome", ["remove", "leave_up"])
def test_all_listings_at_once_keeps_input(desk: Client, claimed: Case, outcome: str) -> None:
    response = desk.post(
        address("listings", claimed), {"every": outcome, "for": "uphold", "facts": FACTS}
    )
    assert set(claimed.listings.values_list("outcome", flat=True)) == {outcome}
    assert response.status_code == 200
    assert FACTS in words(response)
    assert response.context["listings"]["decided"] == 3


def test_listing_of_another_case_is_refused(desk: Client, claimed: Case) -> None:
    other = Listing.objects.get(case=factories.submitted_case(listings=1))
    response = desk.post(address("listings", claimed), {f"outcome-{other.pk}": "remove"})
    assert response.status_code == 422
    assert "do not belong to this case" in words(response)
    other.refresh_from_db()
    assert other.outcome == ""


def test_form_accepts_300_listings(desk: Client, mo: User) -> None:
    case = factories.claimed_case(moderator=mo, listings=300)
    html = words(desk.get(page(case)))
    names = [f'name="outcome-{pk}"' for pk in case.listings.values_list("pk", flat=True)]
    assert all(name in html for name in names)
    assert desk.post(address("uphold", case), uphold_data(case)).status_code == 302
    assert case.listings.filter(status="removal_requested").count() == 300
