"""Addresses extracted from pasted text, line by line."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cases.marketplaces import addresses, extraction
from cases.marketplaces.lookup import Marketplaces
from tests import factories
from tests.cases.addresses.rules import ALL, sentence


def test_two_addresses_on_one_line_are_explained() -> None:
    assert "Enter each URL on a separate line" in sentence(
        "https://a.example/1 https://a.example/2"
    )


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
    assert [one.text for one in extraction.extract_addresses(line)] == found


def test_ambiguous_end_of_an_address_is_reported() -> None:
    (one,) = extraction.extract_addresses("https://a.example/1,Bag black,12")
    assert one == ("https://a.example/1,Bag", True)


@pytest.mark.parametrize(
    "piece",
    ["http://", "http://=http://", "https://a.example/)", "[a](", "a.example,", "h[.]x", "\t"],
)
def test_extraction_is_fast_on_long_lines(piece: str) -> None:
    for length in (19_000, 2_000_000):
        started = time.process_time()
        extraction.extract_addresses(piece * (length // len(piece)))
        assert time.process_time() - started < 1


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
    text = f"{host}/item/1\n\nnonsense\nhttps://www.{host}/item/1\n{host}/item/2"
    reading = addresses.parse_text(text, Marketplaces.all())
    assert [address.key for address in reading.addresses] == [
        f"{market.pk}:1",
        f"{market.pk}:2",
    ]
    assert [number for number, _sentence in reading.mistakes] == [3]
    assert reading.copies == 1


@given(st.text())
def test_arbitrary_input_gives_an_address_or_an_error(text: str) -> None:
    for _number, line in addresses.lines(text):
        assert extraction.extract_addresses(line)
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


def test_repeated_lines_are_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """An eight-megabyte paste of one repeated address once blocked a server for a minute."""
    asked: list[str] = []
    parse = addresses.parse
    monkeypatch.setattr(addresses, "parse", lambda line, _: asked.append(line) or parse(line, ALL))
    reading = addresses.parse_text("plain.example/1\nno address\n" * 500, ALL)
    assert asked == ["plain.example/1", "no address"]
    assert (len(reading.addresses), reading.copies, len(reading.mistakes)) == (1, 499, 500)
    assert reading.mistakes[-1][0] == 1000
