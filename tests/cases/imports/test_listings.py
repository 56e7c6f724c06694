"""Sheets of listings: checked, grouped into cases by shop, and filed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case, Marketplace, PlannedCase
from members.models import ImportJob
from members.services import import_files, imports
from tests import factories
from tests.cases.imports.jobs import (
    Planned,
    State,
    confirmed,
    counted,
    expected,
    job_of,
    planned,
)
from tests.factories.listing_sheets import listing_row
from tests.personas import Personas

pytestmark = pytest.mark.django_db


def test_rows_become_cases_by_shop(personas: Personas, market: Marketplace) -> None:
    one = listing_row(
        market,
        "shop-a",
        shop_name="月光精品",
        title="Bag",
        price="¥1,250.50",
        currency="rmb",
        units="2",
    )
    two = listing_row(market, "SHOP-A", price="10", currency="USD")
    other = listing_row(market, "shop-b", marketplace="night market")
    site = ["https://alder-outlet.example/products/boot", *[""] * 8]
    job = job_of(personas, one, other, two, site, one)
    assert (job.state, expected(job), Case.objects.count()) == (State.CHECKED, (4, 1, 0), 0)
    assert job.notes == ["1 row has the same listing as an earlier row and is merged with it."]
    assert planned(job) == [
        (Planned.PLANNED, "月光精品", 2),
        (Planned.PLANNED, "shop-b", 1),
        (Planned.PLANNED, "alder-outlet.example", 1),
    ]
    first = PlannedCase.objects.get(job=job, number=1)
    assert (first.rows, first.values) == ([2, 4], {"CNY": "2501.00", "USD": "10"})
    with pytest.raises(Refusal, match="good-faith"):
        imports.confirm(job=job, by=personas.filer)
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (4, 1, 0))
    case = Case.objects.get(planned=first)
    assert (case.status, case.seller and case.seller.name) == ("submitted", "月光精品")
    assert (case.created_by, case.good_faith_by) == (personas.filer, personas.filer)
    bag, plain = case.listings.order_by("position")
    assert (bag.title, bag.price, bag.currency, bag.units_sold) == (
        "Bag",
        Decimal("1250.50"),
        "CNY",
        2,
    )
    assert (plain.price, plain.currency, bag.is_open) == (10, "USD", True)
    assert case.evidence.count() == 1
    # The same sheet again, as a file or under another name, files nothing.
    again = job_of(personas, one, other, two, site, one)
    assert expected(again) == (0, 5, 0)
    assert {state for state, _shop, _count in planned(again)} == {Planned.LEFT_OUT}
    found = PlannedCase.objects.get(job=again, number=1)
    assert (found.filed_already, found.filed_in) == (2, [case.reference])
    with pytest.raises(Refusal, match="Nothing in this sheet is new"):
        imports.confirm(job=again, by=personas.filer, stated=True)


def test_the_same_sheet_with_another_complaint_is_another_import(
    personas: Personas, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, one = listing_row(market, "shop-a"), {"evidence": [factories.png(seed=1)]}
    job = job_of(personas, row, **one)
    others = [
        job_of(personas, row, **one, explanation="Another complaint"),
        job_of(personas, row, evidence=[factories.png(seed=2)]),
    ]
    assert len({job.pk, *(other.pk for other in others)}) == 3
    # All the same is the same job, which has to be looked at again.
    again = job_of(personas, row, **one)
    assert (again.pk, again.version == job.version) == (job.pk, False)
    with pytest.raises(Conflict, match="uploaded again"):
        imports.confirm(job=job, by=personas.filer, stated=True, version=job.version)
    imports.confirm(job=job, by=personas.filer, stated=True, version=again.version)
    # A job whose files cannot be stored leaves no file.
    folder = job.file.storage.path("imports")
    before = sorted(Path(folder).glob("*/*"))

    def full(*values: Any) -> None:
        raise Refusal("full")

    monkeypatch.setattr(import_files, "store_attachment", full)
    with pytest.raises(Refusal, match="full"):
        job_of(personas, listing_row(market), **one)
    assert sorted(Path(folder).glob("*/*")) == before
    assert ImportJob.objects.count() == 3


def test_right_that_cannot_be_cited(personas: Personas, market: Marketplace) -> None:
    with pytest.raises(Refusal, match="not valid in"):
        job_of(personas, listing_row(market), jurisdiction="BR")
