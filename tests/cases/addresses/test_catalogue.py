"""The catalogue of real marketplaces: every collected form of an address gives the key of its listing."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cases.marketplaces import addresses
from cases.marketplaces.catalogue import read
from tests.cases.addresses.rules import catalogued

DATA = Path(__file__).parent / "data"
NO_LISTINGS = {"search", "home"}
# A browser opens these addresses, but the portal takes no user names and no addresses of private or reserved networks.
REFUSED = {
    "http://192.0.2.10/shop/item-1": "private network",
    "https://item.taobao.com@example.net/item.htm?id=700000000101": "user name or password",
    "https://buyer@item.taobao.com/item.htm?id=700000000101": "user name or password",
    "https://user:pw@www.amazon.de/dp/B0FAKE0109": "user name or password",
}
MARKETPLACES = catalogued()


class Row(NamedTuple):
    marketplace: str
    kind: str
    group: str
    variant: str
    url: str
    note: str


@cache
def rows() -> list[Row]:
    """Return the rows of the table that are decided, without those whose group is only doubtful rows."""
    with (DATA / "forms.csv").open(newline="") as file:
        table = [
            Row(r["marketplace"], r["kind"], r["group"], r["variant"], r["url"], r["note"])
            for r in csv.DictReader(file)
        ]
    decided = [row for row in table if not row.note.startswith("[doubtful]")]
    return [row for row in decided if row.url not in REFUSED]


def keys(text: str) -> list[str]:
    """Return the keys of the addresses in ``text``, as the form for listings reads them.

    The form reports lines of words. No address may be among them.
    """
    parsed = addresses.parse_text(text, MARKETPLACES)
    lines = dict(addresses.lines(text))
    assert not any("://" in lines[number] for number, _sentence in parsed.mistakes)
    return [address.key for address in parsed.addresses]


@cache
def keys_of_groups() -> dict[str, str]:
    """Return the key of each group of listings or shops: that of its first row with one address."""
    found: dict[str, str] = {}
    for row in rows():
        if row.group not in found and row.kind not in (*NO_LISTINGS, "share_text"):
            (found[row.group],) = keys(row.url)
    return found


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if row.kind not in NO_LISTINGS],
    ids=lambda row: f"{row.group} {row.url[:90]}",
)
def test_row_has_the_key_of_its_group(row: Row) -> None:
    known = keys_of_groups()
    expected = [known[group] for group in row.group.split("+") if group in known]
    assert keys(row.url) == expected
    if row.kind == "short":
        assert read(row.url).opens_elsewhere
    elif row.kind not in ("share_text", "redirect") and row.marketplace != "lookalike":
        assert read(row.url).is_listing == (row.kind != "shop")


@pytest.mark.parametrize(
    "row", [row for row in rows() if row.kind in NO_LISTINGS], ids=lambda row: row.url[:90]
)
def test_page_without_a_listing_is_recognised(row: Row) -> None:
    assert not read(row.url).is_listing


@pytest.mark.parametrize("url", REFUSED)
def test_address_that_the_portal_does_not_take_is_explained(url: str) -> None:
    ((_number, sentence),) = addresses.parse_text(url, MARKETPLACES).mistakes
    assert REFUSED[url] in sentence


def test_groups_have_different_keys() -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, key in keys_of_groups().items():
        groups[key].add(group)
    assert not [names for names in groups.values() if len(names) > 1]


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if row.kind != "share_text"],
    ids=lambda row: f"{row.group} {row.url[:90]}",
)
def test_canonical_address_has_the_same_key(row: Row) -> None:
    reading = read(row.url)
    again = read(reading.address)
    assert (again.key, again.kind) == (reading.key, reading.kind)


@pytest.mark.parametrize(
    "row",
    [
        row
        for row in rows()
        if row.kind != "share_text" and re.fullmatch(r"[0-9A-Za-z:-]{3,}", row.variant)
    ],
    ids=lambda row: row.url[:90],
)
def test_variant_is_kept_beside_the_key(row: Row) -> None:
    assert read(row.url).variant == row.variant


class Form(NamedTuple):
    kind: str
    group: str
    address: str


@cache
def own_forms() -> list[Form]:
    lines = (DATA / "own-forms.txt").read_text().splitlines()
    return [Form(*line.split(" ", 2)) for line in lines if line and not line.startswith("#")]


@cache
def keys_of_own_groups() -> dict[str, str]:
    found: dict[str, str] = {}
    for form in own_forms():
        if form.group not in found and form.kind not in (*NO_LISTINGS, "text"):
            (found[form.group],) = keys(form.address)
    return found


@pytest.mark.parametrize("form", own_forms(), ids=lambda form: form.address[:90])
def test_form_has_the_key_of_its_group(form: Form) -> None:
    if form.kind not in NO_LISTINGS:
        known = keys_of_own_groups()
        assert keys(form.address) == [known[group] for group in form.group.split("+")]
    if form.kind != "text":
        reading = read(form.address)
        assert reading.kind == form.kind
        again = read(reading.address)
        assert (again.key, again.kind) == (reading.key, reading.kind)


def test_groups_of_own_forms_have_different_keys() -> None:
    keys = list(keys_of_own_groups().values())
    assert len(keys) == len(set(keys))
