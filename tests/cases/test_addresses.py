"""Parsing of listing and shop addresses pasted by users."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cases.marketplaces import addresses, texts
from cases.models import Marketplace
from tests import factories

MARKET = Marketplace(
    pk=7,
    slug="market",
    name="Market",
    hosts=["market.example"],
    listing_pattern=r"/item/(?P<item>\d+)",
)
PLAIN = Marketplace(pk=8, slug="plain", name="Plain", hosts=["plain.example"])
WEB = Marketplace(
    pk=9,
    slug="web",
    name="Independent website",
    hosts=[],
    shop_pages=[
        "social.example/{name}",
        "social.example/profile.php?id={code}",
        "social.example/profile.php",
        "social.example/groups",
        "album.example/view/{code}",
        "{name}.builder.example/{name}",
    ],
)
ALL = [MARKET, PLAIN, WEB]


def key(line: str) -> str:
    return addresses.parse(line, ALL).key


def sentence(line: str) -> str:
    with pytest.raises(ValidationError) as refused:
        addresses.parse(line, ALL)
    return str(refused.value.messages[0])


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
    assert addresses.parse(line, [slow]).key == f"6:slow.example/x/{'a' * 60}!"
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
    assert "is not a web address" in sentence(line)


def test_two_addresses_on_one_line_are_explained() -> None:
    assert "a line of its own" in sentence("https://a.example/1 https://a.example/2")


A, B = "https://a.example/1", "https://b.example/2"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (A, [A]),
        ("a.example/1", ["a.example/1"]),
        *(
            (f"{A}{sign}{B}", [A, B])
            for sign in (",", "，", "、", ";", "|", "<br>", "", " ", ", ", "\t")
        ),
        ("a.example/1, b.example/2", ["a.example/1", "b.example/2"]),
        ("a.example/1；b.example/2", ["a.example/1", "b.example/2"]),
        (f"【夜市】{A} 「一件商品」 点击链接直接打开", [A]),
        (f"7.43 复制打开，看看这个 {A}，再说", [A]),
        (f"链接：{A}", [A]),
        (f"[Bag]({A})", [A]),
        (f"[{A}]({A})", [A]),
        (f"1. {A}", [A]),
        (f"• {A} (new!)", [A]),
        (f"Look at this ({A}).", [A]),
        (f"![picture](https://c.example/p.jpg) {A}", [A]),
        (f"👉{A}👈", [A]),
        ("hxxps://a[.]example/1", [A]),
        ("https://a(dot)example/1", [A]),
        (f'1,"Bag, black",{A},12.50', [A]),
        (f'"{A}","Bag",12', [A]),
        (f"Bag\t{A}\t12", [A]),
        ("Bag\ta.example/1\t12", ["a.example/1"]),
        (f"{A}?next={B}", [f"{A}?next={B}"]),
        ("https://a.example/item,101,bag.html", ["https://a.example/item,101,bag.html"]),
        ("no address here", ["no address here"]),
        ("http://[2001:db8::1]/1", ["http://[2001:db8::1]/1"]),
    ],
)
def test_addresses_are_extracted_from_text(line: str, found: list[str]) -> None:
    assert [one.text for one in texts.addresses_in(line)] == found


def test_ambiguous_end_of_an_address_is_reported() -> None:
    (one,) = texts.addresses_in("https://a.example/1,Bag black,12")
    assert one == ("https://a.example/1,Bag", True)


@pytest.mark.parametrize(
    "piece",
    ["http://", "http://=http://", "https://a.example/)", "[a](", "a.example,", "h[.]x", "\t"],
)
def test_extraction_is_fast_on_long_lines(piece: str) -> None:
    for length in (19_000, 2_000_000):
        started = time.process_time()
        texts.addresses_in(piece * (length // len(piece)))
        assert time.process_time() - started < 1


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


def test_short_link_is_not_a_shop() -> None:
    assert addresses.parse("https://amzn.to/3AbC", ALL).site == ""
    with pytest.raises(ValidationError, match="short link"):
        addresses.shop("https://amzn.to/3AbC", WEB)


def test_errors_do_not_repeat_passwords() -> None:
    assert "secret" not in sentence("https://me:secret@shop.example/1")
    assert "secret" not in sentence("https://me:secret@shop example/1")
    assert "secret" not in sentence("me:secret@shop.example/1")


def test_too_long_address_is_refused() -> None:
    assert "2000 characters" in sentence(f"https://shop.example/{'a' * 2000}")


def test_long_keys_are_shortened_and_stay_distinct() -> None:
    first, second = (key(f"https://shop.example/{'a' * 900}{end}") for end in "12")
    assert len(first) <= 500
    assert first != second


def test_unknown_host_is_named() -> None:
    with pytest.raises(ValidationError, match=r"No marketplace is known for shop\.example"):
        addresses.parse("shop.example/1", [MARKET])


def test_lines_are_numbered_and_cleaned() -> None:
    text = '\ufeffa.example\r\n\r\n  "b.example",\n\u202ec.example;\n\u200b\n<d.example>\r'
    assert addresses.lines(text) == [
        (1, "a.example"),
        (3, "b.example"),
        (4, "c.example"),
        (6, "d.example"),
    ]


@pytest.mark.django_db
def test_read_returns_addresses_mistakes_and_copies() -> None:
    market = factories.marketplace()
    host = market.hosts[0]
    reading = addresses.read(f"{host}/item/1\n\nnonsense\nhttps://www.{host}/item/1\n{host}/item/2")
    assert [address.key for address in reading.addresses] == [
        f"{market.pk}:1",
        f"{market.pk}:2",
    ]
    assert [number for number, _sentence in reading.mistakes] == [3]
    assert reading.copies == 1


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
        ("https://market.example/a shop", "blank"),
        ("http://127.0.0.1/", "private network"),
    ],
)
def test_invalid_shop_is_explained(text: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        addresses.shop(text, MARKET)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no dot here", "known by its address"),
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
    for known in ([nested, MARKET, WEB], [MARKET, WEB, nested]):
        assert addresses.parse("x.deals.market.example/item/7", known).marketplace is nested
        assert addresses.parse("market.example/item/7", known).marketplace is MARKET


@given(st.text())
def test_arbitrary_input_gives_an_address_or_an_error(text: str) -> None:
    for _number, line in addresses.lines(text):
        assert texts.addresses_in(line)
        for attempt in attempts(line):
            assert attempt


def attempts(line: str) -> Iterator[object]:
    try:
        yield addresses.parse(line, ALL)
    except ValidationError as error:
        yield error.messages[0]
    for marketplace in ALL:
        try:
            yield addresses.shop(line, marketplace)
        except ValidationError as error:
            yield error.messages[0]


def test_repeated_lines_are_parsed_once(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """An eight-megabyte paste of one repeated address once blocked a server for a minute."""
    factories.marketplace(slug="plain", hosts=["plain.example"])
    asked: list[str] = []
    parse = addresses.parse
    monkeypatch.setattr(addresses, "parse", lambda line, _: asked.append(line) or parse(line, ALL))
    reading = addresses.read("plain.example/1\nno address\n" * 500)
    assert asked == ["plain.example/1", "no address"]
    assert (len(reading.addresses), reading.copies, len(reading.mistakes)) == (1, 499, 500)
    assert reading.mistakes[-1][0] == 1000
