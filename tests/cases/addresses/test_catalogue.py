"""The catalogue of real marketplaces: every collected form of an address gives the key of its listing."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cases.marketplaces.catalogue import Reading, read, read_text

DATA = Path(__file__).parent / "data"
NO_LISTINGS = {"search", "home"}


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
    return [row for row in table if not row.note.startswith("[doubtful]")]


def readings(row: Row) -> list[Reading]:
    return read_text(row.url) if row.kind == "share_text" else [read(row.url)]


@cache
def keys_of_groups() -> dict[str, str]:
    """Return the key of each group: that of its first row with one address."""
    found: dict[str, str] = {}
    for row in rows():
        if row.kind != "share_text":
            found.setdefault(row.group, readings(row)[0].key)
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.group} {row.url[:90]}")
def test_row_has_the_key_of_its_group(row: Row) -> None:
    found = readings(row)
    known = keys_of_groups()
    expected = [known[group] for group in row.group.split("+") if group in known]
    assert [reading.key for reading in found] == expected
    if row.kind in NO_LISTINGS:
        assert not found[0].is_listing
    if row.kind == "short":
        assert found[0].opens_elsewhere
    elif (
        row.kind != "share_text"
        and row.kind not in (*NO_LISTINGS, "redirect")
        and row.marketplace != "lookalike"
    ):
        assert found[0].is_listing == (row.kind != "shop")


def test_groups_have_different_keys() -> None:
    groups: dict[str, set[str]] = defaultdict(set)
    for group, key in keys_of_groups().items():
        groups[key].add(group)
    assert not [names for names in groups.values() if len(names) > 1]


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.group} {row.url[:90]}")
def test_canonical_address_has_the_same_key(row: Row) -> None:
    for reading in readings(row):
        again = read(reading.address)
        assert (again.key, again.kind) == (reading.key, reading.kind)


@pytest.mark.parametrize(
    "row",
    [row for row in rows() if re.fullmatch(r"[0-9A-Za-z:-]{3,}", row.variant)],
    ids=lambda row: row.url[:90],
)
def test_variant_is_kept_beside_the_key(row: Row) -> None:
    assert [reading.variant for reading in readings(row)] == [row.variant]


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
        if form.kind != "text":
            found.setdefault(form.group, read(form.address).key)
    return found


@pytest.mark.parametrize("form", own_forms(), ids=lambda form: form.address[:90])
def test_form_has_the_key_of_its_group(form: Form) -> None:
    if form.kind == "text":
        expected = [keys_of_own_groups()[group] for group in form.group.split("+")]
        assert [reading.key for reading in read_text(form.address)] == expected
        return
    reading = read(form.address)
    assert (reading.kind, reading.key) == (form.kind, keys_of_own_groups()[form.group])
    again = read(reading.address)
    assert (again.kind, again.key) == (reading.kind, reading.key)


def test_groups_of_own_forms_have_different_keys() -> None:
    keys = list(keys_of_own_groups().values())
    assert len(keys) == len(set(keys))
