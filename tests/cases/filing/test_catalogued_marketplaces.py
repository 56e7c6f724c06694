"""Listings of real marketplaces are filed by any of their addresses."""

from __future__ import annotations

import pytest
from django.test import Client

from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Case, Marketplace
from cases.queries.listing_checks import find_issues
from cases.services import catalogued_marketplaces
from members.models import Member
from tests.cases.filing.forms import at, seller, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def taobao() -> Marketplace:
    catalogued_marketplaces.add_missing()
    return Marketplace.objects.get(slug="taobao")


def test_listings_on_taobao_are_filed(client: Client, draft: Case, taobao: Marketplace) -> None:
    urls = [
        "https://item.taobao.com/item.htm?spm=a1z10&id=700000000101",
        "【淘宝】https://h5.m.taobao.com/awp/core/detail.htm?id=700000000101 「包」",
        "https://hoobuy.com/product/1/700000000102",
    ]
    response = client.post(at(draft, "listings"), seller(taobao, urls))
    assert response.status_code == 302
    keys = draft.listings.order_by("position").values_list("canonical_key", flat=True)
    assert list(keys) == ["taobao:item:700000000101", "taobao:item:700000000102"]
    draft.refresh_from_db()
    assert draft.seller is not None
    assert draft.seller.marketplace == taobao


def test_pages_that_are_no_listings_are_refused(
    client: Client, draft: Case, taobao: Marketplace
) -> None:
    listing = "https://item.taobao.com/item.htm?id=700000000101"
    urls = [listing, "https://s.taobao.com/search?q=bag"]
    response = client.post(at(draft, "listings"), seller(taobao, urls))
    assert response.status_code == 422
    assert "This page of Taobao is not a listing" in words(response)
    urls = [listing, "https://www.amazon.de/dp/B0FAKE0101"]
    response = client.post(at(draft, "listings"), seller(taobao, urls))
    assert response.status_code == 422
    assert "This URL is on Amazon, not on Taobao." in words(response)
    for shop in ("https://shop100000001.taobao.com/", "https://goods.taobao.com"):
        response = client.post(at(draft, "listings"), seller(taobao, [listing, shop]))
        assert response.status_code == 422
        assert "This is the page of a shop, not a listing." in words(response)


def test_pages_that_no_rule_knows_are_confirmed(taobao: Marketplace) -> None:
    """A video is recognised, although its path looks like that of a search page."""
    marketplaces = Marketplaces.all()
    for url, question in (
        ("https://www.xiaohongshu.com/discovery/item/66a0000000000000000000a1?text=bag", ""),
        ("https://item.taobao.com/item.htm?spm=a1z09.1", "No listing was recognised in this URL."),
    ):
        issues = find_issues(addresses=[addresses.parse(url, marketplaces)])
        assert [(one.message, one.is_blocking) for one in issues] == [(question, False)][
            : bool(question)
        ]


@pytest.mark.parametrize(
    ("website", "slug", "url", "is_own"),
    [
        ("https://www.facebook.com/velmondra", "facebook", "https://m.facebook.com/Velmondra/posts/1", True),
        ("https://www.facebook.com/velmondra", "facebook", "https://www.facebook.com/velmondra2/posts/1", False),
        ("https://velmondra.tmall.com", "tmall", "https://velmondra.tmall.com/category.htm?id=1", True),
        ("https://velmondra.tmall.com", "tmall", "https://detail.tmall.com/item.htm?id=700000000101", False),
        ("https://www.tmall.com", "tmall", "https://detail.tmall.com/item.htm?id=700000000101", False),
    ],
)  # fmt: skip
def test_own_pages_on_marketplaces_are_refused(
    client: Client, draft: Case, website: str, slug: str, url: str, is_own: bool
) -> None:
    catalogued_marketplaces.add_missing()
    Member.objects.filter(pk=draft.member_id).update(website=website)
    marketplace = Marketplace.objects.get(slug=slug)
    response = client.post(at(draft, "listings"), seller(marketplace, [url]))
    assert ("This URL is on your own website" in words(response)) == is_own
