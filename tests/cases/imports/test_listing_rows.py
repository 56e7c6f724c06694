"""Rows of sheets of listings: how cells are read, what is wrong with a row, and how rows become cases."""

from __future__ import annotations

from typing import Any

import pytest

from cases.models import Listing, Marketplace, PlannedCase
from tests import factories
from tests.cases.imports.jobs import (
    Planned,
    confirmed,
    counted,
    expected,
    job_of,
    planned,
    problems,
)
from tests.factories.files import png_bytes
from tests.factories.listing_sheets import TITLES, listing_row, pictures
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_cells_are_read_as_the_form_reads_a_line(personas: Personas, market: Marketplace) -> None:
    """Cells are copied from chats and apps: the URL is in a text, in quotation marks or beside invisible characters."""
    host = market.hosts[0]
    cells = [
        f"\u200bhttps://{host}/item/1\u200b",
        f"<https://{host}/item/2>",
        f"“https://{host}/item/3”",
        f"hxxps://{host.replace('.', '[.]')}/item/4",
        f"【夜市】我看中了这个 https://{host}/item/5 「包」 点击链接",
        f"Look at this:\nhttps://{host}/item/6",
        f"https://{host}/item/7 https://{host}/item/8",
        "a bag from the night market",
    ]
    job = job_of(personas, *([cell, "", "shop-a", *[""] * 6] for cell in cells))
    assert expected(job) == (6, 0, 2)
    found = problems(job)
    assert found[8] == "Listing URL: This cell has several URLs. Enter one listing in each row."
    assert "contains a space" in found[9]
    job = confirmed(job)
    urls = Listing.objects.order_by("position").values_list("url", flat=True)
    assert list(urls) == [f"https://{host}/item/{number}" for number in range(1, 7)]


def test_rows_with_errors(personas: Personas, market: Marketplace, settings: Any) -> None:
    factories.marketplace(name="Souk", slug="souk")
    factories.authorised_seller(brand=personas.brand, marketplace=market, external_id="dealer")
    personas.member.website = "https://alder.example"
    personas.member.save()
    rows = [
        ["not a url", *[""] * 8],
        listing_row(market, marketplace="Atlantis"),
        listing_row(market, marketplace="Souk"),
        listing_row(market, shop="https://elsewhere.example/x"),
        [f"https://{market.hosts[0]}/item/77", *[""] * 8],
        listing_row(market, price="12500,50", currency="CNY"),
        listing_row(market, price="12"),
        listing_row(market, price="12", currency="Dollar", units="1.000", title="x" * 301),
        listing_row(market, shop="6.9E+12"),
        listing_row(market, "dealer"),
        ["https://alder.example/boot", *[""] * 8],
        [f"https://{market.hosts[0]}/", "", "shop-a", *[""] * 6],
        listing_row(market, pictures="a.png"),
    ]
    job = job_of(personas, *rows)
    found = problems(job)
    for row, words in {
        2: "Listing URL: ",
        3: "Marketplace: This marketplace is not in the portal.",
        4: "is on Night Market, not on Souk",
        5: "Shop ID or shop URL: This URL is not on Night Market.",
        6: "does not contain the shop",
        7: "“12500,50” is not a clear amount",
        8: "Currency: Enter the currency of the price.",
        9: "“DOLLAR” is not a currency",
        10: "Excel has rounded this number",
        11: "The brand has authorised this seller.",
        12: "on your own website",
        13: "home page of Night Market",
        14: "The pictures were not uploaded.",
    }.items():
        assert words in found[row], (row, found[row])
    assert "Units sold: “1.000” is not a clear number" in found[9]
    assert expected(job) == (0, 0, len(rows))
    assert planned(job) == [(Planned.REFUSED, "dealer", 1)]


def test_large_shops_and_evidence(
    personas: Personas, market: Marketplace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LISTINGS_PER_CASE = 3
    rows = [listing_row(market, "shop-a") for _ in range(7)]
    assert planned(job_of(personas, *rows)) == [
        (Planned.PLANNED, "shop-a", count) for count in (3, 3, 1)
    ]
    # Without a common file, each case needs a picture.
    column = TITLES.index("Pictures")
    rows[0][column], rows[1][column] = "A.PNG, b.png", "b.png"
    files = {"folder/a.png": png_bytes(1), "b.png": png_bytes(2), "__MACOSX/._b.png": b"x"}
    job = job_of(personas, *rows, evidence=[], pictures=pictures(files))
    assert [state for state, _shop, _count in planned(job)] == ["planned", "refused", "refused"]
    assert all("There is no evidence." in problems(job)[row] for row in range(5, 9))
    job = confirmed(job)
    assert counted(job) == (3, 0, 4)
    case = PlannedCase.objects.get(job=job, state=Planned.FILED).case
    assert case is not None
    assert sorted(case.evidence.values_list("original_name", flat=True)) == ["A.PNG", "b.png"]
    # A shop is also split before a case has too many files.
    monkeypatch.setattr("cases.imports.planning.MAX_FILES", 2)
    settings.LISTINGS_PER_CASE = 300
    rows = [listing_row(market, "shop-b", pictures=name) for name in ("a.png", "b.png", "b.png")]
    job = job_of(personas, *rows, pictures=pictures(files))
    assert [count for _state, _shop, count in planned(job)] == [1, 2]
