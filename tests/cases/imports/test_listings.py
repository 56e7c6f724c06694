"""Sheets of listings: checked, grouped into cases by shop, and filed once whatever happens to the worker."""

from __future__ import annotations

import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from alliance.lib.refusals import Conflict, Refusal
from cases.models import Case, CaseEvent, Evidence, Listing, Marketplace, PlannedCase
from cases.services import evidence, filing
from members import tasks
from members.models import ImportJob, Membership
from members.services import import_files, import_runs, imports
from tests import factories
from tests.concurrency import run_concurrently
from tests.factories.files import png_bytes
from tests.factories.listing_sheets import TITLES, listing_row, listings_job, pictures
from tests.personas import Personas

pytestmark = pytest.mark.django_db

State, Planned = ImportJob.State, PlannedCase.State


@pytest.fixture
def market(db: None) -> Marketplace:
    return factories.marketplace(name="Night Market", slug="night-market")


def job_of(personas: Personas, *rows: list[str], **values: Any) -> ImportJob:
    return listings_job(personas.right, personas.filer, *rows, **values)


def confirmed(job: ImportJob) -> ImportJob:
    imports.confirm(job=job, by=job.uploaded_by, stated=True)
    tasks.run_imports()
    return ImportJob.objects.get(pk=job.pk)


def expected(job: ImportJob) -> tuple[int, ...]:
    return (job.will_create, job.will_keep, job.will_fail)


def counted(job: ImportJob) -> tuple[int, ...]:
    return (job.created, job.unchanged, job.failed)


def planned(job: ImportJob) -> list[tuple[str, str, int]]:
    rows = PlannedCase.objects.filter(job=job).order_by("number")
    return [(one.state, one.shop_name, one.listing_count) for one in rows]


def problems(job: ImportJob) -> dict[int, str]:
    return dict(job.problems.values_list("row", "message"))


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


def test_a_killed_worker_loses_and_doubles_no_case(
    personas: Personas, market: Marketplace, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored_files(settings)
    rows = [listing_row(market, f"shop-{n}") for n in range(4)]
    job = job_of(personas, *rows)
    imports.confirm(job=job, by=personas.filer, stated=True)
    real, left = filing.submit, [2]

    def killed(**values: Any) -> Case:
        left[0] -= 1
        case = real(**values)
        if left[0] < 0:
            raise MemoryError
        return case

    monkeypatch.setattr(filing, "submit", killed)
    for _attempt in range(2):
        with pytest.raises(MemoryError):
            tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, job.position, Case.objects.count()) == (State.RUNNING, 2, 2)
    # The file of the case that was not filed stays for the next run, under a name that it finds again.
    assert len(stored_files(settings) - before - saved_files()) == 1
    monkeypatch.setattr(filing, "submit", real)
    import_runs.run(job.pk, until=time.monotonic())  # one case
    assert Case.objects.count() == 3
    tasks.run_imports()
    tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, counted(job)) == (State.DONE, (4, 0, 0))
    assert Case.objects.count() == 4
    assert Listing.objects.filter(is_open=True).count() == 4
    assert CaseEvent.objects.filter(kind="submitted").count() == 4
    assert stored_files(settings) - before == saved_files()


def stored_files(settings: Any) -> set[str]:
    """The names of the evidence in the storage: two letters and a key."""
    root = settings.EVIDENCE_ROOT
    return {str(path.relative_to(root)) for path in root.glob("??/*")}


def saved_files() -> set[str]:
    return {str(one.file.name) for one in Evidence.objects.all()}


def test_listings_filed_since_the_check_are_left_out(
    personas: Personas, market: Marketplace, settings: Any
) -> None:
    rows = [listing_row(market, "shop-a") for _ in range(3)] + [listing_row(market, "shop-b")]
    job = job_of(personas, *rows)
    by = personas.filer
    factories.submitted_case(
        by=by,
        citing=personas.right,
        urls=[rows[0][0], rows[3][0]],
        against=factories.seller(market),
    )
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (2, 2, 0))
    assert planned(job) == [(Planned.FILED, "shop-a", 2), (Planned.LEFT_OUT, "shop-b", 0)]
    assert not Case.objects.filter(status__in=("draft", "withdrawn")).exists()
    # A case that cannot be filed is no obstacle to the others, and its rows are in the error sheet.
    rows = [listing_row(market, "shop-c"), listing_row(market, "shop-d")]
    job = job_of(personas, *rows)
    factories.authorised_seller(brand=personas.brand, marketplace=market, external_id="shop-c")
    job = confirmed(job)
    assert (job.state, counted(job)) == (State.DONE, (1, 0, 1))
    assert "authorised this seller" in problems(job)[2]
    # The counts of a refused case are those of the check.
    rows = [listing_row(market, "shop-e") for _ in range(2)]
    job = job_of(personas, *rows)
    against = factories.seller(market, external_id="shop-other")
    urls = [rows[0][0]]
    factories.submitted_case(by=by, citing=personas.right, urls=urls, against=against)
    factories.authorised_seller(brand=personas.brand, marketplace=market, external_id="shop-e")
    assert counted(confirmed(job)) == (0, 0, 2)
    refused = PlannedCase.objects.get(job=job)
    assert (refused.state, refused.filed_already) == (Planned.REFUSED, 0)


def test_lost_roles_and_cancellation_stop_the_filing(
    personas: Personas, market: Marketplace
) -> None:
    jobs = [
        job_of(personas, *(listing_row(market, f"shop-{n}-{at}") for at in range(2)))
        for n in range(2)
    ]
    for job in jobs:
        imports.confirm(job=job, by=personas.filer, stated=True)
        import_runs.run(job.pk, until=time.monotonic())
    imports.cancel(job=jobs[0], by=personas.filer)
    Membership.objects.filter(user=personas.filer).update(role="viewer")
    tasks.run_imports()
    for job in jobs:
        job.refresh_from_db()
    assert [(job.state, job.failure, job.created) for job in jobs] == [
        (State.CANCELLED, "", 1),
        (State.FAILED, "role", 1),
    ]
    assert Case.objects.count() == 2
    for job, words in zip(jobs, ("cases filed before stay filed", "may no longer"), strict=True):
        url = reverse("imports:job", args=[personas.member.slug, job.pk])
        page = personas.client("owner").get(url).content.decode()
        assert words in page
        assert "Not filed" in page
        assert "To be filed" not in page


def test_right_that_cannot_be_cited(personas: Personas, market: Marketplace) -> None:
    with pytest.raises(Refusal, match="not valid in"):
        job_of(personas, listing_row(market), jurisdiction="BR")


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_and_two_workers(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = evidence.write, stored_files(settings)

    def write(*values: Any, **named: Any) -> None:
        assert not connection.in_atomic_block  # a slow store must not keep the job locked
        real(*values, **named)

    monkeypatch.setattr(evidence, "write", write)
    market = factories.marketplace()
    right = factories.right()
    by = factories.filer(right.brand.member)
    job = listings_job(right, by, *(listing_row(market, f"shop-{n}") for n in range(4)))
    run_concurrently(*[lambda: imports.confirm(job=job, by=by, stated=True)] * 2)
    run_concurrently(*[tasks.run_imports] * 2)
    tasks.run_imports()
    job.refresh_from_db()
    assert (job.state, counted(job), Case.objects.count()) == (State.DONE, (4, 0, 0), 4)
    assert stored_files(settings) - before == saved_files()
    # The files of a case that is refused are deleted.
    shops = [listing_row(market, "shop-x"), listing_row(market, "shop-y")]
    job = listings_job(right, by, *shops)
    factories.authorised_seller(brand=right.brand, marketplace=market, external_id="shop-x")
    assert counted(confirmed(job)) == (1, 0, 1)
    assert stored_files(settings) - before == saved_files()


def test_check_that_is_killed_starts_again(
    personas: Personas, market: Marketplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runs, "CHECKED_TOGETHER", 1)
    rows = [listing_row(market, "shop-a"), listing_row(market, "shop-a"), listing_row(market)]
    from cases.imports.listings import ListingChecker

    real = ListingChecker.check

    def killed(checker: Any, rows: Any) -> Any:
        if len(checker._keys) == 2:
            raise MemoryError
        return real(checker, rows)

    monkeypatch.setattr(ListingChecker, "check", killed)
    with pytest.raises(MemoryError):
        job_of(personas, *rows, evidence=[factories.png(seed=1)])
    job = ImportJob.objects.get()
    assert (job.state, job.position, job.attempts) == (State.CHECKING, 2, 0)
    monkeypatch.setattr(ListingChecker, "check", real)
    # Uploaded again meanwhile: a worker that is still checking the former upload stores nothing.
    stale = ImportJob.objects.get()
    job_of(personas, *rows, evidence=[factories.png(seed=1)])
    with pytest.raises(import_runs._Stopped):
        import_runs._locked(stale)
    job.refresh_from_db()
    assert (job.state, job.position, expected(job)) == (State.CHECKED, 0, (3, 0, 0))
    imports.cancel(job=job, by=personas.filer)
