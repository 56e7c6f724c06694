"""Shops given by ID or address."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from cases.marketplaces import addresses
from cases.models import Marketplace
from tests.cases.addresses.rules import ALL, MARKET, WEB


def test_short_link_is_not_a_shop() -> None:
    assert addresses.parse("https://amzn.to/3AbC", ALL).site == ""
    with pytest.raises(ValidationError, match="short link"):
        addresses.shop("https://amzn.to/3AbC", WEB)


@pytest.mark.parametrize(
    ("text", "marketplace", "expected"),
    [
        (" 820011 ", MARKET, ("820011", "")),
        ("best.shop", MARKET, ("best.shop", "")),
        (
            "https://www.market.example/shop/9?spm=1",
            MARKET,
            ("market.example/shop/9", "https://www.market.example/shop/9?spm=1"),
        ),
        ("shop9.market.example", MARKET, ("shop9.market.example", "https://shop9.market.example")),
        ("fake.example/any/page", WEB, ("fake.example", "https://fake.example/any/page")),
        ("Fake。Example", WEB, ("fake.example", "https://Fake。Example")),
        (
            "social.example/Shop.One/photos",
            WEB,
            ("social.example/shop.one", "https://social.example/Shop.One/photos"),
        ),
    ],
)
def test_shop_is_given_by_id_or_address(
    text: str, marketplace: Marketplace, expected: tuple[str, str]
) -> None:
    assert addresses.shop(text, marketplace) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://elsewhere.example/shop", "not on Market"),
        ("https://market.example/item/7", "of a listing"),
        ("x" * 121, "120 characters"),
        (f"https://market.example/{'s' * 200}", "too long"),
        ("https://market.example/a shop", "contains a space"),
        ("http://127.0.0.1/", "private network"),
    ],
)
def test_invalid_shop_is_explained(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        addresses.shop(text, MARKET)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no dot here", "identified by its URL"),
        ("https://social.example", "Many shops share social.example"),
        ("https://m.social.example/groups/9", "Many shops share social.example"),
    ],
)
def test_shop_on_a_website_needs_an_address(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        addresses.shop(text, WEB)


@pytest.mark.parametrize(
    ("line", "site"),
    [
        ("https://fake-shop.example/a/b", "fake-shop.example"),
        ("https://www.social.example/Shop.One", "social.example/shop.one"),
        ("https://de.social.example/shop.one/posts/7?x=1", "social.example/shop.one"),
        ("https://social.example/shoptwo", "social.example/shoptwo"),
        ("https://social.example/profile.php?id=100&sk=about", "social.example/profile.php?id=100"),
        ("https://social.example/profile.php", ""),
        ("https://social.example/groups/9", ""),
        ("https://social.example/", ""),
        ("https://album.example/view/AbC/7", "album.example/view/AbC"),
        ("https://album.example/view/abc", "album.example/view/abc"),
        ("https://album.example/other", ""),
        ("https://one.builder.example/Shop/item", "one.builder.example/shop"),
        ("https://two.builder.example/shop", "two.builder.example/shop"),
    ],
)
def test_shop_on_a_shared_host_is_identified_by_path(line: str, site: str) -> None:
    assert addresses.parse(line, ALL).site == site
