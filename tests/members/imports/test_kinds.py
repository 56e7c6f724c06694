"""Sheets of products and of authorised sellers."""

from __future__ import annotations

import pytest

from alliance.lib import clock
from cases.models import AuthorisedSeller, Marketplace
from cases.services import authorised_sellers
from members.imports import registry
from members.models import ImportJob, Product
from members.services import imports
from tests import factories
from tests.factories.sheets import sheet
from tests.members.imports.test_imports import confirmed, counted, expected, problems
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def uploaded(personas: Personas, kind: str, titles: list[str], *rows: list[str]) -> ImportJob:
    found, file = registry.find(kind), sheet(*rows, titles=titles)
    assert found
    return imports.upload(member=personas.member, kind=found, by=personas.filer, upload=file)


def test_products(personas: Personas) -> None:
    titles = ["品牌", "GTIN", "Name of the product", "Places of production", "Nice classes"]
    code = factories.new_gtin()
    rows = [
        ["alder", code, "Boot", "FR, 中国", "25"],
        ["ALDER", "", "Sandal", "", ""],
        ["ALDER", "6.90123E+12", "Clog", "", ""],
        ["ALDER", code[:-1] + str((int(code[-1]) + 1) % 10), "Slipper", "", ""],
        ["OAK", "", "x" * 201, "Atlantis", "99"],
        ["ALDER", code, "Boot again", "", ""],
    ]
    job = uploaded(personas, "products", titles, *rows)
    assert expected(job) == (2, 0, 0, 4)
    found = problems(job)
    assert "Excel has rounded this number: 6.90123E+12" in found[4]
    assert "check digit" in found[5]
    for words in (
        "no brand of this name",
        "200 characters",
        "“Atlantis”",
        "99 is not a Nice class",
    ):
        assert words in found[6]
    assert "already in row 2" in found[7]
    assert counted(confirmed(job)) == (2, 0, 0, 4)
    boot = Product.objects.get(name="Boot")
    assert (boot.gtin[-len(code) :], boot.production_places) == (code, ["FR", "CN"])
    rows[0][2], rows[0][3] = "Boots", "FR"
    job = uploaded(personas, "products", titles[:4], *(row[:4] for row in rows[:2]))
    assert expected(job) == (0, 1, 1, 0)
    assert counted(confirmed(job)) == (0, 1, 1, 0)
    boot.refresh_from_db()
    # The sheet had no column for the classes.
    assert (boot.name, boot.production_places, boot.nice_classes) == ("Boots", ["FR"], [25])


def test_authorised_sellers(personas: Personas) -> None:
    market = factories.marketplace(
        slug="bazaar",
        name="Bazaar",
        hosts=["bazaar.example"],
        shop_pages=["bazaar.example/shop/{name}"],
    )
    titles = ["Brand", "Marketplace", "Shop ID or shop URL", "Valid until", "Note"]
    until = clock.today().isoformat()
    rows = [
        ["ALDER", "bazaar", "https://bazaar.example/shop/Dealer7", until, "Own shop"],
        ["ALDER", "Bazaar", "dealer-8", "", ""],
        ["ALDER", "BAZAAR", "DEALER7", "", ""],
        ["ALDER", "Souk", "https://elsewhere.example/x", "31/12/2026", "n" * 300],
        ["ALDER", "Bazaar", "https://elsewhere.example/x", "", ""],
    ]
    job = uploaded(personas, "authorised-sellers", titles, *rows)
    assert expected(job) == (2, 0, 0, 3)
    found = problems(job)
    assert "already in row 2" in found[4]
    assert "“31/12/2026” is not a date" in found[5]
    assert "not on Bazaar" in found[6]
    assert counted(confirmed(job)) == (2, 0, 0, 3)
    entry = AuthorisedSeller.objects.get(external_id="Dealer7")
    assert (entry.valid_until, entry.note) == (clock.today(), "Own shop")
    authorised_sellers.end(entry=entry, by=personas.filer)
    rows[1][4] = "Dealer"
    job = uploaded(personas, "authorised-sellers", titles, *rows[:2])
    assert counted(confirmed(job)) == (0, 2, 0, 0)
    entry.refresh_from_db()
    assert (entry.state, Marketplace.objects.get(pk=entry.marketplace_id)) == (
        AuthorisedSeller.State.IN_FORCE,
        market,
    )
    assert expected(uploaded(personas, "authorised-sellers", titles, *rows[:2])) == (0, 0, 2, 0)
