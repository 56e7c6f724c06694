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
from tests.factories.sheets import checked, import_job, right_row, sheet
from tests.members.imports.test_imports import confirmed, counted, expected, problems
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def uploaded(personas: Personas, kind: str, titles: list[str], *rows: list[str]) -> ImportJob:
    found, file = registry.find(kind), sheet(*rows, titles=titles)
    assert found
    job = imports.upload(member=personas.member, kind=found, by=personas.filer, upload=file)
    return checked(job)


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


def test_products_are_found_by_their_name_too(personas: Personas) -> None:
    titles = ["Brand", "Name of the product", "GTIN", "Packaging"]
    code, other = factories.new_gtin(), factories.new_gtin()
    coded = factories.product(personas.brand, name="Boot", gtin=code)
    plain = factories.product(personas.brand, name="Sandal", gtin="")
    for clog in ("", factories.new_gtin()):
        factories.product(personas.brand, name="Clog", gtin=clog)
    # Without the GTIN, with a new GTIN, another article of the same name, and a name of two products.
    rows = [
        ["ALDER", "Boot", "", "Box"],
        ["ALDER", "Sandal", other, ""],
        ["ALDER", "Sandal", factories.new_gtin(), ""],
        ["ALDER", "Clog", "", ""],
        ["ALDER", "Clog", factories.new_gtin(), ""],
        ["ALDER", "Slipper", factories.new_gtin(), ""],
        ["ALDER", "Slipper", "", ""],
    ]
    job = uploaded(personas, "products", titles, *rows)
    assert expected(job) == (2, 2, 0, 3)
    found = problems(job)
    assert "several products of this name" in found[5]
    assert "Enter the GTIN in both rows" in found[6]
    assert "Enter the GTIN in both rows" in found[8]
    job = confirmed(job)
    assert counted(job) == (2, 2, 0, 3)
    for product in (coded, plain):
        product.refresh_from_db()
    assert (coded.gtin[-len(code) :], coded.packaging) == (code, "Box")
    assert plain.gtin[-len(other) :] == other
    # A sheet without the column changes nothing, either.
    job = uploaded(personas, "products", titles[:2], ["ALDER", "Boot"])
    assert expected(job) == (0, 0, 1, 0)


def test_name_of_several_brands_is_reported(personas: Personas) -> None:
    factories.brand(personas.member, name="Fir", name_local="冷杉")
    factories.brand(personas.member, name="FIR")
    titles = ["Brand", "Name of the product"]
    rows = [["ＦＩＲ", "Boot"], ["fir", "Shoe"], ["FIR", "Clog"], ["冷杉", "Clog"]]
    job = uploaded(personas, "products", titles, *rows)
    assert expected(job) == (2, 0, 0, 2)
    assert all("Several brands have this name" in one for one in problems(job).values())
    titles = ["Brand", "Marketplace", "Shop ID or shop URL"]
    job = uploaded(personas, "authorised-sellers", titles, ["fir", "Nowhere", "x"])
    assert "Several brands have this name" in problems(job)[2]
    job = import_job(personas.member, right_row("fir"), right_row("FIR"), by=personas.filer)
    assert expected(job) == (1, 0, 0, 1)
    assert "Several brands have this name" in problems(job)[2]


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
