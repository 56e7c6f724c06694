"""Identifiers of the seller, entered while filing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, SellerIdentifier
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import at, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

GIVEN = {
    "phone": "138 0013 8000\r\n+44 20 7946 0958",
    "social": "https://www.social.example/@Silk_Shop/",
    "address": "Room 9, Block 2, Silk Road",
}
STORED = [
    ("address", "room 9, block 2, silk road"),
    ("phone", "+442079460958"),
    ("phone", "+8613800138000"),
    ("social", "social.example/@silk_shop"),
]


@pytest.fixture
def case(mine: dict[str, Any]) -> Case:
    market = factories.marketplace(country="CN")
    return factories.draft_case(**mine, against=factories.seller(on=market))


def enter(client: Client, case: Case, **given: str) -> Any:
    page = client.get(at(case, "listings"))
    return client.post(at(case, "listings"), form_data(page, "listings-form", then="next", **given))


def on_seller(case: Case) -> list[tuple[str, str]]:
    rows = SellerIdentifier.objects.filter(seller=case.seller)
    return list(rows.order_by("kind", "value").values_list("kind", "value"))


def test_identifiers_are_the_drafts_until_it_is_submitted(
    personas: Personas, client: Client, case: Case
) -> None:
    assert enter(client, case, **GIVEN).status_code == 302
    stated = case.stated_identifiers.order_by("kind", "value").values_list("kind", "value")
    assert list(stated) == STORED
    assert on_seller(case) == []
    # Another member that files against the same shop sees nothing of it.
    theirs = factories.draft_case(against=case.seller)
    stranger = personas.client("stranger")
    stranger.force_login(theirs.created_by)
    for step in ("listings", "check"):
        assert "+8613800138000" not in words(stranger.get(at(theirs, step)))
    again = form_data(client.get(at(case, "listings")), "listings-form")
    assert again["phone"] == "+442079460958\r\n+8613800138000"
    enter(client, case, email="silk@mail.example", address="")
    assert "silk@mail.example" in words(client.get(at(case, "check")))
    for _ in range(2):
        filing.submit(case=case, by=personas.filer, good_faith=True)
    assert on_seller(case) == [("email", "silk@mail.example"), *STORED[1:]]
    assert "+8613800138000" in words(client.get(case.get_absolute_url()))
    page = personas.client("moderator").get(reverse("triage:case", args=[case.reference]))
    assert "Stated by the member" in words(page)
    assert "+8613800138000" in words(page)


def test_known_identifiers_are_not_asked_again(
    personas: Personas, client: Client, mine: dict[str, Any], case: Case
) -> None:
    enter(client, case, **GIVEN)
    filing.submit(case=case, by=personas.filer, good_faith=True)
    later = factories.draft_case(**mine, against=case.seller)
    page = client.get(at(later, "listings"))
    assert "Your earlier cases state these already." in words(page)
    assert "+8613800138000" in words(page)
    assert form_data(page, "listings-form")["phone"] == ""
    # An identifier that two cases state is recorded once.
    enter(client, later, phone="13800138000")
    filing.submit(case=later, by=personas.filer, good_faith=True)
    assert on_seller(case) == STORED
    theirs = factories.draft_case(against=case.seller)
    stranger = Client()
    stranger.force_login(theirs.created_by)
    assert "Your earlier cases state" not in words(stranger.get(at(theirs, "listings")))


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("phone", "call me", "“call me” is not valid here."),
        ("email", "silk", "“silk” is not valid here."),
        ("licence", "9" * 201, "up to 200 characters"),
        ("payment", "\r\n".join(map(str, range(21))), "up to 20 lines"),
    ],
)
def test_invalid_identifiers_are_explained_and_kept(
    client: Client, case: Case, field: str, value: str, sentence: str
) -> None:
    response = enter(client, case, **{field: value})
    assert response.status_code == 422
    assert sentence in words(response)
    assert form_data(response, "listings-form")[field] == value


def test_edit_conflict(personas: Personas, client: Client, case: Case) -> None:
    stale = form_data(client.get(at(case, "listings")), "listings-form", then="next")
    enter(personas.client("owner"), case, phone="13800138000")
    response = client.post(at(case, "listings"), stale | {"email": "silk@mail.example"})
    assert response.status_code == 409
    assert "+8613800138000" in words(response)
