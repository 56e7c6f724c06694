"""A case covers one shop on one marketplace: addresses that do not belong are named by line."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from alliance.lib.refusals import Incomplete, Refusal
from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace
from cases.services import filing
from tests import factories
from tests.cases.filing.forms import at, seller, words
from tests.personas import Personas

pytestmark = pytest.mark.django_db


@pytest.fixture
def web() -> Marketplace:
    return Marketplace.objects.get(slug="web")


def send(client: Client, draft: Case, data: dict[str, Any]) -> str:
    response = client.post(at(draft, "listings"), data)
    assert response.status_code == 422
    return words(response)


def test_addresses_on_other_marketplaces_are_refused(
    client: Client, draft: Case, market: Marketplace
) -> None:
    other = factories.marketplace(name="Night Market")
    urls = [f"{market.hosts[0]}/item/1", f"{other.hosts[0]}/item/2", "", "fake-shop.example/3"]
    page = send(client, draft, seller(market, urls))
    assert f"Line 2: This URL is on Night Market, not on {market.name}." in page
    assert f"Line 4: This URL is on Independent websites, not on {market.name}." in page
    assert "Line 1:" not in page
    assert f"{other.hosts[0]}/item/2" in page


def test_addresses_on_many_marketplaces_are_counted(client: Client, draft: Case) -> None:
    markets = [factories.marketplace() for _ in range(18)]
    urls = [f"{markets[n % 18].hosts[0]}/item/{n}" for n in range(300)]
    page = send(client, draft, seller(markets[0], urls))
    assert "These URLs are on 18 marketplaces or websites" in page
    assert f"{markets[1].name} (17)" in page
    assert "File a separate case for each." in page
    draft.refresh_from_db()
    assert draft.listings.count() == 2


def test_members_own_website_is_refused(
    personas: Personas, client: Client, draft: Case, web: Marketplace
) -> None:
    personas.member.website = "https://www.our-brand.example/en"
    personas.member.save()
    urls = ["shop.our-brand.example/bag", "https://our-brand.example"]
    page = send(client, draft, seller(web, urls, shop="shop.our-brand.example"))
    assert "Line 1: This URL is on your own website, our-brand.example." in page
    assert "Line 2: This URL is on your own website" in page


def test_members_own_page_on_a_shared_site_is_refused(
    personas: Personas, client: Client, draft: Case, web: Marketplace
) -> None:
    personas.member.website = "https://www.facebook.com/OurBrand"
    personas.member.save()
    fake = seller(web, ["facebook.com/ourbrandfake/posts/1"], shop="facebook.com/ourbrandfake")
    assert client.post(at(draft, "listings"), fake).status_code == 302
    own = seller(web, ["facebook.com/ourbrand/posts/1"], shop="facebook.com/ourbrandfake")
    assert "on your own website" in send(client, draft, own)


def test_private_addresses_are_refused(client: Client, draft: Case, web: Marketplace) -> None:
    page = send(
        client, draft, seller(web, ["http://127.0.0.1/", "https://[::1]/"], shop="a.example")
    )
    assert "Line 1: 127.0.0.1 is in a private network" in page
    assert "Line 2: [::1] is in a private network" in page


@pytest.mark.parametrize("pattern", [r"/item/(?P<item>\d+)", ""])
def test_front_page_and_shop_page_are_refused(client: Client, draft: Case, pattern: str) -> None:
    market = factories.marketplace(
        slug="plain",
        listing_pattern=pattern,
        shop_pages=["plain.example/s/{code}"],
        shop_ids_are_case_sensitive=True,
    )
    urls = [
        "https://www.plain.example/?utm_source=x",
        "plain.example/s/77",
        "plain.example/store/820011",
    ]
    page = send(client, draft, seller(market, urls, confirmed="on"))
    assert f"Line 1: This is the home page of {market.name}, not a listing." in page
    assert "Line 2: This is the page of a shop, not a listing." in page
    assert "Line 3: This is the page of a shop, not a listing." in page


def test_unrecognised_listings_need_confirmation_once(
    client: Client, draft: Case, market: Marketplace
) -> None:
    host = market.hosts[0]
    data = seller(market, [f"{host}/item/1", f"{host}/search?q=bag", f"{host}/live/9"])
    assert "These URLs are listings" not in words(client.get(at(draft, "listings")))
    page = send(client, draft, data)
    assert "Line 2: This looks like a search page, not a listing." in page
    assert "Line 3: No listing was recognised in this URL." in page
    assert "These URLs are listings" in page
    assert "File a separate case for each." not in page
    assert client.post(at(draft, "listings"), data | {"confirmed": "on"}).status_code == 302
    assert draft.listings.count() == 3
    # Saved listings need no second confirmation.
    assert client.post(at(draft, "listings"), data).status_code == 302


def test_shops_on_a_shared_site_are_separate_sellers(
    client: Client, draft: Case, web: Marketplace, mine: dict[str, Any]
) -> None:
    second = factories.draft_case(**mine)
    for case, name in ((draft, "Shop.One"), (second, "shoptwo")):
        urls = [f"https://facebook.com/{name}/posts/1", "https://facebook.com/photo?fbid=7"]
        data = seller(web, urls, shop=f"https://www.facebook.com/{name}/", seller_name=name)
        assert client.post(at(case, "listings"), data).status_code == 302
        case.refresh_from_db()
    assert draft.seller
    assert second.seller
    assert draft.seller.external_id == "facebook.com/shop.one"
    assert second.seller.external_id == "facebook.com/shoptwo"
    page = send(
        client,
        draft,
        seller(web, ["facebook.com/shoptwo", "facebook.com"], shop="facebook.com/shop.one"),
    )
    assert "Line 1: This URL belongs to facebook.com/shoptwo, not to the shop" in page
    assert "Line 2: Many shops share facebook.com" in page


def test_inactive_marketplace_is_not_an_independent_website(
    client: Client, draft: Case, web: Marketplace
) -> None:
    off = factories.marketplace(name="Old Market", is_active=False)
    page = send(client, draft, seller(web, [f"{off.hosts[0]}/item/1"], shop=off.hosts[0]))
    assert "Line 1: This URL is on Old Market, not on Independent websites." in page


def test_service_refuses_addresses_on_other_marketplaces(
    personas: Personas, draft: Case, market: Marketplace, web: Marketplace
) -> None:
    reading = addresses.parse_text(
        f"{market.hosts[0]}/item/1\nfake-shop.example/1", Marketplaces.all()
    )
    with pytest.raises(Refusal, match="not on"):
        filing.set_listings(
            case=draft,
            by=personas.filer,
            marketplace=market,
            seller_id="820011",
            seller_name="Shop",
            shop_url="",
            addresses=reading.addresses,
        )


def test_older_draft_with_two_marketplaces_cannot_be_submitted(
    personas: Personas, client: Client, draft: Case
) -> None:
    other = factories.marketplace(name="Night Market")
    draft.listings.filter(position=2).update(
        url=f"https://{other.hosts[0]}/item/5", marketplace=other
    )
    assert "This URL is on Night Market" in words(client.get(at(draft, "check")))
    with pytest.raises(Incomplete):
        filing.submit(case=draft, by=personas.filer, good_faith=True)


def test_addresses_are_extracted_from_pasted_text(
    client: Client, draft: Case, market: Marketplace
) -> None:
    item = f"https://{market.hosts[0]}/item"
    urls = [f"【夜市】{item}/1 「包」", f"{item}/2,{item}/3", f"{item}/4"]
    page = words(client.post(at(draft, "listings"), seller(market, urls), follow=True))
    assert "2 lines contained other text; only the URLs were kept." in page
    assert [listing.url for listing in draft.listings.order_by("position")] == [
        f"{item}/{n}" for n in (1, 2, 3, 4)
    ]


def test_short_links_and_ambiguous_ends_are_refused(
    client: Client, draft: Case, web: Marketplace
) -> None:
    urls = ["https://bit.ly/3AbC", "https://fake.example/1,Bag black,12"]
    page = send(client, draft, seller(web, urls, shop="fake.example"))
    assert "Line 1: This is a short link. Open it" in page
    assert "Line 2: It is not clear where this URL ends: https://fake.example/1,Bag" in page
