"""Splitting a draft whose URLs belong to several shops."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case, Marketplace
from cases.services.hidden_links import Hidden, stated_in
from cases.states import Status
from tests import factories
from tests.cases.filing.forms import at, words
from tests.forms import form_data
from tests.personas import Personas

pytestmark = pytest.mark.django_db

HIDDEN = Hidden("In a group.", "Ask for it.", "A bag.")


@pytest.fixture
def web() -> Marketplace:
    return Marketplace.objects.get(slug="web")


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace(
        slug="mall",
        listing_pattern=r"/item/(?P<item>\d+)",
        shop_pages=["mall.example/s/{name}"],
    )


@pytest.fixture
def draft(mine: dict[str, Any]) -> Case:
    return factories.draft_case(**mine, listings=0, hidden=HIDDEN, infringement_in=["text"])


def enter(client: Client, case: Case, urls: list[str], **changes: Any) -> Any:
    page = client.get(at(case, "listings"))
    data = form_data(page, "listings-form", urls="\r\n".join(urls), then="next")
    return client.post(at(case, "listings"), data | changes)


def divide(client: Client, case: Case, page: Any) -> Any:
    data = form_data(page, "listings-form")
    return client.post(reverse("desk:split", args=[case.reference]), data, follow=True)


def shops_of(*cases: Case) -> list[tuple[str, str, int]]:
    rows = Case.objects.filter(status=Status.DRAFT).select_related("seller").order_by("pk")
    return [(c.seller.external_id, c.shop_name, c.listings.count()) for c in rows if c.seller]


def test_independent_websites_become_drafts(client: Client, draft: Case, web: Marketplace) -> None:
    urls = ["a.example/p/1", "b.example/p/1", "a.example/p/2", "c.example/p/9"]
    named = {"marketplace": web.pk, "shop": "a.example", "seller_name": "Silk House"}
    page = enter(client, draft, urls, **named, phone="+8613800138000")
    assert page.status_code == 422
    assert "These URLs belong to 3 shops" in words(page)
    assert "Split into 3 drafts" in words(page)
    assert Case.objects.count() == 1
    done = divide(client, draft, page)
    assert "2 further drafts were created" in words(done)
    expected = [
        ("a.example", "Silk House", 2),
        ("b.example", "b.example", 1),
        ("c.example", "c.example", 1),
    ]
    assert shops_of() == expected
    for case in Case.objects.exclude(pk=draft.pk):
        assert (case.explanation, case.infringement_in) == (draft.explanation, ["text"])
        assert stated_in(case) == HIDDEN
        assert not case.stated_identifiers.exists()
    # The same form again, as after a double click, creates nothing.
    assert "2 further drafts were created" in words(divide(client, draft, page))
    assert shops_of() == expected


def test_missing_shop_is_taken_from_the_urls_and_details_move(
    client: Client, draft: Case, market: Marketplace
) -> None:
    first = ["mall.example/s/silk/item/1", "mall.example/s/jade/item/2"]
    named = {"marketplace": market.pk, "shop": "silk", "seller_name": "Silk"}
    assert "Line 2: This URL names another shop" in words(enter(client, draft, first, **named))
    enter(client, draft, first, confirmed="on", then="later")
    draft.listings.filter(url__contains="jade").update(price=Decimal(5), currency="CNY")
    page = enter(client, draft, [*first, "mall.example/s/jade/item/3"])
    assert "Choose the marketplace of the shop." in words(page)
    assert divide(client, draft, page).status_code == 200
    assert [(shop, count) for shop, _name, count in shops_of()] == [("silk", 1), ("jade", 2)]
    jade = Case.objects.exclude(pk=draft.pk).get()
    prices = jade.listings.order_by("position").values_list("position", "price")
    assert list(prices) == [(1, Decimal(5)), (2, None)]


def test_urls_without_a_shop_stay_with_the_named_one(
    client: Client, draft: Case, market: Marketplace
) -> None:
    other = factories.marketplace(name="Night Market")
    urls = ["mall.example/item/1", "mall.example/s/jade/item/2", f"{other.hosts[0]}/item/7"]
    page = enter(client, draft, urls, marketplace=market.pk, shop="silk", seller_name="Silk")
    assert "The URLs do not name the shop" in words(page)
    divide(client, draft, page)
    assert shops_of() == [("silk", "Silk", 1), ("jade", "jade", 1)]
    unknown = Case.objects.get(seller=None)
    assert unknown.listings.get().marketplace == other


def test_facts_of_a_shop_without_urls_are_not_given_to_another(
    client: Client, draft: Case, web: Marketplace, market: Marketplace
) -> None:
    named = {"shop": "c.example", "seller_name": "C", "phone": "+8613800138000"}
    page = enter(client, draft, ["a.example/p/1", "b.example/p/1"], marketplace=web.pk, **named)
    refused = divide(client, draft, page)
    assert refused.status_code == 422
    assert "Enter the shop of the first URL, a.example" in words(refused)
    assert form_data(refused, "listings-form")["phone"] == "+8613800138000"
    # The same ID on another marketplace is another shop.
    urls = ["mall.example/s/silk/item/1", "mall.example/s/jade/item/2"]
    other = factories.marketplace()
    page = enter(client, draft, urls, marketplace=other.pk, **named | {"shop": "silk"})
    assert "No URL belongs to this shop" in words(divide(client, draft, page))
    assert (Case.objects.count(), draft.stated_identifiers.count()) == (1, 0)


def test_known_shop_keeps_its_name(
    client: Client, mine: dict[str, Any], draft: Case, web: Marketplace
) -> None:
    known = factories.seller(on=web, external_id="b.example", name="Jade House")
    factories.submitted_case(**mine, against=known, urls=["b.example/p/5"])
    urls = ["a.example/p/1", "b.example/p/1"]
    page = enter(client, draft, urls, marketplace=web.pk, shop="a.example", seller_name="A")
    divide(client, draft, page)
    assert shops_of() == [("a.example", "A", 1), ("b.example", "Jade House", 1)]


def test_limit_of_drafts(client: Client, draft: Case, web: Marketplace, settings: Any) -> None:
    settings.MAX_OPEN_DRAFTS = 2
    urls = [f"{name}.example/p/1" for name in "abc"]
    named = {"marketplace": web.pk, "shop": "a.example", "seller_name": "A"}
    done = divide(client, draft, enter(client, draft, urls, **named))
    assert done.status_code == 422
    assert "you can open only 1 more" in words(done)
    assert form_data(done, "listings-form")["urls"] == "\r\n".join(urls)
    assert (Case.objects.count(), draft.listings.count()) == (1, 0)


def test_stale_form_and_own_website_change_nothing(
    personas: Personas, client: Client, draft: Case, web: Marketplace
) -> None:
    personas.member.website = "https://our-brand.example"
    personas.member.save()
    named = {"marketplace": web.pk, "shop": "a.example", "seller_name": "A"}
    page = enter(client, draft, ["a.example/p/1", "our-brand.example/p/1"], **named)
    assert "on your own website" in words(divide(client, draft, page))
    page = enter(client, draft, ["a.example/p/1", "b.example/p/1"], **named)
    enter(personas.client("owner"), draft, ["a.example/p/3"], **named)
    done = divide(client, draft, page)
    assert done.status_code == 409
    assert Case.objects.count() == 1
