"""Canonical keys of listing addresses, and refused addresses."""

from __future__ import annotations

import time

import pytest
from django.core.exceptions import ValidationError

from cases.marketplaces import addresses
from cases.marketplaces.lookup import Marketplaces
from cases.models import Marketplace
from tests.cases.addresses.rules import MARKET, WEB, key, sentence


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://market.example/item/42", "7:42"),
        ("market.example/item/42", "7:42"),
        ("HTTPS://WWW.Market.Example/item/42/?utm_source=chat&spm=a.b", "7:42"),
        ("https://m.market.example/shop/item/42#reviews", "7:42"),
        ("https://plain.example/a//b/?z=1&a=2&gclid=x", "8:plain.example/a/b?a=2&z=1"),
        ("https://plain.example:443/A", "8:plain.example/A"),
        ("https://plain.example:8443/a", "8:plain.example:8443/a"),
        ("fake-shop.example", "9:fake-shop.example"),
        ("https://m.example/1", "9:m.example/1"),
        ("https://中文.example/商品", "9:xn--fiq228c.example/商品"),
        ("https://shop.example/#/item/7", "9:shop.example/#/item/7"),
    ],
)
def test_canonical_key(line: str, expected: str) -> None:
    assert key(line) == expected


def test_slow_pattern_is_aborted() -> None:
    """A pattern may pass the admin's check and still backtrack on pasted addresses."""
    slow = Marketplace(
        pk=6, slug="slow", name="Slow", hosts=["slow.example"], listing_pattern=r"/x/((a|aa)+)$"
    )
    line = f"https://slow.example/x/{'a' * 60}!"
    started = time.process_time()
    assert addresses.parse(line, Marketplaces([slow])).key == f"6:slow.example/x/{'a' * 60}!"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "line",
    [
        "hello",
        "https://",
        "://",
        "javascript:alert(1)",
        "ftp://shop.example/item/1",
        "https://shop.example:99999/",
        "*.shop.example",
        "someone@shop.example",
        "http://-shop.example",
        "https://[::1",
    ],
)
def test_invalid_address_is_explained(line: str) -> None:
    assert "is not a valid URL" in sentence(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("https://www.google.com/url?q=https%3A%2F%2Fmarket.example%2Fitem%2F42&sa=U", "7:42"),
        (
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fshop.example%2F1%3Fa%3D2&h=x",
            "9:shop.example/1?a=2",
        ),
        (
            "https://www.superbuy.com/en/page/buy?url=https%3A%2F%2Fmarket.example%2Fitem%2F42",
            "7:42",
        ),
        (
            "https://m.superbuy.com/#/goodsDetail/?id=1&url=https%3A%2F%2Fmarket.example%2Fitem%2F42",
            "7:42",
        ),
    ],
)
def test_redirect_is_replaced_by_its_target(line: str, expected: str) -> None:
    assert key(line) == expected


def test_redirect_to_a_private_network_is_refused() -> None:
    assert "private network" in sentence("https://www.google.com/url?q=http://127.0.0.1/")


def test_errors_do_not_repeat_passwords() -> None:
    assert "secret" not in sentence("https://me:secret@shop.example/1")
    assert "secret" not in sentence("https://me:secret@shop example/1")
    assert "secret" not in sentence("me:secret@shop.example/1")


def test_too_long_address_is_refused() -> None:
    assert "2,000 characters" in sentence(f"https://shop.example/{'a' * 2000}")


def test_long_keys_are_shortened_and_stay_distinct() -> None:
    first, second = (key(f"https://shop.example/{'a' * 900}{end}") for end in "12")
    assert len(first) <= 500
    assert first != second


def test_unknown_host_is_named() -> None:
    with pytest.raises(
        ValidationError, match=r"shop\.example does not belong to any known marketplace"
    ):
        addresses.parse("shop.example/1", Marketplaces([MARKET]))


@pytest.mark.parametrize(
    "line",
    [
        "http://127.0.0.1/",
        "https://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/a",
        "http://127。0。0。1/",
        "http://10.0.0.7/item/1",
        "http://169.254.169.254/latest",
        "http://[::ffff:10.0.0.1]/",
        "http://shop.localhost/1",
        "http://printer.local/1",
        "http://wiki.internal",
    ],
)
def test_private_addresses_are_refused(line: str) -> None:
    assert "private network" in sentence(line)


@pytest.mark.parametrize(
    "spellings",
    [
        [
            "shop.example/商品/1",
            "shop.example/%E5%95%86%E5%93%81/1",
            "shop.example/%e5%95%86%e5%93%81/1",
        ],
        [
            "shop.example/item",
            "shop.example/%69te%6D",
            "shop.example/a/../item",
            "shop.example/./item",
        ],
        ["shop.example/caf\u00e9", "shop.example/cafe\u0301", "shop.example/cafe%CC%81"],
        ["例子.example/1", "xn--fsqu00a.example/1", "https://例子.example./1", "例子。example/1"],
        ["shop.example/?a=1&b=2", "shop.example/?a=1&amp;b=2", "shop.example?b=2&a=1"],
        [
            "shop.example/1",
            "shop.example/1?gad_source=1&srsltid=x&gbraid=y&wbraid=z&ttclid=t&yclid=4&_gl=5&mc_cid=6",
            "shop.example/1;jsessionid=5F2?PHPSESSID=7",
        ],
        ["shop.example/#p=1", "shop.example/#p=1&utm_source=mail"],
    ],
)
def test_equivalent_spellings_have_one_key(spellings: list[str]) -> None:
    assert len({key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shop.example/?ref=AB12", "shop.example/?ref=CD34"),
        ("shop.example/?pvid=1", "shop.example/?pvid=2"),
        ("shop.example/?scm=1", "shop.example/?scm=2"),
        ("shop.example/?share_id=1", "shop.example/?share_id=2"),
        ("fuß.example/1", "fuss.example/1"),
        ("shop.example/#p=1", "shop.example/#p=2"),
        ("shop.example/a%2Fb", "shop.example/a/b"),
        ("shop.example/?q=%C9%CC", "shop.example/?q=%C9%CD"),
        ("shop.example/?q=a%26b=1", "shop.example/?q=a&b=1"),
    ],
)
def test_different_addresses_have_different_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize("line", ["https://my_shop.example/1", "https://shop-.example/1"])
def test_unusual_hosts_are_accepted(line: str) -> None:
    assert key(line)


def test_longest_matching_host_wins() -> None:
    nested = Marketplace(pk=5, slug="nested", name="A", hosts=["deals.market.example"])
    for rows in ([nested, MARKET, WEB], [MARKET, WEB, nested]):
        known = Marketplaces(rows)
        assert addresses.parse("x.deals.market.example/item/7", known).marketplace is nested
        assert addresses.parse("market.example/item/7", known).marketplace is MARKET
