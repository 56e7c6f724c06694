"""The page that explains addresses, and the examples that rules must read as expected."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace, MarketplaceExample
from cases.queries import examples, explained_addresses
from cases.services import catalogued_marketplaces
from tests import factories
from tests.admin.conftest import address
from tests.forms import form_data

pytestmark = pytest.mark.django_db
PAGE = "/admin/cases/marketplace/addresses/"
SHARED = """【淘宝】https://item.taobao.com/item.htm?id=700000000101&skuId=5001 「包」
看 m.tb.cn/h.5AbCdEf ，复制
https://shop100000001.taobao.com/
https://www.amazon.de/s?k=tasche
https://www.amazon.co.uk/dp/B0FAKE0101?smid=A1EXAMPLESELLR
http://localhost/x
https://shop.example/products/Bag?variant=7"""


@pytest.fixture
def market() -> Marketplace:
    return factories.marketplace(slug="bazaar", name="Bazaar", hosts=["bazaar.example"])


def explain(desk: Client, text: str) -> Any:
    response = desk.post(PAGE, form_data(desk.get(PAGE), PAGE, text=text))
    assert response.status_code == 200
    return response


def test_each_address_of_a_text_is_explained(desk: Client) -> None:
    catalogued_marketplaces.add_missing()
    found = explain(desk, SHARED).context["explained"]
    assert [(one.line, str(one.marketplace), one.kind, bool(one.refusal)) for one in found] == [
        (1, "Taobao", "item", False),
        (2, "Taobao", "short", False),
        (3, "Taobao", "shop", True),
        (4, "Amazon", "search", True),
        (5, "Amazon", "item", False),
        (6, "None", "", True),
        (7, "Independent websites", "item", False),
    ]
    item, short, shop, _search, offer, local, web = found
    assert (item.address.key, item.address.item) == ("taobao:item:700000000101", "700000000101")
    assert [one.address.variant for one in (item, offer, web)] == ["5001", "A1EXAMPLESELLR", "7"]
    assert short.address.opens_elsewhere
    assert "Open it and enter the URL" in short.question
    assert (shop.address.site, shop.refusal) == (
        "100000001",
        "This is the page of a shop, not a listing.",
    )
    assert "private network" in local.refusal
    page = explain(desk, SHARED + "\n快来看看吧").content.decode()
    for words in (
        "Ignored: no URL",
        "Opens elsewhere",
        "Refused",
        "To be confirmed",
        "Accepted",
        "Search page",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (" \n", "Enter at least one URL."),
        ("a.example/1\n" * 101, "You entered 101 lines. Enter up to 100."),
    ],
)
def test_no_text_and_too_much_text_are_refused(desk: Client, text: str, words: str) -> None:
    response = explain(desk, text)
    assert response.context["explained"] is None
    assert words in response.content.decode()


def test_unsaved_rules_are_tried(desk: Client, market: Marketplace) -> None:
    factories.seller(market)  # its shop IDs can no longer become case-sensitive
    change = address(Marketplace, "change", market.pk)
    data = form_data(desk.get(change), "marketplace_form", listing_pattern=r"/g/(?P<item>\d+)")
    page = desk.post(PAGE, data | {"edited": str(market.pk)})
    assert "are those in the form that you are editing" in page.content.decode()
    typed = form_data(page, PAGE, text="bazaar.example/g/12001\nbazaar.example/item/12001")
    found = desk.post(PAGE, typed).context["explained"]
    assert [(one.kind, one.address.item) for one in found] == [("item", "12001"), ("page", "")]
    market.refresh_from_db()
    assert market.listing_pattern == r"/item/(?P<item>\d+)"

    broken = desk.post(PAGE, typed | {"listing_pattern": "(", "hosts": "localhost"})
    assert broken.context["explained"] is None
    assert "not a valid regular expression" in broken.content.decode()
    assert desk.post(PAGE, typed | {"edited": "999999"}).status_code == 404


def test_rules_of_a_new_marketplace_are_tried(desk: Client) -> None:
    data = form_data(
        desk.get(address(Marketplace, "add")),
        "marketplace_form",
        name="Bazaar",
        slug="bazaar",
        hosts="bazaar.example",
        listing_pattern=r"/item/(?P<item>\d+)",
    )
    typed = data | {"edited": "", "text": "bazaar.example/item/12001"}
    (one,) = desk.post(PAGE, typed).context["explained"]
    assert (str(one.marketplace), one.address.item) == ("Bazaar", "12001")
    assert not Marketplace.objects.filter(slug="bazaar").exists()


def example_fields(number: int, **fields: str) -> dict[str, str]:
    values = {"url": "https://bazaar.example/item/12001", "expected": "item", "item": "12001"}
    return {f"examples-{number}-{name}": value for name, value in (values | fields).items()}


def test_rules_are_saved_only_if_their_examples_are_as_expected(
    desk: Client, market: Marketplace
) -> None:
    change = address(Marketplace, "change", market.pk)
    data = form_data(desk.get(change), "marketplace_form", listing_pattern=r"/g/(?P<item>\d+)")
    data |= example_fields(0) | {"examples-TOTAL_FORMS": "1"}
    page = desk.post(change, data)
    assert page.status_code == 200
    html = page.content.decode()
    assert "expected: Bazaar, Listing, item number 12001. Found: Bazaar, Other page." in html
    assert r"/g/(?P&lt;item&gt;\d+)" in html  # what was entered is kept
    assert 'value="https://bazaar.example/item/12001"' in html
    market.refresh_from_db()
    assert market.listing_pattern == r"/item/(?P<item>\d+)"

    assert desk.post(change, data | {"listing_pattern": market.listing_pattern}).status_code == 302
    (example,) = MarketplaceExample.objects.all()
    assert (example.marketplace, example.item) == (market, "12001")

    data = form_data(desk.get(change), "marketplace_form", listing_pattern=r"/g/(?P<item>\d+)")
    assert "Found: Bazaar, Other page" in desk.post(change, data).content.decode()
    assert desk.post(change, data | {"examples-0-DELETE": "on"}).status_code == 302


def test_example_of_another_marketplace_prevents_a_rule(desk: Client, market: Marketplace) -> None:
    factories.example(market, "/item/12001", item="12001")
    deals = factories.marketplace(slug="deals", name="Deals", hosts=["deals.example"])
    change = address(Marketplace, "change", deals.pk)
    data = form_data(
        desk.get(change), "marketplace_form", hosts="deals.example, deals.bazaar.example"
    )
    assert desk.post(change, data).status_code == 302
    MarketplaceExample.objects.update(url="https://deals.bazaar.example/item/12001", item="")
    page = desk.post(change, form_data(desk.get(change), "marketplace_form", name="Deals 2"))
    html = page.content.decode()
    assert "Example of Bazaar: https://deals.bazaar.example/item/12001" in html
    assert "expected: Bazaar, Listing. Found: Deals 2, Listing, item number 12001." in html
    assert Marketplace.objects.get(pk=deals.pk).name == "Deals"


def test_example_may_expect_a_refusal_or_a_shop(market: Marketplace) -> None:
    market.shop_pages = ["bazaar.example/shop/{name}"]
    expected = [
        ("/", "refused", ""),
        ("/shop/Zanvora", "shop", "bazaar.example/shop/zanvora"),
        ("/item/12001", "refused", ""),
        ("/shop/Zanvora", "refused", ""),
    ]
    rows = [
        MarketplaceExample(
            marketplace=market, url=f"bazaar.example{path}", expected=kind, shop=shop
        )
        for path, kind, shop in expected
    ]
    failed = examples.failures(rows, Marketplaces.all().replacing(market))
    assert [one.example for one in failed] == rows[2:]


def test_examples_are_bounded_and_fast(desk: Client, market: Marketplace) -> None:
    other = factories.marketplace()
    url = f"https://{other.hosts[0]}/item/"
    MarketplaceExample.objects.bulk_create(
        MarketplaceExample(marketplace=other, url=f"{url}{n}", expected="item", item=str(n))
        for n in range(500)
    )
    change = address(Marketplace, "change", market.pk)
    data = form_data(desk.get(change), "marketplace_form")
    started = time.process_time()
    assert not examples.failures(examples.of_others(market), Marketplaces.all())
    assert time.process_time() - started < 1
    data |= example_fields(0) | {"examples-TOTAL_FORMS": "1"}
    page = desk.post(change, data)
    assert "can have up to 500 examples" in page.content.decode()


def test_every_kind_has_words() -> None:
    kinds = set(MarketplaceExample.Expected.values) - {"refused"}
    assert kinds < set(explained_addresses.KINDS)
    assert reverse("admin:cases_marketplace_addresses") == PAGE
