"""Properties of the catalogue that hold for all numbers and all spellings."""

from __future__ import annotations

import contextlib
import time
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.marketplaces import addresses
from cases.marketplaces.catalogue import read
from cases.marketplaces.catalogue.rules import by_host, entries, marketplaces
from tests.cases.addresses.rules import catalogued

MARKETPLACES = catalogued()
# A number of the given length in each form. Every list is one listing.
FORMS = {
    12: [
        [
            "https://item.taobao.com/item.htm?id={}",
            "https://detail.tmall.com/item.htm?id={}",
            "https://h5.m.taobao.com/awp/core/detail.htm?id={}",
            "https://hoobuy.com/product/1/{}",
        ],
        ["https://www.goofish.com/item?id={}", "https://2.taobao.com/item.htm?id={}"],
        ["https://detail.1688.com/offer/{}.html", "https://m.1688.com/offer/{}.html"],
        ["https://mobile.yangkeduo.com/goods.html?goods_id={}"],
        ["https://item.jd.com/{}.html", "https://item.m.jd.com/product/{}.html"],
        ["https://www.ebay.com/itm/{}", "https://www.ebay.de/itm/x/{}"],
        ["https://www.ozon.ru/product/x-{}/", "https://ozon.kz/product/{}"],
        ["https://shopee.sg/x-i.1.{}", "https://shopee.sg/product/1/{}"],
        ["https://shopee.com.my/x-i.1.{}"],
        ["https://www.lazada.sg/products/x-i{}-s1.html", "https://www.lazada.sg/products/i{}.html"],
        ["https://www.etsy.com/listing/{}/x", "https://www.etsy.com/uk/listing/{}"],
        ["https://www.facebook.com/marketplace/item/{}/"],
    ],
    19: [
        [
            "https://shop.tiktok.com/view/product/{}",
            "https://www.tiktok.com/shop/pdp/x/{}",
        ],
        ["https://www.tiktok.com/@user/video/{}", "https://m.tiktok.com/v/{}.html"],
        ["https://haohuo.jinritemai.com/views/product/item2?id={}"],
        ["https://www.douyin.com/video/{}", "https://www.douyin.com/discover?modal_id={}"],
    ],
}
LISTINGS = st.sampled_from([(length, forms) for length, all_ in FORMS.items() for forms in all_])
TAILS = ("utm_source=chat", "spm=a.b.c", "gclid=x", "fbclid=y", "share_token=z", "lang=zh")


@st.composite
def spelling(draw: st.DrawFn, address: str) -> str:
    """Spell the address in another way that opens the same page."""
    scheme, _colon, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    if draw(st.booleans()):
        scheme = draw(st.sampled_from(["http", "HTTPS", "https"]))
    if draw(st.booleans()):
        host = host.upper()
    host += draw(st.sampled_from(["", ".", ":443" if scheme.lower() == "https" else ":80"]))
    tails = draw(st.lists(st.sampled_from(TAILS), unique=True))
    for tail in tails:
        path += ("&" if "?" in path else "?") + tail
    path += draw(st.sampled_from(["", "#", "#top"]))
    return f"{scheme}://{host}{slash}{path}"


@given(st.data())
def test_spellings_of_one_listing_have_one_key(data: st.DataObject) -> None:
    length, forms = data.draw(LISTINGS)
    item = data.draw(st.integers(10 ** (length - 1), 10**length - 1))
    keys = set()
    for form in forms:
        address = form.format(item)
        reading = read(data.draw(spelling(address)))
        assert reading.key == read(address).key
        assert read(reading.address).key == reading.key
        keys.add(reading.key)
    assert len(keys) == 1


@given(LISTINGS, LISTINGS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_different_listings_have_different_keys(
    one: tuple[int, list[str]], other: tuple[int, list[str]], first: int, second: int
) -> None:
    assume((one, first) != (other, second))
    keys = {
        read(forms[0].format(10 ** (length - 1) + plus)).key
        for (length, forms), plus in ((one, first), (other, second))
    }
    assert len(keys) == 2


@given(st.text())
def test_text_is_read_or_refused(text: str) -> None:
    addresses.parse_text(text, MARKETPLACES)
    with contextlib.suppress(ValidationError):
        assert read(text).key


@given(st.sampled_from(sorted(by_host())), st.text(max_size=40), st.text(max_size=40))
def test_reading_is_idempotent(host: str, path: str, query: str) -> None:
    reading = read(f"https://www.{host}/{quote(path)}?{quote(query, safe='=&')}")
    again = read(reading.address)
    assert (again.key, again.kind) == (reading.key, reading.kind)


@pytest.mark.parametrize(
    "piece", ["/a", "/p/", "/item/", "-i", "-g-", "/1", "1-", "%20", "/dp/", "-p-1", "_", "/x-1"]
)
def test_no_pattern_is_slow(piece: str) -> None:
    """Every rule of every entry is tried with a long path of repeated pieces."""
    path = (piece * 1900)[:1900]
    for host in by_host():
        started = time.process_time()
        read(f"https://{host}{'' if path[0] == '/' else '/'}{path}!"[:2000])
        assert time.process_time() - started < 1


def test_every_entry_is_complete() -> None:
    """Entries that a redirect leads to have an address, and aliases name a marketplace."""
    for entry in entries().values():
        for rule in entry.rules:
            for slug in rule.leads.values():
                assert entries()[slug].address
        assert entry.marketplace == entry.slug or entry.marketplace in entries()
    assert all(entry.country and entry.hosts for entry in marketplaces().values())
