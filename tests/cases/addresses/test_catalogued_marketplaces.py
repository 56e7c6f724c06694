"""Marketplaces of the catalogue in the database: their listings can be filed."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cases.marketplaces import addresses, catalogue
from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace
from cases.services import catalogued_marketplaces
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def marketplaces() -> Marketplaces:
    catalogued_marketplaces.add_missing()
    return Marketplaces.all()


def test_command_creates_each_marketplace_once(capsys: pytest.CaptureFixture[str]) -> None:
    before = Marketplace.objects.count()
    call_command("add_marketplaces")
    call_command("add_marketplaces")
    assert Marketplace.objects.count() == before + len(catalogue.marketplaces())
    assert capsys.readouterr().out.endswith("Marketplaces created: 0.\n")


def test_marketplaces_of_an_admin_are_left_as_they_are() -> None:
    own = factories.marketplace(
        slug="tb", hosts=["taobao.com"], listing_pattern=r"id=(?P<item>\d+)"
    )
    catalogued_marketplaces.add_missing()
    assert not Marketplace.objects.filter(slug="taobao").exists()
    read = addresses.parse("https://item.taobao.com/item.htm?id=700000000101", Marketplaces.all())
    assert (read.marketplace, read.key) == (own, f"{own.pk}:700000000101")


@pytest.mark.parametrize(
    ("line", "slug", "key", "item"),
    [
        (
            "https://item.taobao.com/item.htm?id=700000000101",
            "taobao",
            "taobao:item:700000000101",
            "700000000101",
        ),
        (
            "https://detail.tmall.com/item.htm?id=700000000101",
            "tmall",
            "taobao:item:700000000101",
            "700000000101",
        ),
        (
            "https://www.amazon.co.uk/dp/B0FAKE0101/ref=x",
            "amazon",
            "amazon:item:uk/B0FAKE0101",
            "B0FAKE0101",
        ),
        ("https://amzn.to/3AbCdEf?utm_source=x", "amazon", "short:amzn.to/3AbCdEf", ""),
        (
            "https://www.cssbuy.com/item-micro-7000000101.html",
            "weidian",
            "weidian:item:7000000101",
            "7000000101",
        ),
        (
            "fleamarket://awesome_detail?itemId=900000000601",
            "xianyu",
            "xianyu:item:900000000601",
            "900000000601",
        ),
    ],
)
def test_listing_of_a_real_marketplace_is_parsed(
    marketplaces: Marketplaces, line: str, slug: str, key: str, item: str
) -> None:
    read = addresses.parse(line, marketplaces)
    assert (read.marketplace.slug, read.key, read.item) == (slug, key, item)
    assert read.url.startswith("https://")


@pytest.mark.parametrize(
    "line", ["https://s.taobao.com/search?q=bag", "https://www.amazon.de/s?k=tasche"]
)
def test_search_page_is_refused(marketplaces: Marketplaces, line: str) -> None:
    with pytest.raises(ValidationError, match="is not a listing"):
        addresses.parse(line, marketplaces)


def test_page_that_no_rule_knows_has_the_key_of_its_address(
    marketplaces: Marketplaces,
) -> None:
    read = addresses.parse("https://www.taobao.com/unknown/page?a=1", marketplaces)
    assert read.key == f"{read.marketplace.pk}:taobao.com/unknown/page?a=1"


def test_shop_is_identified_by_its_url(marketplaces: Marketplaces) -> None:
    taobao = next(row for row in marketplaces if row.slug == "taobao")
    url = "https://shop100000001.taobao.com/category.htm"
    assert addresses.shop(url, taobao) == ("100000001", url)
    assert addresses.parse(url, marketplaces).is_shop_page
    with pytest.raises(ValidationError, match="of a listing"):
        addresses.shop("https://item.taobao.com/item.htm?id=700000000101", taobao)
    with pytest.raises(ValidationError, match="short link"):
        addresses.shop("https://m.tb.cn/h.5AbCdEf", taobao)


def test_lines_of_a_form_are_read_by_the_catalogue(marketplaces: Marketplaces) -> None:
    parsed = addresses.parse_text(
        "【淘宝】 https://item.taobao.com/item.htm?id=700000000101 「包」\n"
        "看 m.tb.cn/h.5AbCdEf ，复制\nhttps://h5.m.taobao.com/awp/core/detail.htm?id=700000000101",
        marketplaces,
    )
    keys = [address.key for address in parsed.addresses]
    assert keys == ["taobao:item:700000000101", "short:m.tb.cn/h.5AbCdEf"]
    assert (parsed.copies, parsed.mistakes) == (1, [])
