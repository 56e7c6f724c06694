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


def test_rows_have_the_key_of_their_group() -> None:
    known, wrong = keys_of_groups(), []
    for row in rows():
        if row.kind in NO_LISTINGS:
            continue
        expected = [known[group] for group in row.group.split("+") if group in known]
        if (found := keys(row.url)) != expected:
            wrong.append((row.group, row.url, found))
    assert not wrong


def test_rows_have_their_kind() -> None:
    assert not [(row.kind, row.url) for row in rows() if not _has_its_kind(row)]


def _has_its_kind(row: Row) -> bool:
    if row.kind in NO_LISTINGS:
        return not read(row.url).is_listing
    if row.kind == "short":
        return read(row.url).opens_elsewhere
    if row.kind in ("share_text", "redirect") or row.marketplace == "lookalike":
        return True
    return read(row.url).is_listing == (row.kind != "shop")


@pytest.mark.parametrize("url", REFUSED)
def test_address_that_the_portal_does_not_take_is_explained(url: str) -> None:
    ((_number, sentence),) = addresses.parse_text(url, MARKETPLACES).mistakes
    assert REFUSED[url] in sentence


def test_groups_have_different_keys() -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, key in keys_of_groups().items():
        groups[key].add(group)
    assert not [names for names in groups.values() if len(names) > 1]


def test_canonical_addresses_have_the_same_key() -> None:
    single = [row.url for row in rows() if row.kind != "share_text"]
    assert not [url for url in single if not _is_stable(url)]


def _is_stable(url: str) -> bool:
    reading = read(url)
    again = read(reading.address)
    return (again.key, again.kind) == (reading.key, reading.kind)


def test_variants_are_kept_beside_the_key() -> None:
    with_variant = [
        row
        for row in rows()
        if row.kind != "share_text" and re.fullmatch(r"[0-9A-Za-z:-]{3,}", row.variant)
    ]
    assert with_variant
    assert not [row.url for row in with_variant if read(row.url).variant != row.variant]


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


def test_own_forms_have_the_key_of_their_group() -> None:
    wrong = []
    for form in own_forms():
        if form.kind in NO_LISTINGS:
            continue
        expected = [keys_of_own_groups()[group] for group in form.group.split("+")]
        if (found := keys(form.address)) != expected:
            wrong.append((form.group, form.address, found))
    assert not wrong


def test_own_forms_have_their_kind_and_a_stable_address() -> None:
    single = [form for form in own_forms() if form.kind != "text"]
    wrong = [form for form in single if read(form.address).kind != form.kind]
    assert not wrong
    assert not [form for form in single if not _is_stable(form.address)]


def test_groups_of_own_forms_have_different_keys() -> None:
    keys = list(keys_of_own_groups().values())
    assert len(keys) == len(set(keys))
