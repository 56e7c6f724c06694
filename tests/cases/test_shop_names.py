"""A shop name in a draft is private to its member; the first submitted case sets it for all."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Seller
from cases.services import filing
from tests import factories
from tests.personas import Personas, browser_of

pytestmark = pytest.mark.django_db

SECRET = "Outlet of the moon bags we watch"
MINE = "Moon Outlet"


def at(case: Case, step: str) -> str:
    return reverse(f"desk:{step}", args=[case.reference])


def save_name(client: Client, case: Case, seller: Seller, name: str, **more: Any) -> str:
    """Name the shop of a draft through the form and return the next page."""
    sent = {
        "marketplace": seller.marketplace_id,
        "shop": seller.external_id,
        "seller_name": name,
        "urls": case.listings.get().url,
        "then": "next",
    }
    page = client.post(at(case, "listings"), sent | more, follow=True)
    assert page.status_code == 200
    return page.content.decode()


@pytest.fixture
def shop(db: None) -> Seller:
    """A shop named only in another member's draft."""
    market = factories.marketplace()
    unsaved = Seller(marketplace=market, external_id="820011", name=SECRET)
    factories.draft_case(against=unsaved, listings=1)
    return Seller.objects.get()


@pytest.fixture
def draft(personas: Personas, shop: Seller) -> Case:
    return factories.draft_case(
        by=personas.filer, citing=personas.right, against=_named(shop, MINE), listings=1
    )


def _named(shop: Seller, name: str) -> Seller:
    return Seller(marketplace=shop.marketplace, external_id=shop.external_id, name=name)


def test_name_in_another_members_draft_is_hidden(
    personas: Personas, draft: Case, shop: Seller
) -> None:
    client = personas.client("filer")
    pages = save_name(client, draft, shop, MINE)
    for page in ("/desk/", "/cases/", at(draft, "listings"), at(draft, "check")):
        pages += client.get(page).content.decode()
    assert MINE in pages
    assert SECRET not in pages
    assert "known here as" not in pages
    # A search must not reveal it either.
    found = client.get("/cases/", {"q": "moon bags"}).content.decode()
    assert draft.reference not in found
    assert draft.reference in client.get("/cases/", {"q": "moon outlet"}).content.decode()


def test_shop_has_its_id_as_its_name_until_a_case_is_submitted(draft: Case, shop: Seller) -> None:
    planned = factories.purchase(against=_named(shop, SECRET), seller_name=SECRET)
    assert planned.seller == shop
    unknown = Seller(marketplace=shop.marketplace, external_id="820012", name=SECRET)
    bought = factories.purchase(against=unknown, seller_name=SECRET)
    assert (shop.name, bought.seller.name) == ("820011", "820012")


def test_new_name_is_hidden_from_the_other_member(
    personas: Personas, draft: Case, shop: Seller
) -> None:
    save_name(personas.client("filer"), draft, shop, "A name of ours")
    theirs = Case.objects.exclude(pk=draft.pk).get()
    page = browser_of(theirs.created_by).get(at(theirs, "check")).content.decode()
    assert SECRET in page
    assert "A name of ours" not in page


def test_first_submitted_case_names_the_shop(personas: Personas, draft: Case, shop: Seller) -> None:
    theirs = Case.objects.exclude(pk=draft.pk).get()
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    shop.refresh_from_db()
    assert shop.name == MINE
    page = save_name(browser_of(theirs.created_by), theirs, shop, SECRET)
    assert f"This shop is already on record as “{MINE}”" in page
    filing.submit(case=theirs, by=theirs.created_by, good_faith=True)
    shop.refresh_from_db()
    assert shop.name == MINE
    assert [(one.name, one.case) for one in shop.other_names.all()] == [(SECRET, theirs)]
    seen = personas.client("moderator").get(reverse("triage:case", args=[draft.reference]))
    assert SECRET in seen.content.decode()
    mine = personas.client("filer").get(at(draft, "case")).content.decode()
    assert SECRET not in mine
    assert not Case.objects.exclude(seller_name="", shop_url="").exists()


def test_another_spelling_of_the_name_is_no_other_name(
    personas: Personas, draft: Case, shop: Seller
) -> None:
    theirs = Case.objects.exclude(pk=draft.pk).get()
    filing.submit(case=draft, by=personas.filer, good_faith=True)
    Case.objects.filter(pk=theirs.pk).update(seller_name=f" {MINE.upper()}  ")
    theirs.refresh_from_db()
    filing.submit(case=theirs, by=theirs.created_by, good_faith=True)
    assert not shop.other_names.exists()


def test_case_filed_again_keeps_the_name(personas: Personas, draft: Case) -> None:
    again = filing.start_draft(
        by=personas.filer,
        token=uuid.uuid4(),
        brand=draft.brand,
        right=draft.right,
        violation=draft.violation,
        jurisdiction="CN",
        goods_class=25,
        infringement_in=["product"],
        explanation="Again.",
        like=draft,
    )
    assert again.shop_name == MINE
